/* base/json: the text it makes, and that another parser agrees. */
#include <jansson.h>
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "base/json.h"

#define LIT(s) { (s), sizeof(s) - 1 }
#define BAD    "\xef\xbf\xbd"

static const struct string_case {
	const char *name;
	struct str in;
	const char *want;
} string_cases[] = {
	{ "plain", LIT("abc"), "\"abc\"" },
	{ "empty", LIT(""), "\"\"" },
	{ "quote and backslash", LIT("a\"\\/"), "\"a\\\"\\\\/\"" },
	{ "line end and tab", LIT("\r\n\t"), "\"\\r\\n\\t\"" },
	{ "controls", LIT("\0\x01\x1f\x7f"), "\"\\u0000\\u0001\\u001f\\u007f\"" },
	{ "UTF-8", LIT("\xc3\xbc\xf0\x9f\x98\x80"), "\"\xc3\xbc\xf0\x9f\x98\x80\"" },
	{ "broken UTF-8",
	    LIT("a\xc3"
		"b\xff"),
	    "\"a" BAD "b" BAD "\"" },
	{ "surrogate", LIT("\xed\xa0\x80"), "\"" BAD BAD BAD "\"" },
	{ "cut character at the end", LIT("\xe2\x82"), "\"" BAD BAD "\"" },
};

static json_t *
parse(const struct buf *b)
{
	json_error_t error;
	json_t *got;

	got = json_loadb(b->data, b->len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	if (got == NULL)
		fail_msg("%s in %s", error.text, b->data);
	return got;
}

static void
check_string(void **state)
{
	const struct string_case *c = *state;
	struct buf b;
	struct json j;

	buf_init(&b, 1000);
	jsonw_init(&j, &b);
	jsonw_str(&j, NULL, c->in);
	assert_string_equal(b.data, c->want);
	json_decref(parse(&b));

	buf_clear(&b);
	jsonw_init(&j, &b);
	jsonw_object(&j, NULL);
	if (memchr(c->in.p, '\0', c->in.len) == NULL)
		jsonw_bool(&j, c->in.p, true); /* keys are escaped, too */
	jsonw_object_end(&j);
	json_decref(parse(&b));
	buf_free(&b);
}

static const struct fixed_case {
	const char *name;
	int64_t value;
	unsigned decimals;
	const char *want; /* NULL: refused */
} fixed_cases[] = {
	{ "latency", 3365, 3, "3.365" },
	{ "below one", 65, 3, "0.065" },
	{ "zero", 0, 3, "0.000" },
	{ "negative below one", -5, 3, "-0.005" },
	{ "negative", -12345, 2, "-123.45" },
	{ "no decimals", -7, 0, "-7" },
	{ "smallest", INT64_MIN, 1, "-922337203685477580.8" },
	{ "largest", INT64_MAX, 18, "9.223372036854775807" },
	{ "too many decimals", 1, 19, NULL },
};

static void
check_fixed(void **state)
{
	const struct fixed_case *c = *state;
	struct buf b;
	struct json j;

	buf_init(&b, 100);
	jsonw_init(&j, &b);
	jsonw_fixed(&j, NULL, c->value, c->decimals);
	assert_int_equal(b.failed, c->want == NULL);
	if (c->want != NULL)
		assert_string_equal(b.data, c->want);
	buf_free(&b);
}

static void
make_empty(struct json *j)
{
	jsonw_object(j, NULL);
	jsonw_object_end(j);
}

static void
make_values(struct json *j)
{
	jsonw_object(j, NULL);
	jsonw_string(j, "s", "x");
	jsonw_string(j, "null", NULL);
	jsonw_int(j, "i", INT64_MIN);
	jsonw_bool(j, "t", true);
	jsonw_bool(j, "f", false);
	jsonw_fixed(j, "d", 1500, 3);
	jsonw_object_end(j);
}

static void
make_nested(struct json *j)
{
	jsonw_array(j, NULL);
	jsonw_array(j, NULL);
	jsonw_array_end(j);
	jsonw_object(j, NULL);
	jsonw_array(j, "a");
	jsonw_int(j, NULL, 1);
	jsonw_int(j, NULL, 2);
	jsonw_array_end(j);
	jsonw_object(j, "o");
	jsonw_object_end(j);
	jsonw_int(j, "n", 3);
	jsonw_object_end(j);
	jsonw_array_end(j);
}

static void
make_escaped_key(struct json *j)
{
	jsonw_object(j, NULL);
	jsonw_int(j, "a\"\n", 1);
	jsonw_object_end(j);
}

static const struct shape_case {
	const char *name;
	void (*make)(struct json *j);
	const char *want;
} shape_cases[] = {
	{ "empty", make_empty, "{}" },
	{ "values", make_values,
	    "{\"s\":\"x\",\"null\":null,\"i\":-9223372036854775808,"
	    "\"t\":true,\"f\":false,\"d\":1.500}" },
	{ "nested", make_nested, "[[],{\"a\":[1,2],\"o\":{},\"n\":3}]" },
	{ "escaped key", make_escaped_key, "{\"a\\\"\\n\":1}" },
};

static void
check_shape(void **state)
{
	const struct shape_case *c = *state;
	struct buf b;
	struct json j;

	buf_init(&b, 1000);
	jsonw_init(&j, &b);
	c->make(&j);
	assert_string_equal(b.data, c->want);
	assert_int_equal(j.depth, 0);
	json_decref(parse(&b));

	/*
	 * The same without enough room: a failure, not half a document taken for a whole.
	 */
	for (size_t max = 0; max < strlen(c->want); max++) {
		struct buf small;

		buf_init(&small, max);
		jsonw_init(&j, &small);
		c->make(&j);
		assert_true(small.failed);
		buf_free(&small);
	}
	buf_free(&b);
}

static void
nests_to_the_limit_and_no_deeper(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 1000);
	jsonw_init(&j, &b);
	for (unsigned i = 0; i < JSON_DEPTH_MAX - 1; i++)
		jsonw_array(&j, NULL);
	jsonw_int(&j, NULL, 1);
	assert_false(b.failed);
	jsonw_object(&j, NULL);
	assert_true(b.failed);
	for (unsigned i = 0; i < 3 * JSON_DEPTH_MAX; i++)
		jsonw_array(&j, NULL);
	for (unsigned i = 0; i < 5 * JSON_DEPTH_MAX; i++)
		jsonw_object_end(&j);
	assert_true(b.failed);
	buf_free(&b);
}

static void
an_end_too_many_fails(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 1000);
	jsonw_init(&j, &b);
	jsonw_array(&j, NULL);
	jsonw_array_end(&j);
	assert_false(b.failed);
	jsonw_array_end(&j);
	assert_true(b.failed);
	buf_free(&b);
}

RUN_CASES(ROWS("string", string_cases, check_string),
    ROWS("fixed", fixed_cases, check_fixed), ROWS("shape", shape_cases, check_shape),
    TEST(nests_to_the_limit_and_no_deeper), TEST(an_end_too_many_fails));
