/*
 * calendar - times of day and parts of days, on weekdays, in a time zone.
 *
 * "07:30", "Mon..Fri 07:30", "Sat,Sun 13:00"; windows "08:00-18:00", "Fri 22:00-06:00".
 * They are right where clocks are changed: see zone.h. Wall clock, milliseconds since the
 * epoch.
 */
#ifndef CSWATCH_BASE_CALENDAR_H
#define CSWATCH_BASE_CALENDAR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define CALENDAR_NEVER INT64_MAX
#define CALENDAR_MAX   100 /* times or windows of one calendar */

struct zone;

struct calendar_span {
	uint8_t days;	   /* bits: 1 Monday ... 64 Sunday */
	uint16_t from, to; /* minutes since midnight; to: of windows, up to 48 h */
};

struct calendar {
	struct zone *zone; /* owned */
	unsigned n;
	struct calendar_span spans[];
};

/* Both return false and leave *ret unchanged if the text is something else. */
bool calendar_parse_time(struct str s, struct calendar_span *ret);
bool calendar_parse_window(struct str s, struct calendar_span *ret);

#define CALENDAR_TEXT_SIZE 48
/*
 * Writes a time or a window as a person would: "Mon..Fri 07:30", "Sat,Sun 22:00-06:00".
 */
void calendar_span_text(char dst[CALENDAR_TEXT_SIZE], const struct calendar_span *s);

/*
 * Returns a calendar with room for n spans, which the caller fills in, or NULL if memory
 * ran out. Owns zone from now on, also when it fails.
 */
struct calendar *calendar_new(struct zone *zone, unsigned n);
void calendar_free(struct calendar *c); /* NULL is allowed */
/* Returns whether both name the same moments; NULL is equal to NULL only. */
bool calendar_equal(const struct calendar *a, const struct calendar *b);

/* Returns the first of its times after that moment, or CALENDAR_NEVER. */
int64_t calendar_next(const struct calendar *c, int64_t after_ms);
/* start_ms: CALENDAR_NEVER if no window opens. */
struct calendar_window {
	int64_t start_ms, end_ms;
};
/* Returns the window that is open at that moment, else the next that opens. */
struct calendar_window calendar_window(const struct calendar *c, int64_t at_ms);

#endif
