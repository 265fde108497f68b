/* sched: times of day, windows and jitter, and what happens when the clock is set. */
#include "../cases.h"
#include "base/calendar.h"
#include "base/text.h"
#include "base/zone.h"
#include "world.h"

static int64_t
us_of(const char *time)
{
	int64_t s = 0;

	assert_true(text_parse_time(str_of(time), &s));
	return s * 1000000;
}

static struct calendar *
make(const char *zone, const char *text, bool window)
{
	struct calendar *c = calendar_new(zone_open(zone), 1);

	assert_non_null(c);
	assert_true((window ? calendar_parse_window : calendar_parse_time)(
	    str_of(text), &c->spans[0]));
	return c;
}

/* A world of one test whose clock stands at that time of the wall. */
struct one {
	struct runtime w;
	struct sched_spec *spec;
	struct calendar *calendar;
};

static void
begin(struct one *o, const char *now, const char *zone, const char *at,
    const char *active, uint64_t every_ms, uint64_t jitter_ms)
{
	world_init(&o->w, 1, 10 * DAY);
	sched_free(o->w.sched);
	o->w.ahead_us = us_of(now) - (int64_t)(10 * DAY);
	world_make_sched(&o->w);
	o->spec = world_specs(&o->w, every_ms);
	o->calendar = make(zone, at != NULL ? at : active, at == NULL);
	o->spec->at = at != NULL ? o->calendar : NULL;
	o->spec->active = at != NULL ? NULL : o->calendar;
	o->spec->jitter_ms = jitter_ms;
	world_adopt(&o->w, o->spec, 1, 0, 0, 1);
}

static void
end(struct one *o)
{
	free(o->spec);
	world_free(&o->w);
	calendar_free(o->calendar);
}

static void
run_until(struct one *o, const char *time)
{
	world_run(&o->w, (uint64_t)(us_of(time) - o->w.ahead_us));
}

static void
expect_start(const struct one *o, size_t i, const char *time)
{
	char got[TEXT_TIME_SIZE];

	assert_true(i < o->w.nlog);
	text_time_s(got, ((int64_t)o->w.log[i].at_us + o->w.ahead_us) / 1000000);
	assert_string_equal(got, time);
}

static void
a_year_of_half_past_two(void **state)
{
	struct one o;

	(void)state;
	begin(&o, "2026-01-01T00:00:00Z", "Europe/Berlin", "02:30", NULL, 0, 0);
	run_until(&o, "2027-01-01T00:00:00Z");
	assert_int_equal(o.w.nlog, 365);
	expect_start(&o, 86, "2026-03-28T01:30:00Z");
	expect_start(&o, 87, "2026-03-29T01:00:00Z"); /* skipped: at the change */
	expect_start(&o, 88, "2026-03-30T00:30:00Z");
	expect_start(&o, 297, "2026-10-25T00:30:00Z"); /* doubled: the first */
	expect_start(&o, 298, "2026-10-26T01:30:00Z");
	end(&o);
}

static const struct step_case {
	const char *name;
	int64_t step_min; /* at 07:40, ten minutes after a run */
	unsigned runs;	  /* more of them, in 60 minutes */
} step_cases[] = {
	{ "back by an hour: not again", -60, 0 },
	{ "back by five minutes", -5, 0 },
	{ "back by a day: it was wrong", -1440, 0 },
	{ "back by a day, to before its time", -1440 - 20, 1 },
};

/* 07:30 has been run; the clock is set back over it. */
static void
check_step(void **state)
{
	const struct step_case *tc = *state;
	struct one o;

	begin(&o, "2026-11-22T07:00:00Z", "UTC", "07:30", NULL, 0, 0);
	run_until(&o, "2026-11-22T07:40:00Z");
	assert_int_equal(o.w.nlog, 1);
	o.w.ahead_us += tc->step_min * (int64_t)MIN;
	sched_run_due(o.w.sched);
	world_run(&o.w, o.w.now_us + 65 * MIN);
	assert_int_equal(o.w.nlog, 1 + tc->runs);
	end(&o);
}

static void
a_time_that_the_clock_jumps_over_is_made_up_for(void **state)
{
	struct one o;

	(void)state;
	begin(&o, "2026-11-22T07:00:00Z", "UTC", "07:30", NULL, 0, 0);
	world_run(&o.w, o.w.now_us + MIN);
	o.w.ahead_us += (int64_t)HOUR;
	sched_run_due(o.w.sched);
	assert_int_equal(o.w.nlog, 1);
	run_until(&o, "2026-11-23T08:00:00Z");
	assert_int_equal(o.w.nlog, 2);
	expect_start(&o, 1, "2026-11-23T07:30:00Z");
	/* From a wrong clock to the right one: nothing was missed. */
	o.w.ahead_us += (int64_t)(300 * DAY);
	sched_run_due(o.w.sched);
	assert_int_equal(o.w.nlog, 2);
	end(&o);
}

static void
a_suspend_of_days_is_one_run(void **state)
{
	struct one o;

	(void)state;
	begin(&o, "2026-11-20T07:00:00Z", "UTC", "Mon..Fri 07:30", NULL, 0, 0);
	o.w.now_us += 5 * DAY; /* over Fri, Mon and Tue */
	world_run(&o.w, o.w.now_us);
	assert_int_equal(o.w.nlog, 1);
	run_until(&o, "2026-11-25T08:00:00Z");
	assert_int_equal(o.w.nlog, 2);
	end(&o);
}

static const struct active_case {
	const char *name, *window;
	uint64_t every_ms;
	size_t runs; /* in a week from Sunday 12:00 */
} active_cases[] = {
	{ "an hour a day, every ten minutes", "08:00-09:00", 600000, 42 },
	{ "on working days", "Mon..Fri 08:00-18:00", 3600000, 50 },
	{ "an interval longer than the window", "08:00-09:00", 7200000, 7 },
	{ "a daily run", "Mon..Fri 22:00-06:00", 86400000, 5 },
};

static void
check_active(void **state)
{
	const struct active_case *tc = *state;
	int64_t sunday = us_of("2026-11-22T12:00:00Z");
	struct calendar *c;
	struct one o;

	begin(&o, "2026-11-22T12:00:00Z", "Europe/Dublin", NULL, tc->window, tc->every_ms,
	    0);
	c = o.calendar;
	run_until(&o, "2026-11-29T12:00:00Z");
	assert_int_equal(o.w.nlog, tc->runs);
	for (size_t i = 0; i < o.w.nlog; i++) {
		int64_t at_ms = ((int64_t)o.w.log[i].at_us + o.w.ahead_us) / 1000;

		assert_true(at_ms * 1000 > sunday);
		assert_true(calendar_window(c, at_ms).start_ms <= at_ms);
	}
	/* Asleep while it was closed: nothing was missed. */
	run_until(&o, "2026-11-29T13:00:00Z");
	o.w.now_us += 2 * HOUR;
	world_run(&o.w, o.w.now_us);
	assert_int_equal(o.w.nlog, tc->runs);
	end(&o);
}

static void
jitter_is_late_by_its_own_measure_and_always_the_same(void **state)
{
	uint64_t least = DAY, most = 0;
	struct one o, again;

	(void)state;
	begin(&o, "2026-11-22T12:00:00Z", "UTC", "06:00", NULL, 0, 600000);
	begin(&again, "2026-11-22T12:00:00Z", "UTC", "06:00", NULL, 0, 600000);
	run_until(&o, "2027-01-01T12:00:00Z");
	run_until(&again, "2027-01-01T12:00:00Z");
	assert_int_equal(o.w.nlog, 40);
	assert_int_equal(again.w.nlog, 40);
	for (size_t i = 0; i < 40; i++) {
		int64_t at = (int64_t)o.w.log[i].at_us + o.w.ahead_us;
		uint64_t late = (uint64_t)at % DAY - 6 * HOUR;

		assert_true(late < 10 * MIN);
		least = late < least ? late : least;
		most = late > most ? late : most;
		assert_int_equal(o.w.log[i].at_us, again.w.log[i].at_us);
	}
	assert_true(most - least > 5 * MIN);
	end(&o);
	end(&again);
}

/* With as much jitter as interval, each slot has its run and the rate stays. */
static void
jitter_of_an_interval_adds_nothing_up(void **state)
{
	struct sched_spec *specs;
	struct runtime w;

	(void)state;
	world_init(&w, 1, DAY);
	specs = world_specs(&w, 60000);
	specs->jitter_ms = 60000;
	world_adopt(&w, specs, 1, 0, 0, 1);
	world_run(&w, 2 * DAY);
	assert_in_range(w.nlog, 1439, 1441);
	for (size_t i = 1; i < w.nlog; i++)
		assert_true(w.log[i].at_us > w.log[i - 1].at_us);
	free(specs);
	world_free(&w);
}

static void
a_reload_keeps_the_time_unless_it_is_another(void **state)
{
	struct calendar *same, *other;
	struct one o;
	uint64_t due;

	(void)state;
	begin(&o, "2026-11-22T07:00:00Z", "UTC", "07:30", NULL, 0, 60000);
	same = make("UTC", "07:30", false);
	other = make("Europe/Dublin", "07:30", false);
	other->spans[0].from = 8 * 60;
	due = sched_test_due(o.w.sched, o.w.actors[0].id);
	o.spec->at = same;
	world_adopt(&o.w, o.spec, 1, 0, 0, 1);
	assert_int_equal(sched_test_due(o.w.sched, o.w.actors[0].id), due);
	o.spec->at = other;
	world_adopt(&o.w, o.spec, 1, 0, 0, 1);
	due = sched_test_due(o.w.sched, o.w.actors[0].id);
	assert_in_range((int64_t)due + o.w.ahead_us, us_of("2026-11-22T08:00:00Z"),
	    us_of("2026-11-22T08:01:00Z"));
	/* And from times of day to an interval. */
	o.spec->at = NULL;
	o.spec->every_ms = 60000;
	world_adopt(&o.w, o.spec, 1, 0, 0, 1);
	due = sched_test_due(o.w.sched, o.w.actors[0].id);
	assert_true(due - o.w.now_us <= 2 * MIN);
	calendar_free(same);
	calendar_free(other);
	end(&o);
}

static void
a_failure_is_retried_between_times_of_day(void **state)
{
	struct one o;

	(void)state;
	begin(&o, "2026-11-22T07:00:00Z", "UTC", "07:30", NULL, 0, 0);
	o.w.actors[0].fails = true;
	run_until(&o, "2026-11-22T08:00:00Z");
	assert_int_equal(o.w.nlog, 2);
	expect_start(&o, 1, "2026-11-22T07:30:30Z");
	end(&o);
}

RUN_CASES(TEST(a_year_of_half_past_two), ROWS("clock set", step_cases, check_step),
    TEST(a_time_that_the_clock_jumps_over_is_made_up_for),
    TEST(a_suspend_of_days_is_one_run), ROWS("active", active_cases, check_active),
    TEST(jitter_is_late_by_its_own_measure_and_always_the_same),
    TEST(jitter_of_an_interval_adds_nothing_up),
    TEST(a_reload_keeps_the_time_unless_it_is_another),
    TEST(a_failure_is_retried_between_times_of_day));
