/*
 * xmlcheck - what can be refused before a parser sees the text: size, HTML, NUL, depth,
 * attributes. Whatever else is wrong, the parser says it better.
 */
#ifndef CSWATCH_SOAP_XMLCHECK_H
#define CSWATCH_SOAP_XMLCHECK_H
#include <stdbool.h>

#include "base/str.h"

struct err;

#define XML_SIZE_MAX  (1024 * 1024) /* bytes */
#define XML_DEPTH_MAX 64	    /* elements */

/* False: *err is CAUSE_LIMIT (size) or CAUSE_PROTOCOL. */
bool xmlcheck_octets(struct str text, struct err *err);
bool xmlcheck_shape(struct str text, struct err *err);

#endif
