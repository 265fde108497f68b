#include "store/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/db.h"
#include "store/pack.h"
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
	int64_t *known; /* by place: the run up to which all is known of the test */
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
	l->known = calloc(n + 1, sizeof(*l->known));
	if (l->by_id == NULL || l->known == NULL) {
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
 * Takes r as the last run of t. failure: handed over. A failed run of which the failure
 * is not known is left out; what was before it stays.
 */
static void
set_last(struct load *l, struct test_state *t, const struct store_run *r,
    struct failure_text *failure)
{
	struct last_run last = { .started_ms = r->started_ms,
		.latency_us = r->latency_us,
		.ok = r->ok,
		.warnings = (uint8_t)r->warnings,
		.nsteps = (uint8_t)r->nsteps,
		.failure = failure };

	memcpy(last.run, r->run, sizeof(last.run));
	if (r->nsteps > 0) {
		last.steps = malloc(r->nsteps * sizeof(r->steps[0]));
		if (last.steps == NULL)
			no_memory(l->db);
		else
			memcpy(last.steps, r->steps, r->nsteps * sizeof(r->steps[0]));
	}
	if (db_is_good(l->db) && last.ok == (failure == NULL)) {
		last_run_free(&t->last);
		t->last = last;
	} else {
		last_run_free(&last);
	}
}

/* Columns 2 to 7 are started, run, flags, latency, steps, memory. */
static void
set_from_row(
    struct load *l, struct test_state *t, sqlite3_stmt *st, struct failure_text *failure)
{
	struct store_run r = { .started_ms = sqlite3_column_int64(st, 2),
		.latency_us = (uint64_t)sqlite3_column_int64(st, 5) };

	run_name(r.run, (uint32_t)sqlite3_column_int64(st, 3));
	run_read_flags((uint64_t)sqlite3_column_int64(st, 4), &r.ok, &r.warnings);
	r.nsteps = steps_decode(
	    sqlite3_column_blob(st, 6), (size_t)sqlite3_column_bytes(st, 6), r.steps);
	if (sqlite3_column_type(st, 3) != SQLITE_NULL)
		set_last(l, t, &r, failure);
	(void)memory_decode(sqlite3_column_blob(st, 7),
	    (size_t)sqlite3_column_bytes(st, 7), r.started_ms, t);
}

static void
load_lasts(struct load *l)
{
	sqlite3_stmt *st = db_prepare(l->db,
	    "SELECT test, id, started, run, flags, latency, steps, memory, step, cause,"
	    " code, diag, error, diagnosis FROM last");
	struct test_state *t;
	size_t place;

	while (db_next(l->db, st)) {
		t = test_of(l, sqlite3_column_int64(st, 0), &place);
		if (t == NULL)
			continue;
		l->known[place] = sqlite3_column_int64(st, 1);
		if (sqlite3_column_type(st, 2) != SQLITE_NULL)
			set_from_row(l, t, st,
			    sqlite3_column_type(st, 11) == SQLITE_NULL
				? NULL
				: read_failure(st, 8));
	}
	end_table(l);
}

/* Tests that have not run since the newest period was packed. */
static void
load_chunk(
    struct load *l, sqlite3_stmt *st, int64_t first_ms, int64_t first_id, int64_t last_id)
{
	struct chunk_reader reader;
	struct store_run r;
	struct test_state *t;
	bool any = false;
	size_t place;

	t = test_of(l, sqlite3_column_int64(st, 0) & 0xffffff, &place);
	if (t == NULL || l->known[place] >= last_id)
		return;
	chunk_read(&reader, sqlite3_column_blob(st, 1),
	    (size_t)sqlite3_column_bytes(st, 1), first_ms, first_id);
	while (chunk_next(&reader, &r))
		any = true;
	if (!any)
		return;
	l->known[place] = last_id;
	set_last(l, t, &r, r.ok ? NULL : find_failure(l->db, r.failure));
	(void)memory_decode(sqlite3_column_blob(st, 2),
	    (size_t)sqlite3_column_bytes(st, 2), r.started_ms, t);
}

static void
load_newest_period(struct load *l)
{
	sqlite3_stmt *st = db_prepare(l->db,
	    "SELECT id, first_ms, first_recent, last_recent FROM period WHERE done=1"
	    " ORDER BY id DESC LIMIT 1");
	int64_t period = 0, first_ms = 0, first_id = 0, last_id = 0;

	if (db_next(l->db, st)) {
		period = sqlite3_column_int64(st, 0);
		first_ms = sqlite3_column_int64(st, 1);
		first_id = sqlite3_column_int64(st, 2);
		last_id = sqlite3_column_int64(st, 3);
	}
	db_reset(st);
	st = db_prepare(
	    l->db, "SELECT id, runs, memory FROM chunk WHERE id >= ?1 AND id < ?2");
	db_bind_int(st, 1, period << 24);
	db_bind_int(st, 2, (period + 1) << 24);
	while (period != 0 && db_next(l->db, st))
		load_chunk(l, st, first_ms, first_id, last_id);
	db_reset(st);
	end_table(l);
}

/* Of each test the newest, which remembers all that is before it. */
static void
load_recent(struct load *l)
{
	sqlite3_stmt *st = db_prepare(l->db,
	    "SELECT test, id, started, run, flags, latency, steps, memory FROM recent"
	    " ORDER BY id DESC");
	struct test_state *t;
	size_t place;
	int64_t id;

	while (db_next(l->db, st)) {
		t = test_of(l, sqlite3_column_int64(st, 0), &place);
		id = sqlite3_column_int64(st, 1);
		if (t == NULL || id <= l->known[place])
			continue;
		l->known[place] = INT64_MAX;
		set_from_row(l, t, st,
		    (sqlite3_column_int64(st, 4) & 1) == 0 ? NULL
							   : find_failure(l->db, id));
	}
	end_table(l);
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

bool
load_all(struct db *db, struct slots *slots, bool lenient, struct store_recall *ret)
{
	struct load l = { .db = db, .to = ret, .lenient = lenient };

	*ret = (struct store_recall){ .read = true };
	slots_free(slots);
	if (!lenient)
		pack_clean(db);
	load_tests(&l, slots);
	if (db_is_good(db) && make_tables(&l, slots)) {
		load_test_rows(&l);
		load_pools(&l);
		load_watcher(&l);
		load_lasts(&l);
		load_newest_period(&l);
		load_recent(&l);
		load_lines(&l);
		ret->imported = db_get_meta(db, "imported") != 0;
	}
	free(l.by_id);
	free(l.known);
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
