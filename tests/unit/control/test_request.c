/* control/request: what is read, what is refused, and that writing is its reverse. */
#include "control/request.h"

#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"

static void
everything_that_can_be_asked(void **state)
{
	struct control_request r;
	struct err err;

	(void)state;
	assert_true(control_request_read(
	    STR_LIT("{\"command\":\"pause\",\"names\":"
		    "[\"atl/ken\",\"d\xc3\xbc"
		    "b\"],\"verbose\":true,\"for\":\"2h\","
		    "\"reason\":\"patching\",\"user\":\"sip:k@x\",\"about\":\"test\"}"),
	    &r, &err));
	assert_int_equal(r.verb, COMMAND_PAUSE);
	assert_int_equal(r.nnames, 2);
	assert_string_equal(r.names[0], "atl/ken");
	assert_string_equal(r.names[1], "d\xc3\xbc"
					"b");
	assert_true(r.verbose);
	assert_int_equal(r.for_ms, 7200000);
	assert_string_equal(r.reason, "patching");
	assert_string_equal(r.user, "sip:k@x");
	assert_string_equal(r.about, "test");
	control_request_free(&r);
}

static void
the_least_that_can_be_asked(void **state)
{
	struct control_request r;
	struct err err;

	(void)state;
	assert_true(
	    control_request_read(STR_LIT(" {\"command\":\"status\"}\r"), &r, &err));
	assert_int_equal(r.verb, COMMAND_STATUS);
	assert_int_equal(r.nnames, 0);
	assert_null(r.reason);
	control_request_free(&r);
}

static const struct refused_case {
	const char *name, *line, *why;
} refused_cases[] = {
	{ "nothing", "", "no JSON" },
	{ "no JSON", "status", "no JSON" },
	{ "half of it", "{\"command\":\"sta", "no JSON" },
	{ "two of them", "{\"command\":\"status\"}{\"command\":\"status\"}", "no JSON" },
	{ "a member twice", "{\"command\":\"status\",\"command\":\"reload\"}",
	    "no JSON" },
	{ "a NUL in text", "{\"command\":\"status\\u0000\"}", "no JSON" },
	{ "broken UTF-8", "{\"command\":\"\xff\"}", "no JSON" },
	{ "no object", "[\"status\"]", "a request is an object" },
	{ "no command", "{\"names\":[]}", "a request is an object" },
	{ "a number", "{\"command\":7}", "\"command\" is no text" },
	{ "a slip", "{\"command\":\"statsu\"}", "did you mean \"status\"?" },
	{ "nothing near", "{\"command\":\"format\"}", "no command \"format\"" },
	{ "a line feed", "{\"command\":\"status\\n\"}", "\"command\" is no text" },
	{ "unknown member", "{\"command\":\"status\",\"uid\":0}",
	    "unknown member \"uid\"" },
	{ "names that are none", "{\"command\":\"test\",\"names\":\"a\"}",
	    "\"names\" is no array" },
	{ "a name that is none", "{\"command\":\"test\",\"names\":[\"a\",{}]}",
	    "\"names\" is no text" },
	{ "an empty name", "{\"command\":\"test\",\"names\":[\"\"]}",
	    "\"names\" is no text" },
	{ "an escape in a reason", "{\"command\":\"pause\",\"reason\":\"\\u001b[2J\"}",
	    "\"reason\" is no text" },
	{ "no unit", "{\"command\":\"pause\",\"for\":\"2\"}", "\"for\" is no duration" },
	{ "no time at all", "{\"command\":\"pause\",\"for\":\"0s\"}",
	    "\"for\" is no duration" },
	{ "nearly a bool", "{\"command\":\"test\",\"verbose\":1}",
	    "\"verbose\" is neither" },
};

static void
check_refused(void **state)
{
	const struct refused_case *c = *state;
	struct control_request r = { .for_ms = 77 };
	struct err err;

	assert_false(control_request_read(str_of(c->line), &r, &err));
	if (strstr(err.detail, c->why) == NULL)
		fail_msg("\"%s\" without \"%s\"", err.detail, c->why);
	assert_int_equal(r.for_ms, 77);
}

/* n names, each of len characters; the caller frees it. */
static char *
with_names(size_t n, size_t len)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_puts(&b, "{\"command\":\"test\",\"names\":[");
	for (size_t i = 0; i < n; i++) {
		buf_puts(&b, i == 0 ? "\"" : ",\"");
		for (size_t k = 0; k < len; k++)
			buf_putc(&b, 'x');
		buf_putc(&b, '"');
	}
	buf_puts(&b, "]}");
	return buf_take(&b, NULL);
}

static const struct limit_case {
	const char *name;
	size_t n, len;
	bool good;
} limit_cases[] = {
	{ "as many names as may be", CONTROL_NAMES_MAX, 1, true },
	{ "one more", CONTROL_NAMES_MAX + 1, 1, false },
	{ "as long as may be", 1, CONTROL_WORD_MAX, true },
	{ "one longer", 1, CONTROL_WORD_MAX + 1, false },
};

static void
check_limit(void **state)
{
	const struct limit_case *c = *state;
	char *line = with_names(c->n, c->len);
	struct control_request r;
	struct err err;

	assert_int_equal(control_request_read(str_of(line), &r, &err), c->good);
	if (c->good)
		control_request_free(&r);
	free(line);
}

static void
nesting_does_not_end_the_stack(void **state)
{
	static char line[CONTROL_LINE_MAX];
	struct control_request r;
	struct err err;

	(void)state;
	memset(line, '[', sizeof(line));
	assert_false(control_request_read((struct str){ line, sizeof(line) }, &r, &err));
}

static void
what_is_written_is_read_again(void **state)
{
	const struct control_request r = { .verb = COMMAND_ACKNOWLEDGE,
		.names = { "a\"b", "\\" },
		.nnames = 2,
		.verbose = true,
		.for_ms = 1500,
		.reason = "x",
		.user = "u",
		.about = "y" };
	struct control_request got;
	struct buf b;
	struct err err;

	(void)state;
	buf_init(&b, CONTROL_LINE_MAX);
	control_request_write(&b, &r);
	assert_true(control_request_read(buf_view(&b), &got, &err));
	assert_int_equal(got.verb, r.verb);
	assert_string_equal(got.names[0], "a\"b");
	assert_string_equal(got.names[1], "\\");
	assert_int_equal(got.for_ms, 1500);
	assert_true(got.verbose);
	assert_string_equal(got.about, "y");
	control_request_free(&got);
	buf_free(&b);
}

RUN_CASES(TEST(everything_that_can_be_asked), TEST(the_least_that_can_be_asked),
    ROWS("refused", refused_cases, check_refused),
    ROWS("limit", limit_cases, check_limit), TEST(nesting_does_not_end_the_stack),
    TEST(what_is_written_is_read_again));
