#include "store/trim.h"

#include <stdlib.h>

#include "store/db.h"
#include "store/days.h"
#include "store/schema.h"

#define CHUNKS_AT_ONCE 50
#define ROWS_AT_ONCE   200
#define TRACES_AT_ONCE 2000 /* looked at */
#define TRACE_TEXTS    16   /* deleted: some are 30 KB */
#define PAGES_AT_ONCE  64
#define SPARE_SHARE    4 /* a quarter of the file may be free pages */
#define SIZE_GOAL(max) ((max) / 20 * 19)

/* Runs a statement with up to three numbers. Returns how many rows it changed. */
static int
change_rows(struct db *db, const char *text, int64_t a, int64_t b, int64_t c)
{
	sqlite3_stmt *st = db_prepare(db, text);

	if (st == NULL)
		return 0;
	db_bind_int(st, 1, a);
	db_bind_int(st, 2, b);
	db_bind_int(st, 3, c);
	db_run(db, st);
	return db_is_good(db) ? sqlite3_changes(db->sql) : 0;
}

static void
next_stage(struct trim *t)
{
	t->stage++;
	t->at = 0;
}

/* ---- a period, and what belongs to its runs ---- */

struct period {
	int64_t id, last_ms, last_recent;
};

/* False: there is none, or only the newest, where tests find their last run. */
static bool
oldest_period(struct db *db, struct period *ret)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT id, last_ms, last_recent FROM period WHERE done=1 AND"
	    " id < (SELECT max(id) FROM period WHERE done=1) ORDER BY id LIMIT 1");
	bool found = db_next(db, st);

	if (found)
		*ret = (struct period){ sqlite3_column_int64(st, 0),
			sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2) };
	db_reset(st);
	return found;
}

static bool
delete_traces_up_to(struct db *db, int64_t id, int n)
{
	bool any = change_rows(db,
		       "DELETE FROM trace_text WHERE id IN (SELECT id FROM trace_text"
		       " WHERE id <= ?1 ORDER BY id LIMIT ?2)",
		       id, n, 0) > 0;

	return change_rows(db,
		   "DELETE FROM trace WHERE id <= ?1 AND id <"
		   " ifnull((SELECT min(id) FROM trace_text), 9223372036854775807)",
		   id, 0, 0) > 0 ||
	       any;
}

/* One batch of it; the period itself goes last, so that a crash leaves it to be found. */
static void
delete_period(struct db *db, const struct period *p)
{
	if (change_rows(db,
		"DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE id < ?1"
		" ORDER BY id LIMIT ?2)",
		(p->id + 1) << 24, CHUNKS_AT_ONCE, 0) > 0)
		return;
	if (change_rows(db,
		"DELETE FROM failure WHERE id IN (SELECT id FROM failure WHERE id <= ?1"
		" ORDER BY id LIMIT ?2)",
		p->last_recent, ROWS_AT_ONCE, 0) > 0)
		return;
	if (delete_traces_up_to(db, p->last_recent, TRACE_TEXTS))
		return;
	(void)change_rows(db, "DELETE FROM period WHERE id=?1", p->id, 0, 0);
}

static void
trim_age(struct db *db, struct trim *t, const struct trim_limits *l)
{
	struct period p;

	if (oldest_period(db, &p) && p.last_ms < l->now_ms - l->keep_ms)
		delete_period(db, &p);
	else if (change_rows(db,
		     "DELETE FROM day_steps WHERE id IN (SELECT id FROM day_steps"
		     " WHERE id < ?1 ORDER BY id LIMIT ?2)",
		     (l->now_ms - l->keep_ms) / DAY_MS << 24, ROWS_AT_ONCE, 0) == 0)
		next_stage(t);
}

/* ---- sums, names and changes that are too old ---- */

static int64_t
oldest_day(const struct trim_limits *l)
{
	int64_t kept = TRIM_DAYS_KEPT, wanted = l->keep_ms / DAY_MS;

	return l->now_ms / DAY_MS - (wanted > kept ? wanted : kept);
}

static void
trim_days(struct db *db, struct trim *t, const struct trim_limits *l)
{
	if (change_rows(db,
		"DELETE FROM day WHERE id IN (SELECT id FROM day WHERE id < ?1"
		" ORDER BY id LIMIT ?2)",
		oldest_day(l) << 24, ROWS_AT_ONCE, 0) > 0)
		return;
	(void)change_rows(
	    db, "DELETE FROM test WHERE gone < ?1", oldest_day(l) * DAY_MS, 0, 0);
	next_stage(t);
}

/* Changes are in the order of their ids, so the first that is young enough ends it. */
static bool
delete_changes(struct db *db, int64_t *at, int64_t before_ms)
{
	sqlite3_stmt *st = db_prepare(
	    db, "SELECT id, at FROM change WHERE id > ?1 ORDER BY id LIMIT ?2");
	int64_t from = *at, to = 0;

	db_bind_int(st, 1, from);
	db_bind_int(st, 2, ROWS_AT_ONCE);
	while (db_next(db, st)) {
		if (sqlite3_column_int64(st, 1) >= before_ms)
			break;
		to = sqlite3_column_int64(st, 0);
	}
	db_reset(st);
	if (to == 0)
		return false;
	(void)change_rows(db,
	    "DELETE FROM change WHERE id > ?1 AND id <= ?2 AND announced=1 AND"
	    " (incident IS NULL OR incident NOT IN"
	    " (SELECT incident FROM state WHERE incident IS NOT NULL))",
	    from, to, 0);
	*at = to;
	return true;
}

/* ---- traces ---- */

/* The newest first: what is beyond the number of its test, or of all. */
static bool
is_too_much(struct trim *t, int64_t test, int64_t size)
{
	t->traces += size;
	if (test < 0 || test >= t->ncounts)
		return false;
	if (t->counts[test] < UINT8_MAX)
		t->counts[test]++;
	return t->counts[test] > TRIM_TRACES_OF_TEST;
}

static bool
begin_traces(struct db *db, struct trim *t)
{
	if (t->counts != NULL)
		return true;
	t->ncounts = (uint32_t)db_number(db, "SELECT max(id) FROM test") + 1;
	t->counts = calloc(t->ncounts, 1);
	t->traces = 0;
	t->at = INT64_MAX;
	if (t->counts == NULL)
		db_fail(db, STORE_FAILING, "out of memory");
	return t->counts != NULL;
}

static void
delete_trace(struct db *db, int64_t id)
{
	(void)change_rows(db, "DELETE FROM trace_text WHERE id=?1", id, 0, 0);
	(void)change_rows(db, "DELETE FROM trace WHERE id=?1", id, 0, 0);
}

static void
trim_traces(struct db *db, struct trim *t)
{
	int64_t doomed[TRACE_TEXTS];
	size_t ndoomed = 0;
	sqlite3_stmt *st;
	int n = 0;

	if (!begin_traces(db, t))
		return;
	st = db_prepare(db,
	    "SELECT id, test, size FROM trace WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
	db_bind_int(st, 1, t->at);
	db_bind_int(st, 2, TRACES_AT_ONCE);
	while (ndoomed < TRACE_TEXTS && db_next(db, st)) {
		n++;
		t->at = sqlite3_column_int64(st, 0);
		if (is_too_much(
			t, sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2))) {
			t->traces -= sqlite3_column_int64(st, 2);
			doomed[ndoomed++] = t->at;
		}
		if (t->traces > TRIM_TRACES_MAX) /* and all that are older */
			break;
	}
	db_reset(st);
	for (size_t i = 0; i < ndoomed; i++)
		delete_trace(db, doomed[i]);
	if (t->traces > TRIM_TRACES_MAX) {
		if (!delete_traces_up_to(db, t->at, TRACE_TEXTS))
			next_stage(t);
	} else if (n < TRACES_AT_ONCE && ndoomed < TRACE_TEXTS) {
		next_stage(t);
	}
}

/* ---- the size of the file ---- */

/* The oldest of what may go; false: there is nothing. */
static bool
shrink(struct db *db)
{
	struct period p;
	int64_t day;

	if (delete_traces_up_to(db, INT64_MAX, TRACE_TEXTS))
		return true;
	if (oldest_period(db, &p)) {
		delete_period(db, &p);
		return true;
	}
	if (change_rows(db,
		"DELETE FROM day_steps WHERE id IN (SELECT id FROM day_steps ORDER BY id"
		" LIMIT ?1)",
		ROWS_AT_ONCE, 0, 0) > 0)
		return true;
	day = db_number(db, "SELECT min(id) FROM day") >> 24;
	return change_rows(db,
		   "DELETE FROM day WHERE id IN (SELECT id FROM day WHERE id < ?1"
		   " ORDER BY id LIMIT ?2)",
		   (day + 1) << 24, ROWS_AT_ONCE, 0) > 0;
}

static void
trim_size(struct db *db, struct trim *t, const struct trim_limits *l)
{
	uint64_t used = db_used_bytes(db);

	/* Once it is too large it gets a little smaller than it has to be. */
	if (t->at == 0 && used <= l->max_size) {
		next_stage(t);
		return;
	}
	t->at = 1;
	if (used <= SIZE_GOAL(l->max_size) || !shrink(db))
		next_stage(t);
}

/* Free pages are used again by themselves; only many of them are given back. */
static void
trim_spare(struct db *db, struct trim *t, const struct trim_limits *l)
{
	int64_t pages = db_number(db, "PRAGMA page_count");
	int64_t spare = db_number(db, "PRAGMA freelist_count");
	uint64_t size = (uint64_t)pages * (uint64_t)db_number(db, "PRAGMA page_size");

	if (spare == 0 || (spare < pages / SPARE_SHARE && size <= l->max_size))
		next_stage(t);
	else
		db_exec(db, "PRAGMA incremental_vacuum(64)");
}

void
trim_end(struct trim *t)
{
	free(t->counts);
	*t = (struct trim){ .stage = TRIM_AGE };
}

static void
step(struct db *db, struct trim *t, const struct trim_limits *l)
{
	switch (t->stage) {
	case TRIM_AGE:
		trim_age(db, t, l);
		break;
	case TRIM_DAYS:
		trim_days(db, t, l);
		break;
	case TRIM_CHANGES:
		if (!delete_changes(db, &t->at, oldest_day(l) * DAY_MS))
			next_stage(t);
		break;
	case TRIM_TRACES:
		trim_traces(db, t);
		break;
	case TRIM_SIZE:
		trim_size(db, t, l);
		break;
	case TRIM_SPARE:
		trim_spare(db, t, l);
		break;
	case TRIM_DONE:
		break;
	}
}

bool
trim_step(struct db *db, struct trim *t, const struct trim_limits *l)
{
	db_begin(db, false);
	step(db, t, l);
	if (db_commit(db) && t->stage != TRIM_DONE)
		return true;
	trim_end(t);
	return false;
}
