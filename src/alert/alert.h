/*
 * alert - what a result means for a test: pure logic on plain data.
 *
 * There is no I/O, no clock and no memory to free: struct alert is kept with the test,
 * and goes to the state file and back field by field.
 */
#ifndef CSWATCH_ALERT_ALERT_H
#define CSWATCH_ALERT_ALERT_H
#include <stdbool.h>
#include <stdint.h>

enum alert_state {
	ALERT_UNKNOWN, /* not run yet */
	ALERT_OK,
	ALERT_FAILING, /* failed, not yet confirmed */
	ALERT_ALERT,   /* confirmed, not yet recovered */
	ALERT_PAUSED,  /* results change nothing */
	ALERT_COUNT
};

/* "unknown", "ok", "failing", "alert", "paused" */
const char *alert_state_name(enum alert_state s);

struct alert_rules {
	unsigned confirm;   /* failures in a row that make an alert; at least 1 */
	unsigned recover;   /* successes in a row that end one; at least 1 */
	uint64_t remind_ms; /* between reminders of an active alert; 0: never */
};

/*
 * A test is flapping once FLAP_CHANGES of its last FLAP_WINDOW results were another than
 * the one before. Its state then does not change until as many results in a row are the
 * same as confirm and recover ask for, and FLAP_CALM at least.
 */
#define FLAP_WINDOW  16
#define FLAP_CHANGES 6
#define FLAP_CALM    4

/* Who has announced an alert that is active, at err. */
enum alert_announcer {
	ALERT_BY_TEST, /* the test itself; also when no alert is active */
	ALERT_PENDING, /* nobody yet: its pool is being judged (rollup.h) */
	ALERT_BY_POOL, /* its pool, for all of its tests */
	ALERT_ANNOUNCERS
};

/* "test", "nobody", "pool" */
const char *alert_announcer_name(enum alert_announcer v);

struct alert {
	enum alert_state state;
	enum alert_announcer announced_by;
	unsigned failures;  /* in a row; 0 after a success */
	unsigned successes; /* in a row; 0 after a failure */
	int64_t since_ms;   /* wall clock, when the state began, or 0 if never run */
	enum alert_state resume_state; /* of ALERT_PAUSED: the state to go back to */
	int64_t resume_since_ms;
	bool acknowledged; /* an operator knows of the active alert */
	bool flapping;
	uint16_t recent;      /* bits, newest lowest: results unlike the one before */
	int64_t announced_ms; /* when the active alert was announced last */
};

struct alert_change {
	enum alert_state from, to;
	int64_t first_ms; /* when the first failure of an alert came */
};

/* What is to be announced after a result; bits. */
#define ALERT_CHANGED 1u /* its state changed */
#define ALERT_FLAPS   2u /* it begins to flap */
#define ALERT_IS_CALM 4u /* it does not flap any more */

/*
 * Counts a result and returns what is to be announced. Sets *ret with ALERT_CHANGED only,
 * else leaves it unchanged. A new alert is ALERT_PENDING. A zeroed struct alert is that
 * of a test that never ran.
 */
unsigned alert_feed(const struct alert_rules *rules, struct alert *a, bool ok,
    int64_t now_ms, struct alert_change *ret);
/*
 * Counts a failure that tells nothing of the pool, because the watcher is cut off: it
 * makes the test failing, but no alert, and what is counted in a row begins again after
 * it. Returns false and leaves *ret unchanged if the state stays.
 */
bool alert_excuse(struct alert *a, int64_t now_ms, struct alert_change *ret);
/* Notes that the active alert has been announced now, and by whom. */
void alert_announced(struct alert *a, enum alert_announcer by, int64_t now_ms);
/* Returns whether an alert is active, paused or not, and nobody has announced it. */
bool alert_is_pending(const struct alert *a);

/* Returns when the next reminder of the test itself is due, or INT64_MAX. */
int64_t alert_next_reminder(const struct alert_rules *rules, const struct alert *a);
/* Returns whether a reminder is due now: once, however many have gone by. */
bool alert_remind(const struct alert_rules *rules, struct alert *a, int64_t now_ms);

/*
 * Pauses the test, or resumes it in the state that it had: a pause neither ends an alert
 * nor makes one. Returns false and leaves *ret unchanged if it is paused already, or is
 * not.
 */
bool alert_pause(struct alert *a, int64_t now_ms, struct alert_change *ret);
bool alert_resume(struct alert *a, struct alert_change *ret);
/*
 * Acknowledges the active alert until it ends. Returns false if there is none, if it is
 * acknowledged already, or if it is pending, so that nobody can know of it.
 */
bool alert_acknowledge(struct alert *a);

#endif
