/*
 * operate - what people may do to a running daemon: pause, resume, acknowledge, run a
 * test now, ask why one is not running.
 *
 * Plain functions for whoever speaks with people; who may do what is not known here. Each
 * logs what it changed and has it written to the state file. target is the name of a test
 * or the FQDN of a pool, which stands for all of its tests.
 */
#ifndef CSWATCH_WATCH_OPERATOR_H
#define CSWATCH_WATCH_OPERATOR_H
#include <stddef.h>
#include <stdint.h>

struct buf;
struct daemon;

/* Who wants it, and why: kept and logged. Either may be NULL; long ones are cut. */
struct operate_note {
	const char *by, *reason;
};

struct operate_count {
	size_t tests;	/* that are meant; 0: no test and no pool of that name */
	size_t changed; /* of them; the others were so already */
};

/*
 * for_ms 0: until it is resumed. One that is paused already gets the new time and
 * reason. A run in flight goes on.
 */
struct operate_count daemon_pause(struct daemon *d, const char *target, uint64_t for_ms,
    const struct operate_note *note);
/* The operators' pauses; not maintenance. */
struct operate_count daemon_resume(
    struct daemon *d, const char *target, const struct operate_note *note);
/* Those that have an alert that stands and is not acknowledged yet. */
struct operate_count daemon_acknowledge(
    struct daemon *d, const char *target, const struct operate_note *note);

/* Also of a paused test: its result then changes no state. changed 0: it is running. */
struct operate_count daemon_run_now(struct daemon *d, const char *target);

/*
 * Appends why the test is not running just now, as one line of plain text without a line
 * feed: "next run at 2026-11-22T13:04:41Z", "paused until ... by kenmyer: patching",
 * "waits: pool ... has 4 transactions running (max_parallel)", "running". "" when there
 * is no such test.
 */
void daemon_why_waiting(const struct daemon *d, const char *name, struct buf *out);

#endif
