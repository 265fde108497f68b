/*
 * https_headers - the header lines that a request has of its own. For https.c only.
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_HEADERS_H
#define CSWATCH_TRANSPORT_HTTPS_HEADERS_H
#include <stdbool.h>

struct curl_slist;
struct https_request;

/*
 * authorization: a whole header line, or NULL. Appended to *list, which is the caller's.
 * False: out of memory.
 */
bool https_headers(
    const struct https_request *rq, const char *authorization, struct curl_slist **list);

#endif
