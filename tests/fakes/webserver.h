/*
 * webserver - an HTTP/1.1 server for tests: the test looks at each request and answers
 * it in octets of its own, right or wrong.
 */
#ifndef CSWATCH_TESTS_WEBSERVER_H
#define CSWATCH_TESTS_WEBSERVER_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "tlsserver.h"

struct buf;
struct loop;
struct webserver;

struct web_request {
	unsigned number; /* of this server, from 1 */
	struct str method, path;
	struct str head; /* header lines */
	struct str body;
};

struct webserver *webserver_new(struct loop *l, X509 *cert, EVP_PKEY *key,
    void (*serve)(void *arg, struct tlsconn *c, const struct web_request *rq), void *arg);
void webserver_free(struct webserver *w); /* NULL is fine */
uint16_t webserver_port(const struct webserver *w);
struct tlsserver *webserver_tls(struct webserver *w);
unsigned webserver_requests(const struct webserver *w);

/* Value of a header of a request; p == NULL when it has none of that name. */
struct str web_request_header(const struct web_request *rq, const char *name);
/* "HTTP/1.1 ", status ("200 OK"), header lines ("A: b\r\n"), length and body. */
void webserver_answer(
    struct tlsconn *c, const char *status, const char *headers, struct str body);

/*
 * A CHALLENGE_MESSAGE as a value of WWW-Authenticate. [MS-NLMP] 2.2.1.2: flags Unicode,
 * NTLM, always sign, extended session security, target info; no target name; challenge
 * 0123456789abcdef; target info: NetBIOS domain "LAB".
 */
#define WEBSERVER_NTLM "NTLM " WEBSERVER_NTLM_TOKEN
#define WEBSERVER_NTLM_TOKEN                                                             \
	"TlRMTVNTUAACAAAAAAAAADAAAAABgogAASNFZ4mrze8AAAAAAAAAAA4ADgAwAAAAAgAGAEwAQQBC"   \
	"AAAAAAA="

/* Appends text, with the URL where it says $URL$. */
void web_expand(const char *text, const char *url, struct buf *out);

#endif
