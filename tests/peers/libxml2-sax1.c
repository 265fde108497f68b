/*
 * libxml2-sax1 - preloaded into programs that parse XML with SAX 1 handlers.
 *
 * pidgin-sipe fills in the callbacks of SAX 1 only, but marks its handler as one of SAX
 * 2. Debian 12's library, since a security patch of 2025, then calls neither kind, and
 * the client cannot read any XML. Where the library does so, and only there, the mark is
 * taken away.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>

#include <libxml/parser.h>

typedef int (*parse_function)(xmlSAXHandlerPtr, void *, const char *, int);

static void
count_element(void *arg, const xmlChar *name, const xmlChar **attributes)
{
	int *seen = arg;

	(void)name, (void)attributes;
	++*seen;
}

static bool
library_needs_help(parse_function parse)
{
	xmlSAXHandler h = { .startElement = count_element,
		.initialized = XML_SAX2_MAGIC };
	int seen = 0;

	parse(&h, &seen, "<a/>", 4);
	return seen == 0;
}

int
xmlSAXUserParseMemory(xmlSAXHandlerPtr sax, void *arg, const char *text, int len)
{
	static parse_function parse;
	static bool help;
	xmlSAXHandler h = *sax;

	if (parse == NULL) {
		/* ISO C knows no conversion between pointers to objects and functions. */
		*(void **)&parse = dlsym(RTLD_NEXT, "xmlSAXUserParseMemory");
		help = library_needs_help(parse);
		if (help)
			fputs(
			    "libxml2-sax1: this libxml2 passes over SAX 1 handlers with "
			    "the mark of SAX 2; mended\n",
			    stderr);
	}
	if (help && h.startElement != NULL && h.startElementNs == NULL)
		h.initialized = 1;
	return parse(&h, arg, text, len);
}
