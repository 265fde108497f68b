/*
 * curlmux - one libcurl multi handle on the event loop.
 *
 * One per transaction: connections, TLS sessions and authentication state in it belong
 * to one test user only.
 */
#ifndef CSWATCH_TRANSPORT_CURLMUX_H
#define CSWATCH_TRANSPORT_CURLMUX_H
#include <stdbool.h>

#include <curl/curl.h>

struct curlmux;
struct loop;

/*
 * done(arg, code) is called from the loop when the transfer has ended; it may start the
 * next or free the mux.
 */
struct curlmux *curlmux_new(
    struct loop *l, void (*done)(void *arg, CURLcode code), void *arg);
void curlmux_free(struct curlmux *m); /* after curlmux_stop(); NULL is fine */

/* Starts one transfer; never calls done inside. False when out of memory. */
bool curlmux_start(struct curlmux *m, CURL *easy);
/* drops the running transfer, if any, without a call */
void curlmux_stop(struct curlmux *m);

#endif
