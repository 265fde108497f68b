/*
 * row - the state of a test, a pool or the watcher as one row of the table state. The
 * only place that knows how fields of alert/ and state/ are called on disk.
 *
 * A word that this version does not know (a state, say) costs what it stands for, not the
 * row: the test is then unknown, and keeps its pause.
 */
#ifndef CSWATCH_STORE_ROW_H
#define CSWATCH_STORE_ROW_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/state.h"
#include "store/schema.h"

struct db;
struct isolation;

/* Borrows nothing but `state`, `said_by` and `held`, which are literals. */
struct row {
	enum store_subject kind;
	char *subject;	   /* owned */
	const char *state; /* NULL: there is nothing to remember, the row goes */
	int64_t since_ms;
	char incident[INCIDENT_SIZE];
	uint64_t runs;
	unsigned failures, successes, recent;
	bool flapping;
	int64_t announced_ms;
	const char *said_by;
	char diag[DIAGNOSIS_TAG_SIZE];
	const char *held;
	int64_t held_since_ms;
	struct remark *pause, *acknowledged; /* owned; NULL: none */
};

/* False: out of memory, and *ret is empty. The caller frees *ret with row_free(). */
bool row_of_test(struct row *ret, const struct test_state *t);
bool row_of_pool(struct row *ret, const struct pool_state *p);
bool row_of_watcher(
    struct row *ret, const struct isolation *w, const char incident[INCIDENT_SIZE]);
void row_free(struct row *r); /* contents; a zeroed one is allowed */

/* Inserts or replaces the row, or deletes it. */
void row_write(struct db *db, const struct row *r);

/*
 * Reading back: asks for the rows of a kind; row_next() is like db_next(), and *ret_row
 * is valid until the next call. Words that are unknown are NULL.
 */
struct row_reader {
	void *statement;
	struct row row;
	struct remark pause, acknowledged;
};
void row_read(struct db *db, enum store_subject kind, struct row_reader *ret);
bool row_next(struct db *db, struct row_reader *r);

/* Puts a row that was read into what it is of. False: out of memory. */
bool row_to_test(const struct row *r, struct test_state *t);
bool row_to_pool(const struct row *r, struct pool_state *p);
void row_to_watcher(
    const struct row *r, struct isolation *w, char ret_incident[INCIDENT_SIZE]);

#endif
