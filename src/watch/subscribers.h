/*
 * subscribers - what leaves watch/: the table that the control socket and the state file
 * fill in to hear what happens. A NULL member is not called.
 */
#ifndef CSWATCH_WATCH_SUBSCRIBERS_H
#define CSWATCH_WATCH_SUBSCRIBERS_H
#include <stdbool.h>

struct daemon;
struct probe;
struct result;
struct txn_note;

struct watch_events {
	/* A run is about to start: true if run_noted() is wanted for it. */
	bool (*wants_notes)(const struct daemon *d, const struct probe *p);
	/* A line of the trace of a run that goes on. */
	void (*run_noted)(struct probe *p, const struct txn_note *note);
	/* A run is over, or could not be started. */
	void (*run_finished)(
	    struct daemon *d, const struct probe *p, const struct result *r);
	/* A test was removed by a reload; no run of it was in flight. */
	void (*test_removed)(struct daemon *d, const struct probe *p);
};

#endif
