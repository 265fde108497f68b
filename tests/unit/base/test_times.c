/*
 * base/text, times: printing and reading them, checked against the C library's calendar.
 */
#include <string.h>
#include <time.h>

#include "../cases.h"
#include "base/text.h"

static const struct print_case {
	const char *name;
	int64_t ms;
	const char *want_ms, *want_s;
} print_cases[] = {
	{ "epoch", 0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z" },
	{ "a day of work", INT64_C(1795352652103), "2026-11-22T13:04:12.103Z",
	    "2026-11-22T13:04:12Z" },
	{ "before the epoch", -1, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59Z" },
	{ "leap day", INT64_C(951782400000), "2000-02-29T00:00:00.000Z",
	    "2000-02-29T00:00:00Z" },
	{ "no leap day in 2100", INT64_C(4107542400000), "2100-03-01T00:00:00.000Z",
	    "2100-03-01T00:00:00Z" },
	{ "last of four digits", INT64_C(253402300799999), "9999-12-31T23:59:59.999Z",
	    "9999-12-31T23:59:59Z" },
	{ "later is shown as that", INT64_C(253402300800000), "9999-12-31T23:59:59.000Z",
	    "9999-12-31T23:59:59Z" },
	{ "end of time", INT64_MAX, "9999-12-31T23:59:59.807Z", "9999-12-31T23:59:59Z" },
	{ "beginning of time", INT64_MIN, "0001-01-01T00:00:00.192Z",
	    "0001-01-01T00:00:00Z" },
};

static int64_t
floor_s(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

static void
check_print(void **state)
{
	const struct print_case *c = *state;
	char got[TEXT_TIME_SIZE];

	text_time_ms(got, c->ms);
	assert_string_equal(got, c->want_ms);
	text_time_s(got, floor_s(c->ms));
	assert_string_equal(got, c->want_s);
}

static void
extreme_seconds(void **state)
{
	char got[TEXT_TIME_SIZE];

	(void)state;
	text_time_s(got, INT64_MAX);
	assert_string_equal(got, "9999-12-31T23:59:59Z");
	text_time_s(got, INT64_MIN);
	assert_string_equal(got, "0001-01-01T00:00:00Z");
}

/*
 * A step of 37 days, 5 hours and a bit goes through all months and hours of 8000 years.
 */
static void
agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t s = INT64_C(-62135596800); s < INT64_C(190000000000); s += 3215711) {
		char got[TEXT_TIME_SIZE], want[TEXT_TIME_SIZE];
		time_t t = (time_t)s;
		struct tm tm;
		int64_t back = 0;

		gmtime_r(&t, &tm);
		snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ",
		    (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100, tm.tm_mday % 100,
		    tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100);
		text_time_s(got, s);
		assert_string_equal(got, want);
		assert_true(text_parse_time(str_of(got), &back));
		assert_true(back == s);
	}
}

static const struct timespan_case {
	const char *name;
	uint64_t us;
	const char *want;
} timespan_cases[] = {
	{ "zero", 0, "00:00:00" },
	{ "one microsecond", 1, "00:00:00.0000010" },
	{ "as the cmdlet prints it", 3364525, "00:00:03.3645250" },
	{ "whole seconds have no fraction", 3000000, "00:00:03" },
	{ "all parts", UINT64_C(45296000001), "12:34:56.0000010" },
	{ "end of the day", UINT64_C(86399999999), "23:59:59.9999990" },
	{ "a day", UINT64_C(86400000000), "1.00:00:00" },
	{ "longest", UINT64_MAX, "213503982.08:01:49.5516150" },
};

static void
check_timespan(void **state)
{
	const struct timespan_case *c = *state;
	char got[TEXT_TIME_SIZE];

	text_timespan(got, c->us);
	assert_string_equal(got, c->want);
}

static const struct parse_case {
	const char *name, *in;
	bool ok;
	int64_t want;
} time_cases[] = {
	{ "UTC", "2024-01-01T08:00:00Z", true, 1704096000 },
	{ "without zone", "2024-01-01T08:00:00", true, 1704096000 },
	{ "milliseconds", "2024-01-01T08:00:00.999Z", true, 1704096000 },
	{ "ticks of .NET", "2024-01-01T08:00:00.1234567Z", true, 1704096000 },
	{ "longest fraction", "2024-01-01T08:00:00.123456789012Z", true, 1704096000 },
	{ "longer fraction", "2024-01-01T08:00:00.1234567890123Z", false, 0 },
	{ "fraction without zone", "2024-01-01T08:00:00.5", true, 1704096000 },
	{ "east", "2024-01-01T09:30:00+01:30", true, 1704096000 },
	{ "west", "2024-01-01T03:00:00.0-05:00", true, 1704096000 },
	{ "furthest zone", "2024-01-01T22:00:00+14:00", true, 1704096000 },
	{ "too far", "2024-01-01T22:00:00+14:01", false, 0 },
	{ "minutes of zone", "2024-01-01T22:00:00+01:60", false, 0 },
	{ "first .NET day", "0001-01-01T00:00:00", true, INT64_C(-62135596800) },
	{ "last .NET second", "9999-12-31T23:59:59.9999999", true,
	    INT64_C(253402300799) },
	{ "no year 0", "0000-01-01T00:00:00Z", false, 0 },
	{ "leap day", "2024-02-29T00:00:00Z", true, 1709164800 },
	{ "no leap day", "2023-02-29T00:00:00Z", false, 0 },
	{ "none in 1900", "1900-02-29T00:00:00Z", false, 0 },
	{ "leap second", "2016-12-31T23:59:60Z", true, 1483228800 },
	{ "second 61", "2016-12-31T23:59:61Z", false, 0 },
	{ "hour 24", "2024-01-01T24:00:00Z", false, 0 },
	{ "minute 60", "2024-01-01T00:60:00Z", false, 0 },
	{ "month 0", "2024-00-01T00:00:00Z", false, 0 },
	{ "month 13", "2024-13-01T00:00:00Z", false, 0 },
	{ "day 0", "2024-01-00T00:00:00Z", false, 0 },
	{ "day 31 of April", "2024-04-31T00:00:00Z", false, 0 },
	{ "date only", "2024-01-01", false, 0 },
	{ "no seconds", "2024-01-01T08:00Z", false, 0 },
	{ "space for T", "2024-01-01 08:00:00Z", false, 0 },
	{ "lower case", "2024-01-01t08:00:00z", false, 0 },
	{ "empty fraction", "2024-01-01T08:00:00.Z", false, 0 },
	{ "zone without colon", "2024-01-01T08:00:00+0100", false, 0 },
	{ "something behind", "2024-01-01T08:00:00Zx", false, 0 },
	{ "space before", " 2024-01-01T08:00:00Z", false, 0 },
	{ "signed year", "-2024-01-01T08:00:00Z", false, 0 },
	{ "five digits", "12024-01-01T08:00:00Z", false, 0 },
	{ "sign in a field", "2024-+1-01T08:00:00Z", false, 0 },
	{ "empty", "", false, 0 },
	{ "no text", NULL, false, 0 },
}, date_cases[] = {
	{ "of a server", "Thu, 01 Dec 2016 08:21:44 GMT", true, 1480580504 },
	{ "wrong weekday", "Mon, 01 Dec 2016 08:21:44 GMT", true, 1480580504 },
	{ "leap second", "Sat, 31 Dec 2016 23:59:60 GMT", true, 1483228800 },
	{ "no such day", "Thu, 31 Nov 2016 08:21:44 GMT", false, 0 },
	{ "no such weekday", "Xyz, 01 Dec 2016 08:21:44 GMT", false, 0 },
	{ "no such month", "Thu, 01 Dez 2016 08:21:44 GMT", false, 0 },
	{ "month across two names", "Thu, 01 anF 2016 08:21:44 GMT", false, 0 },
	{ "other zone", "Thu, 01 Dec 2016 08:21:44 CET", false, 0 },
	{ "no zone", "Thu, 01 Dec 2016 08:21:44", false, 0 },
	{ "RFC 850", "Thursday, 01-Dec-16 08:21:44 GMT", true, 1480580504 },
	{ "RFC 850, last century", "Sunday, 06-Nov-94 08:49:37 GMT", true, 784111777 },
	{ "RFC 850, the last of this one", "Tuesday, 31-Dec-69 23:59:59 GMT", true,
	    INT64_C(3155759999) },
	{ "RFC 850, of each weekday: Monday", "Monday, 05-Dec-16 08:21:44 GMT", true,
	    1480926104 },
	{ "RFC 850: Tuesday", "Tuesday, 06-Dec-16 08:21:44 GMT", true, 1481012504 },
	{ "RFC 850: Wednesday", "Wednesday, 07-Dec-16 08:21:44 GMT", true, 1481098904 },
	{ "RFC 850: Friday", "Friday, 02-Dec-16 08:21:44 GMT", true, 1480666904 },
	{ "RFC 850: Saturday", "Saturday, 03-Dec-16 08:21:44 GMT", true, 1480753304 },
	{ "RFC 850 with a short weekday", "Thu, 01-Dec-16 08:21:44 GMT", false, 0 },
	{ "RFC 850 with another zone", "Thursday, 01-Dec-16 08:21:44 CET", false, 0 },
	{ "no weekday at all", "Thurs, 01-Dec-16 08:21:44 GMT", false, 0 },
	{ "asctime", "Sun Nov  6 08:49:37 1994", true, 784111777 },
	{ "asctime, two digits", "Thu Dec 01 08:21:44 2016", true, 1480580504 },
	{ "asctime, one blank", "Sun Nov 6 08:49:37 1994", false, 0 },
	{ "asctime with a zone", "Sun Nov  6 08:49:37 1994 GMT", false, 0 },
	{ "only a weekday", "Thu", false, 0 },
	{ "one digit day", "Thu, 1 Dec 2016 08:21:44 GMT", false, 0 },
	{ "something behind", "Thu, 01 Dec 2016 08:21:44 GMT ", false, 0 },
	{ "empty", "", false, 0 },
};

static void
check_parse(bool (*parse)(struct str s, int64_t *ret), const struct parse_case *c)
{
	int64_t got = 77;

	assert_int_equal(parse(str_of(c->in), &got), c->ok);
	assert_true(got == (c->ok ? c->want : 77));
}

static void
check_time(void **state)
{
	check_parse(text_parse_time, *state);
}

static void
check_date(void **state)
{
	check_parse(text_parse_date, *state);
}

/* Every prefix of a good one is refused, and none is read beyond its end. */
static void
no_prefix_of_a_time_is_one(void **state)
{
	const char *whole = "2024-01-01T08:00:00.5+01:00";
	int64_t got = 77;

	(void)state;
	for (size_t n = 0; n < strlen(whole); n++) {
		char *part = str_dup((struct str){ whole, n });
		bool good = n == 19 || n == 21; /* up to the seconds, the fraction */

		assert_int_equal(text_parse_time((struct str){ part, n }, &got), good);
		free(part);
	}
}

static const struct duration_case {
	const char *name, *in;
	bool ok;
	uint64_t want;
} duration_cases[] = {
	{ "milliseconds", "500ms", true, 500 },
	{ "seconds", "30s", true, 30000 },
	{ "minutes", "5m", true, 300000 },
	{ "hours", "2h", true, 7200000 },
	{ "days", "7d", true, 604800000 },
	{ "none", "0s", true, 0 },
	{ "longest", "366d", true, UINT64_C(31622400000) },
	{ "too long", "367d", false, 0 },
	{ "longest in milliseconds", "31622400000ms", true, UINT64_C(31622400000) },
	{ "too long in milliseconds", "31622400001ms", false, 0 },
	{ "overflow", "18446744073709551616s", false, 0 },
	{ "overflow in multiplication", "213503982334602d", false, 0 },
	{ "no unit", "30", false, 0 },
	{ "no number", "s", false, 0 },
	{ "unknown unit", "3w", false, 0 },
	{ "upper case", "3S", false, 0 },
	{ "space between", "3 s", false, 0 },
	{ "space behind", "3s ", false, 0 },
	{ "negative", "-3s", false, 0 },
	{ "fraction", "1.5s", false, 0 },
	{ "two", "1h30m", false, 0 },
	{ "empty", "", false, 0 },
};

static void
check_duration(void **state)
{
	const struct duration_case *c = *state;
	uint64_t got = 77;

	assert_int_equal(text_parse_duration(str_of(c->in), &got), c->ok);
	assert_true(got == (c->ok ? c->want : 77));
}

static const struct shown_case {
	const char *name;
	uint64_t ms;
	const char *want;
} shown_cases[] = {
	{ "none", 0, "0s" },
	{ "a millisecond", 1, "1ms" },
	{ "a second and a half", 1500, "1500ms" },
	{ "seconds", 90000, "90s" },
	{ "minutes", 300000, "5m" },
	{ "an hour and a half", 5400000, "90m" },
	{ "hours", 7200000, "2h" },
	{ "a day and a half", 129600000, "36h" },
	{ "longest", UINT64_C(31622400000), "366d" },
	{ "largest", UINT64_MAX, "18446744073709551615ms" },
};

static void
check_shown(void **state)
{
	const struct shown_case *c = *state;
	char text[TEXT_TIME_SIZE];

	text_duration(text, c->ms);
	assert_string_equal(text, c->want);
}

RUN_CASES(ROWS("print", print_cases, check_print), TEST(extreme_seconds),
    TEST(agrees_with_the_c_library), ROWS("timespan", timespan_cases, check_timespan),
    ROWS("time", time_cases, check_time), ROWS("date", date_cases, check_date),
    TEST(no_prefix_of_a_time_is_one), ROWS("duration", duration_cases, check_duration),
    ROWS("shown", shown_cases, check_shown));
