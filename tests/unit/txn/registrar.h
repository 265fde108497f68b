/*
 * registrar - a scripted registrar on loopback, by the name of WORLD_HOST or as
 * 127.0.0.1: what it answers are octets of the test, with $WORDS$ that stand for parts of
 * the request.
 */
#ifndef CSWATCH_TESTS_REGISTRAR_H
#define CSWATCH_TESTS_REGISTRAR_H
#include <stdint.h>

#include "base/str.h"

struct loop;
struct registrar;

/* Header lines of a response to the request, and the empty line after them. */
#define SIP_COMMON                                                                       \
	"Via: $VIA$\r\nFrom: $FROM$\r\nTo: $TO$;tag=t1\r\nCall-ID: $CALL-ID$\r\n"        \
	"CSeq: $CSEQ$\r\n"
#define SIP_END "Content-Length: 0\r\n\r\n"

/*
 * script(arg, n) answers the nth request of all (from 1); NULL: nothing; "": it hangs up.
 * Other words: $PORT$, its own; $CSEQ-1$, the number before; $10000$, so many 'x'.
 */
struct registrar *registrar_new(
    struct loop *l, const char *(*script)(void *arg, unsigned n), void *arg);
void registrar_free(struct registrar *r);
uint16_t registrar_port(const struct registrar *r);
unsigned registrar_requests(const struct registrar *r);
/* The last request. */
struct str registrar_request(const struct registrar *r);

#endif
