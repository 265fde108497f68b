/*
 * runtime - everything that transactions share: the real loop, clock, resolver, worker,
 * keys and inner TLS settings.
 *
 * The daemon, `cswatch test` and the benchmark each have exactly one; unit tests build
 * a struct env of fakes instead.
 */
#ifndef CSWATCH_TXN_RUNTIME_H
#define CSWATCH_TXN_RUNTIME_H
#include <stdbool.h>
#include <stdint.h>

#include "txn/txn.h"

struct err;
struct worker;

struct runtime_settings {
	const char *dns_servers;   /* NULL: the system's */
	const char *key_directory; /* NULL: keys live in memory only */
	uint64_t key_lifetime_s;   /* 0: forever */
};

struct runtime {
	struct env env;
	struct worker *reader, *maker;	    /* of keys; one never waits for the other */
	struct tls_inner_ctx *inner;	    /* TLS-DSK handshakes */
	struct tls_inner_ctx *inner_legacy; /* the same for pools with legacy_tls */
};

/*
 * Makes all of *w; also starts libcurl and libxml2 and keeps secrets out of cores.
 * Returns false with *err on failure; runtime_close() is allowed then, too.
 */
bool runtime_open(struct runtime *w, const struct runtime_settings *s, struct err *err);
/* Frees what runtime_open() has made. Call when no transaction is left. */
void runtime_close(struct runtime *w);
/*
 * Stops the workers: for callers that write files after the last job. No key may be asked
 * for after it.
 */
void runtime_stop_workers(struct runtime *w);

#endif
