/* base/calendar: which moments "Mon..Fri 07:30" means, also where clocks are changed. */
#include "../cases.h"
#include "base/calendar.h"
#include "base/text.h"
#include "base/zone.h"

static int64_t
ms_of(const char *time)
{
	int64_t s = 0;

	assert_true(text_parse_time(str_of(time), &s));
	return s * 1000;
}

/* One calendar of "a; b; c". */
static struct calendar *
make(const char *zone, const char *list, bool windows)
{
	struct str one, rest = str_of(list);
	struct calendar *c = calendar_new(zone_open(zone), CALENDAR_MAX);

	assert_non_null(c);
	for (c->n = 0; rest.p != NULL; c->n++) {
		rest = str_split(rest, ';', &one);
		assert_true((windows ? calendar_parse_window : calendar_parse_time)(
		    str_trim(one), &c->spans[c->n]));
	}
	return c;
}

static const struct next_case {
	const char *name, *zone, *list, *after;
	const char *want[4]; /* one after the other, UTC */
} next_cases[] = {
	{ "daily", "UTC", "06:00", "2026-11-22T13:00:00Z",
	    { "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z" } },
	{ "a time is not after itself", "UTC", "06:00", "2026-11-22T06:00:00Z",
	    { "2026-11-23T06:00:00Z" } },
	{ "weekdays, over the weekend", "UTC", "Mon..Fri 07:30", "2026-11-20T07:30:00Z",
	    { "2026-11-23T07:30:00Z", "2026-11-24T07:30:00Z" } },
	{ "several, in any order", "UTC", "13:00; Sat,Sun 09:15; 05:00",
	    "2026-11-20T12:00:00Z",
	    { "2026-11-20T13:00:00Z", "2026-11-21T05:00:00Z", "2026-11-21T09:15:00Z",
		"2026-11-21T13:00:00Z" } },
	{ "once a week", "UTC", "Sun 02:00", "2026-11-22T02:00:00Z",
	    { "2026-11-29T02:00:00Z" } },
	{ "over the end of the week", "UTC", "Sat..Mon 10:00", "2026-11-20T00:00:00Z",
	    { "2026-11-21T10:00:00Z", "2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z",
		"2026-11-28T10:00:00Z" } },
	{ "leap day", "UTC", "23:59", "2028-02-28T23:59:00Z",
	    { "2028-02-29T23:59:00Z", "2028-03-01T23:59:00Z" } },
	{ "no leap day in 2100", "UTC", "12:00", "2100-02-28T12:00:00Z",
	    { "2100-03-01T12:00:00Z" } },
	{ "the day is the zone's", "Pacific/Auckland", "Mon 07:00",
	    "2026-11-22T00:00:00Z", { "2026-11-22T18:00:00Z", "2026-11-29T18:00:00Z" } },
	{ "half an hour", "Asia/Kolkata", "00:00", "2026-11-22T00:00:00Z",
	    { "2026-11-22T18:30:00Z" } },
	{ "spring: the same time of day", "Europe/Dublin", "07:30",
	    "2026-03-28T12:00:00Z", { "2026-03-29T06:30:00Z", "2026-03-30T06:30:00Z" } },
	{ "spring: a skipped time", "Europe/Berlin", "02:30", "2026-03-28T12:00:00Z",
	    { "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z" } },
	{ "spring: two skipped times are one", "America/New_York", "02:15; 02:45",
	    "2026-03-08T05:00:00Z", { "2026-03-08T07:00:00Z", "2026-03-09T06:15:00Z" } },
	{ "autumn: a doubled time comes once", "Europe/Berlin", "02:30",
	    "2026-10-24T12:00:00Z", { "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" } },
	{ "autumn: not again in the second hour", "Europe/Berlin", "02:30",
	    "2026-10-25T00:45:00Z", { "2026-10-26T01:30:00Z" } },
	{ "autumn: in America", "America/New_York", "01:30", "2026-11-01T00:00:00Z",
	    { "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z" } },
	{ "half an hour skipped", "Australia/Lord_Howe", "02:10", "2026-10-03T10:00:00Z",
	    { "2026-10-03T15:30:00Z", "2026-10-04T15:10:00Z" } },
	{ "a day that never was", "Pacific/Apia", "12:00", "2011-12-29T23:00:00Z",
	    { "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z" } },
	{ "beyond the table of the database", "Europe/Berlin", "12:00",
	    "2090-07-01T00:00:00Z", { "2090-07-01T10:00:00Z" } },
};

static void
check_next(void **state)
{
	const struct next_case *tc = *state;
	struct calendar *c = make(tc->zone, tc->list, false);
	int64_t at = ms_of(tc->after);

	for (size_t i = 0; i < 4 && tc->want[i] != NULL; i++) {
		char got[TEXT_TIME_SIZE];

		at = calendar_next(c, at);
		text_time_s(got, at / 1000);
		assert_string_equal(got, tc->want[i]);
		assert_int_equal(at % 1000, 0);
	}
	calendar_free(c);
}

static const struct window_case {
	const char *name, *zone, *list, *at, *start, *end;
} window_cases[] = {
	{ "open", "UTC", "08:00-18:00", "2026-11-22T12:00:00Z", "2026-11-22T08:00:00Z",
	    "2026-11-22T18:00:00Z" },
	{ "from its first moment", "UTC", "08:00-18:00", "2026-11-22T08:00:00Z",
	    "2026-11-22T08:00:00Z", "2026-11-22T18:00:00Z" },
	{ "not at its end", "UTC", "08:00-18:00", "2026-11-22T18:00:00Z",
	    "2026-11-23T08:00:00Z", "2026-11-23T18:00:00Z" },
	{ "on working days", "UTC", "Mon..Fri 08:00-18:00", "2026-11-20T19:00:00Z",
	    "2026-11-23T08:00:00Z", "2026-11-23T18:00:00Z" },
	{ "over midnight", "UTC", "Fri 22:00-06:00", "2026-11-21T05:00:00Z",
	    "2026-11-20T22:00:00Z", "2026-11-21T06:00:00Z" },
	{ "to the end of the day", "UTC", "20:00-24:00", "2026-11-22T23:59:00Z",
	    "2026-11-22T20:00:00Z", "2026-11-23T00:00:00Z" },
	{ "the one that is open longer", "UTC", "08:00-12:00; 09:00-17:00",
	    "2026-11-22T10:00:00Z", "2026-11-22T09:00:00Z", "2026-11-22T17:00:00Z" },
	{ "longer by the doubled hour", "Europe/Berlin", "02:00-03:00",
	    "2026-10-25T01:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z" },
	{ "not at all in the skipped hour", "Europe/Berlin", "02:00-03:00",
	    "2026-03-28T12:00:00Z", "2026-03-30T00:00:00Z", "2026-03-30T01:00:00Z" },
};

static void
check_window(void **state)
{
	const struct window_case *tc = *state;
	struct calendar *c = make(tc->zone, tc->list, true);
	struct calendar_window w = calendar_window(c, ms_of(tc->at));
	char got[TEXT_TIME_SIZE];

	text_time_s(got, w.start_ms / 1000);
	assert_string_equal(got, tc->start);
	text_time_s(got, w.end_ms / 1000);
	assert_string_equal(got, tc->end);
	calendar_free(c);
}

static const struct refused_case {
	const char *name, *in;
} refused_cases[] = {
	{ "nothing", "" },
	{ "only a day", "Mon" },
	{ "only days", "Mon..Fri" },
	{ "no such hour", "25:00" },
	{ "no such minute", "07:60" },
	{ "midnight is 00:00", "24:00" },
	{ "one digit", "7:30" },
	{ "seconds", "07:30:00" },
	{ "no such day", "Mun 07:30" },
	{ "half a range", "Mon.. 07:30" },
	{ "a dash", "Mon-Fri 07:30" },
	{ "an empty day", "Mon, 07:30" },
	{ "behind it", "07:30 x" },
	{ "a sign", "+7:30" },
	{ "whole names", "Monday 07:30" },
};

static void
check_refused(void **state)
{
	const struct refused_case *tc = *state;
	struct calendar_span span = { 9, 9, 9 };

	assert_false(calendar_parse_time(str_of(tc->in), &span));
	assert_false(calendar_parse_window(str_of(tc->in), &span));
	assert_int_equal(span.days + span.from + span.to, 27);
}

static void
windows_have_an_end(void **state)
{
	static const char *const bad[] = { "08:00-", "-18:00", "08:00-08:00",
		"24:00-08:00", "08:00-24:01", "08:00", "08:00-09:00-10:00" };
	struct calendar_span span;

	(void)state;
	for (size_t i = 0; i < NROWS(bad); i++)
		assert_false(calendar_parse_window(str_of(bad[i]), &span));
	assert_true(calendar_parse_window(STR_LIT("mon,WED..fri  22:00-06:00"), &span));
	assert_int_equal(span.days, 1 + 4 + 8 + 16);
	assert_int_equal(span.from, 22 * 60);
	assert_int_equal(span.to, 30 * 60);
}

static void
zones_are_names_of_the_database(void **state)
{
	static const char *const bad[] = { "", "Europe/Atlantis", "/etc/localtime",
		"../../etc/localtime", "Europe/Ber lin", "nonsense" };
	struct zone *z = zone_open(NULL);

	(void)state;
	for (size_t i = 0; i < NROWS(bad); i++)
		assert_null(zone_open(bad[i]));
	assert_non_null(z); /* the system's own */
	zone_free(z);
	zone_free(NULL);
}

/* A year of days in zones of every kind: once a day each, and never backwards. */
static void
every_day_has_its_time_once(void **state)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin", "America/St_Johns",
		"Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham",
		"America/Sao_Paulo", "Africa/Casablanca" };
	int64_t end = ms_of("2027-01-01T00:00:00Z");

	(void)state;
	for (size_t i = 0; i < NROWS(zones); i++) {
		struct calendar *c = make(zones[i], "02:30", false);
		int64_t at = ms_of("2026-01-01T00:00:00Z"), n = 0;

		for (; at < end; n++) {
			int64_t next = calendar_next(c, at);

			assert_true(next > at);
			assert_true(next - at <= 25 * 3600000);
			at = next;
		}
		assert_in_range(n, 365, 366);
		calendar_free(c);
	}
}

static const struct text_case {
	const char *name;
	bool window;
	const char *in, *want;
} text_cases[] = {
	{ "every day", false, "07:30", "07:30" },
	{ "every day, named", false, "Mon..Sun 07:30", "07:30" },
	{ "one day", false, "Sun 02:00", "Sun 02:00" },
	{ "a range", false, "Mon..Fri 07:30", "Mon..Fri 07:30" },
	{ "two in a row", false, "Sat..Sun 13:00", "Sat,Sun 13:00" },
	{ "three in a row are a range", false, "Tue,Wed,Thu 00:00", "Tue..Thu 00:00" },
	{ "over the end of the week", false, "Fri..Mon 23:59", "Fri..Mon 23:59" },
	{ "two over the end", false, "Sun,Mon 10:00", "Sun,Mon 10:00" },
	{ "all but one", false, "Thu..Tue 10:00", "Thu..Tue 10:00" },
	{ "ranges and days", false, "Mon..Wed,Fri,Sun 10:00", "Fri,Sun..Wed 10:00" },
	{ "every other day", false, "Mon,Wed,Fri,Sun 10:00", "Wed,Fri,Sun,Mon 10:00" },
	{ "a window", true, "08:00-18:00", "08:00-18:00" },
	{ "over midnight", true, "Fri 22:00-06:00", "Fri 22:00-06:00" },
	{ "to the end of the day", true, "Mon,Wed 20:00-24:00", "Mon,Wed 20:00-24:00" },
	{ "to midnight is to the end", true, "20:00-00:00", "20:00-24:00" },
	{ "nearly a day", true, "Mon,Wed,Fri..Sat 00:01-00:00",
	    "Mon,Wed,Fri,Sat 00:01-24:00" },
};

/* And what is written means the same again. */
static void
check_text(void **state)
{
	const struct text_case *c = *state;
	struct calendar_span span, again;
	char text[CALENDAR_TEXT_SIZE];

	assert_true((c->window ? calendar_parse_window : calendar_parse_time)(
	    str_of(c->in), &span));
	calendar_span_text(text, &span);
	assert_string_equal(text, c->want);
	assert_true((c->window ? calendar_parse_window : calendar_parse_time)(
	    str_of(text), &again));
	assert_int_equal(again.days, span.days);
	assert_int_equal(again.from, span.from);
	assert_int_equal(again.to, span.to);
}

static void
every_set_of_days_can_be_read_again(void **state)
{
	char text[CALENDAR_TEXT_SIZE];

	(void)state;
	for (unsigned days = 1; days < 128; days++) {
		struct calendar_span span = { (uint8_t)days, 600, 600 }, again;

		calendar_span_text(text, &span);
		assert_true(calendar_parse_time(str_of(text), &again));
		assert_int_equal(again.days, days);
	}
}

RUN_CASES(ROWS("next", next_cases, check_next),
    ROWS("window", window_cases, check_window),
    ROWS("refused", refused_cases, check_refused), TEST(windows_have_an_end),
    TEST(zones_are_names_of_the_database), TEST(every_day_has_its_time_once),
    ROWS("text", text_cases, check_text), TEST(every_set_of_days_can_be_read_again));
