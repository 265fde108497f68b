#include "alert/rollup.h"

#include <string.h>

#include "alert/remind.h"
#include "base/str.h"

#define QUORUM 2 /* tests that a pool needs to speak for them */

enum opinion { NONE, AGREES, AGAINST };

static enum opinion
opinion_of(const struct rollup *r, const struct rollup_member *m)
{
	if (!m->active || m->begun_ms == 0 || m->begun_ms < r->from_ms)
		return NONE;
	return m->diag != NULL && strcmp(m->diag, r->diag) == 0 ? AGREES : AGAINST;
}

static bool
speaks_up(const struct rollup_member *m)
{
	return m->active && m->alert->state == ALERT_ALERT &&
	       m->alert->announced_by == ALERT_PENDING;
}

/* Once one is against it, nobody asks how many there are of the others. */
void
rollup_recount(struct rollup *r, const struct rollup_tests *t)
{
	r->agreed = r->pending = 0;
	for (size_t i = 0; i < t->n && !r->against; i++) {
		struct rollup_member m = t->nth(t->arg, i);
		enum opinion o = opinion_of(r, &m);

		r->agreed += o == AGREES;
		r->pending += o == NONE && m.expected;
		r->against = o == AGAINST;
	}
}

static void
begin(struct rollup *r, const struct rollup_tests *t, const char *diag, int64_t first_ms,
    int64_t until_ms)
{
	*r = (struct rollup){
		.state = ROLLUP_JUDGING, .from_ms = first_ms, .until_ms = until_ms
	};
	(void)str_copy(r->diag, sizeof(r->diag), str_of(diag));
	rollup_recount(r, t);
}

static void
speak(const struct rollup_tests *t, size_t i, enum alert_announcer by, int64_t now_ms)
{
	struct rollup_member m = t->nth(t->arg, i);

	alert_announced(m.alert, by, now_ms);
	t->say(t->arg, i, by);
}

void
rollup_pending(struct rollup *r, const struct rollup_tests *t, size_t i, int64_t first_ms,
    int64_t now_ms, uint64_t wait_ms)
{
	struct rollup_member m = t->nth(t->arg, i);

	if (!speaks_up(&m) || m.diag == NULL)
		return;
	if (r->state == ROLLUP_STANDING)
		speak(t, i, ALERT_BY_POOL, now_ms);
	else if (wait_ms == 0)
		speak(t, i, ALERT_BY_TEST, now_ms);
	else if (r->state == ROLLUP_QUIET)
		begin(r, t, m.diag, first_ms < now_ms ? first_ms : now_ms,
		    now_ms + (int64_t)wait_ms);
}

/* What the pool spoke for is open again; what tests said themselves was said till now. */
static void
end_alert(struct rollup *r, const struct rollup_tests *t, int64_t now_ms)
{
	r->state = ROLLUP_QUIET;
	for (size_t i = 0; i < t->n; i++) {
		struct alert *a = t->nth(t->arg, i).alert;

		if (a->announced_by == ALERT_BY_POOL)
			a->announced_by = ALERT_PENDING;
		else if (a->state == ALERT_ALERT)
			a->said_ms = now_ms;
	}
	t->say_pool(t->arg, false);
}

void
rollup_result(struct rollup *r, const struct rollup_tests *t, size_t i, int64_t was_ms,
    int64_t now_ms)
{
	struct rollup_member m = t->nth(t->arg, i);
	bool counted = was_ms != 0 && was_ms >= r->from_ms;

	if (!m.active)
		return;
	/* Before since_ms is now only when the clock was set back. */
	if (r->state == ROLLUP_STANDING && m.diag == NULL &&
	    (m.begun_ms >= r->since_ms || now_ms < r->since_ms))
		end_alert(r, t, now_ms);
	if (r->state != ROLLUP_JUDGING)
		return;
	if (!counted && m.expected && r->pending > 0)
		r->pending--;
	r->against = r->against || opinion_of(r, &m) == AGAINST;
	r->agreed += !counted && opinion_of(r, &m) == AGREES;
}

bool
rollup_is_ripe(const struct rollup *r, int64_t now_ms)
{
	return r->state == ROLLUP_JUDGING &&
	       (r->against || r->pending == 0 || now_ms >= r->until_ms ||
		   now_ms < r->from_ms); /* the clock was set back */
}

static size_t
count_pending(const struct rollup_tests *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct rollup_member m = t->nth(t->arg, i);

		n += speaks_up(&m);
	}
	return n;
}

static void
speak_as_one(struct rollup *r, const struct rollup_tests *t, int64_t now_ms)
{
	r->state = ROLLUP_STANDING;
	r->since_ms = r->from_ms;
	r->said_ms = now_ms;
	t->say_pool(t->arg, true);
	for (size_t i = 0; i < t->n; i++) {
		struct rollup_member m = t->nth(t->arg, i);

		if (speaks_up(&m))
			speak(t, i, ALERT_BY_POOL, now_ms);
	}
}

static void
speak_each(struct rollup *r, const struct rollup_tests *t, int64_t now_ms)
{
	r->state = ROLLUP_QUIET;
	for (size_t i = 0; i < t->n; i++) {
		struct rollup_member m = t->nth(t->arg, i);

		if (speaks_up(&m) && m.diag != NULL && m.begun_ms >= r->from_ms)
			speak(t, i, ALERT_BY_TEST, now_ms);
	}
}

void
rollup_conclude(struct rollup *r, const struct rollup_tests *t, int64_t now_ms)
{
	if (now_ms < r->from_ms) { /* the clock was set back: all of it counts */
		r->from_ms = 0;
		r->against = true;
	}
	rollup_recount(r, t);
	if (!r->against && r->agreed >= QUORUM && count_pending(t) > 0)
		speak_as_one(r, t, now_ms);
	else
		speak_each(r, t, now_ms);
}

void
rollup_defer(struct rollup *r)
{
	if (r->state == ROLLUP_JUDGING)
		r->state = ROLLUP_QUIET;
}

static bool
wants_reminder(const struct rollup *r)
{
	return r->state == ROLLUP_STANDING && !r->acknowledged;
}

int64_t
rollup_next_reminder(const struct rollup *r, uint64_t remind_ms)
{
	return remind_next(wants_reminder(r), r->said_ms, remind_ms);
}

bool
rollup_remind(struct rollup *r, uint64_t remind_ms, int64_t now_ms)
{
	return remind_now(wants_reminder(r), &r->said_ms, remind_ms, now_ms);
}
