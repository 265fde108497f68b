/*
 * keys_ahead - the RSA keys of the tests' users: a run does not begin before its key is
 * there, and keys are made ahead, those first that are needed first.
 *
 * Making one takes as long as a hundred transactions. In the meantime its test waits
 * without taking up room, so that no other test is later for it.
 */
#ifndef CSWATCH_WATCH_KEYS_AHEAD_H
#define CSWATCH_WATCH_KEYS_AHEAD_H
#include <stdbool.h>

struct config;
struct keyring;
struct keys_ahead;
struct log;
struct loop;
struct probe;
struct probes;
struct timetable;

struct keys_ahead_settings {
	struct loop *loop;
	struct keyring *ring;
	struct log *log;
	const struct probes *probes; /* the live ones */
	const struct timetable *timetable;
};

/* Borrows what the settings point to. Returns NULL when out of memory. */
struct keys_ahead *keys_ahead_new(const struct keys_ahead_settings *s);
void keys_ahead_free(struct keys_ahead *k); /* NULL is allowed. */

/*
 * Takes in another configuration, or other times of its tests: makes their keys ahead, in
 * due order, and from now on renews them before they are too old.
 */
void keys_ahead_adopt(struct keys_ahead *k, const struct config *next);
/*
 * Returns whether the run of p may begin: its key is there, or cannot be made, which the
 * run finds out itself. If not, calls sched_ready() for p when it may.
 */
bool keys_at_hand(struct keys_ahead *k, struct probe *p);

#endif
