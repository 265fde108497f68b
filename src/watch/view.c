#include "watch/view.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "config/config.h"
#include "sched/sched.h"
#include "watch/cutoff.h"
#include "watch/gates.h"
#include "watch/pools.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/rollups.h"
#include "watch/runs.h"
#include "watch/timetable.h"

/* ---- tests ---- */

size_t
view_count_tests(const struct view *v)
{
	return v->probes->n;
}

struct test_view
view_test(const struct view *v, size_t i)
{
	return test_view_of(v->probes->v[i]);
}

size_t
view_place_after(const struct view *v, const char *name)
{
	return probes_place_after(v->probes, name);
}

bool
view_find_test(const struct view *v, const char *name, struct test_view *ret)
{
	const struct probe *p = probes_find(v->probes, name);

	if (p != NULL)
		*ret = test_view_of(p);
	return p != NULL;
}

void
view_explain(const struct view *v, const struct test_view *t, struct buf *out)
{
	const struct probe *p = t->probe;
	char next[TEXT_TIME_SIZE];

	switch (sched_test_wait(v->timetable->sched, p->id)) {
	case SCHED_WAIT_NOTHING:
		buf_puts(out, "running");
		break;
	case SCHED_WAIT_PAUSED:
		gates_explain_pause(v->gates, p, view_now_ms(v), out);
		break;
	case SCHED_WAIT_READY:
		gates_explain_wait(p, out);
		break;
	case SCHED_WAIT_ALL:
		buf_printf(out, "waits: %zu transactions are running (max_parallel)",
		    runs_count(v->runs));
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

/* ---- pools ---- */

size_t
view_count_pools(const struct view *v)
{
	return rollups_pools(v->rollups)->n;
}

const struct pool_state *
view_pool(const struct view *v, size_t i)
{
	return &rollups_pools(v->rollups)->v[i].state;
}

/* ---- the watcher ---- */

struct watcher_view
view_watcher(const struct view *v)
{
	const struct pools *pools = rollups_pools(v->rollups);
	struct watcher_view w = { .tests = v->probes->n,
		.running = runs_count(v->runs),
		.cut_off = cutoff_is_active(v->cutoff) };

	memcpy(w.states, v->probes->counts, sizeof(w.states));
	for (size_t i = 0; i < pools->n; i++)
		w.pools_in_alert += pool_in_alert(&pools->v[i]);
	return w;
}

const struct isolation *
view_isolation(const struct view *v)
{
	return cutoff_state(v->cutoff);
}

void
view_lateness(const struct view *v, struct sched_stats *ret)
{
	sched_get_stats(v->timetable->sched, ret);
}

int64_t
view_now_ms(const struct view *v)
{
	return clock_wall_ms(v->clock);
}
