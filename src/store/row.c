#include "store/row.h"

#include <stdlib.h>
#include <string.h>

#include "alert/isolation.h"
#include "base/str.h"
#include "store/db.h"

#define ISOLATED "isolated" /* the word for the watcher that is cut off */

/* ---- from memory ---- */

static bool
copy_remark(const struct remark *from, struct remark **ret)
{
	if (from == NULL)
		return true;
	*ret = malloc(sizeof(**ret));
	if (*ret == NULL)
		return false;
	**ret = *from;
	return true;
}

static void
set_incident(struct row *r, const char incident[INCIDENT_SIZE])
{
	memcpy(r->incident, incident, sizeof(r->incident));
}

void
row_free(struct row *r)
{
	free(r->subject);
	free(r->pause);
	free(r->acknowledged);
	*r = (struct row){ .subject = NULL };
}

/* Sees it through, or frees what there is. */
static bool
complete(struct row *r, const char *subject, const struct remark *pause,
    const struct remark *acknowledged)
{
	r->subject = str_dup(str_of(subject));
	if (r->subject != NULL && copy_remark(pause, &r->pause) &&
	    copy_remark(acknowledged, &r->acknowledged))
		return true;
	row_free(r);
	return false;
}

bool
row_of_test(struct row *ret, const struct test_state *t)
{
	const struct alert *a = &t->alert;

	*ret = (struct row){ .kind = SUBJECT_TEST,
		.state = alert_state_name(a->state),
		.since_ms = a->since_ms,
		.runs = t->runs,
		.failures = a->failures,
		.successes = a->successes,
		.recent = a->recent,
		.flapping = a->flapping,
		.announced_ms = a->announced_ms,
		.said_by = alert_announcer_name(a->announced_by) };
	set_incident(ret, t->incident);
	if (a->state == ALERT_PAUSED) {
		ret->held = alert_state_name(a->resume_state);
		ret->held_since_ms = a->resume_since_ms;
	}
	return complete(ret, t->name, t->pause, t->acknowledged);
}

bool
row_of_pool(struct row *ret, const struct pool_state *p)
{
	const struct rollup *r = &p->rollup;

	*ret = (struct row){ .kind = SUBJECT_POOL };
	if (r->state == ROLLUP_ACTIVE) {
		ret->state = alert_state_name(ALERT_ALERT);
		ret->since_ms = r->since_ms;
		ret->announced_ms = r->announced_ms;
		memcpy(ret->diag, r->diag, sizeof(ret->diag));
		set_incident(ret, p->incident);
	}
	return complete(ret, p->fqdn, NULL, p->acknowledged);
}

bool
row_of_watcher(
    struct row *ret, const struct isolation *w, const char incident[INCIDENT_SIZE])
{
	*ret = (struct row){ .kind = SUBJECT_WATCHER };
	if (w->state == ISOLATION_CUT_OFF) {
		ret->state = ISOLATED;
		ret->since_ms = w->since_ms;
		ret->announced_ms = w->announced_ms;
		set_incident(ret, incident);
	}
	return complete(ret, "", NULL, NULL);
}

/* ---- to the disk ---- */

/* An empty text and a time that is none are NULL, which costs nothing. */

static void
bind_word(sqlite3_stmt *st, int at, const char *word)
{
	db_bind_text(st, at, word == NULL || word[0] == '\0' ? NULL : word);
}

static void
bind_number(sqlite3_stmt *st, int at, int64_t n)
{
	if (n != 0)
		db_bind_int(st, at, n);
}

static void
bind_remark(sqlite3_stmt *st, int at, const struct remark *r)
{
	if (r == NULL)
		return;
	db_bind_int(st, at, r->at_ms);
	db_bind_int(st, at + 1, r->until_ms);
	db_bind_text(st, at + 2, r->by);
	db_bind_text(st, at + 3, r->reason);
}

static void
delete_row(struct db *db, const struct row *r)
{
	sqlite3_stmt *st =
	    db_prepare(db, "DELETE FROM state WHERE kind=?1 AND subject=?2");

	db_bind_int(st, 1, r->kind);
	db_bind_text(st, 2, r->subject);
	db_run(db, st);
}

void
row_write(struct db *db, const struct row *r)
{
	sqlite3_stmt *st;

	if (r->state == NULL) {
		delete_row(db, r);
		return;
	}
	st = db_prepare(db,
	    "INSERT OR REPLACE INTO state(kind, subject, state, since, incident, runs,"
	    " failures, successes, recent, flapping, said, said_by, diag, held,"
	    " held_since, pause_at, pause_until, pause_by, pause_reason,"
	    " acknowledged_at, acknowledged_until, acknowledged_by, acknowledged_reason)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
	    " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)");
	db_bind_int(st, 1, r->kind);
	db_bind_text(st, 2, r->subject);
	db_bind_text(st, 3, r->state);
	db_bind_int(st, 4, r->since_ms);
	bind_word(st, 5, r->incident);
	bind_number(st, 6, (int64_t)r->runs);
	bind_number(st, 7, r->failures);
	bind_number(st, 8, r->successes);
	bind_number(st, 9, r->recent);
	bind_number(st, 10, r->flapping);
	bind_number(st, 11, r->announced_ms);
	bind_word(st, 12, r->said_by);
	bind_word(st, 13, r->diag);
	bind_word(st, 14, r->held);
	bind_number(st, 15, r->held_since_ms);
	bind_remark(st, 16, r->pause);
	bind_remark(st, 20, r->acknowledged);
	db_run(db, st);
}

/* ---- from the disk ---- */

void
row_read(struct db *db, enum store_subject kind, struct row_reader *ret)
{
	sqlite3_stmt *st = db_prepare(db,
	    "SELECT subject, state, since, incident, runs, failures, successes, recent,"
	    " flapping, said, said_by, diag, held, held_since, pause_at, pause_until,"
	    " pause_by, pause_reason, acknowledged_at, acknowledged_until,"
	    " acknowledged_by, acknowledged_reason FROM state WHERE kind=?1"
	    " ORDER BY subject");

	db_bind_int(st, 1, kind);
	*ret = (struct row_reader){ .statement = st, .row.kind = kind };
}

static struct remark *
read_remark(sqlite3_stmt *st, int at, struct remark *into)
{
	if (sqlite3_column_type(st, at) == SQLITE_NULL)
		return NULL;
	*into = (struct remark){ sqlite3_column_int64(st, at),
		sqlite3_column_int64(st, at + 1), "", "" };
	(void)str_copy(into->by, sizeof(into->by), str_of(db_text(st, at + 2)));
	(void)str_copy(into->reason, sizeof(into->reason), str_of(db_text(st, at + 3)));
	return into;
}

/* The literal that is the same word; NULL: there is none. */
static const char *
known_state(const char *word)
{
	for (int i = 0; i < ALERT_COUNT; i++)
		if (strcmp(alert_state_name((enum alert_state)i), word) == 0)
			return alert_state_name((enum alert_state)i);
	return strcmp(word, ISOLATED) == 0 ? ISOLATED : NULL;
}

static const char *
known_voice(const char *word)
{
	for (int i = 0; i < ALERT_ANNOUNCERS; i++)
		if (strcmp(alert_announcer_name((enum alert_announcer)i), word) == 0)
			return alert_announcer_name((enum alert_announcer)i);
	return NULL;
}

static unsigned
small_number(sqlite3_stmt *st, int at)
{
	int64_t n = sqlite3_column_int64(st, at);

	return n < 0 || n > INT32_MAX ? 0 : (unsigned)n;
}

bool
row_next(struct db *db, struct row_reader *r)
{
	sqlite3_stmt *st = r->statement;
	struct row *row = &r->row;

	free(row->subject);
	row->subject = NULL;
	if (!db_next(db, st))
		return false;
	row->subject = str_dup(str_of(db_text(st, 0)));
	if (row->subject == NULL) {
		db_fail(db, STORE_FAILING, "out of memory");
		db_reset(st);
		return false;
	}
	row->state = known_state(db_text(st, 1));
	row->since_ms = sqlite3_column_int64(st, 2);
	(void)str_copy(row->incident, sizeof(row->incident), str_of(db_text(st, 3)));
	row->runs = (uint64_t)sqlite3_column_int64(st, 4);
	row->failures = small_number(st, 5);
	row->successes = small_number(st, 6);
	row->recent = small_number(st, 7);
	row->flapping = sqlite3_column_int64(st, 8) != 0;
	row->announced_ms = sqlite3_column_int64(st, 9);
	row->said_by = known_voice(db_text(st, 10));
	(void)str_copy(row->diag, sizeof(row->diag), str_of(db_text(st, 11)));
	row->held = known_state(db_text(st, 12));
	row->held_since_ms = sqlite3_column_int64(st, 13);
	row->pause = read_remark(st, 14, &r->pause);
	row->acknowledged = read_remark(st, 18, &r->acknowledged);
	return true;
}

static enum alert_state
state_of(const char *word)
{
	for (int i = 0; word != NULL && i < ALERT_COUNT; i++)
		if (strcmp(alert_state_name((enum alert_state)i), word) == 0)
			return (enum alert_state)i;
	return ALERT_UNKNOWN;
}

static enum alert_announcer
voice_of(const char *word)
{
	for (int i = 0; word != NULL && i < ALERT_ANNOUNCERS; i++)
		if (strcmp(alert_announcer_name((enum alert_announcer)i), word) == 0)
			return (enum alert_announcer)i;
	return ALERT_BY_TEST;
}

bool
row_to_test(const struct row *r, struct test_state *t)
{
	enum alert_state state = state_of(r->state);

	t->alert = (struct alert){ .state = state,
		.announced_by = voice_of(r->said_by),
		.failures = r->failures,
		.successes = r->successes,
		.since_ms = r->since_ms,
		.flapping = r->flapping,
		.recent = (uint16_t)r->recent,
		.announced_ms = r->announced_ms,
		.acknowledged = r->acknowledged != NULL };
	if (state == ALERT_UNKNOWN) /* or a state of which nothing is known */
		t->alert = (struct alert){ .since_ms = r->since_ms };
	if (state == ALERT_PAUSED) {
		t->alert.resume_state = state_of(r->held);
		t->alert.resume_since_ms = r->held_since_ms;
	}
	t->runs = r->runs;
	memcpy(t->incident, r->incident, sizeof(t->incident));
	return copy_remark(r->pause, &t->pause) &&
	       copy_remark(r->acknowledged, &t->acknowledged);
}

bool
row_to_pool(const struct row *r, struct pool_state *p)
{
	*p = (struct pool_state){ .fqdn = str_dup(str_of(r->subject)) };
	p->rollup.state = ROLLUP_ACTIVE;
	p->rollup.since_ms = r->since_ms;
	p->rollup.announced_ms = r->announced_ms;
	p->rollup.acknowledged = r->acknowledged != NULL;
	memcpy(p->rollup.diag, r->diag, sizeof(p->rollup.diag));
	memcpy(p->incident, r->incident, sizeof(p->incident));
	if (p->fqdn != NULL && copy_remark(r->acknowledged, &p->acknowledged))
		return true;
	pool_state_free(p);
	return false;
}

void
row_to_watcher(const struct row *r, struct isolation *w, char ret_incident[INCIDENT_SIZE])
{
	if (r->state == NULL || strcmp(r->state, ISOLATED) != 0)
		return;
	w->state = ISOLATION_CUT_OFF;
	w->since_ms = r->since_ms;
	w->announced_ms = r->announced_ms;
	memcpy(ret_incident, r->incident, INCIDENT_SIZE);
}
