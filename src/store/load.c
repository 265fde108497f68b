#include "store/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/db.h"
#include "store/row.h"
#include "store/runs.h"
#include "store/write.h"

/* While it is read. */
struct load {
	struct db *db;
	struct store_recall *to;
	bool lenient;
	size_t room;	 /* of to->state.tests */
	uint32_t *by_id; /* place of a test + 1, by its id on disk */
	int64_t nids;
	/* by place: what is counted already, and what the last run known is */
	int64_t *counted, *last;
	uint64_t *runs; /* by place: of the row of its state */
};

void
store_recall_free(struct store_recall *r)
{
	for (size_t i = 0; i < r->nlines; i++) {
		free(r->lines[i].event);
		free(r->lines[i].pairs);
	}
	free(r->lines);
	state_free(&r->state);
	*r = (struct store_recall){ .read = false };
}

static void
no_memory(struct db *db)
{
	db_fail(db, STORE_FAILING, "out of memory");
}

/* Of a damaged file each table is read as far as it goes. */
static void
end_table(struct load *l)
{
	if (l->lenient && l->db->kind == STORE_DAMAGED)
		db_clear(l->db);
}

/* ---- names ---- */

static struct test_state *
test_of(const struct load *l, int64_t id, size_t *ret_place)
{
	uint32_t place = id < 0 || id >= l->nids ? 0 : l->by_id[id];

	if (place == 0)
		return NULL;
	*ret_place = place - 1;
	return &l->to->state.tests[place - 1];
}

static void
add_test(struct load *l, struct slots *slots, sqlite3_stmt *st)
{
	struct state *s = &l->to->state;
	size_t room = l->room == 0 ? 64 : 2 * l->room;
	struct test_state *t;

	if (s->ntests == l->room) {
		t = realloc(s->tests, room * sizeof(*t));
		if (t == NULL) {
			no_memory(l->db);
			return;
		}
		s->tests = t;
		l->room = room;
	}
	t = &s->tests[s->ntests];
	if (!test_state_init(t, db_text(st, 1), db_text(st, 2), db_text(st, 3)) ||
	    !slots_set(
		slots, (uint32_t)s->ntests + 1, (uint32_t)sqlite3_column_int64(st, 0))) {
		test_state_free(t);
		no_memory(l->db);
		return;
	}
	t->id = (uint32_t)++s->ntests;
}

static void
load_tests(struct load *l, struct slots *slots)
{
	sqlite3_stmt *st = db_prepare(l->db,
	    "SELECT id, name, pool, user FROM test WHERE gone IS NULL ORDER BY name");

	while (db_next(l->db, st))
		add_test(l, slots, st);
	db_reset(st);
	end_table(l);
}

static bool
make_tables(struct load *l, const struct slots *slots)
{
	size_t n = l->to->state.ntests;

	for (uint32_t i = 1; i <= n; i++)
		if (slots_id(slots, i) >= l->nids)
			l->nids = (int64_t)slots_id(slots, i) + 1;
	l->by_id = calloc((size_t)l->nids + 1, sizeof(*l->by_id));
	l->counted = calloc(n + 1, sizeof(*l->counted));
	l->last = calloc(n + 1, sizeof(*l->last));
	l->runs = calloc(n + 1, sizeof(*l->runs));
	if (l->by_id == NULL || l->counted == NULL || l->last == NULL ||
	    l->runs == NULL) {
		no_memory(l->db);
		return false;
	}
	for (uint32_t i = 1; i <= n; i++)
		l->by_id[slots_id(slots, i)] = i;
	return true;
}

/* ---- states ---- */

/* Both are in the order of names. */
static void
load_test_rows(struct load *l)
{
	struct state *s = &l->to->state;
	struct row_reader r;
	size_t i = 0;

	row_read(l->db, SUBJECT_TEST, &r);
	while (row_next(l->db, &r)) {
		while (i < s->ntests && strcmp(s->tests[i].name, r.row.subject) < 0)
			i++;
		if (i == s->ntests || strcmp(s->tests[i].name, r.row.subject) != 0)
			continue;
		l->runs[i] = r.row.runs;
		if (!row_to_test(&r.row, &s->tests[i]))
			no_memory(l->db);
	}
	end_table(l);
}

static void
load_pools(struct load *l)
{
	struct state *s = &l->to->state;
	struct pool_state *more;
	struct row_reader r;

	row_read(l->db, SUBJECT_POOL, &r);
	while (row_next(l->db, &r)) {
		if (r.row.state == NULL)
			continue;
		more = realloc(s->pools, (s->npools + 1) * sizeof(*more));
		if (more != NULL)
			s->pools = more;
		if (more == NULL || !row_to_pool(&r.row, &s->pools[s->npools]))
			no_memory(l->db);
		else
			s->npools++;
	}
	end_table(l);
}

static void
load_watcher(struct load *l)
{
	struct state *s = &l->to->state;
	struct row_reader r;

	row_read(l->db, SUBJECT_WATCHER, &r);
	while (row_next(l->db, &r))
		row_to_watcher(&r.row, &s->watcher, s->watcher_incident);
	end_table(l);
}

/* ---- what is counted ---- */

/* Of counter and state the one that knows of more runs was written later. */
static void
apply_counter(struct test_state *t, sqlite3_stmt *st, uint64_t runs_of_state)
{
	t->runs = (uint64_t)sqlite3_column_int64(st, 2);
	t->failed_runs = (uint64_t)sqlite3_column_int64(st, 3);
	t->next_ms = sqlite3_column_int64(st, 4);
	t->last_success_ms = sqlite3_column_int64(st, 5);
	t->last_failure_ms = sqlite3_column_int64(st, 6);
	if (t->runs < runs_of_state)
		return;
	t->alert.failures = (unsigned)sqlite3_column_int64(st, 7);
	t->alert.successes = (unsigned)sqlite3_column_int64(st, 8);
	t->alert.recent = (uint16_t)sqlite3_column_int64(st, 9);
}

static void
load_counters(struct load *l)
{
	sqlite3_stmt *st = db_prepare(l->db,
	    "SELECT test, counted, runs, failed, next, last_ok, last_fail, failures,"
	    " successes, recent FROM counter");
	struct test_state *t;
	size_t place;

	while (db_next(l->db, st)) {
		t = test_of(l, sqlite3_column_int64(st, 0), &place);
		if (t == NULL)
			continue;
		apply_counter(t, st, l->runs[place]);
		l->counted[place] = sqlite3_column_int64(st, 1);
	}
	end_table(l);
}

/* ---- last runs ---- */

static enum cause
cause_by_word(const char *word)
{
	for (int i = 0; i < CAUSE_COUNT; i++)
		if (strcmp(cause_name((enum cause)i), word) == 0)
			return (enum cause)i;
	return CAUSE_NONE;
}

/* The columns from `at` on: step, cause, code, diag, error, diagnosis. */
static struct failure_text *
read_failure(sqlite3_stmt *st, int at)
{
	struct failure_text *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->step = STEP_COUNT;
	(void)step_by_name(str_of(db_text(st, at)), &f->step);
	f->cause = cause_by_word(db_text(st, at + 1));
	f->code = (long)sqlite3_column_int64(st, at + 2);
	(void)str_copy(f->diag, sizeof(f->diag), str_of(db_text(st, at + 3)));
	f->error = str_dup(str_of(db_text(st, at + 4)));
	f->diagnosis = str_dup(str_of(db_text(st, at + 5)));
	if (f->error != NULL && f->diagnosis != NULL)
		return f;
	free(f->error);
	free(f->diagnosis);
	free(f);
	return NULL;
}

static struct failure_text *
find_failure(struct db *db, int64_t id)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT step, cause, code, diag, error, diagnosis FROM failure WHERE id=?1");
	struct failure_text *f = NULL;

	db_bind_int(st, 1, id);
	if (db_next(db, st))
		f = read_failure(st, 0);
	db_reset(st);
	return f;
}

/*
 * Columns 2 to 7 are started, run, flags, latency, steps, seen. failure: handed over;
 * NULL where there is none, or none that can be read: then the run is left out, because
 * a failed run without its failure is none.
 */
static void
apply_last(
    struct load *l, struct test_state *t, sqlite3_stmt *st, struct failure_text *failure)
{
	struct last_run last = { .started_ms = sqlite3_column_int64(st, 2),
		.latency_us = (uint64_t)sqlite3_column_int64(st, 5),
		.failure = failure };
	struct step_time steps[RESULT_STEPS_MAX];
	unsigned warnings;

	run_name(last.run, (uint32_t)sqlite3_column_int64(st, 3));
	run_read_flags((uint64_t)sqlite3_column_int64(st, 4), &last.ok, &warnings);
	last.warnings = (uint8_t)warnings;
	last.nsteps = (uint8_t)steps_decode(
	    sqlite3_column_blob(st, 6), (size_t)sqlite3_column_bytes(st, 6), steps);
	if (last.nsteps > 0) {
		last.steps = malloc(last.nsteps * sizeof(*steps));
		if (last.steps == NULL)
			no_memory(l->db);
		else
			memcpy(last.steps, steps, last.nsteps * sizeof(*steps));
	}
	if (sqlite3_column_type(st, 7) == SQLITE_BLOB)
		(void)seen_decode(
		    sqlite3_column_blob(st, 7), (size_t)sqlite3_column_bytes(st, 7), t);
	if (db_is_good(l->db) && last.ok == (failure == NULL)) {
		last_run_free(&t->last);
		t->last = last;
	} else {
		last_run_free(&last);
	}
}

static void
load_lasts(struct load *l)
{
	sqlite3_stmt *st = db_prepare(l->db, "SELECT test, id, started, run, flags, "
					     "latency, steps, seen, step, cause, code,"
					     " diag, error, diagnosis FROM last");
	struct test_state *t;
	size_t place;

	while (db_next(l->db, st)) {
		t = test_of(l, sqlite3_column_int64(st, 0), &place);
		if (t == NULL)
			continue;
		if (sqlite3_column_type(st, 3) != SQLITE_NULL)
			apply_last(l, t, st,
			    sqlite3_column_type(st, 11) == SQLITE_NULL
				? NULL
				: read_failure(st, 8));
		l->last[place] = sqlite3_column_int64(st, 1);
	}
	end_table(l);
}

/* ---- runs that are newer than that ---- */

/* runs_of_state: a row of the state that knows of more runs was written later. */
static void
count_again(struct test_state *t, sqlite3_stmt *st, bool ok, uint64_t runs_of_state)
{
	int64_t started = sqlite3_column_int64(st, 2);
	int64_t ended = started + sqlite3_column_int64(st, 5) / 1000;

	t->runs++;
	if (sqlite3_column_type(st, 8) != SQLITE_NULL)
		t->next_ms = started + sqlite3_column_int64(st, 8);
	if (ok) {
		t->last_success_ms = ended;
	} else {
		t->failed_runs++;
		t->last_failure_ms = ended;
	}
	if (t->runs < runs_of_state)
		return;
	t->alert.failures = (unsigned)sqlite3_column_int64(st, 9);
	t->alert.successes = (unsigned)sqlite3_column_int64(st, 10);
	t->alert.recent = (uint16_t)sqlite3_column_int64(st, 11);
}

static void
replay(struct load *l)
{
	int64_t counted = db_get_meta(l->db, "counted"),
		last = db_get_meta(l->db, "last");
	sqlite3_stmt *st = db_prepare(l->db,
	    "SELECT test, id, started, run, flags, latency, steps, seen, next, failures,"
	    " successes, recent FROM recent WHERE id > ?1 ORDER BY id");
	struct test_state *t;
	int64_t id;
	size_t place;
	bool ok;
	unsigned warnings;

	db_bind_int(st, 1, counted < last ? counted : last);
	while (db_next(l->db, st)) {
		t = test_of(l, sqlite3_column_int64(st, 0), &place);
		id = sqlite3_column_int64(st, 1);
		if (t == NULL)
			continue;
		run_read_flags((uint64_t)sqlite3_column_int64(st, 4), &ok, &warnings);
		if (id > l->counted[place])
			count_again(t, st, ok, l->runs[place]);
		if (id > l->last[place])
			apply_last(l, t, st, ok ? NULL : find_failure(l->db, id));
	}
	end_table(l);
}

/* Runs that a crash took before they were written, but not what they changed. */
static void
correct_runs(struct load *l)
{
	struct state *s = &l->to->state;

	for (size_t i = 0; i < s->ntests; i++)
		if (s->tests[i].runs < l->runs[i])
			s->tests[i].runs = l->runs[i];
}

/* ---- lines ---- */

static void
load_lines(struct load *l)
{
	sqlite3_stmt *st = db_prepare(l->db,
	    "SELECT id, event, line, priority, at FROM change WHERE announced=0"
	    " AND event IS NOT NULL ORDER BY id");
	struct store_recall *to = l->to;
	struct store_line *more, *line;

	while (db_next(l->db, st)) {
		more = realloc(to->lines, (to->nlines + 1) * sizeof(*more));
		if (more == NULL) {
			no_memory(l->db);
			continue;
		}
		to->lines = more;
		line = &to->lines[to->nlines++];
		*line =
		    (struct store_line){ .ticket = (uint64_t)sqlite3_column_int64(st, 0),
			    .event = str_dup(str_of(db_text(st, 1))),
			    .pairs = str_dup(str_of(db_text(st, 2))),
			    .priority = (int)sqlite3_column_int64(st, 3),
			    .at_ms = sqlite3_column_int64(st, 4) };
		if (line->event == NULL || line->pairs == NULL)
			no_memory(l->db);
	}
	end_table(l);
}

/* ---- all of it ---- */

/* Of a period that was not packed to its end the runs are still in recent. */
static void
forget_half_periods(struct db *db)
{
	db_exec(db, "DELETE FROM chunk WHERE id >= (SELECT min(id) << 24 FROM period"
		    " WHERE done = 0); DELETE FROM period WHERE done = 0");
}

bool
load_all(struct db *db, struct slots *slots, bool lenient, struct store_recall *ret)
{
	struct load l = { .db = db, .to = ret, .lenient = lenient };

	*ret = (struct store_recall){ .read = true };
	slots_free(slots);
	if (!lenient)
		forget_half_periods(db);
	load_tests(&l, slots);
	if (db_is_good(db) && make_tables(&l, slots)) {
		load_test_rows(&l);
		load_pools(&l);
		load_watcher(&l);
		load_counters(&l);
		load_lasts(&l);
		replay(&l);
		correct_runs(&l);
		load_lines(&l);
		ret->imported = db_get_meta(db, "imported") != 0;
	}
	free(l.by_id);
	free(l.counted);
	free(l.last);
	free(l.runs);
	if (lenient)
		db_clear(db);
	if (db_is_good(db))
		return true;
	store_recall_free(ret);
	return false;
}

void
load_salvage(const char *path, struct slots *slots, struct store_recall *ret)
{
	struct db db;

	*ret = (struct store_recall){ .read = false };
	if (db_open_salvage(&db, path))
		(void)load_all(&db, slots, true, ret);
	db_free(&db);
}
