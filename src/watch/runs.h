/*
 * runs - transactions in flight, those of removed tests included.
 *
 * A run holds a reference to the configuration that it was started with.
 */
#ifndef CSWATCH_WATCH_RUNS_H
#define CSWATCH_WATCH_RUNS_H
#include <stdbool.h>
#include <stddef.h>

struct config;
struct env;
struct err;
struct tls_inner_ctx;
struct probe;
struct result;
struct run;
struct runs;
struct txn_note;

struct runs_settings {
	const struct env *env;
	struct tls_inner_ctx *inner, *inner_legacy; /* of pools with legacy_tls */
	/* A run is over, from the loop; p->run is NULL by then. */
	void (*over)(void *arg, struct probe *p, const struct result *r);
	/* A line of its trace, if it was started with notes. */
	void (*note)(void *arg, struct probe *p, const struct txn_note *note);
	void *arg;
};

/* Borrows what the settings point to. Returns NULL when out of memory. */
struct runs *runs_new(const struct runs_settings *s);
/* When none is in flight. NULL is allowed. */
void runs_free(struct runs *rs);

/*
 * Starts the transaction of p, which has none, with p->tracing. Returns false and fills
 * *err if nothing was started.
 */
bool runs_start(
    struct runs *rs, struct probe *p, struct config *config, bool notes, struct err *err);
/* Returns whether the transaction of p is one with an RSA key of its user. */
bool runs_need_key(const struct config *config, const struct probe *p);
size_t runs_count(const struct runs *rs);

/* Ends one early, or all, logging off first; over() is still called. NULL is allowed. */
void run_cancel(struct run *r);
void runs_cancel(struct runs *rs);
/* Frees them at once, without over(); and the probes that a reload has removed. */
void runs_abandon(struct runs *rs);

#endif
