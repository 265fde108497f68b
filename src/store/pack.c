/*
 * pack - one slice after the other: read which run is of which test, write the blob of
 * each test, carry on what tests remember that are not in it, say that the period is
 * done, delete what it holds from recent.
 *
 * Until the period is marked as done nobody reads it, and a start deletes it; from then
 * on nobody reads what is left in recent of it. So a crash at any time loses nothing and
 * doubles nothing.
 */
#include "store/pack.h"

#include <stdlib.h>

#include "store/db.h"

#define READ_AT_ONCE   20000
#define WRITE_AT_ONCE  200
#define CARRY_AT_ONCE  200
#define DELETE_AT_ONCE 2000
#define BLOB_MAX       ((size_t)64 << 20)

static int64_t
packed_up_to(struct db *db)
{
	return db_number(db, "SELECT max(last_recent) FROM period");
}

int64_t
pack_count(struct db *db, int64_t *ret_oldest_ms)
{
	sqlite3_stmt *st = db_prepare(
	    db, "SELECT id, started FROM recent WHERE id > ?1 ORDER BY id LIMIT 1");
	int64_t first = 0;

	*ret_oldest_ms = 0;
	db_bind_int(st, 1, packed_up_to(db));
	if (db_next(db, st)) {
		first = sqlite3_column_int64(st, 0);
		*ret_oldest_ms = sqlite3_column_int64(st, 1);
	}
	db_reset(st);
	return first == 0 ? 0 : db->next_run - first;
}

void
pack_end(struct pack *p)
{
	free(p->heads);
	free(p->next);
	buf_free(&p->blob);
	buf_free(&p->memory);
	*p = (struct pack){ .stage = PACK_IDLE };
}

void
pack_clean(struct db *db)
{
	db_exec(db,
	    "DELETE FROM chunk WHERE id >="
	    " (SELECT min(id) << 24 FROM period WHERE done = 0);"
	    "DELETE FROM period WHERE done = 0;"
	    "DELETE FROM recent WHERE id <= (SELECT max(last_recent) FROM period)");
}

static void
find_period_before(struct db *db, struct pack *p)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT id, first_ms, first_recent, last_recent FROM period ORDER BY id DESC"
	    " LIMIT 1");

	if (db_next(db, st)) {
		p->before = sqlite3_column_int64(st, 0);
		p->before_ms = sqlite3_column_int64(st, 1);
		p->before_first = sqlite3_column_int64(st, 2);
		p->before_last = sqlite3_column_int64(st, 3);
	}
	db_reset(st);
	p->period = p->before + 1;
}

bool
pack_begin(struct db *db, struct pack *p)
{
	int64_t oldest, n;

	pack_end(p);
	pack_clean(db);
	n = pack_count(db, &oldest);
	if (n == 0 || !db_is_good(db))
		return false;
	find_period_before(db, p);
	p->last_id = db->next_run - 1;
	p->first_id = db->next_run - n;
	p->at = p->last_id;
	p->ntests = (uint32_t)db_number(db, "SELECT max(id) FROM test") + 1;
	p->heads = calloc(p->ntests, sizeof(*p->heads));
	p->next = calloc((size_t)n + 1, sizeof(*p->next));
	buf_init(&p->blob, BLOB_MAX);
	buf_init(&p->memory, BLOB_MAX);
	p->stage = PACK_READ;
	if (p->heads != NULL && p->next != NULL && n < UINT32_MAX)
		return db_is_good(db);
	pack_end(p);
	db_fail(db, STORE_FAILING, "out of memory");
	return false;
}

/* ---- reading ---- */

/* Downwards, so that what is put in front of a list is older than the rest of it. */
static void
note_run(struct pack *p, sqlite3_stmt *st)
{
	int64_t id = sqlite3_column_int64(st, 0), test = sqlite3_column_int64(st, 1);
	int64_t started = sqlite3_column_int64(st, 2);
	uint32_t place = (uint32_t)(id - p->first_id) + 1;

	p->at = id - 1;
	if (p->last_ms == 0 || started > p->last_ms)
		p->last_ms = started;
	if (p->first_ms == 0 || started < p->first_ms)
		p->first_ms = started;
	if (test <= 0 || test >= p->ntests)
		return;
	p->next[place] = p->heads[test];
	p->heads[test] = place;
}

static void
insert_period(struct db *db, struct pack *p)
{
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT INTO period(id, first_ms, last_ms, first_recent, last_recent, done)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, 0)");

	db_bind_int(st, 1, p->period);
	db_bind_int(st, 2, p->first_ms);
	db_bind_int(st, 3, p->last_ms);
	db_bind_int(st, 4, p->first_id);
	db_bind_int(st, 5, p->last_id);
	db_run(db, st);
}

static void
read_some(struct db *db, struct pack *p)
{
	sqlite3_stmt *st =
	    db_prepare(db, "SELECT id, test, started FROM recent WHERE id <= ?1 AND"
			   " id >= ?2 ORDER BY id DESC LIMIT ?3");
	int n = 0;

	db_bind_int(st, 1, p->at);
	db_bind_int(st, 2, p->first_id);
	db_bind_int(st, 3, READ_AT_ONCE);
	while (db_next(db, st)) {
		note_run(p, st);
		n++;
	}
	if (n == READ_AT_ONCE || !db_is_good(db))
		return;
	insert_period(db, p);
	p->stage = PACK_WRITE;
	p->test = 0;
	p->run = 0;
}

/* ---- writing ---- */

static void
add_run(struct db *db, struct pack *p, int64_t id)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT started, run, flags, latency, steps, memory FROM recent WHERE id=?1");
	struct store_run r = { .nsteps = 0 };

	db_bind_int(st, 1, id);
	if (db_next(db, st)) {
		r.started_ms = sqlite3_column_int64(st, 0);
		run_name(r.run, (uint32_t)sqlite3_column_int64(st, 1));
		run_read_flags((uint64_t)sqlite3_column_int64(st, 2), &r.ok, &r.warnings);
		r.latency_us = (uint64_t)sqlite3_column_int64(st, 3);
		r.nsteps = steps_decode(sqlite3_column_blob(st, 4),
		    (size_t)sqlite3_column_bytes(st, 4), r.steps);
		r.failure = r.ok ? 0 : id;
		chunk_add(&p->writer, &r);
		buf_clear(&p->memory);
		buf_add(&p->memory, sqlite3_column_blob(st, 5),
		    (size_t)sqlite3_column_bytes(st, 5));
	}
	db_reset(st);
}

static void
insert_chunk(struct db *db, struct pack *p)
{
	sqlite3_stmt *st =
	    db_prepare(db, "INSERT INTO chunk(id, runs, memory) VALUES(?1, ?2, ?3)");

	if (p->blob.failed || p->memory.failed)
		db_fail(db, STORE_FAILING, "out of memory");
	db_bind_int(st, 1, p->period << 24 | p->test);
	db_bind_blob(st, 2, p->blob.data, p->blob.len);
	db_bind_blob(st, 3, p->memory.data, p->memory.len);
	db_run(db, st);
}

/* The next test that has runs; false: there is none. */
static bool
next_test(struct pack *p)
{
	while (++p->test < p->ntests)
		if (p->heads[p->test] != 0) {
			p->run = p->heads[p->test];
			buf_clear(&p->blob);
			chunk_begin(&p->writer, &p->blob, p->first_ms, p->first_id);
			return true;
		}
	return false;
}

static void
write_some(struct db *db, struct pack *p)
{
	for (int n = 0; n < WRITE_AT_ONCE && db_is_good(db); n++) {
		if (p->run == 0 && !next_test(p)) {
			p->stage = PACK_CARRY;
			p->test = 0;
			return;
		}
		add_run(db, p, p->first_id + p->run - 1);
		p->run = p->next[p->run];
		if (p->run == 0)
			insert_chunk(db, p);
	}
}

/* ---- tests that are not in this period ---- */

/* The newest run of a test that is in the period before and not in this one. */
static void
insert_last(struct db *db, int64_t test, const struct store_run *r, int64_t id,
    const void *memory, size_t size)
{
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT OR REPLACE INTO last(test, id, started, run, flags, latency, steps,"
	    " memory, step, cause, code, diag, error, diagnosis)"
	    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, step, cause, code, diag, error,"
	    " diagnosis FROM (SELECT ?9 AS failure) LEFT JOIN failure ON failure.id=?9"
	    " WHERE NOT EXISTS (SELECT 1 FROM last WHERE last.test=?1 AND last.id>=?2)");
	struct buf steps;

	buf_init(&steps, BLOB_MAX);
	steps_encode(r->steps, r->nsteps, &steps);
	db_bind_int(st, 1, test);
	db_bind_int(st, 2, id);
	db_bind_int(st, 3, r->started_ms);
	db_bind_int(st, 4, run_number(r->run));
	db_bind_int(st, 5, (int64_t)run_flags(r->ok, r->warnings));
	db_bind_int(st, 6, (int64_t)r->latency_us);
	db_bind_blob(st, 7, steps.data, steps.len);
	db_bind_blob(st, 8, memory, size);
	db_bind_int(st, 9, r->failure);
	db_run(db, st);
	buf_free(&steps);
}

static void
carry(struct db *db, const struct pack *p, sqlite3_stmt *st)
{
	struct chunk_reader reader;
	struct store_run r;
	bool any = false;

	chunk_read(&reader, sqlite3_column_blob(st, 1),
	    (size_t)sqlite3_column_bytes(st, 1), p->before_ms, p->before_first);
	while (chunk_next(&reader, &r))
		any = true;
	if (any)
		insert_last(db, p->test, &r, p->before_last, sqlite3_column_blob(st, 2),
		    (size_t)sqlite3_column_bytes(st, 2));
}

static void
finish_period(struct db *db, struct pack *p)
{
	sqlite3_stmt *st = db_prepare(db, "UPDATE period SET done=1 WHERE id=?1");

	db_bind_int(st, 1, p->period);
	db_run(db, st);
	p->stage = PACK_DELETE;
}

/* Only the newest period is looked at when the store is opened. */
static void
carry_some(struct db *db, struct pack *p)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT id & 0xffffff, runs, memory FROM chunk WHERE id > ?1 AND id < ?2"
	    " ORDER BY id LIMIT ?3");
	int n = 0;

	db_bind_int(st, 1, p->before << 24 | p->test);
	db_bind_int(st, 2, (p->before + 1) << 24);
	db_bind_int(st, 3, CARRY_AT_ONCE);
	while (db_next(db, st)) {
		p->test = (uint32_t)sqlite3_column_int64(st, 0);
		if (p->test < p->ntests && p->heads[p->test] == 0)
			carry(db, p, st);
		n++;
	}
	if (n < CARRY_AT_ONCE)
		finish_period(db, p);
}

/* ---- deleting ---- */

static void
delete_some(struct db *db, struct pack *p)
{
	int64_t to = p->first_id + DELETE_AT_ONCE - 1;
	sqlite3_stmt *st = db_prepare(db, "DELETE FROM recent WHERE id <= ?1");

	db_bind_int(st, 1, to < p->last_id ? to : p->last_id);
	db_run(db, st);
	p->first_id = to + 1;
	if (to >= p->last_id)
		p->stage = PACK_IDLE;
}

bool
pack_step(struct db *db, struct pack *p)
{
	db_begin(db, false);
	switch (p->stage) {
	case PACK_IDLE:
		break;
	case PACK_READ:
		read_some(db, p);
		break;
	case PACK_WRITE:
		write_some(db, p);
		break;
	case PACK_CARRY:
		carry_some(db, p);
		break;
	case PACK_DELETE:
		delete_some(db, p);
		break;
	}
	if (db_commit(db) && p->stage != PACK_IDLE)
		return true;
	pack_end(p);
	return false;
}
