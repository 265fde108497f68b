/*
 * probe - one configured test as the watcher lives with it: its state, the transaction in
 * flight, and what is known of its registrar.
 *
 * A probe outlives reloads; its configuration is exchanged underneath it. This is data
 * for the files of watch/; others see it through test_view.h.
 */
#ifndef CSWATCH_WATCH_PROBE_H
#define CSWATCH_WATCH_PROBE_H
#include <stdbool.h>
#include <stdint.h>

#include "alert/alert.h"
#include "state/state.h"
#include "watch/agenda.h"

struct config_test;
struct discovery;
struct gate;
struct kept;
struct key_wait;
struct keys_ahead;
struct line_queue;
struct pool;
struct result;
struct run;
struct trace;

struct probe {
	struct agenda_item item; /* first; upkeep.c */
	/* of the live configuration; NULL: removed while running */
	const struct config_test *test;
	struct test_state state;
	uint32_t id;	   /* in the schedule */
	struct pool *pool; /* NULL: not in one yet, or removed */
	uint32_t place_in_pool;

	/* the run in flight: runs.c */
	struct run *run;       /* NULL: nothing in flight */
	struct trace *tracing; /* its trace; may be NULL */
	uint32_t connections;  /* cutoff_connections() when it began */

	/* what the last look for the registrar of a SIP domain brought, or NULL */
	struct discovery *discovery;
	bool look_again; /* it has not proved good since */
	bool forget_run; /* the run in flight looks by an old configuration */

	/* what a run that is due waits at, or NULL: gates.c */
	const struct gate *waits_at;
	struct key_wait *key_wait; /* of its key, or NULL: keys_ahead.c */
	struct keys_ahead *keys;   /* whom key_wait belongs to */
	bool keyless;		   /* no key could be made: the run says so */

	enum alert_state alert_from; /* what the state was before the alert */
	int64_t paused_until_ms;     /* while paused; 0: until told */
	struct kept *kept;	     /* trace of the last run, or NULL: traces.c */
	struct line_queue *lines;    /* lines that wait, or NULL: line_queue.c */
};

/* Returns NULL when out of memory. */
struct probe *probe_new(const struct config_test *test);
/* Makes a probe of a remembered test; takes over what *t holds. NULL: out of memory. */
struct probe *probe_new_remembered(struct test_state *t);
/* Only when p->run is NULL. NULL is allowed. */
void probe_free(struct probe *p);

struct alert_rules probe_rules(const struct probe *p);

/* Takes in what a finished run found of the registrar, and whether that proved good. */
void probe_note_discovery(struct probe *p, const struct result *r);
/* Forgets the registrar: the configuration that it was found by is another now. */
void probe_forget_discovery(struct probe *p);
/* Returns when the next run looks again by age, or 0 if nothing is known. */
int64_t probe_discovery_until(const struct probe *p);
/* Returns what a run that begins now may go by, or NULL if it is to look. */
const struct discovery *probe_known_discovery(const struct probe *p, int64_t now_ms);

#endif
