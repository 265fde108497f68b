/*
 * zonerule - "IST-1GMT0,M10.5.0,M3.5.0/1": the rule that a zone follows after the last
 * change that its file lists. POSIX.1 8.3 with the extensions of RFC 9636 section 3.3.
 *
 * What is called daylight saving time here may be behind standard time: in Ireland summer
 * time is the standard, and winter is the exception.
 */
#ifndef CSWATCH_BASE_ZONERULE_H
#define CSWATCH_BASE_ZONERULE_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* A day of each year, and the time of it in seconds: before midnight when negative. */
struct zonerule_day {
	enum {
		ZONERULE_MONTH,	 /* "M10.5.0": weekday of the nth week of a month */
		ZONERULE_JULIAN, /* "J60": 1 to 365, as if no year were a leap year */
		ZONERULE_ORDINAL /* "59": 0 to 365 */
	} kind;
	unsigned month, week, weekday; /* week 5: the last; weekday 0: Sunday */
	unsigned day;
	int32_t time_s;
};

struct zonerule {
	int32_t standard_s, daylight_s; /* east of UTC */
	bool changes;			/* false: standard time all year */
	struct zonerule_day start, end; /* of daylight saving time */
};

/* Returns false and leaves *ret unchanged if the text is no such rule. */
bool zonerule_parse(struct str s, struct zonerule *ret);
/* Returns the seconds east of UTC at that moment. */
int32_t zonerule_offset(const struct zonerule *r, int64_t utc_s);

#endif
