/*
 * base/zone: the rule at the end of a file, files that are damaged, and names. That every
 * zone of the database is read as another program reads it is tests/check-zones' matter.
 */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/zone.h"
#include "base/zonefile.h"
#include "base/zonerule.h"

static int64_t
seconds(const char *time)
{
	int64_t s = 0;

	assert_true(text_parse_time(str_of(time), &s));
	return s;
}

static const struct offset_case {
	const char *name, *rule, *at;
	int offset_min;
} offset_cases[] = {
	{ "no summer time", "JST-9", "2026-07-01T00:00:00Z", 540 },
	{ "west", "EST5", "2026-07-01T00:00:00Z", -300 },
	{ "minutes", "<+0545>-5:45", "2026-07-01T00:00:00Z", 345 },
	{ "seconds", "LMT0:0:30", "2026-07-01T00:00:00Z", 0 },
	{ "a plus", "AAA+3", "2026-07-01T00:00:00Z", -180 },
	{ "Berlin, winter", "CET-1CEST,M3.5.0,M10.5.0/3", "2090-03-26T00:59:59Z", 60 },
	{ "Berlin, from then on summer", "CET-1CEST,M3.5.0,M10.5.0/3",
	    "2090-03-26T01:00:00Z", 120 },
	{ "Berlin, summer", "CET-1CEST,M3.5.0,M10.5.0/3", "2090-10-29T00:59:59Z", 120 },
	{ "Berlin, from then on winter", "CET-1CEST,M3.5.0,M10.5.0/3",
	    "2090-10-29T01:00:00Z", 60 },
	{ "Dublin in winter: behind the standard", "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "2050-01-10T12:00:00Z", 0 },
	{ "Dublin in December", "IST-1GMT0,M10.5.0,M3.5.0/1", "2050-12-10T12:00:00Z", 0 },
	{ "Dublin in summer", "IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-10T12:00:00Z", 60 },
	{ "Dublin, the last of summer", "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "2050-10-30T00:59:59Z", 60 },
	{ "Dublin, the first of winter", "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "2050-10-30T01:00:00Z", 0 },
	{ "Dublin, the first of summer", "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "2050-03-27T01:00:00Z", 60 },
	{ "south: over the turn of the year", "NZST-12NZDT,M9.5.0,M4.1.0/3",
	    "2050-01-01T00:00:00Z", 780 },
	{ "south: winter", "NZST-12NZDT,M9.5.0,M4.1.0/3", "2050-07-01T00:00:00Z", 720 },
	{ "half an hour", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-01-01T00:00:00Z",
	    660 },
	{ "before midnight", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T00:59:59Z",
	    -120 },
	{ "before midnight, from then on", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
	    "2050-03-27T01:00:00Z", -60 },
	{ "two days after a Thursday", "EET-2EEST,M3.4.4/50,M10.4.4/50",
	    "2050-03-25T23:59:59Z", 120 },
	{ "two days after, from then on", "EET-2EEST,M3.4.4/50,M10.4.4/50",
	    "2050-03-26T00:00:00Z", 180 },
	{ "by day, leap days left out", "AAA0YYY,J60/0,J300/0", "2048-03-01T00:00:00Z",
	    60 },
	{ "by day, the one before", "AAA0YYY,J60/0,J300/0", "2048-02-29T23:59:59Z", 0 },
	{ "by day, leap days counted", "AAA0YYY,59/0,300/0", "2048-02-29T00:00:00Z", 60 },
	{ "summer all year", "AAA3EDT4,0/0,J365/23", "2050-12-31T23:59:59Z", -240 },
	{ "summer all year, in its first moment", "AAA3EDT4,0/0,J365/23",
	    "2051-01-01T04:00:00Z", -240 },
};

static void
check_offset(void **state)
{
	const struct offset_case *c = *state;
	struct zonerule r;

	assert_true(zonerule_parse(str_of(c->rule), &r));
	/* The half minute is the one that no zone has. */
	assert_int_equal(zonerule_offset(&r, seconds(c->at)) / 60, c->offset_min);
}

static const struct refused_case {
	const char *name, *in;
} refused_rules[] = {
	{ "nothing", "" },
	{ "only a name", "CET" },
	{ "only an offset", "-1" },
	{ "a short name", "CE-1" },
	{ "a name without end", "<+03-3" },
	{ "too far from Greenwich", "AAA25" },
	{ "no such minute", "AAA1:60" },
	{ "summer without its days", "CET-1CEST" },
	{ "summer without its end", "CET-1CEST,M3.5.0" },
	{ "no such month", "CET-1CEST,M13.5.0,M10.5.0" },
	{ "no such week", "CET-1CEST,M3.6.0,M10.5.0" },
	{ "no week", "CET-1CEST,M3.0.0,M10.5.0" },
	{ "no such weekday", "CET-1CEST,M3.5.7,M10.5.0" },
	{ "no such day", "CET-1CEST,J366,M10.5.0" },
	{ "a day 0", "CET-1CEST,J0,M10.5.0" },
	{ "later than a week", "CET-1CEST,M3.5.0/168,M10.5.0" },
	{ "behind it", "CET-1CEST,M3.5.0,M10.5.0/3 " },
	{ "one day too many", "CET-1CEST,M3.5.0,M10.5.0,M11.1.0" },
	{ "a number that overflows", "CET-99999999999999999999" },
};

static void
check_refused_rule(void **state)
{
	const struct refused_case *c = *state;
	struct zonerule r = { .standard_s = 7 };

	assert_false(zonerule_parse(str_of(c->in), &r));
	assert_int_equal(r.standard_s, 7);
}

/* ---- files ---- */

static void
add_be(struct buf *b, int64_t v, unsigned bytes)
{
	while (bytes-- > 0)
		buf_putc(b, (char)(uint8_t)((uint64_t)v >> 8 * bytes));
}

static void
add_head(struct buf *b, char version, unsigned times, unsigned types)
{
	buf_puts(b, "TZif");
	buf_putc(b, version);
	for (int i = 0; i < 15; i++)
		buf_putc(b, '\0');
	add_be(b, 0, 4); /* UT/local, standard/wall, leap seconds */
	add_be(b, 0, 4);
	add_be(b, 0, 4);
	add_be(b, times, 4);
	add_be(b, types, 4);
	add_be(b, 4, 4);
}

/* Changes at 1000 s to an hour, and at 2000 s back. */
static void
add_data(struct buf *b, unsigned time_size)
{
	add_be(b, 1000, time_size);
	add_be(b, 2000, time_size);
	add_be(b, 1, 1);
	add_be(b, 0, 1);
	add_be(b, 600, 4);
	add_be(b, 0, 2);
	add_be(b, 3600, 4);
	add_be(b, 0x0100, 2);
	buf_add(b, "ABC", 4);
}

static void
make_file(struct buf *b, const char *footer)
{
	buf_init(b, 4096);
	if (footer == NULL) {
		add_head(b, '\0', 2, 2);
		add_data(b, 4);
		return;
	}
	add_head(b, '2', 0, 1);
	add_be(b, 0, 4);
	add_be(b, 0, 2);
	buf_add(b, "ABC", 4);
	add_head(b, '2', 2, 2);
	add_data(b, 8);
	buf_puts(b, footer);
}

static const struct file_case {
	const char *name, *footer; /* NULL: a file of version 1 */
	int before, between, after;
} file_cases[] = {
	{ "version 1", NULL, 600, 3600, 600 },
	{ "a rule after the changes", "\nABC-2\n", 600, 3600, 7200 },
	{ "no rule", "\n\n", 600, 3600, 600 },
};

static void
check_file(void **state)
{
	const struct file_case *c = *state;
	struct zonefile f;
	struct buf b;

	make_file(&b, c->footer);
	assert_true(zonefile_parse(buf_view(&b), &f));
	assert_int_equal(zonefile_offset(&f, INT64_MIN / 2), c->before);
	assert_int_equal(zonefile_offset(&f, 999), c->before);
	assert_int_equal(zonefile_offset(&f, 1000), c->between);
	assert_int_equal(zonefile_offset(&f, 1999), c->between);
	assert_int_equal(zonefile_offset(&f, 2000), c->after);
	assert_int_equal(zonefile_offset(&f, INT64_C(4000000000)), c->after);
	zonefile_clear(&f);
	buf_free(&b);
}

/* Every beginning of a file but the whole one is refused. */
static void
what_is_cut_off_is_refused(void **state)
{
	struct zonefile f = { .n = 7 };
	struct buf b;

	(void)state;
	make_file(&b, "\nABC-2\n");
	for (size_t n = 0; n < b.len; n++)
		assert_false(zonefile_parse((struct str){ b.data, n }, &f));
	assert_int_equal(f.n, 7);
	buf_free(&b);
}

static const struct damage_case {
	const char *name;
	int at; /* from the end when negative */
	const char *octets;
} damages[] = {
	{ "another kind of file", 0, "GIF8" },
	{ "more changes than the file has room for", 32, "\x7f\xff\xff\xff" },
	{ "no types", 36 + 44 + 4 + 6, "" },
	{ "a type that is not there", -7 - 4 - 12 - 2, "\x02" },
	{ "an offset of days", -7 - 4 - 12, "\x7f\xff\xff\xff" },
	{ "changes backwards", -7 - 4 - 12 - 2 - 8, "\xff" },
	{ "a rule that is none", -6, "!" },
};

static void
check_damage(void **state)
{
	const struct damage_case *c = *state;
	struct zonefile f = { .n = 7 };
	struct buf b;
	size_t at;

	make_file(&b, "\nABC-2\n");
	at = c->at < 0 ? b.len - (size_t)-c->at : (size_t)c->at;
	if (c->octets[0] == '\0')
		memset(b.data + 54 + 36, 0, 4); /* the number of types */
	else
		memcpy(b.data + at, c->octets, strlen(c->octets));
	assert_false(zonefile_parse(buf_view(&b), &f));
	assert_int_equal(f.n, 7);
	buf_free(&b);
}

/* ---- names ---- */

static void
a_zone_is_shared(void **state)
{
	struct zone *a = zone_open("Europe/Dublin"), *b = zone_open("Europe/Dublin");

	(void)state;
	assert_non_null(a);
	assert_ptr_equal(a, b);
	zone_free(a);
	assert_string_equal(zone_name(b), "Europe/Dublin");
	zone_free(b);
}

static const struct environment_case {
	const char *name, *tz, *called;
	int64_t offset_s; /* in January 2026 */
} environments[] = {
	{ "a name", "Asia/Tokyo", "Asia/Tokyo", 32400 },
	{ "a name after a colon", ":Asia/Tokyo", "Asia/Tokyo", 32400 },
	{ "a rule", "IST-1GMT0,M10.5.0,M3.5.0/1", "IST-1GMT0,M10.5.0,M3.5.0/1", 0 },
};

static void
check_environment(void **state)
{
	const struct environment_case *c = *state;
	int64_t at = seconds("2026-01-15T00:00:00Z");
	struct zone *z;

	assert_int_equal(setenv("TZ", c->tz, 1), 0);
	z = zone_open(NULL);
	assert_int_equal(unsetenv("TZ"), 0);
	assert_non_null(z);
	assert_string_equal(zone_name(z), c->called);
	assert_int_equal(zone_local(z, at) - at, c->offset_s);
	zone_free(z);
}

static void
there_is_always_utc(void **state)
{
	struct zone *z;

	(void)state;
	assert_int_equal(setenv("TZDIR", "/nonexistent", 1), 0);
	z = zone_open("UTC");
	assert_non_null(z);
	assert_int_equal(zone_local(z, 1000), 1000);
	zone_free(z);
	assert_null(zone_open("Europe/Dublin"));
	assert_int_equal(unsetenv("TZDIR"), 0);
}

RUN_CASES(ROWS("offset", offset_cases, check_offset),
    ROWS("no rule", refused_rules, check_refused_rule),
    ROWS("file", file_cases, check_file), TEST(what_is_cut_off_is_refused),
    ROWS("damage", damages, check_damage), TEST(a_zone_is_shared),
    ROWS("TZ", environments, check_environment), TEST(there_is_always_utc));
