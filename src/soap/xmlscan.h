/*
 * xmlscan - finds the tags in the octets of an XML text; knows comments, CDATA,
 * quotes and processing instructions.
 *
 * It checks no grammar: it is in step with a real parser exactly as long as the text is
 * well-formed and has no document type declaration. No libxml2.
 */
#ifndef CSWATCH_SOAP_XMLSCAN_H
#define CSWATCH_SOAP_XMLSCAN_H
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum xmlscan_kind {
	XMLSCAN_START, /* <a> */
	XMLSCAN_EMPTY, /* <a/> */
	XMLSCAN_STOP,  /* </a> */
	XMLSCAN_END,   /* no more tags */
	XMLSCAN_BAD,   /* cut short, or a declaration */
};

struct xmlscan_tag {
	struct str text; /* from '<' to '>' */
	size_t name_len; /* octets of the name after '<', for START and EMPTY */
	unsigned attrs;	 /* quoted values, namespace declarations included */
};

/* The next tag at or after *at, which is moved behind it; *ret is set if there is one. */
enum xmlscan_kind xmlscan_next(struct str text, size_t *at, struct xmlscan_tag *ret);

/* The element that has skip elements before it, as it stands there; false: none. */
bool xmlscan_element(
    struct str text, size_t skip, struct str *ret, struct xmlscan_tag *ret_open);

/* Whether "prefix:" stands anywhere in the text, not as the end of a longer name. */
bool xmlscan_prefix(struct str text, const char *prefix);

#endif
