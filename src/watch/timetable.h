/*
 * timetable - when the tests run: what sched/ has to know of the configuration, and the
 * next run of each test as its state remembers it.
 *
 * A part that has a timetable may ask its schedule directly; what moves a test's next run
 * goes through here, so that subscribers hear of it.
 */
#ifndef CSWATCH_WATCH_TIMETABLE_H
#define CSWATCH_WATCH_TIMETABLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct config;
struct probe;
struct probes;
struct sched;
struct subscribers;

struct timetable {
	struct sched *sched;
	const struct clock *clock;
	const struct subscribers *subscribers;
};

/*
 * Gives the schedule the tests of next, for which ps was planned; ret_ids gets their ids.
 * Returns false when out of memory: nothing is changed.
 */
bool timetable_adopt(const struct timetable *tt, const struct config *next,
    const struct probes *ps, uint32_t *ret_ids);

/* Has it run now, besides its times. Returns false if it is running. */
bool timetable_run_now(const struct timetable *tt, struct probe *p);
/* Holds its runs back, until that time (0: until told), or no more. */
void timetable_pause(
    const struct timetable *tt, struct probe *p, bool paused, int64_t until_ms);
/* Remembers when it runs next. The second tells subscribers that it has changed. */
void timetable_update_next(const struct timetable *tt, struct probe *p);
void timetable_note_change(const struct timetable *tt, struct probe *p);

#endif
