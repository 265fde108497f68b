#include "store/write.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "store/batch.h"
#include "store/db.h"

#define TEST_ID_MAX    0xffffff /* so that it fits beside a period or day */
#define TRACE_TEXT_MAX ((size_t)2 << 20)

/* ---- names ---- */

void
slots_free(struct slots *s)
{
	free(s->ids);
	*s = (struct slots){ NULL, 0 };
}

bool
slots_set(struct slots *s, uint32_t slot, uint32_t id)
{
	uint32_t *ids, n = s->n == 0 ? 64 : s->n;

	while (n <= slot)
		n *= 2;
	if (n != s->n) {
		ids = realloc(s->ids, n * sizeof(*ids));
		if (ids == NULL)
			return false;
		memset(ids + s->n, 0, (n - s->n) * sizeof(*ids));
		*s = (struct slots){ ids, n };
	}
	s->ids[slot] = id;
	return true;
}

uint32_t
slots_id(const struct slots *s, uint32_t slot)
{
	return slot < s->n ? s->ids[slot] : 0;
}

void
name_item_free(struct name_item *n)
{
	free(n->name);
	free(n->pool);
	free(n->user);
	*n = (struct name_item){ .slot = 0 };
}

static uint32_t
find_test(struct db *db, const char *name)
{
	sqlite3_stmt *st = db_prepare(db, "SELECT id FROM test WHERE name=?1");
	uint32_t id = 0;

	db_bind_text(st, 1, name);
	if (db_next(db, st))
		id = (uint32_t)sqlite3_column_int64(st, 0);
	db_reset(st);
	return id;
}

/* The next one; when those are used up, the first that nobody has. */
static int64_t
free_id(struct db *db)
{
	int64_t id = 1 + db_number(db, "SELECT max(id) FROM test");

	if (id > TEST_ID_MAX)
		id = db_number(db, "SELECT min(id) + 1 FROM test t WHERE NOT EXISTS"
				   " (SELECT 1 FROM test WHERE id = t.id + 1)");
	if (id > TEST_ID_MAX)
		db_fail(db, STORE_FAILING, "%s: too many tests", db->path);
	return id;
}

/* Another test of that name had it, and is about to be marked as gone. */
static void
take_id(struct slots *s, uint32_t id)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (s->ids[i] == id)
			s->ids[i] = 0;
}

/* Runs that are there already are not of this test's life. */
static void
begin_life(struct db *db, uint32_t id)
{
	sqlite3_stmt *st =
	    db_prepare(db, "INSERT OR REPLACE INTO last(test, id) VALUES(?1, ?2)");

	db_bind_int(st, 1, id);
	db_bind_int(st, 2, db->next_run - 1);
	db_run(db, st);
}

static void
add_name(struct db *db, struct slots *slots, const struct name_item *item)
{
	uint32_t id = find_test(db, item->name);
	sqlite3_stmt *st;

	if (id != 0 && slots_id(slots, item->slot) != id) {
		take_id(slots, id);
		begin_life(db, id);
	}
	if (id == 0) /* a new store keeps the numbers of the one before */
		id = slots_id(slots, item->slot);
	if (id == 0)
		id = (uint32_t)free_id(db);
	st =
	    db_prepare(db, "INSERT INTO test(id, name, pool, user) VALUES(?1, ?2, ?3, ?4)"
			   " ON CONFLICT(id) DO UPDATE SET gone=NULL, pool=excluded.pool,"
			   " user=excluded.user");
	db_bind_int(st, 1, id);
	db_bind_text(st, 2, item->name);
	db_bind_text(st, 3, item->pool);
	db_bind_text(st, 4, item->user);
	db_run(db, st);
	if (db_is_good(db) && !slots_set(slots, item->slot, id))
		db_fail(db, STORE_FAILING, "out of memory");
}

static void
run_with_id(struct db *db, const char *text, int64_t id)
{
	sqlite3_stmt *st = db_prepare(db, text);

	db_bind_int(st, 1, id);
	db_run(db, st);
}

/*
 * Its history stays, what is counted goes: one that comes back begins again. Its state
 * went with a change of its own.
 */
static void
mark_gone(struct db *db, uint32_t id, int64_t now)
{
	sqlite3_stmt *st = db_prepare(db, "UPDATE test SET gone=?1 WHERE id=?2");

	db_bind_int(st, 1, now);
	db_bind_int(st, 2, id);
	db_run(db, st);
	run_with_id(db, "DELETE FROM last WHERE test=?1", id);
}

bool
write_names(struct db *db, struct slots *slots, const struct name_item *items, size_t n,
    int64_t gone_ms)
{
	db_begin(db, false);
	for (size_t i = 0; i < n; i++)
		if (items[i].pool != NULL)
			add_name(db, slots, &items[i]);
		else if (slots_id(slots, items[i].slot) != 0)
			mark_gone(db, slots_id(slots, items[i].slot), gone_ms);
	if (!db_commit(db))
		return false;
	for (size_t i = 0; i < n; i++)
		if (items[i].pool == NULL)
			(void)slots_set(slots, items[i].slot, 0); /* has room already */
	return true;
}

/* Names that are alive on the disk, some of them, by id. */
static size_t
read_alive(struct db *db, int64_t *after, uint32_t *ids, size_t max)
{
	sqlite3_stmt *st = db_prepare(
	    db, "SELECT id FROM test WHERE id > ?1 AND gone IS NULL ORDER BY id");
	size_t n = 0;

	db_bind_int(st, 1, *after);
	while (n < max && db_next(db, st))
		*after = ids[n++] = (uint32_t)sqlite3_column_int64(st, 0);
	db_reset(st);
	return n;
}

static void
sweep_test(struct db *db, uint32_t id, int64_t now)
{
	sqlite3_stmt *st = db_prepare(db, "DELETE FROM state WHERE kind=1 AND subject="
					  "(SELECT name FROM test WHERE id=?1)");

	db_bind_int(st, 1, id);
	db_run(db, st);
	mark_gone(db, id, now);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

bool
write_sweep(struct db *db, const struct slots *slots, int64_t gone_ms)
{
	uint32_t *known = malloc((slots->n + 1) * sizeof(*known)), ids[256];
	int64_t after = 0;
	size_t n;

	if (known == NULL) {
		db_fail(db, STORE_FAILING, "out of memory");
		return false;
	}
	if (slots->n > 0)
		memcpy(known, slots->ids, slots->n * sizeof(*known));
	qsort(known, slots->n, sizeof(*known), by_number);
	db_begin(db, false);
	while ((n = read_alive(db, &after, ids, 256)) > 0)
		for (size_t i = 0; i < n; i++)
			if (bsearch(&ids[i], known, slots->n, sizeof(*known),
				by_number) == NULL)
				sweep_test(db, ids[i], gone_ms);
	free(known);
	return db_commit(db);
}

/* ---- runs ---- */

static void
write_recent(struct db *db, int64_t id, uint32_t test, const struct batch_run *r)
{
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT INTO recent(id, test, started, run, flags, latency, steps, memory)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	db_bind_int(st, 1, id);
	db_bind_int(st, 2, test);
	db_bind_int(st, 3, r->started_ms);
	db_bind_int(st, 4, r->run);
	db_bind_int(st, 5, (int64_t)r->flags);
	db_bind_int(st, 6, (int64_t)r->latency_us);
	db_bind_blob(st, 7, r->steps, r->nsteps);
	db_bind_blob(st, 8, r->memory, r->nmemory);
	db_run(db, st);
}

static void
write_failure(struct db *db, int64_t id, uint32_t test, const struct batch_run *r)
{
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT INTO failure(id, test, started, run, step, cause, code, diag, error,"
	    " diagnosis) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");

	db_bind_int(st, 1, id);
	db_bind_int(st, 2, test);
	db_bind_int(st, 3, r->started_ms);
	db_bind_int(st, 4, r->run);
	db_bind_text(st, 5, r->step);
	db_bind_text(st, 6, r->cause);
	db_bind_int(st, 7, r->code);
	db_bind_text(st, 8, r->diag);
	db_bind_text(st, 9, r->error);
	db_bind_text(st, 10, r->diagnosis);
	db_run(db, st);
}

/* Once, however often writing it is tried. False: there is nothing to keep. */
static bool
pack_trace(struct trace_item *t)
{
	struct buf text;
	uLongf size;

	if (t->packed != NULL)
		return true;
	buf_init(&text, TRACE_TEXT_MAX);
	if (t->format(t->arg, &text) && !text.failed && text.len > 0) {
		size = compressBound(text.len);
		t->packed = malloc(size);
		if (t->packed != NULL &&
		    compress2(t->packed, &size, (const Bytef *)text.data, text.len,
			Z_BEST_SPEED) != Z_OK) {
			free(t->packed);
			t->packed = NULL;
		}
		t->npacked = size;
		t->length = text.len;
	}
	buf_free(&text);
	return t->packed != NULL;
}

static void
write_trace(struct db *db, int64_t id, uint32_t test, const struct batch_run *r,
    struct trace_item *t)
{
	sqlite3_stmt *st;

	if (!pack_trace(t))
		return;
	st = db_prepare(db,
	    "INSERT INTO trace(id, test, started, run, latency, step, diag,"
	    " size) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	db_bind_int(st, 1, id);
	db_bind_int(st, 2, test);
	db_bind_int(st, 3, r->started_ms);
	db_bind_int(st, 4, r->run);
	db_bind_int(st, 5, (int64_t)r->latency_us);
	db_bind_text(st, 6, r->step);
	db_bind_text(st, 7, r->diag);
	db_bind_int(st, 8, (int64_t)t->npacked);
	db_run(db, st);
	st = db_prepare(
	    db, "INSERT INTO trace_text(id, length, packed) VALUES(?1, ?2, ?3)");
	db_bind_int(st, 1, id);
	db_bind_int(st, 2, (int64_t)t->length);
	db_bind_blob(st, 3, t->packed, t->npacked);
	db_run(db, st);
}

/* What a transaction has done to a batch; nothing, if it fails. */
struct progress {
	size_t at;
	int64_t next_run;
	size_t traces;
};

static struct progress
write_some(struct db *db, const struct slots *slots, const struct run_work *w)
{
	struct progress p = { w->at, db->next_run, 0 };
	struct trace_item *trace = STAILQ_FIRST(w->traces);
	struct batch_run r;

	for (size_t i = 0; i < w->max && batch_next(w->batch, &p.at, &r); i++) {
		uint32_t test = slots_id(slots, r.slot);
		struct trace_item *own = r.traced ? trace : NULL;

		if (own != NULL) {
			trace = STAILQ_NEXT(trace, link);
			p.traces++;
		}
		if (test == 0) /* it was removed */
			continue;
		write_recent(db, p.next_run, test, &r);
		if (r.failed)
			write_failure(db, p.next_run, test, &r);
		if (own != NULL)
			write_trace(db, p.next_run, test, &r, own);
		p.next_run++;
	}
	return p;
}

static void
confirm_runs(struct db *db, struct run_work *w, const struct progress *p)
{
	w->at = p->at;
	db->next_run = p->next_run;
	for (size_t i = 0; i < p->traces; i++) {
		struct trace_item *t = STAILQ_FIRST(w->traces);

		STAILQ_REMOVE_HEAD(w->traces, link);
		STAILQ_INSERT_TAIL(w->written, t, link);
	}
}

/* ---- changes ---- */

void
change_item_free(struct change_item *c)
{
	if (c == NULL)
		return;
	row_free(&c->row);
	name_item_free(&c->name);
	free(c->line.event);
	free(c->line.pairs);
	free(c);
}

static void
write_announced(struct db *db, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		run_with_id(
		    db, "UPDATE change SET announced=1, line=NULL WHERE id=?1", ids[i]);
}

static bool
is_change(const struct change_item *c)
{
	return c->now != NULL || c->line.event != NULL;
}

static void
write_change(struct db *db, const struct change_item *c, int64_t id)
{
	bool due = c->line.event != NULL && !c->announced;
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT INTO change(id, at, kind, subject, was, now, incident, run, event,"
	    " priority, line, announced)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");

	db_bind_int(st, 1, id);
	db_bind_int(st, 2, c->at_ms);
	db_bind_int(st, 3, c->row.kind);
	db_bind_text(st, 4, c->row.subject);
	db_bind_text(st, 5, c->was);
	db_bind_text(st, 6, c->now);
	db_bind_text(st, 7, c->incident[0] == '\0' ? NULL : c->incident);
	db_bind_text(st, 8, c->run[0] == '\0' ? NULL : c->run);
	db_bind_text(st, 9, c->line.event);
	if (c->line.event != NULL)
		db_bind_int(st, 10, c->line.priority);
	db_bind_text(st, 11, due ? c->line.pairs : NULL);
	db_bind_int(st, 12, !due);
	db_run(db, st);
}

bool
write_changes(struct db *db, struct slots *slots, const struct change_work *w)
{
	struct change_item *c = w->first;
	struct progress p = { 0 };
	int64_t id = db->next_change;

	db_begin(db, true);
	for (size_t i = 0; i < w->n; i++, c = STAILQ_NEXT(c, link))
		if (c->name.name != NULL)
			add_name(db, slots, &c->name);
	c = w->first;
	if (w->runs != NULL)
		p = write_some(db, slots, w->runs);
	write_announced(db, w->announced, w->nannounced);
	for (size_t i = 0; i < w->n; i++, c = STAILQ_NEXT(c, link)) {
		if (c->has_row)
			row_write(db, &c->row);
		if (is_change(c))
			write_change(db, c, id++);
	}
	if (!db_commit(db))
		return false;
	if (w->runs != NULL)
		confirm_runs(db, w->runs, &p);
	c = w->first;
	for (size_t i = 0; i < w->n; i++, c = STAILQ_NEXT(c, link))
		if (is_change(c))
			c->id = db->next_change++;
	return true;
}

/* ---- the daemon itself ---- */

static void
insert_life(struct db *db, int64_t at_ms, const char *was, const char *now)
{
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT INTO change(id, at, kind, subject, was, now, announced)"
	    " VALUES(?1, ?2, 4, '', ?3, ?4, 1)");

	db_bind_int(st, 1, db->next_change++);
	db_bind_int(st, 2, at_ms);
	db_bind_text(st, 3, was);
	db_bind_text(st, 4, now);
	db_run(db, st);
}

/* When something was written last. */
static int64_t
last_sign(struct db *db)
{
	int64_t alive = db_get_meta(db, "alive");
	int64_t run =
	    db_number(db, "SELECT started FROM recent ORDER BY id DESC LIMIT 1");
	int64_t change = db_number(db, "SELECT at FROM change ORDER BY id DESC LIMIT 1");

	if (run > alive)
		alive = run;
	return change > alive ? change : alive;
}

bool
write_started(struct db *db, int64_t now_ms)
{
	int64_t last = last_sign(db);

	db_begin(db, false);
	if (db_number(db, "SELECT count(*) FROM change WHERE kind=4 AND now='started' AND"
			  " id=(SELECT max(id) FROM change WHERE kind=4)") > 0 &&
	    last <= now_ms)
		insert_life(db, last, "started", "stopped");
	insert_life(db, now_ms, "stopped", "started");
	return db_commit(db);
}

bool
write_stopped(struct db *db, int64_t now_ms)
{
	db_begin(db, false);
	insert_life(db, now_ms, "started", "stopped");
	return db_commit(db);
}

/* ---- what tests remember ---- */

static void
write_last(struct db *db, uint32_t test, const struct batch_run *r, int64_t id)
{
	sqlite3_stmt *st = db_prepare(db,
	    "INSERT OR REPLACE INTO last(test, id, started, run, flags, latency, steps,"
	    " memory, step, cause, code, diag, error, diagnosis)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");

	db_bind_int(st, 1, test);
	db_bind_int(st, 2, id);
	db_bind_int(st, 3, r->started_ms);
	if (r->run != 0)
		db_bind_int(st, 4, r->run);
	db_bind_int(st, 5, (int64_t)r->flags);
	db_bind_int(st, 6, (int64_t)r->latency_us);
	db_bind_blob(st, 7, r->steps, r->nsteps);
	db_bind_blob(st, 8, r->memory, r->nmemory);
	if (r->failed) {
		db_bind_text(st, 9, r->step);
		db_bind_text(st, 10, r->cause);
		db_bind_int(st, 11, r->code);
		db_bind_text(st, 12, r->diag);
		db_bind_text(st, 13, r->error);
		db_bind_text(st, 14, r->diagnosis);
	}
	db_run(db, st);
}

static void
write_lasts(struct db *db, const struct slots *slots, const struct buf *lasts, int64_t id)
{
	struct batch_run r;
	size_t at = 0;

	while (lasts != NULL && batch_next(lasts, &at, &r)) {
		uint32_t test = slots_id(slots, r.slot);

		if (test != 0)
			write_last(db, test, &r, id);
	}
}

bool
write_runs(struct db *db, const struct slots *slots, struct run_work *runs,
    const struct memory_work *m)
{
	struct progress p;

	db_begin(db, false);
	p = write_some(db, slots, runs);
	write_announced(db, m->announced, m->nannounced);
	for (size_t i = 0; i < m->nrows; i++)
		row_write(db, &m->rows[i]);
	write_lasts(db, slots, m->lasts, p.next_run - 1);
	if (m->alive_ms != 0)
		db_set_meta(db, "alive", m->alive_ms);
	if (m->imported)
		db_set_meta(db, "imported", 1);
	if (!db_commit(db))
		return false;
	confirm_runs(db, runs, &p);
	return true;
}
