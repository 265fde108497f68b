#include "base/civil.h"

/*
 * Years are counted from March, so that the leap day is the last of its year and the
 * months before it follow one formula.
 */
int64_t
civil_days(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (((int64_t)month + 9) % 12) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t
civil_seconds(const struct civil *c)
{
	return civil_days(c->year, c->month, c->day) * CIVIL_DAY_S +
	       (int64_t)c->hour * 3600 + (int64_t)c->min * 60 + c->sec;
}

bool
civil_is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned
civil_month_days(int64_t year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return month == 2 && civil_is_leap(year) ? 29 : days[month - 1];
}

bool
civil_is_valid(const struct civil *c)
{
	return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 &&
	       c->day >= 1 && c->day <= civil_month_days(c->year, c->month) &&
	       c->hour <= 23 && c->min <= 59 && c->sec <= 60;
}

/*
 * Day number of the year's first day is found by an estimate that is at most one year
 * off.
 */
struct civil
civil_of(int64_t wall_s)
{
	int64_t days = wall_s / CIVIL_DAY_S, of_day = wall_s % CIVIL_DAY_S;
	struct civil c = { .month = 1, .day = 1 };

	if (of_day < 0) {
		of_day += CIVIL_DAY_S;
		days--;
	}
	c.year = 1970 + days * 400 / 146097;
	while (civil_days(c.year, 1, 1) > days)
		c.year--;
	while (civil_days(c.year + 1, 1, 1) <= days)
		c.year++;
	days -= civil_days(c.year, 1, 1);
	while (days >= civil_month_days(c.year, c.month))
		days -= civil_month_days(c.year, c.month++);
	c.day += (unsigned)days;
	c.hour = (unsigned)(of_day / 3600);
	c.min = (unsigned)(of_day / 60 % 60);
	c.sec = (unsigned)(of_day % 60);
	return c;
}
