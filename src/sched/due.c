#include "sched/due.h"

#include "base/calendar.h"
#include "sched/queue.h"

#define SECOND	   ((uint64_t)1000000)
#define OVERDUE_S  60 /* after a long stop, not everything starts at once */
#define HORIZON_US (8 * 24 * 3600 * SECOND)
#define OPEN_END   UINT64_MAX
#define SLACK_US   5000 /* between two clocks and their roundings */

/* ---- two clocks ---- */

int64_t
due_wall_ms(uint64_t us, int64_t ahead_us)
{
	int64_t wall_us = (int64_t)us + ahead_us;

	return wall_us / 1000 - (wall_us % 1000 < 0);
}

static uint64_t
mono_us(int64_t wall_ms, int64_t ahead_us)
{
	if (wall_ms == CALENDAR_NEVER)
		return SCHED_NEVER;
	return wall_ms * 1000 < ahead_us ? 0 : (uint64_t)(wall_ms * 1000 - ahead_us);
}

bool
due_by_wall(const struct test *t)
{
	return t->at != NULL || t->active != NULL;
}

static uint64_t
smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Returns the jitter of a slot, always the same one; key is the slot's own name. */
static uint64_t
jitter(const struct test *t, uint64_t key)
{
	uint64_t h = (t->phase_us ^ key) + 0x9e3779b97f4a7c15u;

	if (t->jitter_us == 0)
		return 0;
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 27) * 0x94d049bb133111ebu;
	return (h ^ h >> 31) % t->jitter_us;
}

/* ---- an interval: slots at first + k * every, before end ---- */

struct slots {
	uint64_t first, end;
};

/*
 * Finds the slots of the window that is open at that time, or opens next. Returns false
 * if none does.
 */
static bool
slots_at(const struct test *t, uint64_t us, int64_t ahead_us, struct slots *ret)
{
	struct calendar_window w;
	uint64_t start;

	if (t->active == NULL) {
		*ret = (struct slots){ t->phase_us, OPEN_END };
		return true;
	}
	w = calendar_window(t->active, due_wall_ms(us, ahead_us));
	if (w.start_ms == CALENDAR_NEVER)
		return false;
	start = mono_us(w.start_ms, ahead_us);
	ret->end = mono_us(w.end_ms, ahead_us);
	if (ret->end <= start)
		return false;
	/* Even the shortest window has a slot. */
	ret->first = start + t->phase_us % smaller(t->every_us, ret->end - start);
	return true;
}

/* Returns when the nth slot is due. Jitter, at most an interval, keeps their order. */
static uint64_t
nth_due(const struct test *t, const struct slots *s, uint64_t n)
{
	uint64_t slot = s->first + n * t->every_us;

	return smaller(slot + jitter(t, slot / SECOND), s->end - 1);
}

/* Returns how many of the slots are due by then. */
static uint64_t
count_by(const struct test *t, const struct slots *s, uint64_t us)
{
	uint64_t n;

	if (us < s->first)
		return 0;
	n = (smaller(us, s->end - 1) - s->first) / t->every_us + 1;
	while (n > 0 && nth_due(t, s, n - 1) > us)
		n--;
	return n;
}

static uint64_t
interval_after(const struct test *t, uint64_t us, int64_t ahead_us)
{
	uint64_t at = us;
	struct slots s;

	while (slots_at(t, at, ahead_us, &s)) {
		uint64_t n = count_by(t, &s, us);

		if (s.first + n * t->every_us < s.end)
			return nth_due(t, &s, n);
		at = s.end;
	}
	return SCHED_NEVER;
}

static uint64_t
interval_latest(const struct test *t, uint64_t since, uint64_t us, int64_t ahead_us,
    uint64_t *ret_slots)
{
	uint64_t at, last = 0, n = 0;
	struct slots s;

	if (t->active != NULL && us > HORIZON_US)
		since = larger(since, us - HORIZON_US);
	for (at = since; slots_at(t, at, ahead_us, &s) && s.first <= us; at = s.end) {
		uint64_t before = count_by(t, &s, since), by = count_by(t, &s, us);

		if (by > before) {
			n += by - before;
			last = nth_due(t, &s, by - 1);
		}
		if (s.end > us)
			break;
	}
	*ret_slots = n;
	return last;
}

/* ---- times of day ---- */

/* Skips what was done already before the clock was set back a little. */
static uint64_t
not_done(const struct test *t, uint64_t us, int64_t ahead_us)
{
	uint64_t done = mono_us(t->done_ms, ahead_us);

	return done > us && done - us <= (uint64_t)DUE_STEP_MAX_US ? done : us;
}

static uint64_t
time_after(const struct test *t, uint64_t us, int64_t ahead_us)
{
	uint64_t best = SCHED_NEVER, slot;
	int64_t wall;

	us = not_done(t, us, ahead_us);
	wall = due_wall_ms(us > t->jitter_us ? us - t->jitter_us : 0, ahead_us);
	for (;;) {
		wall = calendar_next(t->at, wall);
		slot = mono_us(wall, ahead_us);
		if (slot >= best)
			return best;
		slot += jitter(t, (uint64_t)wall);
		if (slot > us && slot < best)
			best = slot;
	}
}

static uint64_t
time_latest(const struct test *t, uint64_t since, uint64_t us, int64_t ahead_us,
    uint64_t *ret_slots)
{
	uint64_t last = 0, n = 0, next;

	if (us > HORIZON_US)
		since = larger(since, us - HORIZON_US);
	for (; (next = time_after(t, since, ahead_us)) <= us; since = last) {
		last = next;
		n++;
	}
	*ret_slots = n;
	return last;
}

/* ---- either ---- */

uint64_t
due_after(const struct test *t, uint64_t us, int64_t ahead_us)
{
	return t->at != NULL ? time_after(t, us, ahead_us)
			     : interval_after(t, us, ahead_us);
}

uint64_t
due_latest(const struct test *t, uint64_t since, uint64_t us, int64_t ahead_us,
    uint64_t *ret_slots)
{
	return (t->at != NULL ? time_latest : interval_latest)(
	    t, since, us, ahead_us, ret_slots);
}

/* Returns the test's own share of a window, spread like the phases. */
static uint64_t
spread(const struct test *t, uint64_t window_us)
{
	return t->phase_us % smaller(window_us, t->every_us);
}

/* Returns whether the test was due, but may not run now. */
static bool
is_closed(const struct test *t, uint64_t now_us, int64_t ahead_us)
{
	int64_t wall = due_wall_ms(now_us, ahead_us);

	return t->active != NULL && calendar_window(t->active, wall).start_ms > wall;
}

/*
 * A remembered time is exact to some milliseconds: where it is a slot, it is exactly that
 * one, or the slot itself would be one more run.
 */
static uint64_t
remembered(const struct test *t, uint64_t due_us, int64_t ahead_us)
{
	uint64_t off = smaller(SLACK_US, t->every_us / 4);
	uint64_t slot = due_after(t, due_us > off ? due_us - off : 0, ahead_us);

	return slot <= due_us + off ? slot : due_us;
}

uint64_t
due_first(const struct test *t, uint64_t due_in_ms, uint64_t now_us, int64_t ahead_us)
{
	uint64_t next = due_after(t, now_us, ahead_us), due;

	if (due_in_ms == 0 && !is_closed(t, now_us, ahead_us))
		return now_us + spread(t, OVERDUE_S * SECOND);
	if (due_in_ms != SCHED_NEVER && due_in_ms != 0) {
		due = remembered(t, now_us + due_in_ms * 1000, ahead_us);
		return smaller(due, due_by_wall(t) ? next : now_us + t->every_us);
	}
	if (due_by_wall(t) || t->every_us <= SCHED_FIRST_S * SECOND)
		return next;
	return now_us + spread(t, SCHED_FIRST_S * SECOND);
}
