/*
 * probe - one configured test as the daemon lives with it: its state, and the transaction
 * in flight.
 *
 * A probe outlives reloads; its configuration is exchanged underneath it. A transaction
 * holds a reference to the configuration that it was started with.
 */
#ifndef CSWATCH_WATCH_PROBE_H
#define CSWATCH_WATCH_PROBE_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "alert/alert.h"
#include "watch/agenda.h"
#include "state/state.h"
#include "txn/txn.h"

struct config;
struct config_test;
struct err;
struct kept;
struct key_wait;
struct memtls_ctx;
struct pool;
struct trace;

/* A transaction in flight. */
struct run;
LIST_HEAD(run_list, run);

struct probe {
	struct agenda_item item; /* first */
	/* of the live configuration; NULL: removed while running */
	const struct config_test *test;
	struct test_state state;
	struct run *run; /* NULL: nothing in flight */
	/* of a SIP domain: what the last look has brought; NULL: nothing */
	struct discovery *discovery;
	bool look_again;   /* it has not proved good since */
	bool forget_run;   /* ... the one in flight looks wrongly */
	uint32_t id;	   /* in the schedule */
	struct pool *pool; /* NULL: not in one yet */
	uint32_t place_in_pool;
	uint32_t begun;		     /* daemon's connections at the start */
	enum alert_state alert_from; /* what it was before the alert */
	int64_t held_until_ms;	     /* while paused; 0: until told */
	void *owner;		     /* the daemon */
	struct key_wait *key_wait;   /* its run is put off: daemon/keys */
	bool keyless;		     /* ... and no key could be made */
	struct trace *tracing;	     /* of the run in flight; may be NULL */
	struct kept *kept;	     /* of the last one: daemon/traces */
};

struct probe *probe_new(const struct config_test *test, void *owner);
/* only when p->run is NULL; NULL is fine */
void probe_free(struct probe *p);

/*
 * Starts its transaction and puts it on the list. over(p, result) is called from the loop
 * when it is done; p->run is NULL by then. note(p, note) is called for each line of the
 * account, unless it is NULL. False: *err, nothing started.
 */
bool probe_start(struct probe *p, const struct env *env, struct config *config,
    struct memtls_ctx *inner, void (*over)(struct probe *p, const struct result *result),
    void (*note)(struct probe *p, const struct txn_note *note), struct run_list *runs,
    struct err *err);
/* A run is over: what it found of the registrar, and whether that proved good. */
void probe_note_discovery(struct probe *p, const struct result *r);
/* The configuration that it was found by is another now. */
void probe_forget_discovery(struct probe *p);
/* When the next run will look again by age; 0: nothing is known. */
int64_t probe_discovery_until(const struct probe *p);
/* Whether its transaction is one with an RSA key of the user's. */
bool probe_needs_key(const struct config *config, const struct probe *p);
/* Ends it early, logging off first; over() is still called. Fine when nothing runs. */
void probe_cancel(struct probe *p);
/* All of them. */
void runs_cancel(struct run_list *runs);
/* Frees them at once, without over(); and the probes that a reload removed meanwhile. */
void runs_abandon(struct run_list *runs);

#endif
