#include "store_world.h"

#include <dirent.h>
#include <event2/event.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../fakes/must.h"
#include "../cases.h"
#include "base/str.h"
#include "vocab/err.h"

#define PATIENCE_US (60 * 1000000) /* an upper limit; nothing waits for it */

static uint64_t
mono_us(void *arg)
{
	return ((struct world *)arg)->mono_us;
}

static int64_t
wall_ms(void *arg)
{
	return ((struct world *)arg)->wall_ms;
}

/* ---- hooks ---- */

static void
on_committed(void *arg, uint64_t ticket)
{
	struct world *w = arg;

	buf_printf(&w->told, "committed %llu\n", (unsigned long long)ticket);
}

static void
on_trouble(void *arg, const struct store_trouble *t)
{
	struct world *w = arg;

	buf_printf(&w->told, "trouble %s\n", store_kind_name(t->kind));
	if (t->kind == STORE_FINE)
		return;
	snprintf(w->why, sizeof(w->why), "%s", t->why);
	snprintf(w->aside, sizeof(w->aside), "%s", t->aside);
}

static void
on_recalled(void *arg, struct store_recall *r)
{
	struct world *w = arg;

	buf_puts(&w->told, "recalled\n");
	store_recall_free(&w->late);
	w->late = *r;
	*r = (struct store_recall){ .read = false };
}

static void
on_rewrite(void *arg)
{
	struct world *w = arg;

	buf_puts(&w->told, "rewrite\n");
}

static const struct store_hooks hooks = { on_committed, on_trouble, on_recalled,
	on_rewrite };

/* ---- its life ---- */

int
world_setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct err err;

	MUST(w != NULL);
	/* Where there is one, a disk that is none: nothing is about power cuts here. */
	snprintf(w->directory, sizeof(w->directory), "%s/cswatch-store.XXXXXX",
	    access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
	MUST(mkdtemp(w->directory) != NULL);
	snprintf(w->path, sizeof(w->path), "%s/cswatch.db", w->directory);
	w->loop = loop_new(&err);
	MUST(w->loop != NULL);
	w->clock = (struct clock){ mono_us, wall_ms, w };
	w->mono_us = 1000000;
	w->wall_ms = WORLD_NOW;
	buf_init(&w->told, 1 << 20);
	*state = w;
	return 0;
}

static void
forget_tests(struct world *w)
{
	for (size_t i = 0; i < WORLD_TESTS; i++)
		test_state_free(&w->tests[i]);
	w->ntests = 0;
}

void
world_remove(const char *directory)
{
	DIR *dir = opendir(directory);
	char path[600];
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] != '.')
			MUST(remove(path) == 0);
	}
	if (dir != NULL)
		closedir(dir);
	(void)rmdir(directory);
}

int
world_teardown(void **state)
{
	struct world *w = *state;
	char away[200];

	if (w->store != NULL)
		store_close(w->store);
	store_recall_free(&w->recall);
	store_recall_free(&w->late);
	forget_tests(w);
	loop_free(w->loop);
	buf_free(&w->told);
	world_remove(w->directory);
	snprintf(away, sizeof(away), "%s.away", w->directory);
	world_remove(away);
	free(w);
	return 0;
}

/* Tests are called t0 ... t7. */
static void
take_over(struct world *w)
{
	struct state *s = &w->recall.state;

	for (size_t i = 0; i < s->ntests; i++) {
		size_t n = (size_t)(s->tests[i].name[1] - '0');

		if (n >= WORLD_TESTS)
			continue;
		w->tests[n] = s->tests[i];
		s->tests[i] = (struct test_state){ .name = NULL };
		if (n >= w->ntests)
			w->ntests = n + 1;
		MUST(store_add_test(w->store, &w->tests[n]));
	}
}

void
world_open(struct world *w)
{
	const struct store_options o = { .directory = w->directory,
		.keep_ms = UINT64_C(90) * 86400 * 1000,
		.max_size = UINT64_C(1) << 30,
		.patience_ms = 20,
		.loop = w->loop,
		.clock = &w->clock,
		.hooks = &hooks,
		.arg = w };
	struct err err;

	forget_tests(w);
	store_recall_free(&w->recall);
	w->store = NULL;
	w->start = store_open(&o, &w->store, &w->recall, &err);
	if (w->start != STORE_STARTED) {
		snprintf(w->why, sizeof(w->why), "%s", err.detail);
		return;
	}
	snprintf(w->why, sizeof(w->why), "%s", store_trouble(w->store)->why);
	take_over(w);
}

void
world_close(struct world *w)
{
	store_close(w->store);
	w->store = NULL;
}

void
world_crash(struct world *w)
{
	/* Closing would write: a failure that is not there keeps it from that. */
	w->store->is_open = false;
	world_close(w);
}

void
world_add(struct world *w, size_t n)
{
	char name[32];

	for (; w->ntests < n; w->ntests++) {
		snprintf(name, sizeof(name), "t%zu", w->ntests);
		MUST(test_state_init(&w->tests[w->ntests], name, "pool", "sip:a@b"));
		MUST(store_add_test(w->store, &w->tests[w->ntests]));
	}
}

/* Nothing waits that is due by now. */
static bool
is_idle(const struct store *s)
{
	uint64_t now = now_us(s);
	bool batch = (s->nbatch > 0 || s->nannounced > 0) && s->batch_due_us <= now;

	if (s->busy)
		return false;
	if (s->retry_us > now)
		return true;
	return s->is_open && STAILQ_EMPTY(&s->queue) && s->names_due == 0 &&
	       s->ngone == 0 && !s->rows_due && s->nflight == 0 && !s->sweep_due &&
	       !s->proving && !s->imported_due && !s->lasts.active && !batch &&
	       s->upkeep_us > now;
}

static void
give_up(void *arg)
{
	(void)arg;
	fail_msg("the store has not come to rest");
}

void
world_settle(struct world *w)
{
	struct timer *limit = timer_new(w->loop, give_up, NULL);

	MUST(limit != NULL);
	timer_set(limit, PATIENCE_US);
	store_pump_soon(w->store);
	do
		event_base_loop(loop_base(w->loop), EVLOOP_ONCE);
	while (!is_idle(w->store));
	timer_free(limit);
}

void
world_pass(struct world *w, uint64_t ms)
{
	w->mono_us += ms * 1000;
	w->wall_ms += (int64_t)ms;
	world_settle(w);
}

/* ---- what happens ---- */

static struct result
make_result(const struct world *w, bool ok)
{
	static unsigned number = 0x4f2a91;
	struct result r = { .ok = ok,
		.started_ms = w->wall_ms - 500,
		.latency_us = 412300,
		.warnings = ok ? 0 : 1u << WARNING_CLOCK_SKEW,
		.nsteps = 2 };

	snprintf(r.run, sizeof(r.run), "%06x", number++ & 0xffffff);
	err_clear(&r.err);
	r.steps[0] = (struct step_time){ STEP_RESOLVE, 900 };
	r.steps[1] = (struct step_time){ STEP_SIP_CONNECT, 12300 };
	if (ok) {
		r.certificate = (struct cert_facts){ .known = true,
			.subject = "CN=kenmyer",
			.serial = "1A2B",
			.sha1 = "0123456789ABCDEF0123456789ABCDEF01234567",
			.not_before = 1795351451,
			.not_after = 1810903451 };
	} else {
		err_set(&r.err, CAUSE_AUTH, 401, "HTTP 401, NTLM");
		r.err.step = STEP_WEB_TICKET;
	}
	return r;
}

static bool
feed(struct world *w, size_t test, bool ok, struct alert_change *ret)
{
	const struct alert_rules rules = { .confirm = 2, .recover = 1 };
	struct test_state *t = &w->tests[test];
	struct result r = make_result(w, ok);
	bool changed;

	MUST(test_state_note_run(t, &r, w->wall_ms));
	changed =
	    (alert_feed(&rules, &t->alert, ok, w->wall_ms, ret) & ALERT_CHANGED) != 0;
	t->next_ms = w->wall_ms + 300000;
	store_note_run(w->store, t, NULL);
	return changed;
}

void
world_run_quietly(struct world *w, size_t test, bool ok)
{
	struct alert_change change;

	(void)feed(w, test, ok, &change);
}

void
world_run(struct world *w, size_t test, bool ok)
{
	struct test_state *t = &w->tests[test];
	struct alert_change change;

	if (!feed(w, test, ok, &change))
		return;
	snprintf(t->incident, sizeof(t->incident), "%s", ok ? "" : "7c1e09d4");
	MUST(store_note_change(w->store,
		 &(struct store_change){ .test = t,
		     .was = alert_state_name(change.from),
		     .now = alert_state_name(change.to),
		     .incident = change.from == ALERT_UNKNOWN && ok ? NULL : "7c1e09d4",
		     .run = t->last.run,
		     .event = "test.state",
		     .pairs = t->name,
		     .priority = 3 }) != 0);
}

static bool
format_text(void *arg, struct buf *out)
{
	buf_puts(out, *(char **)arg);
	return true;
}

struct trace_text {
	char *text;
	struct world *world;
};

static void
release_text(void *arg)
{
	struct trace_text *t = arg;

	t->world->released++;
	free(t->text);
	free(t);
}

struct store_trace
world_trace(struct world *w, const char *text)
{
	struct trace_text *t = malloc(sizeof(*t));

	MUST(t != NULL);
	*t = (struct trace_text){ str_dup(str_of(text)), w };
	return (struct store_trace){ strlen(text), format_text, release_text, t };
}

void
world_fill(struct world *w)
{
	world_open(w);
	world_add(w, 2);
	world_run(w, 0, true);
	world_run(w, 1, false);
	world_run(w, 1, false);
	world_settle(w);
	store_mark_announced(w->store, 1);
	store_mark_announced(w->store, 2);
	store_mark_announced(w->store, 3);
	world_close(w);
	buf_clear(&w->told);
}

void
assert_filled(const struct state *s)
{
	assert_int_equal(s->ntests, 2);
	assert_string_equal(s->tests[1].name, "t1");
	assert_int_equal(s->tests[1].alert.state, ALERT_ALERT);
	assert_string_equal(s->tests[1].incident, "7c1e09d4");
	assert_int_equal(s->tests[1].runs, 2);
}

void
world_move(struct world *w, bool away)
{
	char other[200];

	snprintf(other, sizeof(other), "%s.away", w->directory);
	MUST(rename(away ? w->directory : other, away ? other : w->directory) == 0);
}

/* ---- looking ---- */

void
world_flushed(void *arg)
{
	struct world *w = arg;

	buf_puts(&w->told, "flushed\n");
}

size_t
world_count(const struct world *w, const char *line)
{
	struct str rest = buf_view(&w->told), one;
	size_t n = 0;

	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &one);
		n += str_eq(one, line);
	}
	return n;
}

int64_t
sql_number(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t n = -1;

	MUST(sqlite3_open(path, &db) == SQLITE_OK);
	MUST(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

int64_t
world_number(const struct world *w, const char *sql)
{
	return sql_number(w->path, sql);
}

void
world_sql(const struct world *w, const char *sql)
{
	sqlite3 *db = NULL;

	MUST(sqlite3_open(w->path, &db) == SQLITE_OK);
	MUST(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
}
