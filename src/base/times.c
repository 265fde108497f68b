/* The part of base/text.h that deals with times. */
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"

#define DURATION_MAX_MS (UINT64_C(366) * CIVIL_DAY_S * 1000)
#define FRACTION_MAX	12 /* digits of a second's fraction that are skipped */

/*
 * Returns the nearest time with a four-digit year: others cannot be written in RFC 3339.
 */
static int64_t
clamp_s(int64_t wall_s)
{
	static const struct civil first = { 1, 1, 1, 0, 0, 0 };
	static const struct civil last = { 9999, 12, 31, 23, 59, 59 };

	if (wall_s < civil_seconds(&first))
		return civil_seconds(&first);
	return wall_s > civil_seconds(&last) ? civil_seconds(&last) : wall_s;
}

static void
print_time(char dst[TEXT_TIME_SIZE], int64_t wall_s, const char *fraction)
{
	struct civil c = civil_of(clamp_s(wall_s));

	snprintf(dst, TEXT_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u%sZ",
	    (unsigned)c.year % 10000, c.month % 100, c.day % 100, c.hour % 100,
	    c.min % 100, c.sec % 100, fraction);
}

void
text_time_s(char dst[TEXT_TIME_SIZE], int64_t wall_s)
{
	print_time(dst, wall_s, "");
}

void
text_time_ms(char dst[TEXT_TIME_SIZE], int64_t wall_ms)
{
	int64_t s = wall_ms / 1000, ms = wall_ms % 1000;
	char fraction[8];

	if (ms < 0) {
		ms += 1000;
		s--;
	}
	snprintf(fraction, sizeof(fraction), ".%03u", (unsigned)ms % 1000);
	print_time(dst, s, fraction);
}

void
text_timespan(char dst[TEXT_TIME_SIZE], uint64_t us)
{
	uint64_t s = us / 1000000, days = s / CIVIL_DAY_S;
	unsigned part = (unsigned)(us % 1000000), of_day = (unsigned)(s % CIVIL_DAY_S);
	int n = 0;

	/*
	 * The constant format "c": days and the seven digits of a fraction only when not
	 * zero.
	 */
	if (days > 0)
		n = snprintf(dst, TEXT_TIME_SIZE, "%llu.", (unsigned long long)days);
	n += snprintf(dst + n, TEXT_TIME_SIZE - (size_t)n, "%02u:%02u:%02u",
	    of_day / 3600, of_day / 60 % 60, of_day % 60);
	if (part > 0)
		snprintf(dst + n, TEXT_TIME_SIZE - (size_t)n, ".%06u0", part);
}

/* Cuts exactly `digits` decimal digits off the front of *s. */
static bool
take_digits(struct str *s, size_t digits, unsigned *ret)
{
	uint64_t v;

	if (s->len < digits || !str_uint((struct str){ s->p, digits }, 0, 9999, &v))
		return false;
	*ret = (unsigned)v;
	*s = (struct str){ s->p + digits, s->len - digits };
	return true;
}

static bool
take_literal(struct str *s, const char *literal)
{
	size_t n = strlen(literal);

	if (s->len < n || memcmp(s->p, literal, n) != 0)
		return false;
	*s = (struct str){ s->p + n, s->len - n };
	return true;
}

static bool
take_clock(struct str *s, struct civil *c)
{
	return take_digits(s, 2, &c->hour) && take_literal(s, ":") &&
	       take_digits(s, 2, &c->min) && take_literal(s, ":") &&
	       take_digits(s, 2, &c->sec);
}

static bool
take_fraction(struct str *s)
{
	size_t n = 0;
	unsigned digit;

	if (!take_literal(s, "."))
		return true;
	while (take_digits(s, 1, &digit))
		n++;
	return n >= 1 && n <= FRACTION_MAX;
}

/* Cuts off a zone: XML Schema part 2, 3.2.7.3: up to fourteen hours either way. */
static bool
take_zone(struct str *s, int64_t *ret_offset_s)
{
	bool west = s->len > 0 && s->p[0] == '-';
	unsigned hour, min;

	if (s->len == 0 || take_literal(s, "Z")) {
		*ret_offset_s = 0;
		return true;
	}
	if (!take_literal(s, west ? "-" : "+") || !take_digits(s, 2, &hour) ||
	    !take_literal(s, ":") || !take_digits(s, 2, &min) || min > 59 ||
	    hour * 60 + min > 14 * 60)
		return false;
	*ret_offset_s = (int64_t)(hour * 60 + min) * (west ? -60 : 60);
	return true;
}

bool
text_parse_time(struct str s, int64_t *ret_wall_s)
{
	struct civil c;
	unsigned year;
	int64_t offset_s;

	if (!take_digits(&s, 4, &year) || !take_literal(&s, "-") ||
	    !take_digits(&s, 2, &c.month) || !take_literal(&s, "-") ||
	    !take_digits(&s, 2, &c.day) || !take_literal(&s, "T") ||
	    !take_clock(&s, &c) || !take_fraction(&s) || !take_zone(&s, &offset_s) ||
	    s.len != 0)
		return false;
	c.year = year;
	if (!civil_is_valid(&c))
		return false;
	*ret_wall_s = civil_seconds(&c) - offset_s;
	return true;
}

/* Cuts off one of n names of three letters; *ret counts from 1. */
static bool
take_name(struct str *s, const char *names, unsigned n, unsigned *ret)
{
	for (unsigned i = 0; s->len >= 3 && i < n; i++) {
		if (memcmp(s->p, names + 3 * i, 3) == 0) {
			*ret = i + 1;
			*s = (struct str){ s->p + 3, s->len - 3 };
			return true;
		}
	}
	return false;
}

static bool
take_month(struct str *s, unsigned *ret)
{
	return take_name(s, "JanFebMarAprMayJunJulAugSepOctNovDec", 12, ret);
}

/* Reads ", 06 Nov 1994 08:49:37 GMT" after the weekday: IMF-fixdate. */
static bool
take_fixdate(struct str *s, struct civil *c, unsigned *year)
{
	return take_literal(s, ", ") && take_digits(s, 2, &c->day) &&
	       take_literal(s, " ") && take_month(s, &c->month) && take_literal(s, " ") &&
	       take_digits(s, 4, year) && take_literal(s, " ") && take_clock(s, c) &&
	       take_literal(s, " GMT");
}

/*
 * Reads "day, 06-Nov-94 08:49:37 GMT" after "Sun". Two digits are a year from 1970 to
 * 2069.
 */
static bool
take_rfc850(struct str *s, struct civil *c, unsigned *year)
{
	static const char *const rests[] = { "day, ", "sday, ", "nesday, ", "rsday, ",
		"urday, " };
	bool named = false;

	for (size_t i = 0; !named && i < sizeof(rests) / sizeof(rests[0]); i++)
		named = take_literal(s, rests[i]);
	if (!named || !take_digits(s, 2, &c->day) || !take_literal(s, "-") ||
	    !take_month(s, &c->month) || !take_literal(s, "-") ||
	    !take_digits(s, 2, year) || !take_literal(s, " ") || !take_clock(s, c) ||
	    !take_literal(s, " GMT"))
		return false;
	*year += *year < 70 ? 2000 : 1900;
	return true;
}

/* Reads " Nov  6 08:49:37 1994" after the weekday: asctime(3). */
static bool
take_asctime(struct str *s, struct civil *c, unsigned *year)
{
	return take_literal(s, " ") && take_month(s, &c->month) && take_literal(s, " ") &&
	       take_digits(s, take_literal(s, " ") ? 1 : 2, &c->day) &&
	       take_literal(s, " ") && take_clock(s, c) && take_literal(s, " ") &&
	       take_digits(s, 4, year);
}

/* Ignores the weekday: a wrong one would not make the time less usable. */
bool
text_parse_date(struct str s, int64_t *ret_wall_s)
{
	unsigned weekday, year;
	struct civil c;
	bool ok;

	if (!take_name(&s, "MonTueWedThuFriSatSun", 7, &weekday) || s.len == 0)
		return false;
	if (s.p[0] == ',')
		ok = take_fixdate(&s, &c, &year);
	else if (s.p[0] == ' ')
		ok = take_asctime(&s, &c, &year);
	else
		ok = take_rfc850(&s, &c, &year);
	if (!ok || s.len != 0)
		return false;
	c.year = year;
	if (!civil_is_valid(&c))
		return false;
	*ret_wall_s = civil_seconds(&c);
	return true;
}

static const struct unit {
	const char *name;
	uint64_t ms;
} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 3600 * 1000 },
	{ "d", CIVIL_DAY_S * 1000 } };
#define NUNITS (sizeof(units) / sizeof(units[0]))

bool
text_parse_duration(struct str s, uint64_t *ret_ms)
{
	size_t digits = 0;
	struct str number, unit;
	uint64_t n;

	while (digits < s.len && s.p[digits] >= '0' && s.p[digits] <= '9')
		digits++;
	number = (struct str){ s.p, digits };
	unit = (struct str){ s.p + digits, s.len - digits };
	for (size_t i = 0; i < NUNITS; i++) {
		if (!str_eq(unit, units[i].name))
			continue;
		if (!str_uint(number, 0, DURATION_MAX_MS / units[i].ms, &n))
			return false;
		*ret_ms = n * units[i].ms;
		return true;
	}
	return false;
}

void
text_duration(char dst[TEXT_TIME_SIZE], uint64_t ms)
{
	size_t i = ms == 0 ? 1 : NUNITS - 1;

	while (ms % units[i].ms != 0)
		i--;
	snprintf(dst, TEXT_TIME_SIZE, "%llu%s", (unsigned long long)(ms / units[i].ms),
	    units[i].name);
}
