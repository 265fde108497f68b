/*
 * cutoff - whether the watcher itself is cut off from the network: when to ask
 * alert/isolation.h, what to try in the meantime, and what to announce.
 *
 * It asks the pools, and tells them what came of it, through struct cutoff_peers; it
 * knows nothing else of them.
 */
#ifndef CSWATCH_WATCH_CUTOFF_H
#define CSWATCH_WATCH_CUTOFF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/isolation.h"

struct agenda;
struct announcer;
struct clock;
struct config;
struct cutoff;
struct loop;
struct resolver;
struct subscribers;

struct cutoff_settings {
	struct loop *loop;
	struct resolver *resolver;
	const struct clock *clock;
	struct agenda *agenda;
	struct announcer *announcer;
	const struct subscribers *subscribers;
};

struct cutoff_peers {
	struct isolation_pools (*see_pools)(void *arg);
	/* How many pools have a test, and how many tests there are. */
	size_t (*count_pools)(void *arg);
	size_t (*count_tests)(void *arg);
	/*
	 * Has a test of the pool run now, unless one of its runs has begun since then.
	 * True: the pool was asked.
	 */
	bool (*ask_pool)(void *arg, size_t i, int64_t since_ms);
	/* The watcher is cut off; it is connected again; it never was cut off. */
	void (*cut_off)(void *arg);
	void (*connected)(void *arg);
	void (*not_cut_off)(void *arg);
};

/* Borrows what the settings point to. Returns NULL when out of memory. */
struct cutoff *cutoff_new(const struct cutoff_settings *s);
void cutoff_free(struct cutoff *c); /* NULL is allowed. */
/* Says who the pools are, once, before anything is asked of them. Borrows both. */
void cutoff_attach(struct cutoff *c, const struct cutoff_peers *peers, void *arg);
void cutoff_restore(struct cutoff *c, const struct isolation *remembered);
/* Takes in another configuration, after the pools and the agenda were exchanged. */
void cutoff_adopt(struct cutoff *c, const struct config *next);

const struct isolation *cutoff_state(const struct cutoff *c);
bool cutoff_is_active(const struct cutoff *c);
/* Returns how often it was cut off and is connected again. */
uint32_t cutoff_connections(const struct cutoff *c);

/* Takes in a result before anything else is made of it: it may end that it is cut off. */
void cutoff_note_result(
    struct cutoff *c, enum isolation_evidence evidence, int64_t begun_ms);
/*
 * Returns whether a failure tells nothing of its pool. connections: what
 * cutoff_connections() was when the run began.
 */
bool cutoff_excuses(
    const struct cutoff *c, enum isolation_evidence evidence, uint32_t connections);
/*
 * While it is judged, takes in a failure of an active test that looks local; was_ms: when
 * the run before that began, of any test of its pool.
 */
void cutoff_note_failure(
    struct cutoff *c, enum isolation_evidence evidence, int64_t begun_ms, int64_t was_ms);
/* Returns whether it is judged, and a run that began then is of no use for that. */
bool cutoff_needs_later_run(const struct cutoff *c, int64_t begun_ms);
/*
 * Returns whether an alert that began with that kind of failure has to wait until it is
 * known whether the watcher is cut off. Begins to find that out, if so.
 */
bool cutoff_must_wait(struct cutoff *c, enum isolation_evidence began, int64_t from_ms);
/* Judges, if it is time. */
void cutoff_judge(struct cutoff *c);

#endif
