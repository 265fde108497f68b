/*
 * upkeep - what is due about a test at some time, other than to run it: a pause that
 * begins or ends, a reminder.
 */
#ifndef CSWATCH_WATCH_UPKEEP_H
#define CSWATCH_WATCH_UPKEEP_H

struct agenda;
struct announcer;
struct clock;
struct gates;
struct probe;
struct probes;
struct rollups;
struct timetable;
struct upkeep;

struct upkeep_settings {
	const struct clock *clock;
	struct agenda *agenda;
	struct announcer *announcer;
	const struct timetable *timetable;
	const struct gates *gates;
	struct rollups *rollups;
	struct probes *probes; /* the live ones */
};

/* Borrows what the settings point to. Returns NULL when out of memory. */
struct upkeep *upkeep_new(const struct upkeep_settings *s);
void upkeep_free(struct upkeep *u); /* NULL is allowed. */

/* Puts a test on the agenda, not due yet: after agenda_restart(). */
void upkeep_add(struct upkeep *u, struct probe *p);
/*
 * Does what is due for the test, and plans when to look again. Call after any change that
 * may affect it. Call timetable_note_change() afterwards.
 */
void upkeep_review(struct upkeep *u, struct probe *p);

#endif
