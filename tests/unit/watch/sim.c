#include "sim.h"

#include <string.h>
#include <sys/stat.h>

#include "../cases.h"
#include "../config/place.h"
#include "vocab/err.h"
#include "config/config.h"
#include "serve/state_keeper.h"
#include "state/statefile.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "sched/sched.h"
#include "tls/identity.h"
#include "tls/inner.h"
#include "transport/reach.h"
#include "keys/keyring.h"
#include "watch/watcher.h"

#define NEVER_US  UINT64_MAX
#define BOOTED_US (77 * SIM_SECOND) /* before the day began */
#define RUN_US	  (SIM_SECOND / 2)
#define SAID_MAX  50000

struct sim sim;

/* ---- the loop ---- */

struct timer {
	void (*cb)(void *arg);
	void *arg;
	uint64_t due_us;
	struct timer *next;
};

static struct timer *timers;

struct timer *
timer_new(struct loop *l, void (*cb)(void *arg), void *arg)
{
	struct timer *t = calloc(1, sizeof(*t));

	(void)l;
	assert_non_null(t);
	*t = (struct timer){ cb, arg, NEVER_US, timers };
	timers = t;
	return t;
}

void
timer_free(struct timer *t)
{
	struct timer **at = &timers;

	if (t == NULL)
		return;
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	free(t);
}

void
timer_set(struct timer *t, uint64_t us)
{
	t->due_us = sim.now_us + us;
}

void
timer_clear(struct timer *t)
{
	t->due_us = NEVER_US;
}

void
loop_stop(struct loop *l)
{
	(void)l;
}

/* ---- workers: that of files works at once, that of keys takes its time ---- */

static struct job {
	void (*done)(void *arg);
	void *arg;
	struct timer *timer; /* NULL: none is under way */
} job;

static void
on_job(void *arg)
{
	struct job now = job;

	(void)arg;
	timer_free(job.timer);
	job.timer = NULL;
	now.done(now.arg);
}

bool
worker_submit(
    struct worker *w, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	work(arg);
	if (w == NULL) {
		done(arg);
		return true;
	}
	assert_null(job.timer); /* the keyring has one at a time */
	job = (struct job){ done, arg, timer_new(NULL, on_job, NULL) };
	timer_set(job.timer, sim.key_us);
	return true;
}

/* ---- transactions ---- */

struct txn {
	struct txn_observer observer;
	struct result result;
	uint64_t end_us;
	struct txn *next;
};

static struct txn *txns;

struct txn *
txn_start(const struct env *env, const struct txn_spec *spec,
    const struct txn_observer *observer, struct err *err)
{
	struct txn *t;
	int64_t at_ms = clock_wall_ms(env->clock);

	if (sim.cannot_start) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	t = calloc(1, sizeof(*t));
	assert_non_null(t);
	assert_true(keyring_ready(env->keys, spec->user, spec->epid) || sim.make != NULL);
	t->observer = *observer;
	sim.run_us = RUN_US;
	t->result = (struct result){ .run = "000000", .started_ms = at_ms };
	err_clear(&t->result.err);
	t->result.ok = sim.outcome(
	    spec->target_fqdn, spec->user, at_ms - SIM_DAY_MS, &t->result.err);
	t->result.latency_us = sim.run_us;
	sim.knew = spec->known != NULL;
	if (sim.knew)
		t->result.discovery = *spec->known;
	else if (sim.finds != NULL)
		t->result.discovery = *sim.finds;
	t->result.discovery.known = sim.knew;
	t->end_us = sim.now_us + sim.run_us;
	t->next = txns;
	txns = t;
	return t;
}

void
txn_make_run_id(char ret[RESULT_RUN_SIZE])
{
	memcpy(ret, "000000", 7);
}

bool
txn_needs_key(const struct txn_spec *spec)
{
	(void)spec;
	return true;
}

static void
forget(struct txn *t)
{
	struct txn **at = &txns;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
}

void
txn_cancel(struct txn *t)
{
	t->result.ok = false;
	err_set(&t->result.err, CAUSE_CANCELLED, 0, "cancelled");
	t->end_us = sim.now_us;
}

void
txn_abandon(struct txn *t)
{
	forget(t);
	free(t);
}

/* ---- references ---- */

struct reach {
	struct timer *timer;
	void (*done)(void *arg, bool reached);
	void *arg;
};

static void
on_reach(void *arg)
{
	struct reach *r = arg;
	void (*done)(void *, bool) = r->done;
	void *done_arg = r->arg;

	reach_cancel(r);
	done(done_arg, sim.reachable);
}

struct reach *
reach_start(struct loop *l, struct resolver *resolver, const struct reach_target *targets,
    size_t n, uint64_t budget_ms, void (*done)(void *arg, bool reached), void *arg)
{
	struct reach *r = calloc(1, sizeof(*r));

	(void)resolver;
	(void)targets;
	assert_non_null(r);
	assert_true(n > 0);
	*r = (struct reach){ timer_new(l, on_reach, r), done, arg };
	timer_set(r->timer, sim.reachable ? 1000 : budget_ms * 1000);
	sim.reaches++;
	return r;
}

void
reach_cancel(struct reach *r)
{
	if (r == NULL)
		return;
	timer_free(r->timer);
	free(r);
}

/* ---- time ---- */

static uint64_t
mono_us(void *arg)
{
	(void)arg;
	return sim.now_us + BOOTED_US;
}

static int64_t
wall_ms(void *arg)
{
	(void)arg;
	return SIM_DAY_MS + (int64_t)(sim.now_us / 1000) + sim.skew_ms;
}

static struct txn *
first_txn(void)
{
	struct txn *first = txns;

	for (struct txn *t = txns; t != NULL; t = t->next)
		if (t->end_us < first->end_us)
			first = t;
	return first;
}

static struct timer *
first_timer(void)
{
	struct timer *first = timers;

	for (struct timer *t = timers; t != NULL; t = t->next)
		if (t->due_us < first->due_us)
			first = t;
	return first;
}

static void
pass_to(uint64_t us)
{
	if (us > sim.now_us)
		sim.now_us = us;
}

void
sim_run_until_ms(int64_t ms)
{
	uint64_t until = (uint64_t)ms * 1000;

	for (;;) {
		struct timer *timer = first_timer();
		struct txn *txn = first_txn();

		if (txn != NULL && txn->end_us <= timer->due_us && txn->end_us <= until) {
			pass_to(txn->end_us);
			forget(txn);
			txn->observer.done(txn->observer.arg, &txn->result);
			free(txn);
		} else if (timer->due_us <= until) {
			pass_to(timer->due_us);
			timer->due_us = NEVER_US;
			timer->cb(timer->arg);
		} else {
			break;
		}
	}
	pass_to(until);
}

/* ---- the watcher ---- */

static void
keep(struct sim_said *s, const struct kv *kv)
{
	const struct {
		const char *key;
		char *at;
		size_t size;
	} texts[] = {
		{ "test", s->test, sizeof(s->test) },
		{ "to", s->to, sizeof(s->to) },
		{ "flapping", s->to, sizeof(s->to) },
		{ "from", s->from, sizeof(s->from) },
		{ "pool", s->pool, sizeof(s->pool) },
		{ "rollup", s->rollup, sizeof(s->rollup) },
		{ "diag", s->diag, sizeof(s->diag) },
		{ "users", s->users, sizeof(s->users) },
	};

	for (size_t i = 0; i < NROWS(texts); i++)
		if (strcmp(kv->key, texts[i].key) == 0)
			str_copy(texts[i].at, texts[i].size, str_of(kv->str));
	if (strcmp(kv->key, "tests") == 0)
		s->tests = kv->num;
	else if (strcmp(kv->key, "of") == 0)
		s->of = kv->num;
}

static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	struct sim_said *s = &sim.said[sim.nsaid];

	(void)log;
	if (event == EVENT_STATE_DAMAGED || event == EVENT_CONFIG_REFUSED)
		fail_msg("%s: %s", event_name(event), kv[n - 1].str);
	assert_true(sim.nsaid < SAID_MAX);
	*s = (struct sim_said){
		.at_ms = wall_ms(NULL) - SIM_DAY_MS, .event = event, .priority = priority
	};
	for (size_t i = 0; i < n; i++)
		keep(s, &kv[i]);
	sim.nsaid++;
}

static struct identity *
make_identity(const char *address, atomic_bool *stop, struct err *err)
{
	static struct identity *one;

	(void)stop;
	sim.nkeys++;
	if (sim.make != NULL && !sim.make(address)) {
		err_local(err, 0, "no key for %s", address);
		return NULL;
	}
	if (one == NULL)
		one = identity_new("u0@x.org", NULL, err);
	assert_non_null(one);
	return identity_ref(one);
}

static bool
adopt(void *arg, struct config *next)
{
	(void)arg;
	return watcher_adopt(sim.watcher, next);
}

static void
start_watcher(void)
{
	const struct state_keeper_settings keeper = { sim.env.loop, NULL, &sim.clock,
		&sim.log, "state" };
	const struct watcher_settings settings = { &sim.env, sim.inner, sim.inner,
		&sim.log, NULL, "state/traces" };
	struct state remembered;

	sim.keeper = state_keeper_new(&keeper, &remembered);
	assert_non_null(sim.keeper);
	sim.watcher = watcher_new(&settings, &remembered);
	assert_non_null(sim.watcher);
	state_free(&remembered);
	sim.view = watcher_view(sim.watcher);
	sim.operator= watcher_operator(sim.watcher);
	state_keeper_attach(sim.keeper, sim.watcher);
	assert_true(watcher_adopt(sim.watcher, sim.live.config));
}

static void
start(void)
{
	struct keyring_settings keys = { .clock = &sim.clock,
		.make = make_identity,
		.lifetime_s = sim.key_lifetime_s };
	struct err err;

	sim.env = (struct env){ .clock = &sim.clock };
	sim.env.loop = (struct loop *)&sim; /* any but NULL */
	sim.inner = tls_inner_client_ctx(false, &err);
	assert_non_null(sim.inner);
	keys.maker = (struct worker *)&job; /* any but NULL */
	sim.env.keys = keyring_new(sim.env.loop, &keys, &err);
	assert_non_null(sim.env.keys);
	sim.live =
	    (struct live_config){ .file = "c.conf", .log = &sim.log, .adopt = adopt };
	assert_true(live_config_load(&sim.live));
	start_watcher();
}

static void
stop(void)
{
	watcher_abandon(sim.watcher);
	keyring_stop(sim.env.keys);
	if (job.timer != NULL)
		on_job(NULL); /* as worker_free() does */
	state_keeper_free(sim.keeper);
	watcher_free(sim.watcher);
	keyring_free(sim.env.keys);
	tls_inner_ctx_free(sim.inner);
	live_config_free(&sim.live);
}

void
sim_config(const char *config)
{
	place_file("c.conf", 0640, config);
}

void
sim_reload(const char *config)
{
	sim_config(config);
	(void)live_config_reload(&sim.live, NULL);
}

void
sim_flush(void)
{
	struct err err;

	assert_true(state_keeper_flush(sim.keeper, &err));
}

struct test_view
sim_test(const char *name)
{
	struct test_view t = { .probe = NULL };

	assert_true(view_find_test(sim.view, name, &t));
	return t;
}

void
sim_open(const char *config,
    bool (*outcome)(const char *, const char *, int64_t, struct err *))
{
	sim = (struct sim){ .outcome = outcome,
		.log = { emit, NULL },
		.key_us = sim.key_us,
		.key_lifetime_s = sim.key_lifetime_s,
		.make = sim.make };
	sim.clock = (struct clock){ mono_us, wall_ms, NULL };
	sim.said = calloc(SAID_MAX, sizeof(*sim.said));
	assert_non_null(sim.said);
	assert_int_equal(place_enter(NULL), 0);
	assert_int_equal(mkdir("state", 0700), 0);
	sim_config(config);
	start();
}

void
sim_kill_and_start(void)
{
	stop();
	start();
}

void
sim_close(void)
{
	stop();
	free(sim.said);
	assert_null(timers);
	assert_int_equal(place_leave(NULL), 0);
}
