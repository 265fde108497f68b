/*
 * trace: what is kept of a run and what has to make room, and that lines of JSON bring
 * back the same; lines from anywhere are refused or harmless.
 */
#include "tests/fakes/tracing.h"
#include "tests/unit/cases.h"

#include <stdlib.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "trace/trace_json.h"
#include "trace/pretty.h"
#include "trace/trace.h"

static const struct trace_head head = { "a/b", "pool.x", "sip:a@x", "0a1b2c",
	1700000000123, 3364526, false, "web-ticket", "WT-CRED", "Result : Failure\n" };

static struct trace_entry
message(const char *text, struct str body)
{
	return (struct trace_entry){ .at_us = 1500,
		.kind = TRACE_RECEIVED,
		.step = STEP_WEB_TICKET,
		.text = str_of(text),
		.body = body,
		.peer = STR_LIT("web.x:443"),
		.http = true };
}

static size_t
entries(const struct trace *t)
{
	size_t n = 0;

	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e))
		n++;
	return n;
}

/* The oldest messages make room, lines stay, and the last message is whole. */
static void
bounded(void **state)
{
	static char body[TRACE_BODY_MAX];
	struct trace *t = tracing_new();
	struct trace_entry m;
	const struct trace_entry *last = NULL;

	(void)state;
	memset(body, ' ', sizeof(body));
	trace_note(t, 1, TRACE_TRYING, STEP_RESOLVE, 0, "first");
	for (unsigned i = 0; i < 40; i++) {
		memcpy(body, i % 2 ? "odd." : "even", 4);
		m = message("HTTP/1.1 200 OK\r\n", (struct str){ body, sizeof(body) });
		trace_message(t, &m);
		assert_true(trace_size(t) <= TRACE_MAX);
	}
	assert_true(trace_first(t)->kind == TRACE_TRYING);
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e))
		last = e;
	assert_int_equal(last->body.len, sizeof(body));
	assert_memory_equal(last->body.p, "odd.", 4);
	assert_int_equal(trace_lost(t) + entries(t), 41);
	trace_free(t);
}

/* Lines alone make room as well. */
static void
many_lines(void **state)
{
	struct trace *t = tracing_new();

	(void)state;
	for (unsigned i = 0; i < 10000; i++)
		trace_note(t, i, TRACE_SAW, STEP_REGISTER, 0, "a line, and another one");
	assert_true(trace_size(t) <= TRACE_MAX);
	assert_int_equal(trace_lost(t) + entries(t), 10000);
	trace_free(t);
}

static void
long_message(void **state)
{
	char *text = malloc(1024 * 1024);
	struct trace *t = tracing_new();
	struct trace_entry m;

	(void)state;
	memset(text, ' ', 1024 * 1024);
	m = message("HTTP/1.1 200 OK\r\n", (struct str){ text, 1024 * 1024 });
	trace_message(t, &m);
	assert_int_equal(trace_first(t)->body.len, TRACE_BODY_MAX);
	assert_int_equal(trace_first(t)->left_out, 1024 * 1024 - TRACE_BODY_MAX);
	trace_free(t);
	free(text);
}

/* What is no text could hide anything: UTF-16, gzip. */
static void
no_text(void **state)
{
	struct trace *t = tracing_new();
	struct trace_entry m = message(
	    "HTTP/1.1 200 OK\r\nA: b\r\n", STR_LIT("<\0P\0i\0n\0>\0s\0e\0c\0r\0e\0t\0"));

	(void)state;
	trace_message(t, &m);
	assert_true(trace_first(t)->binary);
	assert_int_equal(trace_first(t)->body.len, 0);
	assert_int_equal(trace_first(t)->left_out, m.body.len);
	assert_int_equal(trace_first(t)->text.len, strlen("HTTP/1.1 200 OK\nA: b\n"));
	m = message("\x16\x03\x01\x02 secret\r\n\r\n", STR_LIT(""));
	trace_message(t, &m);
	assert_int_equal(trace_next(trace_first(t))->text.len, 0);
	trace_free(t);
}

/* A trace of a run with these secret words; NULL: none. */
static struct trace *
tracing_words(const char *first, const char *second)
{
	struct secret_words *words = secret_words_new();
	struct trace *t = trace_new();

	trace_begin(t, words);
	/* They may come later. */
	assert_true(secret_words_add(words, str_of(first)));
	assert_true(secret_words_add(words, str_of(second)));
	secret_words_free(words);
	return t;
}

static void
hidden(void **state)
{
	struct trace *t = tracing_words("pass<word>", "a");
	struct trace_entry m = message("SIP/2.0 400 pass<word>\r\npass<word>: a\r\n",
	    STR_LIT("<a>pass<word>pass<word></a>"));
	struct trace_head h = head;

	(void)state;
	trace_note(t, 1, TRACE_FAILED, STEP_REGISTER, 0, "said pass<word>");
	trace_message(t, &m);
	h.record = "Diagnosis : pass<word>!";
	trace_end(t, &h);
	assert_true(str_eq(trace_first(t)->text, "said ***"));
	assert_true(
	    str_eq(trace_next(trace_first(t))->text, "SIP/2.0 400 ***\n***: a\n"));
	assert_true(str_eq(trace_next(trace_first(t))->body, "<a>******</a>"));
	assert_string_equal(trace_head(t)->record, "Diagnosis : ***!");
	trace_free(t);
}

/* Half of a word is as secret, where a message, a line or what is kept of it ends. */
static void
hidden_across(void **state)
{
	static char body[TRACE_BODY_MAX + 100], line[TRACE_TEXT_MAX + 100];
	struct trace *t = tracing_words("Pa$$word99", NULL);
	struct trace_entry m;

	(void)state;
	memset(body, ' ', sizeof(body));
	memset(line, ' ', sizeof(line) - 1);
	memcpy(body + TRACE_BODY_MAX - 8, "Pa$$word99", 10);
	memcpy(line + TRACE_TEXT_MAX - 8, "Pa$$word99", 10);
	m = message(
	    "HTTP/1.1 200 OK\r\nA: Pa$$wor\r\nB: c", (struct str){ body, sizeof(body) });
	trace_note(t, 1, TRACE_SAW, STEP_REGISTER, 0, line);
	trace_message(t, &m);
	m.body.len = TRACE_BODY_MAX - 1;
	trace_message(t, &m);
	trace_end(t, &head);
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e)) {
		assert_null(memmem(e->text.p, e->text.len, "Pa$$", 4));
		assert_null(memmem(e->body.p, e->body.len, "Pa$$", 4));
	}
	m = *trace_next(trace_first(t));
	assert_int_equal(m.left_out, 100 - 7);
	trace_free(t);
}

static void
nothing(void **state)
{
	struct trace_entry m = message("", STR_LIT(""));

	(void)state;
	trace_begin(NULL, NULL);
	trace_note(NULL, 0, TRACE_OK, STEP_RESOLVE, 0, "");
	trace_message(NULL, &m);
	trace_end(NULL, &head);
	trace_free(NULL);
}

/* No mask: nothing is taken down. */
static void
without_words(void **state)
{
	struct secret_words *words = secret_words_new();
	struct trace *t = trace_new();
	struct trace_entry m = message("HTTP/1.1 200 OK\r\n", STR_LIT("a"));

	(void)state;
	trace_note(t, 0, TRACE_SAW, STEP_RESOLVE, 0, "early");
	trace_message(t, &m);
	trace_begin(t, words);
	trace_note(t, 0, TRACE_SAW, STEP_RESOLVE, 0, "in time");
	trace_end(t, &head);
	trace_note(t, 0, TRACE_SAW, STEP_RESOLVE, 0, "late");
	trace_message(t, &m);
	assert_int_equal(entries(t), 1);
	assert_int_equal(trace_lost(t), 4);
	secret_words_free(words);
	trace_free(t);
}

static struct trace *
sample(void)
{
	struct trace *t = tracing_new();
	struct trace_entry m = message(
	    "HTTP/1.1 401 No\r\nA: \xff\r\n", STR_LIT("<a x=\"1\">\xe2\x82\xac\n</a>"));

	trace_note(t, 123, TRACE_TRYING, STEP_RESOLVE, 0, "asking \"dns\"");
	trace_note(t, 1234, TRACE_OK, STEP_RESOLVE, 1111, "resolve");
	trace_message(t, &m);
	m.again = m.broken = true;
	m.kind = TRACE_SENT;
	m.http = false;
	trace_message(t, &m);
	m.body = STR_LIT("\0");
	m.again = false;
	trace_message(t, &m);
	trace_note(t, 5000, TRACE_FAILED, STEP_WEB_TICKET, 3000, "no");
	trace_end(t, &head);
	return t;
}

static void
format(const struct trace *t, struct buf *out)
{
	buf_init(out, TRACE_FILE_MAX);
	trace_json_format(t, out);
	assert_false(out->failed);
}

static void
there_and_back(void **state)
{
	struct trace *t = sample(), *again;
	struct buf first, second;
	struct err err;

	(void)state;
	format(t, &first);
	again = trace_json_parse(buf_view(&first), &err);
	assert_non_null(again);
	format(again, &second);
	assert_string_equal(first.data, second.data);
	assert_string_equal(trace_head(again)->record, head.record);
	assert_int_equal(trace_head(again)->started_ms, head.started_ms);
	assert_int_equal(trace_first(again)->at_us, 123);
	assert_int_equal(trace_next(trace_first(again))->step_us, 1111);
	assert_int_equal(entries(again), 6);
	buf_free(&first);
	buf_free(&second);
	trace_free(t);
	trace_free(again);
}

/* As full as one may be; and when nothing in it is UTF-8, it grows on the way. */
static void
full_and_back(void **state)
{
	static const char octets[] = { 'x', '"', '\n', '\xff' };
	static char body[TRACE_BODY_MAX], record[TRACE_RECORD_MAX];
	struct trace_head h = head;
	struct buf text;
	struct err err;

	(void)state;
	for (size_t k = 0; k < sizeof(octets); k++) {
		struct trace *t = tracing_new(), *again;
		struct trace_entry m;

		memset(body, octets[k], sizeof(body));
		memset(record, octets[k], sizeof(record) - 1);
		for (size_t i = 0; i < sizeof(body); i += 10)
			body[i] = ' ';
		for (size_t i = 0; i < sizeof(record) - 1; i += 10)
			record[i] = ' ';
		m = message("HTTP/1.1 200 OK\r\n", (struct str){ body, sizeof(body) });
		for (unsigned i = 0; i < 10; i++)
			trace_message(t, &m);
		h.record = record;
		trace_end(t, &h);
		assert_true(trace_size(t) <= TRACE_MAX);
		format(t, &text);
		again = trace_json_parse(buf_view(&text), &err);
		assert_non_null(again);
		assert_int_equal(entries(again), entries(t));
		buf_free(&text);
		trace_free(again);
		trace_free(t);
	}
}

#define HEAD                                                                             \
	"{\"event\":\"trace\",\"schema\":1,\"run\":\"0a1b2c\","                          \
	"\"started\":\"2023-11-14T22:13:20.123Z\",\"result\":\"Success\"}\n"

static const struct refused_case {
	const char *name, *in;
} refused[] = {
	{ "nothing", "" },
	{ "no JSON", "{" },
	{ "no head", "{\"event\":\"note\",\"kind\":\"ok\",\"step\":\"resolve\"}\n" },
	{ "another schema", "{\"event\":\"trace\",\"schema\":2,\"run\":\"0a1b2c\","
			    "\"started\":\"2023-11-14T22:13:20.123Z\"}\n" },
	{ "no time", "{\"event\":\"trace\",\"schema\":1,\"run\":\"0a1b2c\"}\n" },
	{ "a kind that there is none of",
	    HEAD "{\"event\":\"note\",\"kind\":\"x\",\"step\":\"resolve\"}" },
	{ "a step that there is none of",
	    HEAD "{\"event\":\"note\",\"kind\":\"ok\",\"step\":\"x\",\"text\":\"\"}" },
	{ "a text that is a number",
	    HEAD "{\"event\":\"note\",\"kind\":\"ok\",\"step\":\"resolve\",\"text\":1}" },
	{ "cut in the middle", HEAD "{\"event\":\"note\",\"kind\":\"ok\",\"st" },
	{ "an array", "[1]\n" },
};

static void
refuse(void **state)
{
	const struct refused_case *c = *state;
	struct err err;

	assert_null(trace_json_parse(str_of(c->in), &err));
	assert_true(err.detail[0] != '\0');
}

static const struct harmless_case {
	const char *name, *in;
} harmless[] = {
	{ "another event", HEAD "{\"event\":\"zork\"}\n" },
	{ "times without end",
	    HEAD "{\"event\":\"note\",\"kind\":\"ok\",\"step\":\"resolve\","
		 "\"text\":\"\",\"at\":1e300,\"ms\":-5}\n" },
	{ "numbers below zero", HEAD "{\"event\":\"message\",\"kind\":\"sent\","
				     "\"step\":\"resolve\",\"left_out\":-1}\n" },
	{ "two heads", HEAD HEAD },
};

static void
take(void **state)
{
	const struct harmless_case *c = *state;
	struct err err;
	struct trace *t = trace_json_parse(str_of(c->in), &err);

	assert_non_null(t);
	assert_string_equal(trace_head(t)->run, "0a1b2c");
	trace_free(t);
}

/* More than a trace may hold is no trace. */
static void
too_much(void **state)
{
	struct buf text;
	struct err err;

	(void)state;
	buf_init(&text, 8 * TRACE_FILE_MAX);
	buf_puts(&text, HEAD);
	for (unsigned i = 0; i < 16000; i++)
		buf_puts(&text, "{\"event\":\"note\",\"kind\":\"ok\","
				"\"step\":\"resolve\",\"text\":\"0123456789\"}\n");
	assert_null(trace_json_parse(buf_view(&text), &err));
	buf_free(&text);
}

static const struct pretty_case {
	const char *name, *in, *want;
} pretty[] = {
	{ "empty", "", "" },
	{ "no XML", "a><b", "a><b" },
	{ "nested", "<?x?><a><b>c</b><d/></a>", "<?x?>\n<a>\n  <b>c</b>\n  <d/>\n</a>" },
	{ "too many ends", "</a></b></c>", "</a>\n</b>\n</c>" },
	{ "cut", "<a><b", "<a>\n  <b" },
	{ "one octet", "<", "<" },
};

static void
check_pretty(void **state)
{
	const struct pretty_case *c = *state;
	struct buf out;

	buf_init(&out, 4096);
	pretty_body(str_of(c->in), &out);
	assert_string_equal(out.data == NULL ? "" : out.data, c->want);
	buf_free(&out);
}

RUN_CASES(TEST(bounded), TEST(many_lines), TEST(long_message), TEST(no_text),
    TEST(hidden), TEST(hidden_across), TEST(nothing), TEST(without_words),
    TEST(there_and_back), TEST(full_and_back), ROWS("refused", refused, refuse),
    ROWS("harmless", harmless, take), TEST(too_much),
    ROWS("pretty", pretty, check_pretty));
