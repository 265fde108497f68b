/*
 * world - everything that transactions share: the real loop, clock, resolver, worker,
 * keys and inner TLS settings.
 *
 * The daemon, `cswatch test` and the benchmark each have exactly one; unit tests build
 * a struct env of fakes instead.
 */
#ifndef CSWATCH_TXN_WORLD_H
#define CSWATCH_TXN_WORLD_H
#include <stdbool.h>
#include <stdint.h>

#include "txn/txn.h"

struct err;
struct worker;

struct world_settings {
	const char *dns_servers;   /* NULL: the system's */
	const char *key_directory; /* NULL: keys live in memory only */
	uint64_t key_lifetime_s;   /* 0: for ever */
};

struct world {
	struct env env;
	struct worker *reader, *maker;	 /* of keys; one never waits for the other */
	struct memtls_ctx *inner;	 /* TLS-DSK handshakes */
	struct memtls_ctx *inner_legacy; /* the same for pools with legacy_tls */
};

/*
 * Also starts libcurl and libxml2 and keeps secrets out of cores. False: *err;
 * world_close() is fine then, too.
 */
bool world_open(struct world *w, const struct world_settings *s, struct err *err);
/* When no transaction is left. */
void world_close(struct world *w);
/*
 * Before it, where files are written after the last job: stops the workers; no key may be
 * asked for any more.
 */
void world_stop_workers(struct world *w);

#endif
