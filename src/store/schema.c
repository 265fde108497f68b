#include "store/schema.h"

#include <stdio.h>

#include "store/db.h"

/*
 * Version 1. What is keyed by test is written seldom (state, last); what every run writes
 * is only ever appended (recent, failure, trace), so that the cost of a result does not
 * grow with the number of tests. Ids of recent, failure and trace are the same for one
 * run; chunk, day and day_steps have a number of their own << 24 | test.
 *
 * What a test remembers besides its state (counters, next run, certificates) goes along
 * with each of its runs: recent.memory. Its newest run is in recent; or in the newest
 * period; or in last, where it is put when a newer period has none of it.
 */
static const char version_1[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT,"
    " WITHOUT ROWID;"
    "CREATE TABLE test(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " pool TEXT NOT NULL, user TEXT NOT NULL, gone INTEGER) STRICT;"
    "CREATE TABLE state(kind INTEGER NOT NULL, subject TEXT NOT NULL,"
    " state TEXT NOT NULL, since INTEGER NOT NULL, incident TEXT, runs INTEGER,"
    " failures INTEGER, successes INTEGER, recent INTEGER, flapping INTEGER,"
    " said INTEGER, said_by TEXT, diag TEXT, held TEXT, held_since INTEGER,"
    " pause_at INTEGER, pause_until INTEGER, pause_by TEXT, pause_reason TEXT,"
    " acknowledged_at INTEGER, acknowledged_until INTEGER, acknowledged_by TEXT,"
    " acknowledged_reason TEXT, PRIMARY KEY(kind, subject)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE last(test INTEGER PRIMARY KEY, id INTEGER NOT NULL, started INTEGER,"
    " run INTEGER, flags INTEGER, latency INTEGER, steps BLOB, memory BLOB, step TEXT,"
    " cause TEXT, code INTEGER, diag TEXT, error TEXT, diagnosis TEXT) STRICT;"
    "CREATE TABLE change(id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, subject TEXT NOT NULL, was TEXT, now TEXT, incident TEXT,"
    " run TEXT, event TEXT, priority INTEGER, line TEXT,"
    " announced INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE INDEX change_subject ON change(kind, subject, at);"
    "CREATE INDEX change_due ON change(id) WHERE announced = 0;"
    "CREATE TABLE failure(id INTEGER PRIMARY KEY, test INTEGER NOT NULL,"
    " started INTEGER NOT NULL, run INTEGER, step TEXT, cause TEXT, code INTEGER,"
    " diag TEXT, error TEXT, diagnosis TEXT) STRICT;"
    "CREATE TABLE recent(id INTEGER PRIMARY KEY, test INTEGER NOT NULL,"
    " started INTEGER NOT NULL, run INTEGER NOT NULL, flags INTEGER NOT NULL,"
    " latency INTEGER NOT NULL, steps BLOB, memory BLOB) STRICT;"
    "CREATE TABLE period(id INTEGER PRIMARY KEY, first_ms INTEGER NOT NULL,"
    " last_ms INTEGER NOT NULL, first_recent INTEGER NOT NULL,"
    " last_recent INTEGER NOT NULL, done INTEGER NOT NULL) STRICT;"
    "CREATE TABLE chunk(id INTEGER PRIMARY KEY, runs BLOB NOT NULL, memory BLOB)"
    " STRICT;"
    "CREATE TABLE day(id INTEGER PRIMARY KEY, runs INTEGER NOT NULL,"
    " failed INTEGER NOT NULL, ok_ms INTEGER NOT NULL, lost_ms INTEGER NOT NULL,"
    " paused_ms INTEGER NOT NULL, isolated_ms INTEGER NOT NULL,"
    " unwatched_ms INTEGER NOT NULL, latency BLOB) STRICT;"
    "CREATE TABLE day_steps(id INTEGER PRIMARY KEY, steps BLOB NOT NULL) STRICT;"
    "CREATE TABLE trace(id INTEGER PRIMARY KEY, test INTEGER NOT NULL,"
    " started INTEGER NOT NULL, run INTEGER NOT NULL, latency INTEGER NOT NULL,"
    " step TEXT, diag TEXT, size INTEGER NOT NULL) STRICT;"
    "CREATE TABLE trace_text(id INTEGER PRIMARY KEY, length INTEGER NOT NULL,"
    " packed BLOB NOT NULL) STRICT;";

/* The nth entry makes version n + 1 of version n. */
static const char *const steps[SCHEMA_VERSION] = { version_1 };

void
schema_upgrade(struct db *db, int from)
{
	char version[64];

	db_begin(db, true);
	for (int i = from; i < SCHEMA_VERSION; i++)
		db_exec(db, steps[i]);
	snprintf(version, sizeof(version), "PRAGMA user_version=%d", SCHEMA_VERSION);
	db_exec(db, version);
	(void)db_commit(db);
}
