#include "store/check.h"

#include <inttypes.h>
#include <limits.h>

#include "base/text.h"
#include "store/db.h"
#include "store/runs.h"
#include "store/schema.h"

#define FINDINGS_MAX 20 /* printed */

struct check {
	struct db db;
	FILE *out;
	unsigned findings;
};

static void
find(struct check *c, const char *what)
{
	if (c->findings++ < FINDINGS_MAX)
		fprintf(c->out, "damaged: %s\n", what);
}

/* Its answer is a success with findings as rows, the only one "ok" if there is none. */
static void
check_integrity(struct check *c)
{
	sqlite3_stmt *st = db_prepare(&c->db, "PRAGMA integrity_check(100)");

	while (db_next(&c->db, st))
		if (!str_eq(str_of(db_text(st, 0)), "ok"))
			find(c, db_text(st, 0));
}

static bool
is_chunk(const void *data, size_t size)
{
	struct chunk_reader r;
	struct store_run run;

	chunk_read(&r, data, size, 0, 0);
	while (chunk_next(&r, &run))
		;
	return !r.in.bad;
}

static bool
is_histogram(const void *data, size_t size)
{
	struct histogram h = { .total = 0 };

	return histogram_decode(&h, data, size);
}

static bool
is_step_times(const void *data, size_t size)
{
	static struct histogram steps[STEP_COUNT]; /* 11 KiB; one thread */

	return step_times_decode(steps, data, size);
}

/* Blobs of ours that cannot be read: SQLite does not know what is in them. */
static void
check_blobs(struct check *c, const char *table, const char *sql,
    bool (*is_good)(const void *data, size_t size))
{
	sqlite3_stmt *st = db_prepare(&c->db, sql);
	uint64_t bad = 0;
	char what[128];

	while (db_next(&c->db, st))
		bad += !is_good(
		    sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
	if (bad == 0)
		return;
	snprintf(what, sizeof(what), "%" PRIu64 " rows of %s cannot be read", bad, table);
	find(c, what);
}

static void
print_time(struct check *c, const char *name, const char *sql)
{
	int64_t at = db_number(&c->db, sql);
	char text[TEXT_TIME_SIZE];

	text_time_s(text, at / 1000);
	if (at != 0)
		fprintf(c->out, "%-24s %s\n", name, text);
}

static void
print_counts(struct check *c)
{
	static const struct {
		const char *name, *sql;
	} counts[] = {
		{ "schema", "PRAGMA user_version" },
		{ "tests", "SELECT count(*) FROM test WHERE gone IS NULL" },
		{ "tests that are gone", "SELECT count(*) FROM test WHERE gone > 0" },
		{ "in alert", "SELECT count(*) FROM state WHERE state='alert'" },
		{ "changes", "SELECT count(*) FROM change" },
		{ "not announced yet", "SELECT count(*) FROM change WHERE announced=0" },
		{ "failures", "SELECT count(*) FROM failure" },
		{ "runs not packed yet", "SELECT count(*) FROM recent" },
		{ "periods", "SELECT count(*) FROM period WHERE done=1" },
		{ "days of tests", "SELECT count(*) FROM day" },
		{ "traces", "SELECT count(*) FROM trace" },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		fprintf(c->out, "%-24s %" PRId64 "\n", counts[i].name,
		    db_number(&c->db, counts[i].sql));
	print_time(c, "runs since",
	    "SELECT min(at) FROM (SELECT min(first_ms) AS at FROM period WHERE done=1"
	    " UNION SELECT started FROM recent WHERE id=(SELECT min(id) FROM recent))");
	print_time(c, "days since", "SELECT (min(id) >> 24) * 86400000 FROM day");
	fprintf(
	    c->out, "%-24s %" PRIu64 " KiB\n", "in use", db_used_bytes(&c->db) / 1024);
}

static enum check_result
conclude(struct check *c)
{
	if (c->db.kind == STORE_DAMAGED)
		find(c, c->db.why);
	if (c->findings > FINDINGS_MAX)
		fprintf(c->out, "... and %u more\n", c->findings - FINDINGS_MAX);
	if (c->findings > 0) {
		fprintf(c->out, "cswatchd sets a damaged store aside and begins a new"
				" one\n");
		return CHECK_DAMAGED;
	}
	if (!db_is_good(&c->db)) {
		fprintf(c->out, "%s\n", c->db.why);
		return CHECK_IMPOSSIBLE;
	}
	fprintf(c->out, "good\n");
	return CHECK_GOOD;
}

enum check_result
store_check(const char *directory, FILE *out)
{
	struct check c = { .out = out };
	enum check_result result;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" DB_NAME, directory);
	fprintf(out, "%s\n", path);
	if (db_open_reader(&c.db, path)) {
		print_counts(&c);
		check_integrity(&c);
		check_blobs(&c, "chunk", "SELECT runs FROM chunk", is_chunk);
		check_blobs(&c, "day", "SELECT latency FROM day", is_histogram);
		check_blobs(
		    &c, "day_steps", "SELECT steps FROM day_steps", is_step_times);
	}
	result = conclude(&c);
	db_free(&c.db);
	return result;
}
