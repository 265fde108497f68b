/*
 * db - the database file: opening and making it, statements, transactions, and what went
 * wrong, in words. Everything here blocks: it belongs into the store's worker thread, or
 * into a program that has nothing else to do.
 *
 * The first failure is kept until db_clear(); every call after it does nothing. So
 * callers do a whole transaction and look once, at db_commit().
 */
#ifndef CSWATCH_STORE_DB_H
#define CSWATCH_STORE_DB_H
#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/trouble.h"

#define DB_NAME		  "cswatch.db"
#define DB_STATEMENTS_MAX 128
#define DB_RESERVE	  ((uint64_t)16 << 20) /* bytes free, kept for changes of state */

struct db {
	sqlite3 *sql; /* NULL: not open */
	char directory[PATH_MAX];
	char path[PATH_MAX];
	int lock;	  /* descriptor of the directory; -1: it is not held */
	bool fresh;	  /* made by this db_open() */
	bool full;	  /* synchronous=FULL is set */
	int wal_frames;	  /* as of the last commit */
	int64_t identity; /* random, of this file; 0: not read yet */
	/* given to the next run and change; ids never come twice */
	int64_t next_run, next_change;
	/* the first failure */
	enum store_kind kind;
	char why[STORE_WHY_SIZE];
	struct db_statement {
		const char *text; /* the literal itself: compared by address */
		sqlite3_stmt *statement;
	} statements[DB_STATEMENTS_MAX];
	size_t nstatements;
};

/* Nothing is touched yet. False: the path is too long. */
bool db_init(struct db *db, const char *directory);
/*
 * Takes the lock of the directory, opens the file, makes it if there is none (0600), and
 * brings its schema up to date. A file that is damaged, newer or another's is closed
 * again, unchanged. busy_ms: how long to wait for a program that has it open. False: see
 * db->kind.
 */
bool db_open(struct db *db, int busy_ms);
/* Like db_open() for looking only: no lock of the directory, nothing is changed. */
bool db_open_reader(struct db *db, const char *path);
/* Like db_open_reader() for a damaged file, of which a part may be read. */
bool db_open_salvage(struct db *db, const char *path);
/* Statements and file; the lock of the directory is kept. */
void db_close(struct db *db);
/*
 * Closes it, and renames file and WAL to PATH.damaged-20261122T130412Z, or .1, .2 ...
 * after that; the new name is put into ret (PATH_MAX bytes). False: it cannot be renamed.
 */
bool db_set_aside(struct db *db, int64_t now_ms, char *ret, size_t size);
/* Everything. */
void db_free(struct db *db);

/* Keeps the first failure; what names the file itself. */
void db_fail(struct db *db, enum store_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Keeps what SQLite answered, unless that was a success. */
void db_note(struct db *db, int code);
/* Forgets the failure. */
void db_clear(struct db *db);
static inline bool
db_is_good(const struct db *db)
{
	return db->kind == STORE_FINE;
}

/* ---- statements; text must be a literal ---- */

/* NULL once something has failed: the functions below take that. */
sqlite3_stmt *db_prepare(struct db *db, const char *text);
/* What is bound must live until db_run() or the last db_next(). NULL: SQL's NULL. */
void db_bind_int(sqlite3_stmt *st, int at, int64_t value);
void db_bind_text(sqlite3_stmt *st, int at, const char *value);
void db_bind_blob(sqlite3_stmt *st, int at, const void *data, size_t size);
/* Runs a statement that answers nothing. */
void db_run(struct db *db, sqlite3_stmt *st);
/* True: there is a row; false: no more, and the statement can be bound again. */
bool db_next(struct db *db, sqlite3_stmt *st);
/* Ends it before its last row. NULL is allowed. */
void db_reset(sqlite3_stmt *st);
/* One or more statements without values. */
void db_exec(struct db *db, const char *text);
/* The number in the first column of the first row; 0 if there is none. */
int64_t db_number(struct db *db, const char *text);
/* "" for NULL. Valid until the next db_next(). */
const char *db_text(sqlite3_stmt *st, int column);

/* A number that is remembered by name. */
int64_t db_get_meta(struct db *db, const char *key);
void db_set_meta(struct db *db, const char *key, int64_t value);

/* ---- transactions ---- */

/* full: what is committed survives a power cut (synchronous=FULL), else a crash. */
void db_begin(struct db *db, bool full);
/* False: all of it is undone, and the failure kept. */
bool db_commit(struct db *db);

/*
 * Whether the file is still where it was opened and what belongs to it is there. Ask
 * before a transaction. False: see db->kind.
 */
bool db_check_place(struct db *db);
/* Moves what is in the WAL into the file. Failures are kept. */
void db_checkpoint(struct db *db);
/* Bytes in use; the WAL comes on top, 16 MiB of it at most. */
uint64_t db_used_bytes(struct db *db);
/* Bytes free on its disk; UINT64_MAX when it does not tell. */
uint64_t db_free_bytes(const struct db *db);

#endif
