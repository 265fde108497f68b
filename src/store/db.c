/*
 * db - statements and transactions on the open file. How it is opened is in open.c.
 */
#include "store/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/lock.h"

#define WAL_HEADER 32 /* bytes of the WAL's header, and of each of its frames */
#define WAL_FRAME  24

/* ---- what went wrong ---- */

const char *
store_kind_name(enum store_kind k)
{
	static const char *const names[STORE_KINDS] = { "fine", "held", "full",
		"read-only", "locked", "moved", "unreadable", "newer", "damaged",
		"failing" };

	return names[k];
}

void
db_fail(struct db *db, enum store_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (!db_is_good(db))
		return;
	db->kind = kind;
	va_start(ap, fmt);
	vsnprintf(db->why, sizeof(db->why), fmt, ap);
	va_end(ap);
}

void
db_clear(struct db *db)
{
	db->kind = STORE_FINE;
	db->why[0] = '\0';
}

/* SQLite says the same of a full disk and of max_page_count. */
static void
note_full(struct db *db)
{
	if (db_free_bytes(db) >= DB_RESERVE)
		db_fail(db, STORE_FULL, "%s has reached its largest size", db->path);
	else
		db_fail(db, STORE_FULL, "no space is left on the disk of %s", db->path);
}

static void
note_locked(struct db *db)
{
	char holder[128] = "another process";
	struct stat st;

	if (stat(db->path, &st) == 0)
		lock_find_holder(&st, holder, sizeof(holder));
	db_fail(db, STORE_LOCKED, "%s is locked by %s", db->path, holder);
}

/* The extended code says more than the message, where there is one for a purpose. */
void
db_note(struct db *db, int code)
{
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE ||
	    !db_is_good(db))
		return;
	switch (code & 0xff) {
	case SQLITE_FULL:
		note_full(db);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		note_locked(db);
		break;
	case SQLITE_READONLY:
		db_fail(db, STORE_READ_ONLY, "%s or what belongs to it cannot be written",
		    db->path);
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		db_fail(db, STORE_DAMAGED, "%s is damaged: %s", db->path,
		    sqlite3_errstr(code));
		break;
	case SQLITE_CANTOPEN:
		db_fail(db, STORE_UNREADABLE, "%s cannot be opened: %s", db->path,
		    db->sql == NULL ? "out of memory"
				    : strerror(sqlite3_system_errno(db->sql)));
		break;
	default:
		db_fail(db, STORE_FAILING, "%s: %s (%d)", db->path, sqlite3_errstr(code),
		    code);
	}
}

/* ---- statements ---- */

sqlite3_stmt *
db_prepare(struct db *db, const char *text)
{
	struct db_statement *s;
	sqlite3_stmt *st = NULL;

	if (!db_is_good(db))
		return NULL;
	for (size_t i = 0; i < db->nstatements; i++)
		if (db->statements[i].text == text)
			return db->statements[i].statement;
	if (db->nstatements == DB_STATEMENTS_MAX) {
		db_fail(db, STORE_FAILING, "%s: too many statements", db->path);
		return NULL;
	}
	db_note(db,
	    sqlite3_prepare_v3(db->sql, text, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL));
	if (st == NULL)
		return NULL;
	s = &db->statements[db->nstatements++];
	*s = (struct db_statement){ text, st };
	return st;
}

/* What binding answers (only: no memory) the step after it answers, too. */

void
db_bind_int(sqlite3_stmt *st, int at, int64_t value)
{
	if (st != NULL)
		(void)sqlite3_bind_int64(st, at, value);
}

void
db_bind_text(sqlite3_stmt *st, int at, const char *value)
{
	if (st != NULL)
		(void)sqlite3_bind_text(st, at, value, -1, SQLITE_STATIC);
}

void
db_bind_blob(sqlite3_stmt *st, int at, const void *data, size_t size)
{
	if (st != NULL && data != NULL)
		(void)sqlite3_bind_blob64(st, at, data, size, SQLITE_STATIC);
}

void
db_reset(sqlite3_stmt *st)
{
	if (st == NULL)
		return;
	(void)sqlite3_reset(st);
	(void)sqlite3_clear_bindings(st);
}

bool
db_next(struct db *db, sqlite3_stmt *st)
{
	int code;

	if (st == NULL)
		return false;
	code = db_is_good(db) ? sqlite3_step(st) : SQLITE_DONE;
	if (code == SQLITE_ROW)
		return true;
	db_note(db, code);
	db_reset(st);
	return false;
}

void
db_run(struct db *db, sqlite3_stmt *st)
{
	while (db_next(db, st))
		;
}

void
db_exec(struct db *db, const char *text)
{
	if (db_is_good(db))
		db_note(db, sqlite3_exec(db->sql, text, NULL, NULL, NULL));
}

const char *
db_text(sqlite3_stmt *st, int column)
{
	const unsigned char *text = sqlite3_column_text(st, column);

	return text == NULL ? "" : (const char *)text;
}

int64_t
db_number(struct db *db, const char *text)
{
	sqlite3_stmt *st = db_prepare(db, text);
	int64_t n = 0;

	if (db_next(db, st))
		n = sqlite3_column_int64(st, 0);
	db_reset(st);
	return n;
}

int64_t
db_get_meta(struct db *db, const char *key)
{
	sqlite3_stmt *st = db_prepare(db, "SELECT value FROM meta WHERE key=?1");
	int64_t n = 0;

	db_bind_text(st, 1, key);
	if (db_next(db, st))
		n = sqlite3_column_int64(st, 0);
	db_reset(st);
	return n;
}

void
db_set_meta(struct db *db, const char *key, int64_t value)
{
	sqlite3_stmt *st =
	    db_prepare(db, "INSERT INTO meta(key, value) VALUES(?1, ?2)"
			   " ON CONFLICT DO UPDATE SET value=excluded.value");

	db_bind_text(st, 1, key);
	db_bind_int(st, 2, value);
	db_run(db, st);
}

/* ---- transactions ---- */

void
db_begin(struct db *db, bool full)
{
	/* It takes effect when it is compiled, so it cannot be prepared once. */
	if (db->full != full)
		db_exec(
		    db, full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
	db->full = full;
	db_run(db, db_prepare(db, "BEGIN IMMEDIATE"));
}

bool
db_commit(struct db *db)
{
	db_run(db, db_prepare(db, "COMMIT"));
	if (db_is_good(db))
		return true;
	/*
	 * A full disk, an I/O error or no memory may have undone everything already; then
	 * there is nothing to roll back.
	 */
	for (size_t i = 0; i < db->nstatements; i++)
		db_reset(db->statements[i].statement);
	if (sqlite3_get_autocommit(db->sql) == 0)
		(void)sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

/* ---- the file ---- */

static uint64_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

static uint64_t
wal_bytes(const struct db *db)
{
	char path[PATH_MAX + 8];

	snprintf(path, sizeof(path), "%s-wal", db->path);
	return size_of(path);
}

bool
db_check_place(struct db *db)
{
	int moved = 0;
	uint64_t page = (uint64_t)db_number(db, "PRAGMA page_size") + WAL_FRAME;

	if (!db_is_good(db))
		return false;
	db_note(
	    db, sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_HAS_MOVED, &moved));
	if (moved != 0)
		db_fail(db, STORE_MOVED, "%s was moved or deleted while it was open",
		    db->path);
	else if (db->wal_frames > 0 &&
		 wal_bytes(db) < WAL_HEADER + page * (unsigned)db->wal_frames)
		db_fail(db, STORE_DAMAGED, "%s-wal was cut while it was open", db->path);
	return db_is_good(db);
}

void
db_checkpoint(struct db *db)
{
	int frames = 0, done = 0;

	if (!db_is_good(db))
		return;
	db_note(db, sqlite3_wal_checkpoint_v2(
			db->sql, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &done));
	/* The next transaction begins the WAL again. */
	if (db_is_good(db) && frames == done)
		db->wal_frames = 0;
}

uint64_t
db_free_bytes(const struct db *db)
{
	struct statvfs fs;

	return statvfs(db->directory, &fs) == 0
		   ? (uint64_t)fs.f_bavail * (uint64_t)fs.f_frsize
		   : UINT64_MAX;
}

uint64_t
db_used_bytes(struct db *db)
{
	uint64_t pages = (uint64_t)db_number(db, "PRAGMA page_count");
	uint64_t spare = (uint64_t)db_number(db, "PRAGMA freelist_count");

	return (pages - spare) * (uint64_t)db_number(db, "PRAGMA page_size");
}
