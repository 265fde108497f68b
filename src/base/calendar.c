#include "base/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/zone.h"

#define DAY_S	    86400
#define DAY_MINUTES 1440
#define WEEK	    7
/* Every weekday comes within a week; a window of a skipped hour may be empty. */
#define DAYS_AHEAD (2 * WEEK + 1)
#define DAYS_BACK  2 /* a window of yesterday may still be open */

/* ---- reading ---- */

static const char names[WEEK][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static bool
parse_day(struct str s, unsigned *ret)
{
	for (unsigned i = 0; i < WEEK; i++) {
		if (str_caseeq(s, names[i])) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* Reads "Mon" or "Mon..Fri"; "Fri..Mon" goes over the end of the week. */
static bool
parse_days(struct str s, uint8_t *days)
{
	unsigned first, last;

	if (s.len == 8 && s.p[3] == '.' && s.p[4] == '.') {
		if (!parse_day((struct str){ s.p, 3 }, &first) ||
		    !parse_day((struct str){ s.p + 5, 3 }, &last))
			return false;
	} else if (parse_day(s, &first)) {
		last = first;
	} else {
		return false;
	}
	*days |= (uint8_t)(1u << first);
	for (; first != last; *days |= (uint8_t)(1u << first))
		first = (first + 1) % WEEK;
	return true;
}

/* Cuts the days off the front of *s; without any it is all of them. */
static bool
take_days(struct str *s, uint8_t *ret)
{
	struct str list, one, rest = str_split(str_trim(*s), ' ', &list);

	*ret = 0;
	if (rest.p == NULL) {
		*s = list;
		*ret = (1u << WEEK) - 1;
		return true;
	}
	*s = str_trim(rest);
	while (list.p != NULL) {
		list = str_split(list, ',', &one);
		if (!parse_days(one, ret))
			return false;
	}
	return true;
}

/* Reads HH:MM; 24:00 is the end of the day. */
static bool
parse_clock(struct str s, uint16_t *ret)
{
	struct str hour, minute = str_split(s, ':', &hour);
	uint64_t h, m;

	if (hour.len != 2 || minute.len != 2 || !str_uint(hour, 0, 24, &h) ||
	    !str_uint(minute, 0, h == 24 ? 0 : 59, &m))
		return false;
	*ret = (uint16_t)(h * 60 + m);
	return true;
}

bool
calendar_parse_time(struct str s, struct calendar_span *ret)
{
	struct calendar_span span = { 0, 0, 0 };

	if (!take_days(&s, &span.days) || !parse_clock(s, &span.from) ||
	    span.from == DAY_MINUTES)
		return false;
	span.to = span.from;
	*ret = span;
	return true;
}

bool
calendar_parse_window(struct str s, struct calendar_span *ret)
{
	struct calendar_span span = { 0, 0, 0 };
	struct str from, to;

	if (!take_days(&s, &span.days))
		return false;
	to = str_split(s, '-', &from);
	if (!parse_clock(from, &span.from) || span.from == DAY_MINUTES ||
	    !parse_clock(to, &span.to) || span.to == span.from)
		return false;
	if (span.to < span.from)
		span.to = (uint16_t)(span.to + DAY_MINUTES);
	*ret = span;
	return true;
}

/* ---- writing ---- */

static bool
has_day(const struct calendar_span *s, unsigned day)
{
	return (s->days >> day % WEEK & 1u) != 0;
}

/* Writes three or more days in a row as a range, also over the end of the week. */
static void
days_text(struct buf *out, const struct calendar_span *s)
{
	unsigned first = 0, n;

	if (s->days == (1u << WEEK) - 1)
		return;
	if (has_day(s, 0) && has_day(s, WEEK - 1))
		while (has_day(s, first))
			first++;
	for (unsigned day = first; day < first + WEEK; day += n == 0 ? 1 : n) {
		for (n = 0; has_day(s, day + n) && day + n < first + WEEK; n++)
			;
		if (n == 0)
			continue;
		n = n == 2 ? 1 : n;
		buf_printf(out, "%s%s", out->len == 0 ? "" : ",", names[day % WEEK]);
		if (n > 2)
			buf_printf(out, "..%s", names[(day + n - 1) % WEEK]);
	}
	buf_putc(out, ' ');
}

void
calendar_span_text(char dst[CALENDAR_TEXT_SIZE], const struct calendar_span *s)
{
	unsigned to = s->to > DAY_MINUTES ? s->to - DAY_MINUTES : s->to;
	struct buf b;

	buf_init(&b, CALENDAR_TEXT_SIZE - 1);
	days_text(&b, s);
	buf_printf(&b, "%02u:%02u", s->from / 60, s->from % 60);
	if (s->to != s->from)
		buf_printf(&b, "-%02u:%02u", to / 60, to % 60);
	(void)str_copy(dst, CALENDAR_TEXT_SIZE, buf_view(&b));
	buf_free(&b);
}

struct calendar *
calendar_new(struct zone *zone, unsigned n)
{
	struct calendar *c = NULL;

	if (zone != NULL)
		c = calloc(1, sizeof(*c) + n * sizeof(c->spans[0]));
	if (c == NULL) {
		zone_free(zone);
		return NULL;
	}
	c->zone = zone;
	c->n = n;
	return c;
}

void
calendar_free(struct calendar *c)
{
	if (c == NULL)
		return;
	zone_free(c->zone);
	free(c);
}

bool
calendar_equal(const struct calendar *a, const struct calendar *b)
{
	if (a == b || a == NULL || b == NULL)
		return a == b;
	if (a->n != b->n || strcmp(zone_name(a->zone), zone_name(b->zone)) != 0)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->spans[i].days != b->spans[i].days ||
		    a->spans[i].from != b->spans[i].from ||
		    a->spans[i].to != b->spans[i].to)
			return false;
	return true;
}

/* ---- looking ahead ---- */

/* Rounds down to a multiple of unit, also before 1970. */
static int64_t
whole(int64_t n, int64_t unit)
{
	return n / unit - (n % unit < 0);
}

static int64_t
local_day(const struct calendar *c, int64_t wall_ms)
{
	return whole(zone_local(c->zone, whole(wall_ms, 1000)), DAY_S);
}

static int64_t
instant_ms(const struct calendar *c, int64_t day, unsigned minutes)
{
	return zone_utc(c->zone, day * DAY_S + (int64_t)minutes * 60) * 1000;
}

/* 1970-01-01 was a Thursday. */
static bool
is_on(const struct calendar_span *s, int64_t day)
{
	return (s->days >> (((day + 3) % WEEK + WEEK) % WEEK) & 1u) != 0;
}

int64_t
calendar_next(const struct calendar *c, int64_t after_ms)
{
	int64_t first = local_day(c, after_ms), best = CALENDAR_NEVER;

	/* From yesterday: where the date line was crossed, a day came twice. */
	for (int64_t day = first - 1; day < first + DAYS_AHEAD; day++) {
		for (unsigned i = 0; i < c->n; i++) {
			int64_t t;

			if (!is_on(&c->spans[i], day))
				continue;
			t = instant_ms(c, day, c->spans[i].from);
			if (t > after_ms && t < best)
				best = t;
		}
		if (best != CALENDAR_NEVER)
			break;
	}
	return best;
}

static struct calendar_window
better(struct calendar_window a, struct calendar_window b, int64_t at_ms)
{
	bool open_a = a.start_ms <= at_ms, open_b = b.start_ms <= at_ms;

	if (open_a && open_b)
		return a.end_ms >= b.end_ms ? a : b;
	return a.start_ms <= b.start_ms ? a : b;
}

struct calendar_window
calendar_window(const struct calendar *c, int64_t at_ms)
{
	struct calendar_window best = { CALENDAR_NEVER, CALENDAR_NEVER };
	int64_t today = local_day(c, at_ms);

	for (int64_t day = today - DAYS_BACK; day < today + DAYS_AHEAD; day++) {
		for (unsigned i = 0; i < c->n; i++) {
			struct calendar_window w;

			if (!is_on(&c->spans[i], day))
				continue;
			w.start_ms = instant_ms(c, day, c->spans[i].from);
			w.end_ms = instant_ms(c, day, c->spans[i].to);
			if (w.end_ms > at_ms && w.end_ms > w.start_ms)
				best = better(best, w, at_ms);
		}
		if (day > today && best.start_ms != CALENDAR_NEVER)
			break;
	}
	return best;
}
