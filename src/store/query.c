/*
 * query - one function for each kind of question makes one page and notes where to go on.
 * No statement stays open between two pages: in the meantime others write.
 */
#include "store/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "store/db.h"
#include "vocab/err.h"

#define SCAN_AT_ONCE   5000		   /* rows that are only looked at */
#define TEXTS_SIZE     ((size_t)256 << 10) /* of all texts of a page */
#define ROW_TEXTS_MAX  ((size_t)8 << 10)   /* of one row: a page ends before that */
#define TEXT_MAX       ((size_t)2048)	   /* of one text; what is longer is cut */
#define TRACE_TEXT_MAX ((size_t)4 << 20)
#define TRACES_LISTED  20

struct query_state {
	struct query query;
	char *subject, *run;
	struct query_page page;
	char *texts; /* of a page; TEXTS_SIZE, so that they never move */
	size_t ntexts;
	int64_t at, test; /* where to go on; the test's id on disk */
	bool begun, in_recent, in_chunk;
	unsigned listed;  /* traces, on all pages */
	int64_t found;	  /* id of a trace */
	void *trace;	  /* its text */
	struct buf chunk; /* what is being read of */
	struct chunk_reader reader;
	union {
		struct query_test tests[QUERY_PAGE_MAX];
		struct query_change changes[QUERY_PAGE_MAX];
		struct query_trace traces[QUERY_PAGE_MAX];
		struct query_day day; /* one a page: it is large */
		struct store_run runs[QUERY_PAGE_MAX];
	} rows;
	struct query_failure failures[QUERY_PAGE_MAX];
};

struct query_state *
query_begin(const struct query *q)
{
	struct query_state *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->query = *q;
	if (s->query.to_ms == 0)
		s->query.to_ms = INT64_MAX;
	buf_init(&s->chunk, (size_t)64 << 20);
	s->texts = malloc(TEXTS_SIZE);
	s->subject = q->subject == NULL ? NULL : str_dup(str_of(q->subject));
	s->run = q->run == NULL ? NULL : str_dup(str_of(q->run));
	if (s->texts != NULL && (q->subject == NULL || s->subject != NULL) &&
	    (q->run == NULL || s->run != NULL))
		return s;
	query_end(s);
	return NULL;
}

void
query_end(struct query_state *s)
{
	if (s == NULL)
		return;
	buf_free(&s->chunk);
	free(s->trace);
	free(s->texts);
	free(s->subject);
	free(s->run);
	free(s);
}

/* ---- a page ---- */

static const char *
keep_text(struct query_state *s, const char *text)
{
	char *at = s->texts + s->ntexts;
	size_t n = strnlen(text, TEXT_MAX - 1);

	if (s->ntexts + n + 1 > TEXTS_SIZE)
		return "";
	memcpy(at, text, n);
	at[n] = '\0';
	s->ntexts += n + 1;
	return at;
}

static bool
has_room(const struct query_state *s)
{
	return s->page.n < QUERY_PAGE_MAX && s->ntexts + ROW_TEXTS_MAX <= TEXTS_SIZE;
}

static void
refuse(struct query_state *s, const char *why)
{
	s->page.error = keep_text(s, why);
	s->page.last = true;
}

/* False: history does not know that test, and the page says so. */
static bool
find_test(struct query_state *s, struct db *db)
{
	sqlite3_stmt *st;
	char why[256];

	if (s->begun)
		return true;
	st = db_prepare(db, "SELECT id FROM test WHERE name=?1");
	db_bind_text(st, 1, s->subject == NULL ? "" : s->subject);
	s->begun = db_next(db, st);
	if (s->begun)
		s->test = sqlite3_column_int64(st, 0);
	db_reset(st);
	if (s->begun)
		return true;
	snprintf(why, sizeof(why), "there is no test \"%.200s\" in the store",
	    s->subject == NULL ? "" : s->subject);
	refuse(s, why);
	return false;
}

/* ---- tests ---- */

static void
step_tests(struct query_state *s, struct db *db)
{
	sqlite3_stmt *st = db_prepare(
	    db, "SELECT id, name, pool, user, gone FROM test WHERE id > ?1 ORDER BY id");

	db_bind_int(st, 1, s->at);
	while (has_room(s) && db_next(db, st)) {
		s->at = sqlite3_column_int64(st, 0);
		s->rows.tests[s->page.n++] =
		    (struct query_test){ keep_text(s, db_text(st, 1)),
			    keep_text(s, db_text(st, 2)), keep_text(s, db_text(st, 3)),
			    sqlite3_column_int64(st, 4) };
	}
	s->page.last = has_room(s);
	db_reset(st);
	s->page.tests = s->rows.tests;
}

/* ---- runs ---- */

static bool
is_wanted(const struct query *q, const struct store_run *r)
{
	return r->started_ms >= q->from_ms && r->started_ms < q->to_ms &&
	       !(q->failures && r->ok);
}

static void
add_failure(struct query_state *s, struct db *db, int64_t id)
{
	struct query_failure *f = &s->failures[s->page.n];
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT step, cause, diag, error, diagnosis, code FROM failure WHERE id=?1");

	*f = (struct query_failure){ "", "", "", "", "", 0 };
	db_bind_int(st, 1, id);
	if (db_next(db, st))
		*f = (struct query_failure){ keep_text(s, db_text(st, 0)),
			keep_text(s, db_text(st, 1)), keep_text(s, db_text(st, 2)),
			keep_text(s, db_text(st, 3)), keep_text(s, db_text(st, 4)),
			(long)sqlite3_column_int64(st, 5) };
	db_reset(st);
}

static void
add_run(struct query_state *s, struct db *db, const struct store_run *r)
{
	if (!is_wanted(&s->query, r))
		return;
	if (!r->ok)
		add_failure(s, db, r->failure);
	s->rows.runs[s->page.n++] = *r;
}

/* The next period that may have some; false: there is none. */
static bool
next_chunk(struct query_state *s, struct db *db)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT period.id, first_ms, first_recent, chunk.runs FROM period LEFT JOIN"
	    " chunk ON chunk.id = (period.id << 24 | ?1) WHERE period.id > ?2 AND done=1"
	    " AND last_ms >= ?3 AND first_ms < ?4 ORDER BY period.id LIMIT 1");
	bool found;

	db_bind_int(st, 1, s->test);
	db_bind_int(st, 2, s->at);
	db_bind_int(st, 3, s->query.from_ms);
	db_bind_int(st, 4, s->query.to_ms);
	found = db_next(db, st);
	if (found) {
		s->at = sqlite3_column_int64(st, 0);
		buf_clear(&s->chunk);
		buf_add(&s->chunk, sqlite3_column_blob(st, 3),
		    (size_t)sqlite3_column_bytes(st, 3));
		chunk_read(&s->reader, s->chunk.data, s->chunk.failed ? 0 : s->chunk.len,
		    sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2));
	}
	db_reset(st);
	return found;
}

static void
step_recent(struct query_state *s, struct db *db)
{
	sqlite3_stmt *st = db_prepare(db, "SELECT id, test, started, run, flags, "
					  "latency, steps FROM recent WHERE id > ?1"
					  " ORDER BY id");
	struct store_run r;
	int n = 0;

	db_bind_int(st, 1, s->at);
	while (n < SCAN_AT_ONCE && has_room(s) && db_next(db, st)) {
		n++;
		s->at = sqlite3_column_int64(st, 0);
		if (sqlite3_column_int64(st, 1) != s->test)
			continue;
		r.started_ms = sqlite3_column_int64(st, 2);
		run_name(r.run, (uint32_t)sqlite3_column_int64(st, 3));
		run_read_flags((uint64_t)sqlite3_column_int64(st, 4), &r.ok, &r.warnings);
		r.latency_us = (uint64_t)sqlite3_column_int64(st, 5);
		r.nsteps = steps_decode(sqlite3_column_blob(st, 6),
		    (size_t)sqlite3_column_bytes(st, 6), r.steps);
		r.failure = r.ok ? 0 : s->at;
		add_run(s, db, &r);
	}
	s->page.last = n < SCAN_AT_ONCE && has_room(s);
	db_reset(st);
}

/* Periods first; what is packed while this goes on is not read again. */
static void
step_runs(struct query_state *s, struct db *db)
{
	struct store_run r;

	s->page.runs = s->rows.runs;
	s->page.failures = s->failures;
	if (!find_test(s, db))
		return;
	if (!s->in_recent && !s->in_chunk)
		s->in_chunk = next_chunk(s, db);
	if (s->in_chunk) {
		while (has_room(s) && (s->in_chunk = chunk_next(&s->reader, &r)))
			add_run(s, db, &r);
		return;
	}
	if (!s->in_recent)
		s->at = db_number(db, "SELECT max(last_recent) FROM period WHERE done=1");
	s->in_recent = true;
	step_recent(s, db);
}

/* ---- changes ---- */

static void
add_change(struct query_state *s, sqlite3_stmt *st)
{
	s->rows.changes[s->page.n++] = (struct query_change){
		.at_ms = sqlite3_column_int64(st, 1),
		.kind = (int)sqlite3_column_int64(st, 2),
		.subject = keep_text(s, db_text(st, 3)),
		.was = keep_text(s, db_text(st, 4)),
		.now = keep_text(s, db_text(st, 5)),
		.incident = keep_text(s, db_text(st, 6)),
		.run = keep_text(s, db_text(st, 7)),
		.event = keep_text(s, db_text(st, 8)),
	};
}

static void
step_changes(struct query_state *s, struct db *db)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT id, at, kind, subject, was, now, incident, run, event FROM change"
	    " WHERE id > ?1 ORDER BY id");
	int n = 0;

	db_bind_int(st, 1, s->at);
	while (n < SCAN_AT_ONCE && has_room(s) && db_next(db, st)) {
		int64_t at = sqlite3_column_int64(st, 1);

		n++;
		s->at = sqlite3_column_int64(st, 0);
		if (at >= s->query.from_ms && at < s->query.to_ms &&
		    (s->subject == NULL || strcmp(s->subject, db_text(st, 3)) == 0))
			add_change(s, st);
	}
	s->page.last = n < SCAN_AT_ONCE && has_room(s);
	db_reset(st);
	s->page.changes = s->rows.changes;
}

/* ---- days ---- */

static void
read_day(struct query_day *d, sqlite3_stmt *st)
{
	*d = (struct query_day){ .day = sqlite3_column_int64(st, 0) >> 24,
		.runs = sqlite3_column_int64(st, 1),
		.failed = sqlite3_column_int64(st, 2),
		.times = { sqlite3_column_int64(st, 3), sqlite3_column_int64(st, 4),
		    sqlite3_column_int64(st, 5), sqlite3_column_int64(st, 6),
		    sqlite3_column_int64(st, 7) } };
	(void)histogram_decode(
	    &d->latency, sqlite3_column_blob(st, 8), (size_t)sqlite3_column_bytes(st, 8));
	d->has_steps = sqlite3_column_type(st, 9) == SQLITE_BLOB &&
		       step_times_decode(d->steps, sqlite3_column_blob(st, 9),
			   (size_t)sqlite3_column_bytes(st, 9));
}

static void
step_days(struct query_state *s, struct db *db)
{
	sqlite3_stmt *st;
	int64_t end = s->query.to_ms / DAY_MS;
	int n = 0;

	if (!find_test(s, db))
		return;
	st = db_prepare(db,
	    "SELECT day.id, runs, failed, ok_ms, lost_ms, paused_ms, isolated_ms,"
	    " unwatched_ms, latency, day_steps.steps FROM day LEFT JOIN day_steps"
	    " USING(id) WHERE day.id=?1");
	if (s->at == 0) {
		int64_t first = db_number(db, "SELECT min(id) FROM day") >> 24;

		s->at = s->query.from_ms / DAY_MS;
		if (s->at < first)
			s->at = first;
	}
	if (end > db_get_meta(db, "summed"))
		end = db_get_meta(db, "summed") + 1;
	/* Most days are there, one after the other. */
	for (; s->at < end && s->page.n == 0 && n < SCAN_AT_ONCE; s->at++, n++) {
		db_bind_int(st, 1, s->at << 24 | s->test);
		if (!db_next(db, st))
			continue;
		read_day(&s->rows.day, st);
		s->page.n = 1;
		db_reset(st);
	}
	s->page.last = s->at >= end;
	s->page.days = &s->rows.day;
}

/* ---- traces ---- */

static bool
is_that_run(const struct query_state *s, sqlite3_stmt *st)
{
	char run[RESULT_RUN_SIZE];

	run_name(run, (uint32_t)sqlite3_column_int64(st, 3));
	return sqlite3_column_int64(st, 1) == s->test &&
	       (s->run == NULL || strcmp(s->run, run) == 0);
}

/* The newest first; each(s, st) answers whether it was enough. */
static void
scan_traces(struct query_state *s, struct db *db,
    bool (*each)(struct query_state *s, sqlite3_stmt *st))
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT id, test, started, run, latency, step, diag FROM trace WHERE id < ?1"
	    " ORDER BY id DESC");
	bool enough = false;
	int n = 0;

	if (s->at == 0)
		s->at = INT64_MAX;
	db_bind_int(st, 1, s->at);
	while (n < SCAN_AT_ONCE && !enough && db_next(db, st)) {
		n++;
		s->at = sqlite3_column_int64(st, 0);
		if (is_that_run(s, st))
			enough = each(s, st);
	}
	s->page.last = enough || n < SCAN_AT_ONCE;
	db_reset(st);
}

/* Those of a test may be on more than one page. */
static bool
add_trace(struct query_state *s, sqlite3_stmt *st)
{
	struct query_trace *t = &s->rows.traces[s->page.n++];

	run_name(t->run, (uint32_t)sqlite3_column_int64(st, 3));
	t->started_ms = sqlite3_column_int64(st, 2);
	t->latency_us = (uint64_t)sqlite3_column_int64(st, 4);
	t->step = keep_text(s, db_text(st, 5));
	t->diag = keep_text(s, db_text(st, 6));
	return ++s->listed == TRACES_LISTED;
}

static bool
note_trace(struct query_state *s, sqlite3_stmt *st)
{
	s->found = sqlite3_column_int64(st, 0);
	return true;
}

static void
unpack_trace(struct query_state *s, struct db *db)
{
	sqlite3_stmt *st =
	    db_prepare(db, "SELECT length, packed FROM trace_text WHERE id=?1");
	uLongf size = 0;

	db_bind_int(st, 1, s->found);
	if (db_next(db, st) && sqlite3_column_int64(st, 0) > 0 &&
	    sqlite3_column_int64(st, 0) <= (int64_t)TRACE_TEXT_MAX) {
		size = (uLongf)sqlite3_column_int64(st, 0);
		free(s->trace);
		s->trace = malloc(size);
		if (s->trace == NULL ||
		    uncompress(s->trace, &size, sqlite3_column_blob(st, 1),
			(uLong)sqlite3_column_bytes(st, 1)) != Z_OK)
			size = 0;
	}
	db_reset(st);
	if (size == 0) {
		refuse(s, "this trace cannot be read");
		return;
	}
	s->page.n = 1;
	s->page.text = (struct str){ (const char *)s->trace, size };
}

static void
step_trace(struct query_state *s, struct db *db)
{
	if (!find_test(s, db))
		return;
	scan_traces(s, db, note_trace);
	if (s->found != 0)
		unpack_trace(s, db);
}

static void
step_traces(struct query_state *s, struct db *db)
{
	if (find_test(s, db))
		scan_traces(s, db, add_trace);
	s->page.traces = s->rows.traces;
}

/* ---- all of them ---- */

const struct query_page *
query_step(struct query_state *s, struct db *db)
{
	static void (*const steps[])(struct query_state *, struct db *) = {
		[QUERY_TESTS] = step_tests,
		[QUERY_RUNS] = step_runs,
		[QUERY_CHANGES] = step_changes,
		[QUERY_DAYS] = step_days,
		[QUERY_TRACES] = step_traces,
		[QUERY_TRACE] = step_trace,
	};

	s->page = (struct query_page){ .n = 0 };
	s->ntexts = 0;
	steps[s->query.what](s, db);
	if (!db_is_good(db)) {
		s->page.n = 0;
		refuse(s, db->why);
	}
	return &s->page;
}

/* ---- without a daemon ---- */

struct query_file {
	struct db db;
};

struct query_file *
query_open(const char *path, struct err *err)
{
	struct query_file *f = calloc(1, sizeof(*f));

	if (f == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	if (db_open_reader(&f->db, path))
		return f;
	err_local(err, 0, "%s", f->db.why);
	query_close(f);
	return NULL;
}

void
query_close(struct query_file *f)
{
	if (f == NULL)
		return;
	db_free(&f->db);
	free(f);
}

bool
query_run(struct query_file *f, const struct query *q,
    void (*each)(void *arg, const struct query_page *page), void *arg, struct err *err)
{
	struct query_state *s = query_begin(q);
	const struct query_page *page = NULL;
	bool ok = s != NULL;

	if (!ok)
		err_local(err, 0, "out of memory");
	while (ok && (page == NULL || !page->last)) {
		page = query_step(s, &f->db);
		ok = page->error == NULL;
		if (!ok)
			err_local(err, 0, "%s", page->error);
		else if (page->n > 0)
			each(arg, page);
	}
	query_end(s);
	return ok;
}
