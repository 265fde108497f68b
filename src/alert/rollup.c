#include "alert/rollup.h"

#include <string.h>

#include "alert/remind.h"
#include "base/str.h"

#define QUORUM 2 /* tests that have to fail before their pool announces it */

enum opinion { NONE, AGREES, AGAINST };

static enum opinion
opinion_of(const struct rollup *r, const struct rollup_member *m)
{
	if (!m->active || m->begun_ms == 0 || m->begun_ms < r->from_ms)
		return NONE;
	return m->diag != NULL && strcmp(m->diag, r->diag) == 0 ? AGREES : AGAINST;
}

static bool
is_pending(const struct rollup_member *m)
{
	return m->active && m->alert->state == ALERT_ALERT &&
	       m->alert->announced_by == ALERT_PENDING;
}

/* Stops counting once one result is against it: the others do not matter then. */
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
begin_judging(struct rollup *r, const struct rollup_tests *t, const char *diag,
    int64_t first_ms, int64_t until_ms)
{
	*r = (struct rollup){
		.state = ROLLUP_JUDGING, .from_ms = first_ms, .until_ms = until_ms
	};
	(void)str_copy(r->diag, sizeof(r->diag), str_of(diag));
	rollup_recount(r, t);
}

static void
announce_alert(
    const struct rollup_tests *t, size_t i, enum alert_announcer by, int64_t now_ms)
{
	struct rollup_member m = t->nth(t->arg, i);

	alert_announced(m.alert, by, now_ms);
	t->announce(t->arg, i, by);
}

void
rollup_pending(struct rollup *r, const struct rollup_tests *t, size_t i, int64_t first_ms,
    int64_t now_ms, uint64_t wait_ms)
{
	struct rollup_member m = t->nth(t->arg, i);

	if (!is_pending(&m) || m.diag == NULL)
		return;
	if (r->state == ROLLUP_ACTIVE)
		announce_alert(t, i, ALERT_BY_POOL, now_ms);
	else if (wait_ms == 0)
		announce_alert(t, i, ALERT_BY_TEST, now_ms);
	else if (r->state == ROLLUP_QUIET)
		begin_judging(r, t, m.diag, first_ms < now_ms ? first_ms : now_ms,
		    now_ms + (int64_t)wait_ms);
}

/*
 * Ends the alert of the pool: what it announced for its tests is pending again; alerts
 * that tests announced themselves count as announced now.
 */
static void
end_alert(struct rollup *r, const struct rollup_tests *t, int64_t now_ms)
{
	r->state = ROLLUP_QUIET;
	for (size_t i = 0; i < t->n; i++) {
		struct alert *a = t->nth(t->arg, i).alert;

		if (a->announced_by == ALERT_BY_POOL)
			a->announced_by = ALERT_PENDING;
		else if (a->state == ALERT_ALERT)
			a->announced_ms = now_ms;
	}
	t->announce_pool(t->arg, false);
}

void
rollup_result(struct rollup *r, const struct rollup_tests *t, size_t i, int64_t was_ms,
    int64_t now_ms)
{
	struct rollup_member m = t->nth(t->arg, i);
	bool counted = was_ms != 0 && was_ms >= r->from_ms;

	if (!m.active)
		return;
	/* now_ms is before since_ms only if the clock was set back. */
	if (r->state == ROLLUP_ACTIVE && m.diag == NULL &&
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

		n += is_pending(&m);
	}
	return n;
}

static void
announce_pool(struct rollup *r, const struct rollup_tests *t, int64_t now_ms)
{
	r->state = ROLLUP_ACTIVE;
	r->since_ms = r->from_ms;
	r->announced_ms = now_ms;
	t->announce_pool(t->arg, true);
	for (size_t i = 0; i < t->n; i++) {
		struct rollup_member m = t->nth(t->arg, i);

		if (is_pending(&m))
			announce_alert(t, i, ALERT_BY_POOL, now_ms);
	}
}

static void
announce_each(struct rollup *r, const struct rollup_tests *t, int64_t now_ms)
{
	r->state = ROLLUP_QUIET;
	for (size_t i = 0; i < t->n; i++) {
		struct rollup_member m = t->nth(t->arg, i);

		if (is_pending(&m) && m.diag != NULL && m.begun_ms >= r->from_ms)
			announce_alert(t, i, ALERT_BY_TEST, now_ms);
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
		announce_pool(r, t, now_ms);
	else
		announce_each(r, t, now_ms);
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
	return r->state == ROLLUP_ACTIVE && !r->acknowledged;
}

int64_t
rollup_next_reminder(const struct rollup *r, uint64_t remind_ms)
{
	return remind_next(wants_reminder(r), r->announced_ms, remind_ms);
}

bool
rollup_remind(struct rollup *r, uint64_t remind_ms, int64_t now_ms)
{
	return remind_now(wants_reminder(r), &r->announced_ms, remind_ms, now_ms);
}
