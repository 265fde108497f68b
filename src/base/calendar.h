/*
 * calendar - times of day and parts of days, on weekdays, in a time zone.
 *
 * "07:30", "Mon..Fri 07:30", "Sat,Sun 13:00"; windows "08:00-18:00", "Fri 22:00-06:00".
 * Right where clocks are changed: see zone.h. Wall clock, milliseconds since the epoch.
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

/* False: it is something else; *ret untouched. */
bool calendar_parse_time(struct str s, struct calendar_span *ret);
bool calendar_parse_window(struct str s, struct calendar_span *ret);

#define CALENDAR_TEXT_SIZE 48
/* One of them as one would write it: "Mon..Fri 07:30", "Sat,Sun 22:00-06:00". */
void calendar_span_text(char dst[CALENDAR_TEXT_SIZE], const struct calendar_span *s);

/* With room for n spans, which the caller fills in. Takes zone, also when it fails. */
struct calendar *calendar_new(struct zone *zone, unsigned n);
void calendar_free(struct calendar *c); /* NULL is fine */
/* The same moments for ever. NULL is like NULL only. */
bool calendar_equal(const struct calendar *a, const struct calendar *b);

/* The first of its times after that moment. */
int64_t calendar_next(const struct calendar *c, int64_t after_ms);
/*
 * The window that is open at that moment, else the next that opens. start CALENDAR_NEVER:
 * none does.
 */
struct calendar_window {
	int64_t start_ms, end_ms;
};
struct calendar_window calendar_window(const struct calendar *c, int64_t at_ms);

#endif
