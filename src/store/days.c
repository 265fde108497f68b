/*
 * days - counts come from the packed runs of a day, times from the changes of the test's
 * state, of the watcher (cut off), and of the daemon (not there).
 */
#include "store/days.h"

#include <string.h>

#include "base/buf.h"
#include "store/db.h"
#include "store/runs.h"
#include "store/schema.h"

#define TESTS_AT_ONCE 20
#define BLOB_MAX      ((size_t)1 << 20)

/* ---- times ---- */

static void
add_span(struct days *d, int64_t at, bool isolated, bool gone)
{
	if (d->nspans == SPANS_MAX)
		return;
	d->spans[d->nspans++] = (struct day_span){ at, isolated, gone };
}

/* The word that a subject has had last, at or before that moment; "" if there is none. */
static void
word_at(struct db *db, enum store_subject kind, const char *subject, int64_t at_ms,
    char *ret, size_t size)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT now FROM change WHERE kind=?1 AND subject=?2 AND at<=?3"
	    " AND now IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1");

	ret[0] = '\0';
	db_bind_int(st, 1, kind);
	db_bind_text(st, 2, subject);
	db_bind_int(st, 3, at_ms);
	if (db_next(db, st))
		(void)str_copy(ret, size, str_of(db_text(st, 0)));
	db_reset(st);
}

void
days_read_spans(struct db *db, struct days *d, int64_t from_ms, int64_t to_ms)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT at, kind, now FROM change WHERE kind IN (3, 4) AND subject='' AND"
	    " at>?1 AND at<?2 AND now IS NOT NULL ORDER BY at, id");
	bool isolated, gone;
	char word[32];

	d->nspans = 0;
	word_at(db, SUBJECT_WATCHER, "", from_ms, word, sizeof(word));
	isolated = strcmp(word, "isolated") == 0;
	word_at(db, SUBJECT_DAEMON, "", from_ms, word, sizeof(word));
	gone = strcmp(word, "stopped") == 0;
	add_span(d, from_ms, isolated, gone);
	db_bind_int(st, 1, from_ms);
	db_bind_int(st, 2, to_ms);
	while (db_next(db, st)) {
		const char *now = db_text(st, 2);

		if (sqlite3_column_int64(st, 1) == SUBJECT_WATCHER)
			isolated = strcmp(now, "isolated") == 0;
		else
			gone = strcmp(now, "stopped") == 0;
		add_span(d, sqlite3_column_int64(st, 0), isolated, gone);
	}
	db_reset(st);
}

/* A time in one state, to which counter it goes. */
static int64_t *
counter_of(struct day_times *t, const char *word)
{
	if (strcmp(word, "ok") == 0)
		return &t->ok;
	if (strcmp(word, "failing") == 0 || strcmp(word, "alert") == 0)
		return &t->lost;
	return strcmp(word, "paused") == 0 ? &t->paused : &t->unwatched;
}

/* The watcher's own spans go before the state, but for a pause. */
static void
measure(
    const struct days *d, const char *word, int64_t from, int64_t to, struct day_times *t)
{
	int64_t *counter = counter_of(t, word);

	for (size_t i = 0; i < d->nspans; i++) {
		const struct day_span *s = &d->spans[i];
		int64_t begin = s->from_ms > from ? s->from_ms : from;
		int64_t end = i + 1 < d->nspans ? d->spans[i + 1].from_ms : to;

		if (end > to)
			end = to;
		if (end <= begin)
			continue;
		if (s->gone)
			t->unwatched += end - begin;
		else if (s->isolated && counter != &t->paused)
			t->isolated += end - begin;
		else
			*counter += end - begin;
	}
}

/* A test whose changes are all later, or not known, was in what its next one ends. */
static void
first_word(struct db *db, const char *test, int64_t from_ms, char *ret, size_t size)
{
	sqlite3_stmt *st;

	word_at(db, SUBJECT_TEST, test, from_ms, ret, size);
	if (ret[0] != '\0')
		return;
	st = db_prepare(db, "SELECT was FROM change WHERE kind=1 AND subject=?1 AND at>?2"
			    " AND was IS NOT NULL ORDER BY at, id LIMIT 1");
	db_bind_text(st, 1, test);
	db_bind_int(st, 2, from_ms);
	if (db_next(db, st))
		(void)str_copy(ret, size, str_of(db_text(st, 0)));
	db_reset(st);
}

void
days_measure(struct db *db, struct days *d, const char *test, int64_t from_ms,
    int64_t to_ms, struct day_times *ret)
{
	sqlite3_stmt *st;
	int64_t since = from_ms, at;
	char word[32];

	*ret = (struct day_times){ 0 };
	first_word(db, test, from_ms, word, sizeof(word));
	st = db_prepare(db, "SELECT at, now FROM change WHERE kind=1 AND subject=?1 AND"
			    " at>?2 AND at<?3 AND now IS NOT NULL ORDER BY at, id");
	db_bind_text(st, 1, test);
	db_bind_int(st, 2, from_ms);
	db_bind_int(st, 3, to_ms);
	while (db_next(db, st)) {
		at = sqlite3_column_int64(st, 0);
		measure(d, word, since, at, ret);
		since = at;
		(void)str_copy(word, sizeof(word), str_of(db_text(st, 1)));
	}
	db_reset(st);
	measure(d, word, since, to_ms, ret);
}

/* ---- runs ---- */

struct counts {
	int64_t runs, failed;
};

static void
count_run(struct days *d, const struct store_run *r, struct counts *c)
{
	c->runs++;
	if (!r->ok) {
		c->failed++;
		return;
	}
	histogram_add(&d->latency, r->latency_us);
	for (unsigned i = 0; i < r->nsteps; i++)
		histogram_add(&d->steps[r->steps[i].step], r->steps[i].us);
}

static void
count_runs(struct db *db, struct days *d, int64_t test, struct counts *c)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT chunk.runs, first_ms, first_recent FROM period JOIN chunk ON"
	    " chunk.id = (period.id << 24 | ?1) WHERE last_ms >= ?2 AND first_ms < ?3"
	    " AND done=1");
	int64_t from = d->day * DAY_MS;
	struct chunk_reader reader;
	struct store_run r;

	db_bind_int(st, 1, test);
	db_bind_int(st, 2, from);
	db_bind_int(st, 3, from + DAY_MS);
	while (db_next(db, st)) {
		chunk_read(&reader, sqlite3_column_blob(st, 0),
		    (size_t)sqlite3_column_bytes(st, 0), sqlite3_column_int64(st, 1),
		    sqlite3_column_int64(st, 2));
		while (chunk_next(&reader, &r))
			if (r.started_ms >= from && r.started_ms < from + DAY_MS)
				count_run(d, &r, c);
	}
	db_reset(st);
}

/* ---- one test's day ---- */

static void
insert_day(struct db *db, struct days *d, int64_t test, const struct counts *c,
    const struct day_times *t)
{
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT OR REPLACE INTO day(id, runs, failed, ok_ms, lost_ms, paused_ms,"
	    " isolated_ms, unwatched_ms, latency)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	struct buf b;

	buf_init(&b, BLOB_MAX);
	histogram_encode(&d->latency, &b);
	db_bind_int(st, 1, d->day << 24 | test);
	db_bind_int(st, 2, c->runs);
	db_bind_int(st, 3, c->failed);
	db_bind_int(st, 4, t->ok);
	db_bind_int(st, 5, t->lost);
	db_bind_int(st, 6, t->paused);
	db_bind_int(st, 7, t->isolated);
	db_bind_int(st, 8, t->unwatched);
	db_bind_blob(st, 9, b.data, b.len);
	db_run(db, st);
	buf_free(&b);
}

static void
insert_steps(struct db *db, struct days *d, int64_t test)
{
	sqlite3_stmt *st;
	struct buf b;

	buf_init(&b, BLOB_MAX);
	step_times_encode(d->steps, &b);
	if (b.len > 0) {
		st = db_prepare(
		    db, "INSERT OR REPLACE INTO day_steps(id, steps) VALUES(?1, ?2)");
		db_bind_int(st, 1, d->day << 24 | test);
		db_bind_blob(st, 2, b.data, b.len);
		db_run(db, st);
	}
	buf_free(&b);
}

static void
sum_test(struct db *db, struct days *d, int64_t test, const char *name)
{
	int64_t from = d->day * DAY_MS;
	struct counts c = { 0, 0 };
	struct day_times t;

	d->latency = (struct histogram){ .total = 0 };
	memset(d->steps, 0, sizeof(d->steps));
	count_runs(db, d, test, &c);
	days_measure(db, d, name, from, from + DAY_MS, &t);
	if (c.runs == 0 && t.unwatched == DAY_MS)
		return; /* nothing is known of it */
	insert_day(db, d, test, &c, &t);
	insert_steps(db, d, test);
}

/* ---- one day ---- */

/* Days are summed up from the first on of which there is a run. */
static int64_t
first_day(struct db *db)
{
	int64_t first = db_number(db, "SELECT min(first_ms) FROM period WHERE done=1");

	return first == 0 ? INT64_MAX / DAY_MS : first / DAY_MS;
}

bool
days_begin(struct db *db, struct days *d, int64_t now_ms)
{
	int64_t day = db_get_meta(db, "summed") + 1, today = now_ms / DAY_MS;

	if (day == 1)
		day = first_day(db);
	if (!db_is_good(db) || day >= today)
		return false;
	d->active = true;
	d->day = day;
	d->test = 0;
	days_read_spans(db, d, day * DAY_MS, (day + 1) * DAY_MS);
	return db_is_good(db);
}

/* The names of the next ones; they are few, and the statement is over before others. */
struct names {
	int64_t ids[TESTS_AT_ONCE];
	char names[TESTS_AT_ONCE][640];
	size_t n;
};

static void
read_names(struct db *db, const struct days *d, struct names *ret)
{
	sqlite3_stmt *st = db_prepare(db, "SELECT id, name FROM test WHERE id > ?1 AND"
					  " (gone IS NULL OR gone >= ?2) ORDER BY id"
					  " LIMIT ?3");

	ret->n = 0;
	db_bind_int(st, 1, d->test);
	db_bind_int(st, 2, d->day * DAY_MS);
	db_bind_int(st, 3, TESTS_AT_ONCE);
	while (ret->n < TESTS_AT_ONCE && db_next(db, st)) {
		ret->ids[ret->n] = sqlite3_column_int64(st, 0);
		(void)str_copy(
		    ret->names[ret->n], sizeof(ret->names[0]), str_of(db_text(st, 1)));
		ret->n++;
	}
	db_reset(st);
}

bool
days_step(struct db *db, struct days *d)
{
	struct names next = { .n = 0 };

	db_begin(db, false);
	if (d->nspans > 1 || !d->spans[0].gone) /* the daemon was there */
		read_names(db, d, &next);
	for (size_t i = 0; i < next.n && db_is_good(db); i++) {
		sum_test(db, d, next.ids[i], next.names[i]);
		d->test = next.ids[i];
	}
	if (next.n < TESTS_AT_ONCE) {
		db_set_meta(db, "summed", d->day);
		d->active = false;
	}
	if (!db_commit(db))
		d->active = false;
	return d->active;
}
