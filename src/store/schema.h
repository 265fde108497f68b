/*
 * schema - the tables of the store, by version, and how an older one becomes the present.
 */
#ifndef CSWATCH_STORE_SCHEMA_H
#define CSWATCH_STORE_SCHEMA_H

struct db;

#define SCHEMA_APPLICATION 0x43535754 /* "CSWT": PRAGMA application_id */
#define SCHEMA_VERSION	   1	      /* PRAGMA user_version */

/* What a row is about: kind of the tables state and change. */
enum store_subject {
	SUBJECT_TEST = 1,
	SUBJECT_POOL = 2,
	SUBJECT_WATCHER = 3,
	SUBJECT_DAEMON = 4, /* started and stopped; changes only */
};

/* In one transaction, from whatever version the file has (0: none). */
void schema_upgrade(struct db *db, int from);

#endif
