/* timing - when tests run: intervals, times of day, windows, time zones. */
#include <stdlib.h>

#include "base/calendar.h"
#include "base/zone.h"
#include "config/loader.h"

/*
 * Opens the time zone of a group, of the defaults section, or of the system. Returns NULL
 * if the name is unknown; the problem is then added.
 */
static struct zone *
open_zone(struct loader *l, const struct values *v)
{
	const struct values *of = v->at[KEY_TIMEZONE] != NULL ? v : &l->defaults;
	const char *name = value_string(of, KEY_TIMEZONE);
	struct zone *z = zone_open(name);

	if (z == NULL)
		value_wrong(l, of, KEY_TIMEZONE,
		    "a name of the time zone database, such as \"Europe/Dublin\"");
	return z;
}

/*
 * Makes the configuration the owner of a calendar. Returns false if out of memory; the
 * calendar is then freed.
 */
static bool
own_calendar(struct config *c, struct calendar *calendar)
{
	struct calendar **more;

	more = realloc(c->calendars, (c->ncalendars + 1) * sizeof(*more));
	if (more == NULL) {
		calendar_free(calendar);
		return false;
	}
	c->calendars = more;
	c->calendars[c->ncalendars++] = calendar;
	return true;
}

static bool
read_span(struct loader *l, const struct values *v, enum key k, unsigned i,
    struct calendar_span *ret)
{
	const char *text = value_element(v, k, i);
	bool window = k == KEY_ACTIVE;

	if ((window ? calendar_parse_window : calendar_parse_time)(str_of(text), ret))
		return true;
	problem_add(&l->problems, setting_line(value_element_at(v, k, i)),
	    "\"%s\" is \"%s\"; it must be %s", schema[k].name, text,
	    window ? "a window such as \"08:00-18:00\" or \"Mon..Fri 22:00-06:00\""
		   : "a time such as \"07:30\" or \"Mon..Fri 07:30\"");
	return false;
}

const struct calendar *
calendar_build(struct loader *l, const struct values *v, enum key k, bool *ok)
{
	unsigned n = value_count(v, k);
	struct calendar *c;
	struct zone *zone;
	bool good = true;

	if (v->at[k] == NULL)
		return NULL;
	if (n == 0 || n > CALENDAR_MAX) {
		problem_add(&l->problems, setting_line(v->at[k]),
		    "\"%s\" holds %u elements; it must hold 1 to %d", schema[k].name, n,
		    CALENDAR_MAX);
		return NULL;
	}
	zone = open_zone(l, v);
	if (zone == NULL)
		return NULL;
	c = calendar_new(zone, n);
	if (c == NULL || !own_calendar(l->c, c)) {
		*ok = false;
		return NULL;
	}
	for (unsigned i = 0; i < n; i++)
		good = read_span(l, v, k, i, &c->spans[i]) && good;
	return good ? c : NULL;
}

/* Refuses two keys that exclude each other; the problem names the line of the second. */
static void
refuse_both(struct loader *l, const struct values *s, enum key a, enum key b)
{
	if (s->at[a] != NULL && s->at[b] != NULL)
		problem_add(&l->problems, setting_line(s->at[b]),
		    "a schedule has both \"%s\" and \"%s\"; only one is allowed",
		    schema[a].name, schema[b].name);
}

/* Reads a schedule. ret->every_ms is set already to the interval without the schedule. */
static bool
read_schedule(struct loader *l, const config_setting_t *group, struct config_timing *ret)
{
	struct values s;
	bool ok;

	values_read(l, group, IN_SCHEDULE, &s);
	ok = values_store(l, &s, IN_SCHEDULE, ret);
	refuse_both(l, &s, KEY_AT, KEY_EVERY);
	refuse_both(l, &s, KEY_AT, KEY_ACTIVE);
	if (s.at[KEY_EVERY] != NULL)
		ret->every_ms = s.num[KEY_EVERY];
	ret->at = calendar_build(l, &s, KEY_AT, &ok);
	ret->active = calendar_build(l, &s, KEY_ACTIVE, &ok);
	if (s.at[KEY_AT] == NULL && ret->jitter_ms > ret->every_ms)
		problem_add(&l->problems, setting_line(s.at[KEY_JITTER]),
		    "\"jitter\" is longer than \"every\"; it must be at most as long");
	return ok;
}

/* Refuses `every` in addition to a schedule that has `every` or `at`. */
static void
check_every(struct loader *l, const struct values *v)
{
	const config_setting_t *s = v->at[KEY_SCHEDULE];
	const config_setting_t *every;

	if (s == NULL || v->at[KEY_EVERY] == NULL)
		return;
	every = config_setting_get_member(s, "every");
	if (every == NULL)
		every = config_setting_get_member(s, "at");
	if (every != NULL)
		problem_add(&l->problems, setting_line(every),
		    "the schedule has \"%s\" although \"every\" is given, too; only "
		    "one is allowed",
		    config_setting_name(every));
}

bool
timing_build_defaults(struct loader *l)
{
	const struct values *v = &l->defaults;

	l->timing = (struct config_timing){ .every_ms = value_number(l, v, KEY_EVERY) };
	check_every(l, v);
	return v->at[KEY_SCHEDULE] == NULL ||
	       read_schedule(l, v->at[KEY_SCHEDULE], &l->timing);
}

bool
timing_build(struct loader *l, const struct values *v, struct config_timing *ret)
{
	*ret = l->timing;
	if (v->at[KEY_SCHEDULE] == NULL && v->at[KEY_EVERY] == NULL)
		return true;
	*ret = (struct config_timing){ .every_ms = value_number(l, v, KEY_EVERY) };
	check_every(l, v);
	return v->at[KEY_SCHEDULE] == NULL || read_schedule(l, v->at[KEY_SCHEDULE], ret);
}
