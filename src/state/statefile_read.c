#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "state/statefile.h"
#include "state/statefile_fields.h"
#include "vocab/err.h"

enum condition { GOOD, ABSENT, DAMAGED, NEWER, UNUSABLE };

enum {
	SEEN_SCHEMA = 1,
	SEEN_WRITTEN = 2,
	SEEN_HOST = 4,
	SEEN_VERSION = 8,
	SEEN_TESTS = 16,
	SEEN_ALL = 31, /* the others are not in files of earlier versions */
	SEEN_WATCHER = 32,
	SEEN_POOLS = 64
};

/*
 * The text is walked down to the single test, and only that is given to jansson: a tree
 * of a whole file would cost a hundred times the state itself.
 */
struct reader {
	struct str text;
	size_t at;
	unsigned seen;
	size_t capacity; /* of state->tests */
	size_t pool_capacity;
	struct state *state;
	enum condition condition;
	struct err *err;
};

static bool
damaged(struct reader *r, const char *what)
{
	r->condition = DAMAGED;
	err_local(r->err, 0, "octet %zu: %s", r->at, what);
	return false;
}

static bool
no_memory(struct reader *r)
{
	r->condition = UNUSABLE;
	err_local(r->err, ENOMEM, "reading the state file");
	return false;
}

/* The octet after white space, not consumed; NUL at the end. */
static char
next(struct reader *r)
{
	while (r->at < r->text.len && memchr(" \t\r\n", r->text.p[r->at], 4) != NULL)
		r->at++;
	return r->at < r->text.len ? r->text.p[r->at] : '\0';
}

static bool
take(struct reader *r, char c)
{
	char what[] = "expected ' '";

	if (next(r) == c) {
		r->at++;
		return true;
	}
	what[sizeof(what) - 3] = c;
	return damaged(r, what);
}

/* One whole JSON value; the caller gives it back with json_decref(). NULL: r->err. */
static json_t *
value(struct reader *r)
{
	json_error_t e;
	json_t *v;

	next(r);
	v = json_loadb(r->text.p + r->at, r->text.len - r->at,
	    JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &e);
	if (e.position > 0)
		r->at += (size_t)e.position;
	if (v == NULL)
		damaged(r, e.text);
	return v;
}

static bool
walk_object(struct reader *r, bool (*member)(struct reader *, const char *key))
{
	if (!take(r, '{'))
		return false;
	if (next(r) == '}')
		return take(r, '}');
	for (;;) {
		json_t *key = value(r);
		bool ok = key != NULL &&
			  (json_is_string(key) || damaged(r, "expected a name")) &&
			  take(r, ':') && member(r, json_string_value(key));

		json_decref(key);
		if (!ok)
			return false;
		if (next(r) == '}')
			return take(r, '}');
		if (!take(r, ','))
			return false;
	}
}

static struct test_state *
new_test(struct reader *r)
{
	struct state *s = r->state;
	struct test_state *grown;

	if (s->ntests == r->capacity) {
		size_t capacity = r->capacity == 0 ? 16 : 2 * r->capacity;

		grown = reallocarray(s->tests, capacity, sizeof(s->tests[0]));
		if (grown == NULL)
			return NULL;
		s->tests = grown;
		r->capacity = capacity;
	}
	s->tests[s->ntests] = (struct test_state){ .name = NULL };
	return &s->tests[s->ntests++];
}

/* bad NULL: out of memory. */
static bool
bad_member(struct reader *r, const char *bad, const char *where)
{
	char what[128];

	if (bad == NULL)
		return no_memory(r);
	snprintf(what, sizeof(what), "\"%s\" is missing or wrong in %s", bad, where);
	return damaged(r, what);
}

static bool
read_test(struct reader *r, const char *name)
{
	struct test_state *t;
	const char *bad = NULL;
	char where[128];
	json_t *v;
	bool ok;

	if (r->state->ntests == STATEFILE_TESTS_MAX)
		return damaged(r, "too many tests");
	t = new_test(r);
	if (t == NULL || (t->name = str_dup(str_of(name))) == NULL)
		return no_memory(r);
	v = value(r);
	if (v == NULL)
		return false;
	ok = fields_read_test(v, t, &bad);
	json_decref(v);
	snprintf(where, sizeof(where), "test %s", name);
	return ok || bad_member(r, bad, where);
}

static struct pool_state *
new_pool(struct reader *r)
{
	struct state *s = r->state;
	struct pool_state *grown;

	if (s->npools == r->pool_capacity) {
		size_t capacity = r->pool_capacity == 0 ? 16 : 2 * r->pool_capacity;

		grown = reallocarray(s->pools, capacity, sizeof(s->pools[0]));
		if (grown == NULL)
			return NULL;
		s->pools = grown;
		r->pool_capacity = capacity;
	}
	s->pools[s->npools] = (struct pool_state){ .fqdn = NULL };
	return &s->pools[s->npools++];
}

static bool
read_pool(struct reader *r, const char *name)
{
	struct pool_state *p;
	const char *bad = NULL;
	json_t *v;
	bool ok;

	if (r->state->npools == STATEFILE_POOLS_MAX)
		return damaged(r, "too many pools");
	p = new_pool(r);
	if (p == NULL || (p->fqdn = str_dup(str_of(name))) == NULL)
		return no_memory(r);
	v = value(r);
	if (v == NULL)
		return false;
	ok = fields_read_pool(v, p, &bad);
	json_decref(v);
	return ok || bad_member(r, bad, "a pool");
}

static bool
read_watcher(struct reader *r, const json_t *v)
{
	const char *bad = NULL;

	return fields_read_watcher(v, &r->state->watcher, &bad) ||
	       bad_member(r, bad, "the watcher");
}

static bool
judge_schema(struct reader *r, const json_t *v)
{
	json_int_t schema = json_integer_value(v); /* 0 when it is no integer */

	if (schema == STATEFILE_SCHEMA)
		return true;
	if (schema < STATEFILE_SCHEMA)
		return damaged(r, "no schema that there ever was");
	r->condition = NEWER;
	err_local(r->err, 0, "schema %lld is newer than this program's %d",
	    (long long)schema, STATEFILE_SCHEMA);
	return false;
}

static bool
keep_string(struct reader *r, const json_t *v, char **ret)
{
	if (!json_is_string(v))
		return damaged(r, "expected a string");
	*ret = str_dup(str_of(json_string_value(v)));
	return *ret != NULL || no_memory(r);
}

static unsigned
seen_bit(const char *key)
{
	static const struct {
		const char *key;
		unsigned bit;
	} keys[] = {
		{ "schema", SEEN_SCHEMA },
		{ "written", SEEN_WRITTEN },
		{ "host", SEEN_HOST },
		{ "version", SEEN_VERSION },
		{ "tests", SEEN_TESTS },
		{ "watcher", SEEN_WATCHER },
		{ "pools", SEEN_POOLS },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(key, keys[i].key) == 0)
			return keys[i].bit;
	}
	return 0;
}

static bool
read_top(struct reader *r, const char *key)
{
	unsigned bit = seen_bit(key);
	json_t *v;
	bool ok = true;

	if ((r->seen & bit) != 0)
		return damaged(r, "the same name twice");
	r->seen |= bit;
	if (bit == SEEN_TESTS)
		return walk_object(r, read_test);
	if (bit == SEEN_POOLS)
		return walk_object(r, read_pool);
	v = value(r);
	if (v == NULL)
		return false;
	if (bit == SEEN_SCHEMA)
		ok = judge_schema(r, v);
	else if (bit == SEEN_WRITTEN)
		ok = field_time_ms(v, &r->state->written_ms) ||
		     damaged(r, "expected a time");
	else if (bit == SEEN_HOST)
		ok = keep_string(r, v, &r->state->host);
	else if (bit == SEEN_VERSION)
		ok = keep_string(r, v, &r->state->version);
	else if (bit == SEEN_WATCHER)
		ok = read_watcher(r, v);
	json_decref(v);
	return ok;
}

static int
compare_tests(const void *a, const void *b)
{
	return strcmp(
	    ((const struct test_state *)a)->name, ((const struct test_state *)b)->name);
}

static bool
sort_tests(struct reader *r)
{
	struct state *s = r->state;

	if (s->ntests == 0)
		return true;
	qsort(s->tests, s->ntests, sizeof(s->tests[0]), compare_tests);
	for (size_t i = 1; i < s->ntests; i++) {
		if (strcmp(s->tests[i - 1].name, s->tests[i].name) == 0)
			return damaged(r, "a test twice");
	}
	return true;
}

static enum condition
parse(struct str text, struct state *ret, struct err *err)
{
	struct reader r = { .text = text, .state = ret, .err = err, .condition = GOOD };
	/* jansson reads over NULs, and then does not know how far it got. */
	bool ok = (memchr(text.p, '\0', text.len) == NULL ||
		      damaged(&r, "there are NUL octets in it")) &&
		  walk_object(&r, read_top) &&
		  (next(&r) == '\0' || damaged(&r, "something follows the end")) &&
		  (r.at == text.len || damaged(&r, "something follows the end")) &&
		  ((r.seen & SEEN_ALL) == SEEN_ALL ||
		      damaged(&r, "something is missing at the top")) &&
		  sort_tests(&r);

	if (!ok)
		state_free(ret);
	return r.condition;
}

static enum condition
load(const char *path, struct state *ret, struct err *err)
{
	enum condition condition = UNUSABLE;
	struct buf text;

	*ret = (struct state){ .ntests = 0 };
	buf_init(&text, STATEFILE_MAX);
	switch (file_read(path, 0, &text, NULL)) {
	case FILE_READ:
		condition = parse(buf_view(&text), ret, err);
		break;
	case FILE_FAILED:
		condition = errno == ENOENT ? ABSENT : UNUSABLE;
		err_local(err, errno, "%s", path);
		break;
	case FILE_TOO_LARGE:
		condition = DAMAGED;
		err_local(err, 0, "larger than %zu octets", STATEFILE_MAX);
		break;
	case FILE_NOT_REGULAR:
	case FILE_NOT_PRIVATE:
		err_local(err, 0, "%s is not a file", path);
		break;
	}
	buf_free(&text);
	return condition;
}

/* 20261122T130412Z */
static void
stamp(char dst[TEXT_TIME_SIZE], int64_t now_ms)
{
	char time[TEXT_TIME_SIZE];
	size_t n = 0;

	text_time_s(time, now_ms / 1000);
	for (const char *p = time; *p != '\0'; p++) {
		if (*p != '-' && *p != ':')
			dst[n++] = *p;
	}
	dst[n] = '\0';
}

/* Never over a file that is there: those of earlier accidents are kept. */
static bool
rename_aside(const char *path, const char *word, int64_t now_ms, char aside[PATH_MAX])
{
	char time[TEXT_TIME_SIZE];
	int n;

	stamp(time, now_ms);
	for (unsigned i = 0; i < 100; i++) {
		n = snprintf(aside, PATH_MAX, i == 0 ? "%s.%s-%s" : "%s.%s-%s.%u", path,
		    word, time, i);
		if (n < 0 || n >= PATH_MAX) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (renameat2(AT_FDCWD, path, AT_FDCWD, aside, RENAME_NOREPLACE) == 0)
			return true;
		/* Some network file systems know no such flag. */
		if (errno == EINVAL && access(aside, F_OK) != 0)
			return rename(path, aside) == 0;
		if (errno != EEXIST && errno != EINVAL)
			return false;
	}
	return false;
}

enum statefile_status
statefile_read(const char *path, int64_t now_ms, struct state *ret, struct err *err)
{
	enum condition condition = load(path, ret, err);
	char aside[PATH_MAX];
	struct err why;

	switch (condition) {
	case GOOD:
		return STATEFILE_READ;
	case ABSENT:
		err_clear(err);
		return STATEFILE_ABSENT;
	case UNUSABLE:
		return STATEFILE_UNUSABLE;
	case DAMAGED:
	case NEWER:
		break;
	}
	why = *err;
	if (!rename_aside(
		path, condition == NEWER ? "newer" : "damaged", now_ms, aside)) {
		err_local(err, errno, "%s; renaming %s", why.detail, path);
		return STATEFILE_UNUSABLE;
	}
	err_local(err, 0, "%s; renamed to %s", why.detail, aside);
	return STATEFILE_SET_ASIDE;
}

bool
statefile_peek(const char *path, struct state *ret, struct err *err)
{
	return load(path, ret, err) == GOOD;
}
