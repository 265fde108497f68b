/*
 * shelf - traces of failed runs in files: DIRECTORY/TEST/STARTED-RUN.jsonl, of each test
 * the last ones, all together within a bound. The oldest go first.
 *
 * Everything here blocks, so it belongs into a worker thread, one call at a time. Losing
 * a trace harms nothing: no fsync, and what cannot be read is not there.
 */
#ifndef CSWATCH_TRACE_SHELF_H
#define CSWATCH_TRACE_SHELF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct shelf;
struct trace;

#define SHELF_RUNS_MAX	 20		    /* of a test */
#define SHELF_OCTETS_MAX (64 * 1024 * 1024) /* of all tests, in blocks of 4 KiB */
#define SHELF_RESERVE	 (16 * 1024 * 1024) /* of the disk, that must stay free */
#define SHELF_RUN_SIZE	 8
#define SHELF_WORD_SIZE	 32
#define SHELF_NAME_SIZE	 224 /* of a test's directory */

/* One that is kept. */
struct shelf_item {
	char run[SHELF_RUN_SIZE];
	bool damaged; /* the rest is then empty */
	int64_t started_ms;
	uint64_t latency_us;
	bool ok;
	char step[SHELF_WORD_SIZE], diag[SHELF_WORD_SIZE];
};

/*
 * Touches nothing yet. octets_max: SHELF_OCTETS_MAX; reserve: SHELF_RESERVE. NULL: out of
 * memory.
 */
struct shelf *shelf_new(const char *directory, uint64_t octets_max, uint64_t reserve);
void shelf_free(struct shelf *s); /* NULL is fine */

/* Makes the directories, 0700, and the file, 0600. False: *err, and nothing is new. */
bool shelf_put(struct shelf *s, const struct trace *t, struct err *err);
/* run NULL: the newest. NULL: *err says what there is. The caller frees it. */
struct trace *shelf_get(
    struct shelf *s, const char *test, const char *run, struct err *err);
/* Those of one test, the newest first: how many. */
size_t shelf_list(
    struct shelf *s, const char *test, struct shelf_item ret[SHELF_RUNS_MAX]);

/* The directories of tests, each with a line feed behind it. */
void shelf_tests(struct shelf *s, struct buf *out);
/* All that is kept of a test; name is its directory's. */
void shelf_remove(struct shelf *s, const char *name);

/*
 * A test's name as that of its directory: letters, digits, . _ - as they are, the rest
 * %XX; a long one is cut, and its digest makes it unique again.
 */
void shelf_encode(const char *test, char ret[SHELF_NAME_SIZE]);
/* Back again; false: it was cut, or is none. */
bool shelf_decode(const char *name, char *ret, size_t size);

#endif
