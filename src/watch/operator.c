#include "watch/operator.h"

#include <stdlib.h>

#include "base/buf.h"
#include "report/log.h"
#include "base/text.h"
#include "config/config.h"
#include "watch/parts.h"
#include "sched/sched.h"

/* True: something changed. */
typedef bool (*action)(struct daemon *d, struct probe *p, const struct remark *r);

static struct operate_count
for_each(struct daemon *d, const char *target, action act, const struct remark *r)
{
	struct operate_count count = { 0, 0 };
	struct probe *one = probes_find(d, target);

	if (one != NULL)
		return (struct operate_count){ 1, act(d, one, r) };
	for (size_t i = 0; i < d->nprobes; i++) {
		if (!str_caseeq(str_of(target), d->probes[i]->state.pool))
			continue;
		count.tests++;
		count.changed += act(d, d->probes[i], r);
	}
	return count;
}

static struct remark
make_remark(const struct daemon *d, uint64_t for_ms, const struct operate_note *note)
{
	struct remark r = { .at_ms = clock_wall_ms(d->world.env.clock) };

	r.until_ms = for_ms == 0 ? 0 : r.at_ms + (int64_t)for_ms;
	text_printable(r.by, sizeof(r.by), str_of(note->by));
	text_printable(r.reason, sizeof(r.reason), str_of(note->reason));
	return r;
}

/* False: out of memory. */
static bool
keep_remark(struct remark **at, const struct remark *r)
{
	if (*at == NULL)
		*at = malloc(sizeof(**at));
	if (*at != NULL)
		**at = *r;
	return *at != NULL;
}

static bool
pause(struct daemon *d, struct probe *p, const struct remark *r)
{
	bool ok = keep_remark(&p->state.pause, r);

	review(d, d->config, p);
	review_next(d, p);
	return ok;
}

static bool
resume(struct daemon *d, struct probe *p, const struct remark *r)
{
	bool paused = p->state.pause != NULL;

	(void)r;
	free(p->state.pause);
	p->state.pause = NULL;
	review(d, d->config, p);
	review_next(d, p);
	return paused;
}

static bool
acknowledge(struct daemon *d, struct probe *p, const struct remark *r)
{
	if (!alert_acknowledge(&p->state.alert))
		return false;
	(void)keep_remark(&p->state.acknowledged, r);
	LOG_EVENT(d->log, LOG_NOTICE, EVENT_TEST_ACKNOWLEDGED,
	    KV_S("test", p->state.name), KV_S("pool", p->state.pool), KV_S("by", r->by),
	    KV_S("reason", r->reason));
	review(d, d->config, p);
	review_next(d, p);
	return true;
}

static bool
run_now(struct daemon *d, struct probe *p, const struct remark *r)
{
	bool ok = sched_run_now(d->sched, p->id);

	(void)r;
	review_next(d, p);
	return ok;
}

struct operate_count
daemon_pause(struct daemon *d, const char *target, uint64_t for_ms,
    const struct operate_note *note)
{
	struct remark r = make_remark(d, for_ms, note);

	return for_each(d, target, pause, &r);
}

struct operate_count
daemon_resume(struct daemon *d, const char *target, const struct operate_note *note)
{
	struct remark r = make_remark(d, 0, note);

	return for_each(d, target, resume, &r);
}

struct operate_count
daemon_acknowledge(struct daemon *d, const char *target, const struct operate_note *note)
{
	struct remark r = make_remark(d, 0, note);
	struct operate_count count = for_each(d, target, acknowledge, &r);
	const struct probe *one = probes_find(d, target);
	struct pool *pool = one != NULL ? one->pool : pools_find(d, target);

	if (pool != NULL && pool_acknowledge(d, pool, one == NULL, &r) &&
	    count.changed == 0)
		count.changed = 1;
	return count;
}

struct operate_count
daemon_run_now(struct daemon *d, const char *target)
{
	return for_each(d, target, run_now, NULL);
}

static void
why_held(const struct daemon *d, const struct probe *p, struct buf *out)
{
	struct hold h = hold_of(d->config, p, clock_wall_ms(d->world.env.clock));
	char until[TEXT_TIME_SIZE];

	buf_puts(out, "paused");
	if (h.until_ms != 0) {
		text_time_s(until, h.until_ms / 1000);
		buf_printf(out, " until %s", until);
	}
	if (h.by != NULL && h.by[0] != '\0')
		buf_printf(out, " by %s", h.by);
	if (h.reason[0] != '\0')
		buf_printf(out, ": %s", h.reason);
}

void
daemon_why_waiting(const struct daemon *d, const char *name, struct buf *out)
{
	const struct probe *p = probes_find(d, name);
	char next[TEXT_TIME_SIZE];

	if (p == NULL)
		return;
	switch (sched_test_wait(d->sched, p->id)) {
	case SCHED_WAIT_NOTHING:
		buf_puts(out, "running");
		break;
	case SCHED_WAIT_HELD:
		why_held(d, p, out);
		break;
	case SCHED_WAIT_READY:
		buf_printf(out, "waits: the RSA key of %s is being made", p->state.user);
		break;
	case SCHED_WAIT_ALL:
		buf_printf(out, "waits: %zu transactions are running (max_parallel)",
		    d->running);
		break;
	case SCHED_WAIT_POOL:
		buf_printf(out,
		    "waits: pool %s has %u transactions running (max_parallel)",
		    p->state.pool, p->test->pool->max_parallel);
		break;
	case SCHED_WAIT_USER:
		buf_printf(out, "waits: another test of %s is running", p->state.user);
		break;
	case SCHED_WAIT_TIME:
		text_time_s(next, p->state.next_ms / 1000);
		buf_printf(
		    out, "next run at %s", p->state.next_ms == 0 ? "no time" : next);
		break;
	}
}
