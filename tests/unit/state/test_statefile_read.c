#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "state/statefile.h"
#include "state.h"

#define TEXT_MAX (64 * 1024)

/* A directory with a state file, and a content that is known to be good. */
struct place {
	char dir[64], path[96], damaged[144], newer[144];
	char good[TEXT_MAX];
};

static struct remark *
make_remark(int64_t until_ms, const char *reason)
{
	struct remark *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	*r = (struct remark){
		.at_ms = STATE_NOW_MS - 1, .until_ms = until_ms, .by = "kenmyer"
	};
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
	return r;
}

static void
make_good(char good[TEXT_MAX])
{
	struct result ok = result_ok(), failed = result_failed();
	struct test_state t[3];
	struct pool_state pool = { .fqdn = (char[]){ "a.example" },
		.rollup = { .diag = "WT-CRED",
		    .since_ms = STATE_NOW_MS - 7,
		    .announced_ms = STATE_NOW_MS - 6 } };
	const struct state s = { .written_ms = STATE_NOW_MS,
		.host = (char[]){ "watch1" },
		.version = (char[]){ "0.1.0" },
		.tests = t,
		.ntests = 3,
		.pools = &pool,
		.npools = 1,
		.watcher = { .state = ISOLATION_CUT_OFF,
		    .since_ms = STATE_NOW_MS - 9,
		    .announced_ms = STATE_NOW_MS - 8 } };
	struct buf b;

	assert_true(
	    test_state_init(&t[0], "a/failed", "a.example", "sip:failed@example"));
	assert_true(test_state_init(&t[1], "b/new", "b.example", "sip:new@example"));
	assert_true(
	    test_state_init(&t[2], "c/\xc3\xbc \"\\\n", "c.example", "sip:o@example"));
	failed.warnings = (1u << WARNING_COUNT) - 1;
	assert_true(test_state_note_run(&t[0], &ok, STATE_NOW_MS - 60000));
	assert_true(test_state_note_run(&t[0], &failed, STATE_NOW_MS));
	assert_true(test_state_note_run(&t[2], &ok, STATE_NOW_MS));
	t[0].alert.state = ALERT_ALERT;
	t[0].alert.since_ms = STATE_NOW_MS;
	t[0].alert.failures = 3;
	t[0].alert.announced_ms = STATE_NOW_MS - 3;
	t[0].alert.recent = 0x8003;
	t[0].alert.successes = 1;
	t[0].alert.flapping = true;
	t[0].alert.announced_by = ALERT_BY_POOL;
	t[0].acknowledged = make_remark(0, "");
	pool.acknowledged = make_remark(0, "known");
	t[0].alert.acknowledged = true;
	t[2].alert.state = ALERT_PAUSED;
	t[2].alert.resume_state = ALERT_FAILING;
	t[2].alert.resume_since_ms = STATE_NOW_MS - 2;
	t[2].pause = make_remark(STATE_NOW_MS + 7200000, "patching \"all\"");
	t[2].next_ms = STATE_NOW_MS + 30001;
	buf_init(&b, TEXT_MAX - 1);
	statefile_format(&b, &s);
	assert_false(b.failed);
	memcpy(good, b.data, b.len + 1);
	buf_free(&b);
	for (size_t i = 0; i < 3; i++)
		test_state_free(&t[i]);
	free(pool.acknowledged);
}

static int
setup_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->dir, sizeof(p->dir), "/tmp/cswatch-state-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/state.json", p->dir);
	snprintf(p->damaged, sizeof(p->damaged), "%s.damaged-20261122T130412Z", p->path);
	snprintf(p->newer, sizeof(p->newer), "%s.newer-20261122T130412Z", p->path);
	make_good(p->good);
	*state = p;
	return 0;
}

static int
teardown_place(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	unlink(p->damaged);
	unlink(p->newer);
	assert_int_equal(rmdir(p->dir), 0);
	free(p);
	return 0;
}

static void
put(const char *path, struct str text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.len), text.len);
	close(fd);
}

static void
expect_file(const char *path, struct str want)
{
	char *got = malloc(want.len + 1);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(got);
	assert_int_equal(fread(got, 1, want.len + 1, f), want.len);
	assert_memory_equal(got, want.p, want.len);
	fclose(f);
	free(got);
}

static enum statefile_status
read_state(const struct place *p, struct state *ret, struct err *err)
{
	return statefile_read(p->path, STATE_NOW_MS, ret, err);
}

static void
expect_same(const struct state *s, const char *want)
{
	struct buf b;

	buf_init(&b, STATEFILE_MAX);
	statefile_format(&b, s);
	assert_string_equal(buf_view(&b).p, want);
	buf_free(&b);
}

static void
what_was_written_comes_back(void **state)
{
	const struct place *p = *state;
	struct state s;
	struct err err;

	put(p->path, str_of(p->good));
	assert_int_equal(read_state(p, &s, &err), STATEFILE_READ);
	expect_same(&s, p->good);
	assert_int_equal(s.ntests, 3);
	assert_int_equal(s.written_ms, STATE_NOW_MS);
	assert_string_equal(s.host, "watch1");
	assert_int_equal(state_find(&s, "a/failed")->alert.failures, 3);
	assert_int_equal(state_find(&s, "a/failed")->last.failure->code, 401);
	assert_int_equal(state_find(&s, "c/\xc3\xbc \"\\\n")->alert.state, ALERT_PAUSED);
	assert_int_equal(
	    state_find(&s, "c/\xc3\xbc \"\\\n")->alert.resume_state, ALERT_FAILING);
	assert_true(state_find(&s, "a/failed")->alert.acknowledged);
	assert_true(state_find(&s, "a/failed")->alert.flapping);
	assert_int_equal(state_find(&s, "a/failed")->alert.recent, 0x8003);
	assert_int_equal(
	    state_find(&s, "a/failed")->alert.announced_ms, STATE_NOW_MS - 3);
	assert_int_equal(state_find(&s, "c/\xc3\xbc \"\\\n")->last.steps[1].us, 12300);
	assert_null(state_find(&s, "a"));
	assert_int_equal(state_find(&s, "a/failed")->alert.announced_by, ALERT_BY_POOL);
	assert_int_equal(s.npools, 1);
	assert_int_equal(s.pools[0].rollup.state, ROLLUP_ACTIVE);
	assert_true(s.pools[0].rollup.acknowledged);
	assert_int_equal(s.watcher.state, ISOLATION_CUT_OFF);
	state_free(&s);
	assert_null(state_find(&s, "a/failed"));
	assert_true(statefile_peek(p->path, &s, &err));
	expect_same(&s, p->good);
	state_free(&s);
}

static void
the_first_start_is_no_error(void **state)
{
	const struct place *p = *state;
	struct err err = { .cause = CAUSE_LOCAL };
	struct state s;

	assert_int_equal(read_state(p, &s, &err), STATEFILE_ABSENT);
	assert_int_equal(s.ntests, 0);
	assert_int_equal(err.cause, CAUSE_NONE);
	assert_false(statefile_peek(p->path, &s, &err));
	assert_int_equal(err.code, ENOENT);
}

enum expected { GOOD, DAMAGED, NEWER };

/* The good content with one thing changed. What cannot be used is set aside. */
static const struct change_case {
	const char *name;
	const char *from, *to;
	enum expected want;
} change_cases[] = {
	{ "other white space", "{\"schema\":1,", " {\r\n\t\"schema\" : 1 ,", GOOD },
	{ "blanks at the end", "}}\n", "}} \n\n", GOOD },
	{ "unknown member at the top", "{\"schema\"", "{\"x\":[1,{\"y\":2.5}],\"schema\"",
	    GOOD },
	{ "unknown member in a test", "\"pool\":\"b.", "\"x\":{},\"pool\":\"b.", GOOD },
	{ "escaped key", "\"host\"", "\"h\\u006fst\"", GOOD },
	{ "another code", "\"code\":401", "\"code\":-9223372036854775808", GOOD },
	{ "no step", "\"step\":\"web-ticket\"", "\"step\":\"none\"", GOOD },
	{ "no subject, as in older files", "\"subject\":\"CN=kenmyer\",", "", GOOD },
	{ "not isolated", "\"isolated\":true", "\"isolated\":false", GOOD },
	{ "of a version without pools", "\"pools\":", "\"puddles\":", GOOD },
	{ "of a version without voices", "\"said_by\":\"pool\"", "\"s\":0", GOOD },
	{ "no such voice", "\"said_by\":\"pool\"", "\"said_by\":\"all\"", DAMAGED },
	{ "isolated is a number", "\"isolated\":true", "\"isolated\":1", DAMAGED },
	{ "pools is a list", "\"pools\":{", "\"pools\":[", DAMAGED },
	{ "a pool without a tag", "\"diag\":\"WT-CRED\",\"acknowledged\"",
	    "\"acknowledged\"", DAMAGED },
	{ "a pool in no such state", "\"a.example\":{\"state\":\"alert\"",
	    "\"a.example\":{\"state\":\"ok\"", DAMAGED },
	{ "newer", "\"schema\":1", "\"schema\":2", NEWER },
	{ "much newer", "\"schema\":1,", "\"schema\":999999999999,", NEWER },
	{ "older than the first", "\"schema\":1", "\"schema\":0", DAMAGED },
	{ "schema of another type", "\"schema\":1", "\"schema\":\"1\"", DAMAGED },
	{ "no schema", "\"schema\":1,", "", DAMAGED },
	{ "schema twice", "\"schema\":1,", "\"schema\":1,\"schema\":1,", DAMAGED },
	{ "host twice", "\"host\"", "\"host\":\"x\",\"host\"", DAMAGED },
	{ "host is a number", "\"host\":\"watch1\"", "\"host\":1", DAMAGED },
	{ "written is no time", "13:04:12.103Z\",\"host", "25:04:12.103Z\",\"host",
	    DAMAGED },
	{ "no tests", "\"tests\":{", "\"toasts\":{", DAMAGED },
	{ "tests is an array", "\"tests\":{", "\"tests\":[", DAMAGED },
	{ "a test is no object", "\"b/new\":{", "\"z\":7,\"b/new\":{", DAMAGED },
	{ "a test twice", "\"b/new\"", "\"a/failed\"", DAMAGED },
	{ "a member twice in a test", "\"pool\":\"b.", "\"pool\":\"x\",\"pool\":\"b.",
	    DAMAGED },
	{ "no pool", "\"pool\":\"a.example\",", "", DAMAGED },
	{ "pool is null", "\"pool\":\"a.example\"", "\"pool\":null", DAMAGED },
	{ "no such transaction", "client-auth", "client-out", DAMAGED },
	{ "no such state", "\"state\":\"alert\"", "\"state\":\"alarm\"", DAMAGED },
	{ "state is a number", "\"state\":\"alert\"", "\"state\":3", DAMAGED },
	{ "since without fraction", "\"since\":\"2026-11-22T13:04:12.103Z\"",
	    "\"since\":\"2026-11-22T13:04:12Z\"", DAMAGED },
	{ "since in another zone", "\"since\":\"2026-11-22T13:04:12.103Z\"",
	    "\"since\":\"2026-11-22T13:04:12+01:00\"", DAMAGED },
	{ "since before the epoch", "\"since\":\"2026-", "\"since\":\"1926-", DAMAGED },
	{ "failures negative", "\"failures\":3", "\"failures\":-3", DAMAGED },
	{ "failures too many", "\"failures\":3", "\"failures\":4294967296", DAMAGED },
	{ "failures beyond 64 bits", "\"failures\":3",
	    "\"failures\":99999999999999999999", DAMAGED },
	{ "failures real", "\"failures\":3", "\"failures\":3.0", DAMAGED },
	{ "runs is a string", "\"runs\":2", "\"runs\":\"2\"", DAMAGED },
	{ "last is an array", "\"last\":null", "\"last\":[]", DAMAGED },
	{ "run too long", "\"run\":\"4f2a91\"", "\"run\":\"4f2a9100\"", DAMAGED },
	{ "run empty", "\"run\":\"4f2a91\"", "\"run\":\"\"", DAMAGED },
	{ "no such result", "\"result\":\"Failure\"", "\"result\":\"failure\"", DAMAGED },
	{ "latency negative", "\"latency\":3.365", "\"latency\":-3.365", DAMAGED },
	{ "latency endless", "\"latency\":3.365", "\"latency\":3e300", DAMAGED },
	{ "latency is null", "\"latency\":3.365", "\"latency\":null", DAMAGED },
	{ "no such step", "\"step\":\"web-ticket\"", "\"step\":\"wicket\"", DAMAGED },
	{ "failure without step", "\"step\":\"web-ticket\"", "\"step\":null", DAMAGED },
	{ "no such cause", "\"cause\":\"auth\"", "\"cause\":\"oath\"", DAMAGED },
	{ "code real", "\"code\":401", "\"code\":401.5", DAMAGED },
	{ "tag too long", "\"diag\":\"WT-CRED\"", "\"diag\":\"WT-CRED-WT-CRED-WT-CRED-\"",
	    DAMAGED },
	{ "error is null", "\"error\":\"Could", "\"error\":null,\"x\":\"Could", DAMAGED },
	{ "no such warning", "[\"log-off\"", "[\"log-on\"", DAMAGED },
	{ "a warning twice", "[\"log-off\"", "[\"log-off\",\"log-off\"", DAMAGED },
	{ "a warning of another type", "[\"log-off\"", "[null", DAMAGED },
	{ "warnings is null", "\"warnings\":[]", "\"warnings\":null", DAMAGED },
	{ "a step without time", ",\"ms\":12.3", "", DAMAGED },
	{ "a step of centuries", "\"ms\":12.3", "\"ms\":1e12", DAMAGED },
	{ "a step that is none", "[{\"step\":\"resolve\"", "[7,{\"step\":\"resolve\"",
	    DAMAGED },
	{ "certificate is a string", "\"certificate\":null", "\"certificate\":\"x\"",
	    DAMAGED },
	{ "subject is a number", "\"subject\":\"CN=kenmyer\"", "\"subject\":7", DAMAGED },
	{ "subject is null", "\"subject\":\"CN=kenmyer\"", "\"subject\":null", DAMAGED },
	{ "thumbprint too long", "\"sha1\":\"0", "\"sha1\":\"00", DAMAGED },
	{ "end with fraction", "\"not_after\":\"2027-05-21T12:44:11Z\"",
	    "\"not_after\":\"2027-05-21T12:44:11.5Z\"", DAMAGED },
	{ "no server certificates", "\"server_certificates\"", "\"x\"", DAMAGED },
	{ "server certificate is a number", "\"web\":null", "\"web\":0", DAMAGED },
	{ "broken UTF-8", "watch1", "watch\xff", DAMAGED },
	{ "NUL in a name", "watch1", "watch\\u0000", DAMAGED },
	{ "two documents", "}}\n", "}}\n{}", DAMAGED },
	{ "a comma too many", "}}\n", "},}\n", DAMAGED },
	{ "an array", "{\"schema\"", "[{\"schema\"", DAMAGED },
};

/*
 * The first `from` in text replaced by `to`; from is there, or the case would test
 * nothing.
 */
static void
change(char out[TEXT_MAX], const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	snprintf(
	    out, TEXT_MAX, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
check_change(void **state)
{
	const struct change_case *c = *state;
	static char text[TEXT_MAX];
	void *place = NULL;
	const struct place *p;
	struct err err;
	struct state s;

	setup_place(&place);
	p = place;
	change(text, p->good, c->from, c->to);
	put(p->path, str_of(text));
	if (c->want == GOOD) {
		assert_int_equal(read_state(p, &s, &err), STATEFILE_READ);
		assert_int_equal(s.ntests, 3);
	} else {
		const char *aside = c->want == NEWER ? p->newer : p->damaged;

		assert_int_equal(read_state(p, &s, &err), STATEFILE_SET_ASIDE);
		assert_int_equal(s.ntests, 0);
		assert_int_equal(err.cause, CAUSE_LOCAL);
		assert_non_null(strstr(err.detail, "renamed to"));
		assert_int_not_equal(access(p->path, F_OK), 0);
		expect_file(aside, str_of(text));
	}
	state_free(&s);
	teardown_place(&place);
}

static void
tests_are_sorted_by_name(void **state)
{
	const struct place *p = *state;
	static char text[TEXT_MAX];
	struct err err;
	struct state s;

	change(text, p->good, "\"a/failed\"", "\"z/failed\"");
	put(p->path, str_of(text));
	assert_int_equal(read_state(p, &s, &err), STATEFILE_READ);
	assert_string_equal(s.tests[0].name, "b/new");
	assert_string_equal(s.tests[2].name, "z/failed");
	assert_ptr_equal(state_find(&s, "z/failed"), &s.tests[2]);
	state_free(&s);
}

static void
no_beginning_of_a_file_is_a_file(void **state)
{
	const struct place *p = *state;
	size_t len = strlen(p->good);
	struct err err;
	struct state s;

	for (size_t n = 0; n < len - 1; n++) { /* the last is white space */
		put(p->path, (struct str){ p->good, n });
		assert_false(statefile_peek(p->path, &s, &err));
		assert_int_equal(s.ntests, 0);
	}
}

static void
any_octet_may_be_wrong(void **state)
{
	static const char bad[] = "\"{}[]:,\\ 9\xff";
	const struct place *p = *state;
	static char text[TEXT_MAX];
	size_t len = strlen(p->good);
	struct err err;
	struct state s;
	bool whole;

	for (size_t n = 0; n < len; n++) {
		memcpy(text, p->good, len);
		text[n] = bad[n % sizeof(bad)]; /* the NUL too */
		put(p->path, (struct str){ text, len });
		whole = statefile_peek(p->path, &s, &err);
		assert_int_equal(s.ntests, whole ? 3 : 0);
		state_free(&s);
	}
}

static void
deep_nesting_is_refused(void **state)
{
	enum { DEPTH = 100000 };
	const struct place *p = *state;
	char *text = malloc(DEPTH + 16);
	struct err err;
	struct state s;
	int n;

	assert_non_null(text);
	n = snprintf(text, 16, "{\"x\":");
	memset(text + n, '[', DEPTH);
	put(p->path, (struct str){ text, DEPTH + (size_t)n });
	assert_int_equal(read_state(p, &s, &err), STATEFILE_SET_ASIDE);
	free(text);
}

static void
an_oversize_file_is_not_even_read(void **state)
{
	const struct place *p = *state;
	struct err err;
	struct state s;

	put(p->path, STR_LIT("{"));
	assert_int_equal(truncate(p->path, (off_t)STATEFILE_MAX + 1), 0);
	assert_int_equal(read_state(p, &s, &err), STATEFILE_SET_ASIDE);
	assert_int_equal(access(p->damaged, F_OK), 0);
}

static void
earlier_accidents_are_kept(void **state)
{
	const struct place *p = *state;
	char second[160];
	struct err err;
	struct state s;

	put(p->path, STR_LIT("one"));
	assert_int_equal(read_state(p, &s, &err), STATEFILE_SET_ASIDE);
	put(p->path, STR_LIT("two"));
	assert_int_equal(read_state(p, &s, &err), STATEFILE_SET_ASIDE);
	snprintf(second, sizeof(second), "%s.1", p->damaged);
	expect_file(p->damaged, STR_LIT("one"));
	expect_file(second, STR_LIT("two"));
	assert_int_equal(unlink(second), 0);
}

static void
looking_renames_nothing(void **state)
{
	const struct place *p = *state;
	struct err err = { .cause = CAUSE_NONE };
	struct state s;

	put(p->path, STR_LIT("{"));
	assert_false(statefile_peek(p->path, &s, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	expect_file(p->path, STR_LIT("{"));
}

static void
what_is_no_file_is_left_alone(void **state)
{
	const struct place *p = *state;
	struct err err = { .cause = CAUSE_NONE };
	struct state s;

	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_int_equal(
	    read_state(p, &s, &err), STATEFILE_UNUSABLE); /* and does not hang */
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_int_equal(read_state(p, &s, &err), STATEFILE_UNUSABLE);
	assert_int_equal(rmdir(p->path), 0);
}

#define IN_PLACE(test) TEST_WITH(test, setup_place, teardown_place)

RUN_CASES(IN_PLACE(what_was_written_comes_back), IN_PLACE(the_first_start_is_no_error),
    ROWS("change", change_cases, check_change), IN_PLACE(tests_are_sorted_by_name),
    IN_PLACE(no_beginning_of_a_file_is_a_file), IN_PLACE(any_octet_may_be_wrong),
    IN_PLACE(deep_nesting_is_refused), IN_PLACE(an_oversize_file_is_not_even_read),
    IN_PLACE(earlier_accidents_are_kept), IN_PLACE(looking_renames_nothing),
    IN_PLACE(what_is_no_file_is_left_alone));
