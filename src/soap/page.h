/*
 * page - the web page that comes where a web service should answer: a gateway's logon
 * form, a proxy's or IIS's error page. What it is, and what it says of itself.
 */
#ifndef CSWATCH_SOAP_PAGE_H
#define CSWATCH_SOAP_PAGE_H
#include <stdbool.h>

#include "base/str.h"

#define PAGE_TITLE_SIZE (80 * 4 + 1) /* 80 characters of UTF-8, and NUL */

/* Whether the Content-Type says so, or what the body begins with. */
bool page_is_html(struct str content_type, struct str body);

/*
 * Copies its title, or its first heading if it has none or that tells more: printable, in
 * one line, cut to 80 characters. Returns false and leaves dst empty if there is neither.
 */
bool page_title(struct str body, char dst[PAGE_TITLE_SIZE]);

/*
 * Returns IIS's sub-status of that status, 16 for "403.16 - Forbidden: ...", or 0 if the
 * title has none.
 */
unsigned page_substatus(const char *title, unsigned status);

#endif
