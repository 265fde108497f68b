#include "base/zonerule.h"

#include "base/civil.h"

#define OFFSET_HOURS_MAX 24
#define TIME_HOURS_MAX	 167 /* RFC 9636 3.3.1: up to a week before or after */
#define NAME_MIN	 3

static bool
cut(struct str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = (struct str){ s->p + 1, s->len - 1 };
	return true;
}

static bool
cut_number(struct str *s, unsigned min, unsigned max, unsigned *ret)
{
	uint64_t v;
	size_t n = 0;

	while (n < s->len && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (n == 0 || !str_uint((struct str){ s->p, n }, min, max, &v))
		return false;
	*ret = (unsigned)v;
	*s = (struct str){ s->p + n, s->len - n };
	return true;
}

/* Cuts off "IST" or "<+0330>". */
static bool
cut_name(struct str *s)
{
	struct str inside;
	size_t n = 0;

	if (cut(s, '<')) {
		*s = str_split(*s, '>', &inside);
		return s->p != NULL && inside.len >= NAME_MIN;
	}
	while (n < s->len &&
	       ((s->p[n] >= 'a' && s->p[n] <= 'z') || (s->p[n] >= 'A' && s->p[n] <= 'Z')))
		n++;
	*s = (struct str){ s->p + n, s->len - n };
	return n >= NAME_MIN;
}

/* Cuts off "2", "+1", "-3:30", "26:30:15", in seconds. */
static bool
cut_time(struct str *s, unsigned hours_max, int32_t *ret)
{
	unsigned hour, min = 0, sec = 0;
	bool negative = cut(s, '-');

	if (!negative)
		cut(s, '+');
	if (!cut_number(s, 0, hours_max, &hour))
		return false;
	if (cut(s, ':')) {
		if (!cut_number(s, 0, 59, &min))
			return false;
		if (cut(s, ':') && !cut_number(s, 0, 59, &sec))
			return false;
	}
	*ret = (int32_t)(hour * 3600 + min * 60 + sec) * (negative ? -1 : 1);
	return true;
}

/* Cuts off an offset; the text counts west of Greenwich as positive. */
static bool
cut_offset(struct str *s, int32_t *ret)
{
	int32_t west;

	if (!cut_time(s, OFFSET_HOURS_MAX, &west))
		return false;
	*ret = -west;
	return true;
}

static bool
cut_day(struct str *s, struct zonerule_day *d)
{
	if (!cut(s, ','))
		return false;
	if (cut(s, 'M')) {
		d->kind = ZONERULE_MONTH;
		if (!cut_number(s, 1, 12, &d->month) || !cut(s, '.') ||
		    !cut_number(s, 1, 5, &d->week) || !cut(s, '.') ||
		    !cut_number(s, 0, 6, &d->weekday))
			return false;
	} else {
		d->kind = cut(s, 'J') ? ZONERULE_JULIAN : ZONERULE_ORDINAL;
		if (!cut_number(s, d->kind == ZONERULE_JULIAN, 365, &d->day))
			return false;
	}
	d->time_s = 2 * 3600;
	return !cut(s, '/') || cut_time(s, TIME_HOURS_MAX, &d->time_s);
}

bool
zonerule_parse(struct str s, struct zonerule *ret)
{
	struct zonerule r = { .changes = false };

	if (!cut_name(&s) || !cut_offset(&s, &r.standard_s))
		return false;
	r.daylight_s = r.standard_s;
	if (s.len > 0) {
		r.changes = true;
		r.daylight_s += 3600;
		if (!cut_name(&s) ||
		    (s.len > 0 && s.p[0] != ',' && !cut_offset(&s, &r.daylight_s)) ||
		    !cut_day(&s, &r.start) || !cut_day(&s, &r.end))
			return false;
	}
	if (s.len > 0)
		return false;
	*ret = r;
	return true;
}

/* Returns the weekday, Sunday is 0; 1970-01-01 was a Thursday. */
static unsigned
weekday_of(int64_t days)
{
	return (unsigned)(((days + 4) % 7 + 7) % 7);
}

static int64_t
month_day(const struct zonerule_day *d, int64_t year)
{
	int64_t first = civil_days(year, d->month, 1);
	unsigned day = (d->weekday + 7 - weekday_of(first)) % 7 + 7 * (d->week - 1);

	while (day >= civil_month_days(year, d->month))
		day -= 7;
	return first + day;
}

/* Returns the moment by a clock on the wall, counted as if it were UTC. */
static int64_t
moment(const struct zonerule_day *d, int64_t year)
{
	int64_t days = civil_days(year, 1, 1) + d->day;

	switch (d->kind) {
	case ZONERULE_MONTH:
		days = month_day(d, year);
		break;
	case ZONERULE_JULIAN:
		days -= 1;
		days += civil_is_leap(year) && d->day >= 60;
		break;
	case ZONERULE_ORDINAL:
		break;
	}
	return days * CIVIL_DAY_S + d->time_s;
}

/*
 * The last change up to that moment decides. It may be one of the year before, and times
 * of day before midnight and after it can move one over the turn of the year. Where
 * daylight saving time ends at the moment at which it starts it goes on.
 */
int32_t
zonerule_offset(const struct zonerule *r, int64_t utc_s)
{
	int64_t year = civil_of(utc_s + r->standard_s).year, last = INT64_MIN;
	int32_t offset = r->standard_s;

	for (int64_t y = year - 1; r->changes && y <= year + 1; y++) {
		int64_t end = moment(&r->end, y) - r->daylight_s;
		int64_t start = moment(&r->start, y) - r->standard_s;

		if (end <= utc_s && end > last) {
			last = end;
			offset = r->standard_s;
		}
		if (start <= utc_s && start >= last) {
			last = start;
			offset = r->daylight_s;
		}
	}
	return offset;
}
