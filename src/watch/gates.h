/*
 * gates - what may hold a run back, in one list: maintenance, an operator's pause, the
 * key of its user.
 *
 * There are two kinds. One pauses the test for a known time: it changes no state until
 * then, and no run is due. The other is asked when a run is due, and has it wait without
 * taking up room until it can begin. Each has a word that `show` and `schedule` print.
 */
#ifndef CSWATCH_WATCH_GATES_H
#define CSWATCH_WATCH_GATES_H
#include <stdbool.h>
#include <stdint.h>

struct buf;
struct config;
struct keys_ahead;
struct probe;
struct timetable;

/* Why a test is paused, and until when. */
struct pause {
	const char *by, *reason; /* by NULL: it is not */
	int64_t until_ms;	 /* 0: until told */
	int64_t edge_ms; /* when the answer may be another, AGENDA_NEVER if it is not */
};

/* What gates ask. */
struct gates {
	const struct config *config; /* the live one */
	const struct timetable *timetable;
	struct keys_ahead *keys;
};

/* Returns the pause that lasts longest of those that hold p now. */
struct pause gates_find_pause(
    const struct gates *g, const struct probe *p, int64_t now_ms);
/*
 * Inside the schedule's start(): returns whether the run of p may begin. Otherwise it is
 * deferred until the gate lets it go.
 */
bool gates_admit(const struct gates *g, struct probe *p);

/* Append, as one line, why p is paused, and what its run waits for. */
void gates_explain_pause(
    const struct gates *g, const struct probe *p, int64_t now_ms, struct buf *out);
void gates_explain_wait(const struct probe *p, struct buf *out);

#endif
