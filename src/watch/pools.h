/*
 * pools - the tests of each pool together: what alert/rollup.h and alert/isolation.h
 * know of them, kept over reloads and restarts.
 */
#ifndef CSWATCH_WATCH_POOLS_H
#define CSWATCH_WATCH_POOLS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/isolation.h"
#include "alert/rollup.h"
#include "watch/agenda.h"
#include "state/state.h"

struct config;
struct config_pool;
struct daemon;
struct probe;
struct result;
struct state;

struct pool {
	struct agenda_item item; /* first */
	struct pool_state state;
	const struct config_pool *config; /* of the live configuration */
	struct daemon *owner;
	struct probe **tests; /* in the order of names */
	size_t ntests;
	/* the last run of a test that is not paused; 0: none in this life */
	int64_t begun_ms;
	enum isolation_sight sight;
	/* while it is judged */
	enum isolation_sight began; /* by a failure of that kind */
	bool asked;		    /* whether the watcher is cut off: no */
	size_t next;		    /* test to be run sooner next */
	bool dormant;		    /* all of its tests are paused */
};

struct pools {
	struct pool *v; /* in the order of the configuration */
	size_t n;
	struct probe **tests; /* room of all the lists of tests */
	size_t watched;	      /* pools that have a test */
};

/* ---- pools.c ---- */

/* New ones, without tests yet. False: out of memory. */
bool pools_make(struct pools *ret, const struct config *c, struct daemon *d);
/* What the state file remembers, for the probes made of it. Takes s->pools. */
void pools_restore(struct daemon *d, struct state *s);
/*
 * d->probes are those of next: puts them together by pool, and what was known of the
 * pools goes on. What is in the middle of being judged begins anew. Takes the room.
 */
void pools_exchange(struct daemon *d, const struct config *next, struct pools *room);
void pools_free(struct pools *p); /* a zeroed one is fine */
/* NULL: there is none of that name. */
struct pool *pools_find(const struct daemon *d, const char *fqdn);
size_t pools_in_alert(const struct daemon *d);

/* For alert/rollup.h and alert/isolation.h. */
struct rollup_tests pool_tests(struct pool *p);
struct isolation_pools pools_seen(struct daemon *d);
/* Has up to n tests, from p->next on, run now if they have not begun since then. */
void pool_run_sooner(struct daemon *d, struct pool *p, int64_t since_ms, size_t n);
/* Those whose alert nobody has said: it is said with their next failure. */
void pool_run_held(struct daemon *d, struct pool *p);

/* ---- rollups.c: what pools and the watcher say ---- */

/* Before anything else is made of a result: it may end that the watcher is cut off. */
void watcher_result(struct daemon *d, enum isolation_sight sight, int64_t begun_ms);
/* After it. True: that result of p, a failure, tells nothing of its pool. */
bool watcher_excuses(
    const struct daemon *d, const struct probe *p, enum isolation_sight sight);
/*
 * A failure of p was excused, and the watcher is not cut off any more: p is run again
 * soon, and at once if its alert is held.
 */
void watcher_makes_up(struct daemon *d, struct probe *p);
/*
 * A result of p has been taken in, and not excused. first_ms: of its row of failures;
 * was_ms: when its run before this one began, 0: never.
 */
void pool_result(struct daemon *d, struct probe *p, enum isolation_sight sight,
    int64_t first_ms, int64_t was_ms);
/* One of its tests was paused or resumed. */
void pool_touch(struct daemon *d, struct pool *p);
void pool_due(struct daemon *d, struct agenda_item *item);
/*
 * Somebody knows of its alert, or (r by a test's name) of each alert of its tests. True:
 * its alert stands and was not acknowledged.
 */
bool pool_acknowledge(
    struct daemon *d, struct pool *p, bool whole, const struct remark *r);
/* After the pools have been exchanged. */
void rollups_exchange(struct daemon *d, const struct config *next);
void rollups_free(struct daemon *d);

#endif
