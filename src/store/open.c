/*
 * open - from nothing to an open store: the lock of the directory, the file, what is in
 * it, and everything that may stand in the way, in words.
 *
 * After the first access nothing here may open the file again: closing that descriptor
 * would drop SQLite's own lock on it (POSIX locks belong to the process).
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/text.h"
#include "store/db.h"
#include "store/lock.h"
#include "store/schema.h"

#define FILE_MODE 0600
#define WAL_FRAME 24
#define ASIDE_MAX 1000 /* of one second */

bool
db_init(struct db *db, const char *directory)
{
	int n;

	*db = (struct db){ .lock = -1 };
	n = snprintf(db->path, sizeof(db->path), "%s/" DB_NAME, directory);
	return n > 0 && (size_t)n < sizeof(db->path) - sizeof("-wal") &&
	       str_copy(db->directory, sizeof(db->directory), str_of(directory));
}

/* ---- the directory ---- */

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The directory that is there now may be another than the one that was locked. */
static void
lock(struct db *db)
{
	char holder[128] = "another process";
	struct stat now, held;

	if (db->lock >= 0 && stat(db->directory, &now) == 0 &&
	    fstat(db->lock, &held) == 0 && is_same(&now, &held))
		return;
	if (db->lock >= 0)
		close(db->lock);
	db->lock = lock_directory(db->directory);
	if (db->lock >= 0)
		return;
	if (errno != EWOULDBLOCK) {
		db_fail(db, STORE_UNREADABLE, "the state directory %s: %s", db->directory,
		    strerror(errno));
		return;
	}
	if (stat(db->directory, &now) == 0)
		lock_find_holder(&now, holder, sizeof(holder));
	db_fail(db, STORE_HELD, "the state directory %s is used by %s", db->directory,
	    holder);
}

/* ---- the file ---- */

static void
name_account(uid_t uid, char *ret, size_t size)
{
	struct passwd entry, *found = NULL;
	char room[4096];

	if (getpwuid_r(uid, &entry, room, sizeof(room), &found) != 0 || found == NULL)
		snprintf(ret, size, "uid %u", (unsigned)uid);
	else
		snprintf(ret, size, "%s", found->pw_name);
}

static void
refuse_file(struct db *db, const char *path, const struct stat *st, bool readable)
{
	char owner[64], own[64];

	name_account(st->st_uid, owner, sizeof(owner));
	name_account(geteuid(), own, sizeof(own));
	db_fail(db, readable ? STORE_READ_ONLY : STORE_UNREADABLE,
	    "%s cannot be %s: it belongs to %s, mode %04o, and this is %s", path,
	    readable ? "written" : "read", owner, (unsigned)st->st_mode & 07777, own);
}

/* A file that others may read, a copy perhaps, is made ours alone. */
static void
check_file(struct db *db, const char *path)
{
	struct stat st;

	if (!db_is_good(db) || lstat(path, &st) != 0)
		return;
	if (!S_ISREG(st.st_mode)) {
		db_fail(db, STORE_UNREADABLE, "%s is not a regular file", path);
		return;
	}
	if ((st.st_mode & 077) != 0)
		(void)chmod(path, FILE_MODE);
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		refuse_file(db, path, &st, false);
	else if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
		refuse_file(db, path, &st, true);
}

/* A WAL, or a journal, without its file is of another one. */
static void
remove_remains(const struct db *db)
{
	static const char *const ends[] = { "-wal", "-shm", "-journal" };
	char path[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", db->path, ends[i]);
		(void)unlink(path);
	}
}

/* SQLite would make it with what the umask leaves of 0644. */
static void
make_file(struct db *db)
{
	int fd;

	remove_remains(db);
	fd = open(db->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0) {
		db_fail(db,
		    errno == ENOSPC || errno == EDQUOT	? STORE_FULL
		    : errno == EROFS || errno == EACCES ? STORE_READ_ONLY
							: STORE_UNREADABLE,
		    "%s cannot be made: %s", db->path, strerror(errno));
		return;
	}
	(void)fchmod(fd, FILE_MODE);
	close(fd);
}

static void
prepare_file(struct db *db)
{
	char wal[PATH_MAX + 8];
	struct stat st;

	if (!db_is_good(db))
		return;
	if (lstat(db->path, &st) == 0) {
		snprintf(wal, sizeof(wal), "%s-wal", db->path);
		check_file(db, db->path);
		check_file(db, wal);
	} else if (errno == ENOENT) {
		make_file(db);
	} else {
		db_fail(db, STORE_UNREADABLE, "%s: %s", db->path, strerror(errno));
	}
}

/* ---- what is in it ---- */

/* Whether closing moves the WAL into the file, as it usually does, or leaves both. */
static void
set_leave_alone(struct db *db, bool leave)
{
	(void)sqlite3_db_config(
	    db->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave ? 1 : 0, NULL);
}

static void
open_file(struct db *db, const char *name, int flags, int busy_ms)
{
	if (!db_is_good(db))
		return;
	db_note(db, sqlite3_open_v2(name, &db->sql, flags | SQLITE_OPEN_NOMUTEX, NULL));
	if (db->sql == NULL || !db_is_good(db))
		return;
	(void)sqlite3_extended_result_codes(db->sql, 1);
	(void)sqlite3_busy_timeout(db->sql, busy_ms);
	/* A file that is not ours, or newer, is left as it is, its WAL included. */
	set_leave_alone(db, true);
	db_exec(db, "PRAGMA locking_mode=EXCLUSIVE");
}

/* The schema's version; 0 for an empty file. */
static int
check_identity(struct db *db)
{
	int64_t application = db_number(db, "PRAGMA application_id");
	int64_t version = db_number(db, "PRAGMA user_version");

	/* Also what a crash has left of the first moments of a new one. */
	db->fresh = db_number(db, "SELECT count(*) FROM sqlite_schema") == 0 &&
		    version == 0 &&
		    (application == 0 || application == SCHEMA_APPLICATION);
	if (!db->fresh && application != SCHEMA_APPLICATION)
		db_fail(db, STORE_DAMAGED, "%s is no store of cswatch", db->path);
	else if (version > SCHEMA_VERSION)
		db_fail(db, STORE_NEWER,
		    "%s was written by a newer version of cswatch (schema %lld; this one"
		    " knows %d)",
		    db->path, (long long)version, SCHEMA_VERSION);
	return (int)version;
}

static int
on_commit(void *arg, sqlite3 *sql, const char *name, int frames)
{
	struct db *db = arg;

	(void)sql;
	(void)name;
	db->wal_frames = frames;
	return SQLITE_OK;
}

static void
set_up(struct db *db)
{
	char application[64];
	sqlite3_stmt *st;

	if (db->fresh) /* before the first table */
		db_exec(db, "PRAGMA auto_vacuum=INCREMENTAL");
	st = db_prepare(db, "PRAGMA journal_mode=WAL");
	if (db_next(db, st) && strcmp(db_text(st, 0), "wal") != 0)
		db_fail(db, STORE_FAILING, "%s: no write-ahead log is possible here",
		    db->path);
	db_reset(st);
	db_exec(db, "PRAGMA synchronous=NORMAL");
	db_exec(db, "PRAGMA cache_size=-512");
	db_exec(db, "PRAGMA secure_delete=OFF"); /* no secret is in it */
	db_exec(db, "PRAGMA journal_size_limit=8388608");
	db_exec(db, "PRAGMA temp_store=MEMORY");
	if (!db_is_good(db))
		return;
	(void)sqlite3_wal_hook(db->sql, on_commit, db); /* no automatic checkpoints */
	if (!db->fresh)
		return;
	snprintf(application, sizeof(application), "PRAGMA application_id=%d",
	    SCHEMA_APPLICATION);
	db_exec(db, application);
}

/* quick_check answers SQLITE_OK, and its findings as rows. */
static void
check_table(struct db *db, const char *pragma)
{
	sqlite3_stmt *st = db_prepare(db, pragma);

	if (db_next(db, st) && strcmp(db_text(st, 0), "ok") != 0)
		db_fail(db, STORE_DAMAGED, "%s is damaged: %s", db->path, db_text(st, 0));
	db_reset(st);
}

/* A file that was cut, while a WAL holds what makes it seem whole. */
static void
check_size(struct db *db)
{
	uint64_t page = (uint64_t)db_number(db, "PRAGMA page_size");
	uint64_t pages = (uint64_t)db_number(db, "PRAGMA page_count");
	uint64_t there = 0, in_wal = 0;
	char wal[PATH_MAX + 8];
	struct stat st;

	snprintf(wal, sizeof(wal), "%s-wal", db->path);
	if (stat(db->path, &st) == 0 && page > 0)
		there = (uint64_t)st.st_size / page;
	if (stat(wal, &st) == 0 && page > 0)
		in_wal = (uint64_t)st.st_size / (page + WAL_FRAME);
	if (db_is_good(db) && there + in_wal < pages)
		db_fail(db, STORE_DAMAGED,
		    "%s is damaged: %llu of its %llu pages are missing", db->path,
		    (unsigned long long)(pages - there - in_wal),
		    (unsigned long long)pages);
}

static void
read_numbers(struct db *db)
{
	int64_t run;

	db->identity = db_get_meta(db, "identity");
	if (db->identity == 0) {
		sqlite3_randomness(sizeof(db->identity), &db->identity);
		db->identity = (int64_t)((uint64_t)db->identity >> 1 | 1);
		db_set_meta(db, "identity", db->identity);
	}
	run = db_number(db, "SELECT max(id) FROM recent");
	db->next_run = db_number(db, "SELECT max(last_recent) FROM period");
	db->next_run = 1 + (run > db->next_run ? run : db->next_run);
	db->next_change = 1 + db_number(db, "SELECT max(id) FROM change");
}

/* One that is left over would keep the file open, and its lock. */
static void
finalize_all(struct db *db)
{
	sqlite3_stmt *st;

	while (db->sql != NULL && (st = sqlite3_next_stmt(db->sql, NULL)) != NULL)
		(void)sqlite3_finalize(st);
	db->nstatements = 0;
}

bool
db_open(struct db *db, int busy_ms)
{
	int version;

	db_clear(db);
	lock(db);
	prepare_file(db);
	open_file(db, db->path, SQLITE_OPEN_READWRITE, busy_ms);
	version = check_identity(db);
	check_size(db);
	set_up(db);
	if (db_is_good(db))
		set_leave_alone(db, false);
	if (db_is_good(db) && version < SCHEMA_VERSION)
		schema_upgrade(db, version);
	check_table(db, "PRAGMA quick_check('state')");
	check_table(db, "PRAGMA quick_check('change')");
	read_numbers(db);
	finalize_all(db); /* they were needed once */
	if (db->fresh && db->lock >= 0)
		(void)fsync(db->lock); /* its name is on disk before what is in it */
	if (!db_is_good(db))
		db_close(db);
	return db_is_good(db);
}

/* Without the right to write SQLite reads only what no WAL belongs to. */
static void
open_unwritable(struct db *db)
{
	char name[3 * PATH_MAX + 32], wal[PATH_MAX + 8];
	struct stat st;
	size_t n;

	snprintf(wal, sizeof(wal), "%s-wal", db->path);
	if (stat(wal, &st) == 0 && st.st_size > 0) {
		db_fail(db, STORE_READ_ONLY,
		    "%s was not closed; only its owner can read it now", db->path);
		return;
	}
	n = (size_t)snprintf(name, sizeof(name), "file:");
	for (const char *p = db->path; *p != '\0'; p++)
		n += (size_t)snprintf(name + n, sizeof(name) - n,
		    strchr("?#%", *p) != NULL ? "%%%02X" : "%c", *p);
	snprintf(name + n, sizeof(name) - n, "?immutable=1");
	open_file(db, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, 0);
}

bool
db_open_reader(struct db *db, const char *path)
{
	struct stat st;

	*db = (struct db){ .lock = -1 };
	if (!str_copy(db->path, sizeof(db->path) - sizeof("-wal"), str_of(path)))
		db_fail(db, STORE_UNREADABLE, "the path is too long");
	else if (stat(path, &st) != 0)
		db_fail(db, STORE_UNREADABLE, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		db_fail(db, STORE_UNREADABLE, "%s is not a regular file", path);
	if (!db_is_good(db))
		return false;
	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
		open_file(db, db->path, SQLITE_OPEN_READWRITE, 0);
	else
		open_unwritable(db);
	(void)check_identity(db);
	db_exec(db, "PRAGMA query_only=ON");
	db_exec(db, "PRAGMA cache_size=-4096");
	if (!db_is_good(db))
		db_close(db);
	return db_is_good(db);
}

bool
db_open_salvage(struct db *db, const char *path)
{
	*db = (struct db){ .lock = -1 };
	if (str_copy(db->path, sizeof(db->path) - sizeof("-wal"), str_of(path)))
		open_file(db, db->path, SQLITE_OPEN_READWRITE, 0);
	/* Makes a schema readable of which a part is not. */
	db_exec(db, "PRAGMA writable_schema=ON");
	db_exec(db, "PRAGMA query_only=ON");
	return db->sql != NULL && db_is_good(db);
}

void
db_close(struct db *db)
{
	if (db->sql == NULL)
		return;
	finalize_all(db);
	if (db->kind == STORE_DAMAGED)
		set_leave_alone(db, true);
	(void)sqlite3_close(db->sql);
	db->sql = NULL;
	db->full = false;
	db->wal_frames = 0;
}

bool
db_set_aside(struct db *db, int64_t now_ms, char *ret, size_t size)
{
	char from_wal[PATH_MAX + 8], to_wal[PATH_MAX + 8], time[TEXT_TIME_SIZE];
	struct stat st;
	size_t n = 0;

	db_close(db);
	text_time_s(time, now_ms / 1000);
	for (const char *p = time; *p != '\0'; p++)
		if (*p != '-' && *p != ':')
			time[n++] = *p;
	time[n] = '\0';
	snprintf(ret, size, "%s.damaged-%s", db->path, time);
	for (unsigned i = 1; i < ASIDE_MAX && lstat(ret, &st) == 0; i++)
		snprintf(ret, size, "%s.damaged-%s.%u", db->path, time, i);
	snprintf(from_wal, sizeof(from_wal), "%s-wal", db->path);
	snprintf(to_wal, sizeof(to_wal), "%s-wal", ret);
	(void)rename(from_wal, to_wal); /* first: without its file it harms nothing */
	if (lstat(ret, &st) != 0 && rename(db->path, ret) == 0)
		return true;
	ret[0] = '\0';
	return false;
}

void
db_free(struct db *db)
{
	db_close(db);
	if (db->lock >= 0)
		close(db->lock);
	db->lock = -1;
}
