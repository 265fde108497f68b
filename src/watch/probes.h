/*
 * probes - the tests of the live configuration, in its order (by name).
 *
 * Data for the files of watch/.
 */
#ifndef CSWATCH_WATCH_PROBES_H
#define CSWATCH_WATCH_PROBES_H
#include <stdbool.h>
#include <stddef.h>

#include "alert/alert.h"

struct config;
struct config_test;
struct probe;
struct test_state;

struct probes {
	struct probe **v;
	size_t n;
	size_t counts[ALERT_COUNT]; /* of them, by state */
};

/* Makes them of n remembered tests, sorted by name. Returns false when out of memory. */
bool probes_restore(struct probes *ps, struct test_state *tests, size_t n);
void probes_free(struct probes *ps); /* A zeroed one is allowed. */

/* Returns NULL if there is none of that name. */
struct probe *probes_find(const struct probes *ps, const char *name);
/* Returns the place of the first one whose name comes after name. */
size_t probes_place_after(const struct probes *ps, const char *name);

/*
 * Fills *ret with the probes of another configuration: those of ps that are the same
 * test, and new ones. Returns false when out of memory; then, and if the configuration is
 * not to be, probes_undo_plan() frees what is new.
 */
bool probes_plan(const struct probes *ps, const struct config *next, struct probes *ret);
void probes_undo_plan(const struct probes *ps, struct probes *plan);
/* Returns whether the plan keeps p. */
bool probes_keeps(const struct probes *plan, const struct probe *p);

/* Counts a change of state. */
void probes_note_change(struct probes *ps, const struct alert_change *change);
/* Counts them all. */
void probes_count(struct probes *ps);

#endif
