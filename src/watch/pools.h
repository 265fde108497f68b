/*
 * pools - the tests of each pool together, kept over reloads and restarts.
 *
 * Data for the files of watch/; rollups.c makes of it who announces an alert.
 */
#ifndef CSWATCH_WATCH_POOLS_H
#define CSWATCH_WATCH_POOLS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/isolation.h"
#include "state/state.h"
#include "watch/agenda.h"

struct config;
struct config_pool;
struct line_queue;
struct probe;
struct probes;
struct rollups;

struct pool {
	struct agenda_item item; /* first; rollups.c */
	struct pool_state state;
	const struct config_pool *config; /* of the live configuration */
	struct rollups *owner;
	struct probe **tests; /* in the order of names */
	size_t ntests;
	/* the last run of a test that is not paused; 0: none in this life */
	int64_t begun_ms;
	enum isolation_evidence evidence;
	/* while the pool is judged */
	enum isolation_evidence began; /* by a failure of that kind */
	bool asked;		       /* whether the watcher is cut off: no */
	size_t next;		       /* test to be run sooner next */
	bool dormant;		       /* all of its tests are paused */
	struct line_queue *lines;      /* lines that wait, or NULL: line_queue.c */
};

struct pools {
	struct pool *v; /* in the order of the configuration */
	size_t n;
	struct probe **tests; /* memory of all the lists of tests */
	size_t watched;	      /* pools that have a test */
};

/* Makes new ones, without tests yet. Returns false when out of memory. */
bool pools_make(struct pools *ret, const struct config *c);
/*
 * Makes those that are remembered, for the probes that were restored. Takes over what the
 * n states hold. Without memory there are none, as if nothing had been remembered.
 */
void pools_restore(
    struct pools *ret, struct pool_state *states, size_t n, const struct probes *ps);
void pools_free(struct pools *p); /* A zeroed one is allowed. */

/*
 * Puts the tests of next into the pools that were made for it. What was known of the
 * pools that the tests were in goes along; what is left in those has no test any more.
 */
void pools_join(struct pools *p, const struct config *next, const struct probes *ps);

/* Returns NULL if there is none of that name. */
struct pool *pools_find(const struct pools *p, const char *fqdn);
/* Returns whether a test of the pool is not paused; whether one has failed last. */
bool pool_is_active(const struct pool *p);
bool pool_has_failure(const struct pool *p);
static inline bool
pool_in_alert(const struct pool *p)
{
	return p->state.rollup.state == ROLLUP_ACTIVE;
}

#endif
