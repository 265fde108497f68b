/*
 * soaptest - what the tests of the codecs share: golden files, edited copies of them, and
 * the exclusive canonical form as libxml2 makes it.
 */
#ifndef CSWATCH_TESTS_SOAPTEST_H
#define CSWATCH_TESTS_SOAPTEST_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/str.h"
#include "soap/xml.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* One named test per row of a table, whose first member is the name. cmocka drops the
 * const. */
#define ADD_CASES(tests, n, rows, check)                                                 \
	for (size_t row_ = 0; row_ < COUNT(rows); row_++)                                \
		(tests)[(n)++] = (struct CMUnitTest)                                     \
		{                                                                        \
			.name = (rows)[row_].name, .test_func = (check),                 \
			.initial_state = unconst(&(rows)[row_])                          \
		}

static inline void *
unconst(const void *p)
{
	return (void *)(uintptr_t)p;
}

/* A file of tests/golden/soap, NUL-terminated. The caller frees it. */
static inline char *
golden(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[512], *text = calloc(1, 65536);
	FILE *f;

	snprintf(
	    path, sizeof(path), "%s/tests/golden/soap/%s", top == NULL ? "." : top, name);
	f = fopen(path, "r");
	if (f == NULL)
		print_error("%s cannot be opened\n", path);
	assert_non_null(f);
	assert_non_null(text);
	assert_in_range(fread(text, 1, 65535, f), 1, 65534);
	fclose(f);
	return text;
}

/* The text with the first `from`, which must be there, replaced. Frees the text. */
static inline char *
swap(char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	size_t size = strlen(text) + strlen(to) + 1;
	char *copy = malloc(size);

	if (at == NULL)
		print_error("\"%s\" is not in the text\n", from);
	assert_non_null(at);
	assert_non_null(copy);
	snprintf(copy, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	free(text);
	return copy;
}

static inline int
in_subtree(void *top, xmlNodePtr node, xmlNodePtr parent)
{
	/* A namespace declaration is handed over as a node, but is none: its parent
	 * counts. */
	for (const xmlNode *n = node->type == XML_NAMESPACE_DECL ? parent : node;
	    n != NULL; n = n->parent)
		if (n == top)
			return 1;
	return 0;
}

static inline xmlNode *
find_element(xmlNode *n, const char *name)
{
	xmlNode *hit = NULL;

	for (; n != NULL && hit == NULL; n = n->next)
		if (n->type == XML_ELEMENT_NODE)
			hit = strcmp((const char *)n->name, name) == 0
				  ? n
				  : find_element(n->children, name);
	return hit;
}

/* Exclusive canonical form of the first element of that name. Blank nodes are left out if
 * told. */
static inline char *
canonical(struct str text, const char *name, int without_blanks)
{
	xmlDoc *doc = xmlReadMemory(text.p, (int)text.len, NULL, NULL,
	    XML_PARSE_NONET | (without_blanks ? XML_PARSE_NOBLANKS : 0));
	xmlOutputBuffer *out = xmlAllocOutputBuffer(NULL);
	xmlNode *top;
	char *copy;

	assert_non_null(doc);
	assert_non_null(out);
	top = find_element(xmlDocGetRootElement(doc), name);
	assert_non_null(top);
	assert_true(xmlC14NExecute(
			doc, in_subtree, top, XML_C14N_EXCLUSIVE_1_0, NULL, 0, out) >= 0);
	copy = strdup((const char *)xmlOutputBufferGetContent(out));
	assert_non_null(copy);
	xmlOutputBufferClose(out);
	xmlFreeDoc(doc);
	return copy;
}

static inline void
assert_same_xml(struct str got, const char *wanted, const char *root)
{
	char *a = canonical(got, root, 1), *b = canonical(str_of(wanted), root, 1);

	assert_string_equal(a, b);
	free(a);
	free(b);
}

static inline void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		print_error("\"%s\" is not in \"%s\"\n", part, text);
	assert_non_null(strstr(text, part));
}

/* n repetitions of s. The caller frees it. */
static inline char *
times(const char *s, size_t n)
{
	size_t len = strlen(s);
	char *text = malloc(len * n + 1);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * len, s, len);
	text[len * n] = '\0';
	return text;
}

static inline int
xml_start(void **state)
{
	(void)state;
	xml_init();
	return 0;
}

static inline int
xml_stop(void **state)
{
	(void)state;
	xml_cleanup();
	return 0;
}

#endif
