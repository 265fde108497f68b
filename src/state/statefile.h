/*
 * statefile - state.json, schema 1 (doc/STATE): making the text, writing it, reading it
 * back.
 *
 * Making it and writing it are apart because fsync() belongs into a worker thread. With
 * many tests the text can be made in slices: begin, some tests, some more, rest, the
 * pools, end.
 */
#ifndef CSWATCH_STATE_STATEFILE_H
#define CSWATCH_STATE_STATEFILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/isolation.h"
#include "base/str.h"
#include "state/state.h"

struct buf;
struct err;
struct json; /* base/json.h cannot be included beside jansson.h */

#define STATEFILE_SCHEMA    1
#define STATEFILE_MAX	    ((size_t)1024 * 1024 * 1024) /* octets */
#define STATEFILE_TESTS_MAX 200000
#define STATEFILE_POOLS_MAX STATEFILE_TESTS_MAX

struct state {
	int64_t written_ms;
	char *host, *version;
	struct test_state *tests; /* sorted by name */
	size_t ntests;
	struct pool_state *pools; /* those with an alert of their own */
	size_t npools;
	struct isolation watcher;
	char watcher_incident[INCIDENT_SIZE]; /* while it is cut off; else empty */
};

void state_free(struct state *s); /* contents; a zeroed one is fine */
/* NULL when there is none of that name. */
struct test_state *state_find(const struct state *s, const char *name);

void statefile_begin(struct json *j, struct buf *out, int64_t written_ms,
    const char *host, const char *version);
void statefile_test(struct json *j, const struct test_state *t);
/* The members of its object: where somebody else has begun it. */
void statefile_members(struct json *j, const struct test_state *t);
/* After the tests: whether the watcher is cut off, and the pools that are in alert. */
void statefile_rest(struct json *j, const struct isolation *w);
void statefile_pool(struct json *j, const struct pool_state *p);
void statefile_end(struct json *j);
/* The members of the watcher's object and a pool's, as above. */
void statefile_watcher_members(struct json *j, const struct isolation *w);
void statefile_pool_members(struct json *j, const struct pool_state *p);
/* All of it at once. Look at out->failed afterwards. */
void statefile_format(struct buf *out, const struct state *s);

/*
 * Replaces path by content: PATH.tmp, fsync, rename, fsync of the directory. Blocks. At
 * any moment path holds either the old content or the new, whole. False: *err; it then
 * holds the old (or, if only the last fsync failed, perhaps the new). Touches nothing
 * but its arguments, so it may run in a thread; never twice at a time for a path.
 */
bool statefile_write(const char *path, struct str content, struct err *err);

enum statefile_status {
	STATEFILE_READ,	     /* *ret is filled */
	STATEFILE_ABSENT,    /* first start: *ret is empty */
	STATEFILE_SET_ASIDE, /* unusable, renamed: *err; *ret is empty */
	STATEFILE_UNUSABLE   /* not even renamed: *err; do not write */
};

/*
 * The caller frees *ret with state_free() whatever came back. now_ms (wall clock) is for
 * the new name: PATH.damaged-20261122T130412Z, PATH.newer-20261122T130412Z.
 */
enum statefile_status statefile_read(
    const char *path, int64_t now_ms, struct state *ret, struct err *err);
/*
 * Reads and judges only; never renames: for programs other than the daemon. False: *err.
 */
bool statefile_peek(const char *path, struct state *ret, struct err *err);

#endif
