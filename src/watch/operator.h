/*
 * operator - what people may do to the tests: pause, resume, acknowledge, run now.
 *
 * Plain functions for whatever speaks with people; who may do what is not known here.
 * Each announces what it changed. target is the name of a test, or the FQDN of a pool,
 * which means all of its tests.
 */
#ifndef CSWATCH_WATCH_OPERATOR_H
#define CSWATCH_WATCH_OPERATOR_H
#include <stddef.h>
#include <stdint.h>

struct announcer;
struct clock;
struct probes;
struct rollups;
struct timetable;
struct upkeep;

/* What the functions need. All are borrowed. */
struct operator
{
	const struct clock *clock;
	const struct probes *probes; /* the live ones */
	struct announcer *announcer;
	struct rollups *rollups;
	struct upkeep *upkeep;
	const struct timetable *timetable;
};

/* Who wants it, and why: kept and logged. Either may be NULL; long ones are cut. */
struct operator_note {
	const char *by, *reason;
};

struct operator_count {
	size_t tests;	/* that are meant; 0: no test and no pool of that name */
	size_t changed; /* of them; the others were so already */
};

/*
 * Pauses for that time; for_ms 0: until it is resumed. A test that is paused already gets
 * the new time and reason. A run in flight goes on.
 */
struct operator_count operator_pause(const struct operator* op, const char *target,
    uint64_t for_ms, const struct operator_note *note);
/* Ends operators' pauses, and no maintenance. */
struct operator_count operator_resume(
    const struct operator* op, const char *target, const struct operator_note *note);
/* Acknowledges alerts that are active and not acknowledged yet. */
struct operator_count operator_acknowledge(
    const struct operator* op, const char *target, const struct operator_note *note);
/*
 * Runs tests now, also paused ones: the result of those changes no state. changed 0: it
 * is running.
 */
struct operator_count operator_run_now(const struct operator* op, const char *target);

#endif
