/*
 * url - takes a URL out of a document that a server sent: https, printable, short enough.
 */
#ifndef CSWATCH_SOAP_URL_H
#define CSWATCH_SOAP_URL_H
#include <stdbool.h>

#include "base/str.h"

struct err;

#define URL_MAX 512 /* bytes of a URL, NUL included */

/*
 * document and what are for the error text: "metadata", "address of port ...". False:
 * *err (CAUSE_PROTOCOL), ret untouched.
 */
bool url_take(struct str s, const char *document, const char *what, char ret[URL_MAX],
    struct err *err);

#endif
