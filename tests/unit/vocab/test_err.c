/* base/err: one error replaces another, and whatever it is made of can be shown. */
#include <errno.h>
#include <string.h>

#include "../cases.h"
#include "vocab/err.h"

static const struct detail_case {
	const char *name, *in, *want;
} detail_cases[] = {
	{ "plain", "no answer", "no answer" },
	{ "a line of the server's own", "x\r\nfake line", "x..fake line" },
	{ "escape sequence", "\x1b[31mred", ".[31mred" },
	{ "UTF-8 stays", "Schl\xc3\xbcssel", "Schl\xc3\xbcssel" },
	{ "broken UTF-8", "a\xc3", "a." },
	{ "empty", "", "" },
};

static void
check_detail(void **state)
{
	const struct detail_case *c = *state;
	struct err e;

	err_set(&e, CAUSE_SIP, 403, "%s", c->in);
	assert_string_equal(e.detail, c->want);
	assert_int_equal(e.cause, CAUSE_SIP);
	assert_int_equal(e.code, 403);
	err_said(&e, str_of(c->in));
	assert_string_equal(e.said, c->want);
	err_phrase(&e, str_of(c->in));
	assert_string_equal(e.phrase, c->want);
	err_local(&e, 0, "%s", c->in);
	assert_string_equal(e.detail, c->want);
}

static void
setting_replaces_the_whole_error(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, CAUSE_SIP, 403, "first");
	err_said(&e, STR_LIT("said"));
	err_phrase(&e, STR_LIT("phrase"));
	e.step = STEP_REGISTER;
	err_set(&e, CAUSE_HTTP, 500, "second");
	assert_int_equal(e.step, STEP_COUNT);
	assert_string_equal(e.said, "");
	assert_string_equal(e.phrase, "");
	err_clear(&e);
	assert_int_equal(e.cause, CAUSE_NONE);
	assert_int_equal(e.code, 0);
	assert_string_equal(e.detail, "");
}

static void
saying_keeps_the_rest(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, CAUSE_SIP, 403, "detail");
	err_said(&e, STR_LIT("said"));
	err_phrase(&e, STR_LIT("Forbidden"));
	assert_int_equal(e.cause, CAUSE_SIP);
	assert_string_equal(e.detail, "detail");
	assert_string_equal(e.said, "said");
	assert_string_equal(e.phrase, "Forbidden");
}

static void
overlong_text_is_cut(void **state)
{
	char big[1000];
	struct err e;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	err_set(&e, CAUSE_LOCAL, 0, "%s", big);
	assert_int_equal(strlen(e.detail), ERR_DETAIL_MAX - 1);
	err_said(&e, str_of(big));
	assert_int_equal(strlen(e.said), ERR_SAID_MAX - 1);
	err_phrase(&e, str_of(big));
	assert_int_equal(strlen(e.phrase), ERR_PHRASE_MAX - 1);
}

/* 255 octets of two-octet characters: the last half of one must not remain. */
static void
text_is_cut_between_characters(void **state)
{
	char big[ERR_DETAIL_MAX + 1];
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(big) - 1; i += 2)
		memcpy(big + i, "\xc3\xbc", 2);
	big[sizeof(big) - 1] = '\0';
	err_set(&e, CAUSE_LOCAL, 0, "%s", big);
	assert_int_equal(strlen(e.detail), ERR_DETAIL_MAX - 2);
	assert_memory_equal(e.detail + ERR_DETAIL_MAX - 4, "\xc3\xbc\0", 3);
}

static void
detail_may_be_made_of_the_old_one(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, CAUSE_TLS, 0, "handshake failed");
	err_set(&e, CAUSE_HTTP, 7, "web: %s", e.detail);
	assert_string_equal(e.detail, "web: handshake failed");
	err_local(&e, 0, "%s again", e.detail);
	assert_string_equal(e.detail, "web: handshake failed again");
}

static void
local_error_ends_with_the_reason(void **state)
{
	struct err e;

	(void)state;
	err_local(&e, ENOENT, "cannot open %s", "x.conf");
	assert_int_equal(e.cause, CAUSE_LOCAL);
	assert_int_equal(e.code, ENOENT);
	assert_string_equal(e.detail, "cannot open x.conf: No such file or directory");
}

RUN_CASES(ROWS("detail", detail_cases, check_detail),
    TEST(setting_replaces_the_whole_error), TEST(saying_keeps_the_rest),
    TEST(overlong_text_is_cut), TEST(text_is_cut_between_characters),
    TEST(detail_may_be_made_of_the_old_one), TEST(local_error_ends_with_the_reason));
