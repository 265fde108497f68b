/*
 * civil - days and times of the proleptic Gregorian calendar, in UTC, counted in seconds
 * since the epoch.
 */
#ifndef CSWATCH_BASE_CIVIL_H
#define CSWATCH_BASE_CIVIL_H
#include <stdbool.h>
#include <stdint.h>

#define CIVIL_DAY_S 86400

struct civil {
	int64_t year;
	unsigned month, day; /* from 1 */
	unsigned hour, min, sec;
};

/* Returns the days between 1970-01-01 and the given date. */
int64_t civil_days(int64_t year, unsigned month, unsigned day);
bool civil_is_leap(int64_t year);
/* Returns how many days that month has. */
unsigned civil_month_days(int64_t year, unsigned month);
/* Both convert between a date and seconds since the epoch. */
int64_t civil_seconds(const struct civil *c);
struct civil civil_of(int64_t wall_s);
/*
 * Returns whether it is a date of the years 1 to 9999 and a time of day; second 60 is
 * allowed.
 */
bool civil_is_valid(const struct civil *c);

#endif
