/*
 * xmlencoding - brings an XML text into UTF-8, as its declaration tells: XML 1.0 section
 * 4.3.3. No libxml2.
 *
 * Knows UTF-8 and ISO-8859-1. A text that has only ASCII is the same in all encodings
 * that begin with "<?xml"; others, which would be read wrongly, are refused. "utf-16" is
 * what .NET writes into texts that it then sends in UTF-8: it tells nothing.
 */
#ifndef CSWATCH_SOAP_XMLENCODING_H
#define CSWATCH_SOAP_XMLENCODING_H
#include <stdbool.h>

#include "base/str.h"

struct err;

/*
 * *ret is the text in UTF-8: text itself, and *ret_own is NULL then, or a copy in
 * *ret_own, which the caller frees. Returns false and leaves both unchanged on failure:
 * *err is CAUSE_PROTOCOL (an encoding that is not known) or CAUSE_LOCAL.
 */
bool xmlencoding_to_utf8(
    struct str text, struct str *ret, char **ret_own, struct err *err);

#endif
