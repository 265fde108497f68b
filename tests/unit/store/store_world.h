/*
 * store_world - a store in a directory of its own, with a clock that the test sets, and
 * what its hooks were told.
 */
#ifndef CSWATCH_TESTS_STORE_WORLD_H
#define CSWATCH_TESTS_STORE_WORLD_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/parts.h"
#include "store/store.h"
#include "vocab/result.h"

#define WORLD_TESTS 8
#define WORLD_NOW   1795352652103 /* 2026-11-22T13:04:12.103Z */

struct world {
	char directory[128], path[160]; /* the state directory, the file */
	struct loop *loop;
	struct clock clock;
	uint64_t mono_us;
	int64_t wall_ms;
	struct store *store;
	struct store_recall recall; /* of the last opening */
	enum store_start start;
	struct test_state tests[WORLD_TESTS]; /* t0 ... */
	size_t ntests;
	struct buf told; /* of hooks: "committed 1\n", "trouble full\n", ... */
	char why[STORE_WHY_SIZE], aside[STORE_WHY_SIZE];
	/* what the store could remember only later */
	struct store_recall late;
	unsigned released; /* traces */
};

/* cmocka fixtures: *state is the world. */
int world_setup(void **state);
int world_teardown(void **state);

/* The directory and what is in it; one that is not there is allowed. */
void world_remove(const char *directory);

/* Opens it; recalled tests of the names t0 ... are taken over into w->tests. */
void world_open(struct world *w);
/* As if it ended well. */
void world_close(struct world *w);
/* As if it was killed: what was not written is lost. */
void world_crash(struct world *w);
/* Adds t0 ... up to n tests that are not there yet. */
void world_add(struct world *w, size_t n);

/* Runs the loop until there is nothing to do for the store now. */
void world_settle(struct world *w);
/* The time goes on, and the store has a look at it. */
void world_pass(struct world *w, uint64_t ms);

/* A run of that test; its alert is fed, and a change of state is noted. */
void world_run(struct world *w, size_t test, bool ok);
/* The same, and nothing is noted of the change. */
void world_run_quietly(struct world *w, size_t test, bool ok);
/* One test that is well, and one in alert, all announced; closed. */
void world_fill(struct world *w);
/* The directory gets another name, or its own again. */
void world_move(struct world *w, bool away);
/* A trace of that text. */
struct store_trace world_trace(struct world *w, const char *text);

/* For store_flush(): tells "flushed". */
void world_flushed(void *arg);
/* How often a line was told. */
size_t world_count(const struct world *w, const char *line);
/* What world_fill() has left is known. */
void assert_filled(const struct state *s);

/* A number from the file, which must be closed. */
int64_t world_number(const struct world *w, const char *sql);
/* Changes the file, which must be closed. */
void world_sql(const struct world *w, const char *sql);
/* The same through another file. */
int64_t sql_number(const char *path, const char *sql);

#endif
