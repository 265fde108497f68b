/*
 * html: a page that is well-formed whatever a server has sent, loads nothing, runs
 * nothing, and says so.
 */
#include "tests/fakes/tracing.h"
#include "tests/unit/cases.h"

#include <string.h>

#include "base/buf.h"
#include "crypto/crypto.h"
#include "trace/html.h"
#include "trace/trace.h"

#define HOSTILE                                                                          \
	"</pre><script>alert(1)</script><img src=x onerror=y>\"'&"                       \
	"\xe2\x80\xae\xff\x1b[2J"

static struct trace *
run(bool ok, const char *text)
{
	struct trace *t = tracing_new();
	struct trace_entry m = { .at_us = 2000,
		.kind = TRACE_RECEIVED,
		.step = STEP_REGISTER,
		.text = str_of(text),
		.body = str_of(text),
		.peer = str_of(text) };
	struct trace_head h = { text, text, text, "0a1b2c", 1700000000123, 5000, ok,
		ok ? "" : "register", ok ? "" : "REG-X", text };

	trace_note(t, 1000, TRACE_TRYING, STEP_RESOLVE, 0, text);
	trace_note(t, 1500, TRACE_OK, STEP_RESOLVE, 500, text);
	trace_message(t, &m);
	m.kind = TRACE_SENT;
	trace_message(t, &m);
	trace_note(t, 3000, ok ? TRACE_OK : TRACE_FAILED, STEP_REGISTER, 1500, text);
	trace_end(t, &h);
	return t;
}

static void
page(struct buf *out, const char *title, const struct trace *t)
{
	buf_init(out, HTML_PART_MAX);
	html_begin(out, title);
	html_trace(out, t);
	html_end(out);
	assert_false(out->failed);
}

static size_t
count(const char *page, const char *what)
{
	size_t n = 0;

	for (; (page = strstr(page, what)) != NULL; page++)
		n++;
	return n;
}

/* Every tag of the page is ours, and as often opened as closed. */
static void
assert_well_formed(const char *text)
{
	static const char *const tags[] = { "html", "head", "title", "style", "body",
		"article", "h1", "h2", "h3", "p", "pre", "div", "span", "table", "tr",
		"td", "th", "svg", "details", "summary", "time", "b", "small", "footer" };
	size_t known = 0;
	char open[32], open_with[32], stop[32];

	for (size_t i = 0; i < NROWS(tags); i++) {
		snprintf(open, sizeof(open), "<%s>", tags[i]);
		snprintf(open_with, sizeof(open_with), "<%s ", tags[i]);
		snprintf(stop, sizeof(stop), "</%s>", tags[i]);
		assert_int_equal(
		    count(text, open) + count(text, open_with), count(text, stop));
		known += 2 * count(text, stop);
	}
	known += count(text, "<!DOCTYPE html>") + count(text, "<meta ") +
		 count(text, "<rect ");
	assert_int_equal(count(text, "<"), known);
}

static const struct page_case {
	const char *name;
	bool ok;
	const char *text;
} pages[] = {
	{ "a success", true, "fine" },
	{ "a failure", false, "no" },
	{ "hostile", false, HOSTILE },
	{ "hostile, and well", true, HOSTILE },
	{ "empty", false, "" },
};

static void
check_page(void **state)
{
	const struct page_case *c = *state;
	struct trace *t = run(c->ok, c->text);
	struct buf out;

	page(&out, c->text, t);
	assert_well_formed(out.data);
	assert_null(strstr(out.data, "<script"));
	assert_null(strstr(out.data, "onerror=y>"));
	assert_null(strstr(out.data, "\xe2\x80\xae"));
	assert_null(strchr(out.data, '\x1b'));
	assert_null(strstr(out.data, "://")); /* no link to anywhere */
	assert_null(strstr(out.data, "url("));
	assert_int_equal(count(out.data, "class=\"badge\">Success"), c->ok);
	assert_int_equal(count(out.data, "<tr class=\"f\">"), !c->ok);
	/* The messages of the step that failed lie open. */
	assert_int_equal(count(out.data, "<details open>"), c->ok ? 0 : 2);
	buf_free(&out);
	trace_free(t);
}

/* The one style that the policy allows is the one that is there. */
static void
policy(void **state)
{
	struct trace *t = run(true, "");
	uint8_t digest[CRYPTO_DIGEST_MAX];
	const char *style, *end;
	struct buf out, want;

	(void)state;
	page(&out, "", t);
	style = strstr(out.data, "<style>") + strlen("<style>");
	end = strstr(style, "</style>");
	assert_true(crypto_hash(
	    DIGEST_SHA256, (struct str){ style, (size_t)(end - style) }, digest));
	buf_init(&want, 256);
	buf_puts(&want, "default-src 'none'; base-uri 'none'; form-action 'none'; "
			"style-src 'sha256-");
	crypto_base64(&want, digest, 32);
	buf_puts(&want, "'\">");
	assert_non_null(strstr(out.data, want.data));
	assert_null(strstr(out.data, "style="));
	buf_free(&want);
	buf_free(&out);
	trace_free(t);
}

/* The largest trace there can be fits, though every octet is escaped. */
static void
largest(void **state)
{
	struct trace *t = tracing_new();
	struct trace_entry m = {
		.kind = TRACE_SENT, .step = STEP_REGISTER, .peer = STR_LIT("x")
	};
	char text[TRACE_BODY_MAX];
	struct buf out;

	(void)state;
	memset(text, '"', sizeof(text));
	for (unsigned i = 0; i < 20; i++) {
		m.text = (struct str){ text, TRACE_HEAD_MAX };
		m.body = (struct str){ text, sizeof(text) };
		trace_message(t, &m);
	}
	page(&out, "", t);
	buf_free(&out);
	trace_free(t);
}

RUN_CASES(ROWS("page", pages, check_page), TEST(policy), TEST(largest));
