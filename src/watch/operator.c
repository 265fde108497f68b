#include "watch/operator.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "watch/announce.h"
#include "watch/pools.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/rollups.h"
#include "watch/timetable.h"
#include "watch/upkeep.h"

/* Returns whether something changed. */
typedef bool (*action)(
    const struct operator* op, struct probe *p, const struct remark *r);

static struct operator_count
for_each_test(
    const struct operator* op, const char *target, action act, const struct remark *r)
{
	struct operator_count count = { 0, 0 };
	struct probe *one = probes_find(op->probes, target);

	if (one != NULL)
		return (struct operator_count){ 1, act(op, one, r) };
	for (size_t i = 0; i < op->probes->n; i++) {
		struct probe *p = op->probes->v[i];

		if (!str_caseeq(str_of(target), p->state.pool))
			continue;
		count.tests++;
		count.changed += act(op, p, r);
	}
	return count;
}

static struct remark
make_remark(const struct operator* op, uint64_t for_ms, const struct operator_note *note)
{
	struct remark r = { .at_ms = clock_wall_ms(op->clock) };

	r.until_ms = for_ms == 0 ? 0 : r.at_ms + (int64_t)for_ms;
	text_printable(r.by, sizeof(r.by), str_of(note->by));
	text_printable(r.reason, sizeof(r.reason), str_of(note->reason));
	return r;
}

/* Returns false when out of memory. */
static bool
keep_remark(struct remark **at, const struct remark *r)
{
	if (*at == NULL)
		*at = malloc(sizeof(**at));
	if (*at != NULL)
		**at = *r;
	return *at != NULL;
}

static void
review_test(const struct operator* op, struct probe *p)
{
	upkeep_review(op->upkeep, p);
	timetable_note_change(op->timetable, p);
}

static bool
pause_test(const struct operator* op, struct probe *p, const struct remark *r)
{
	bool ok = keep_remark(&p->state.pause, r);

	review_test(op, p);
	return ok;
}

static bool
resume_test(const struct operator* op, struct probe *p, const struct remark *r)
{
	bool paused = p->state.pause != NULL;

	(void)r;
	free(p->state.pause);
	p->state.pause = NULL;
	review_test(op, p);
	return paused;
}

static bool
acknowledge_test(const struct operator* op, struct probe *p, const struct remark *r)
{
	if (!alert_acknowledge(&p->state.alert))
		return false;
	(void)keep_remark(&p->state.acknowledged, r);
	announce_acknowledged(op->announcer, p, r);
	review_test(op, p);
	return true;
}

static bool
run_test(const struct operator* op, struct probe *p, const struct remark *r)
{
	(void)r;
	return timetable_run_now(op->timetable, p);
}

struct operator_count
operator_pause(const struct operator* op, const char *target, uint64_t for_ms,
    const struct operator_note *note)
{
	struct remark r = make_remark(op, for_ms, note);

	return for_each_test(op, target, pause_test, &r);
}

struct operator_count
operator_resume(
    const struct operator* op, const char *target, const struct operator_note *note)
{
	struct remark r = make_remark(op, 0, note);

	return for_each_test(op, target, resume_test, &r);
}

struct operator_count
operator_acknowledge(
    const struct operator* op, const char *target, const struct operator_note *note)
{
	struct remark r = make_remark(op, 0, note);
	struct operator_count count = for_each_test(op, target, acknowledge_test, &r);
	const struct probe *one = probes_find(op->probes, target);
	struct pool *pool =
	    one != NULL ? one->pool : pools_find(rollups_pools(op->rollups), target);

	if (pool != NULL && rollups_acknowledge(op->rollups, pool, one == NULL, &r) &&
	    count.changed == 0)
		count.changed = 1;
	return count;
}

struct operator_count
operator_run_now(const struct operator* op, const char *target)
{
	return for_each_test(op, target, run_test, NULL);
}
