/*
 * Masking without memory: whichever allocation fails, no secret is shown, also no part of
 * one; with memory all that is not secret is. And keeping traces without memory.
 */
#include "tests/fakes/alloc.h"
#include "tests/support/scratch.h"
#include "tests/unit/cases.h"

#include <string.h>

#include "base/buf.h"
#include "trace/mask.h"
#include "trace/secret_words.h"
#include "trace/shelf.h"
#include "trace/trace.h"
#include "vocab/err.h"

#define PASSWORD "Pa$$word99"
#define TOKEN	 "4e544c4d"
/* Grows beyond each size of a buffer. */
#define FILLER                                                                           \
	"-- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- " \
	"-- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- "
/* Of which nothing may be shown: as a part is kept, it may begin or end anywhere. */
static const char *const secrets[] = { "Pa$$w", "$word", "ord99", TOKEN, "UGEkJHdv",
	"50612424" };

static void
assert_no_secret(struct str s)
{
	for (size_t i = 0; i < NROWS(secrets); i++)
		if (s.len > 0 &&
		    memmem(s.p, s.len, secrets[i], strlen(secrets[i])) != NULL)
			fail_msg("%s is in %.*s", secrets[i], (int)s.len, s.p);
}

/* Asserts that the text is shown if all memory was there. */
static void
assert_shown(struct str s, const char *text)
{
	if (alloc_failed() == 0)
		assert_non_null(memmem(s.p, s.len, text, strlen(text)));
}

static void
take_words(void *arg)
{
	char text[] = "shown " PASSWORD " UGEkJHdvcmQ5OQ== 50612424776f72643939 shown";
	struct secret_words *words = secret_words_new();
	size_t len = strlen(text);

	(void)arg;
	if (words != NULL) {
		(void)secret_words_add(words, STR_LIT(PASSWORD));
		(void)secret_words_add_key(words, STR_LIT("0123456789abcdef"));
	}
	len = secret_words_mask(words, text, len);
	assert_no_secret((struct str){ text, len });
	assert_shown((struct str){ text, len }, "shown *** ***Q== *** shown");
	assert_true(alloc_failed() == 0 || len == 0);
	secret_words_free(words);
}

static void
words(void **state)
{
	(void)state;
	assert_in_range(alloc_fail_each(take_words, NULL), 5, 100);
}

static void
take_head(void *arg)
{
	struct buf out;

	(void)arg;
	buf_init(&out, 8192);
	/* Folded: as it is unfolded, its end may be missing. */
	mask_head(MASK_TRACE,
	    STR_LIT("HTTP/1.1 401 no\r\nX: " FILLER FILLER "\r\n\tTlRMTVNTUAAC" TOKEN
		    "\r\nAuthorization: NTLM\r\n\t" TOKEN "\r\n Digest response=\"" TOKEN
		    "\"\r\n"),
	    &out);
	assert_no_secret(buf_view(&out));
	assert_int_equal(out.failed, alloc_failed() > 0);
	buf_free(&out);
}

static void
head_of_message(void **state)
{
	(void)state;
	assert_in_range(alloc_fail_each(take_head, NULL), 4, 100);
}

static void
take_body(void *arg)
{
	struct buf out;

	(void)arg;
	buf_init(&out, 8192);
	(void)mask_body(MASK_TRACE,
	    STR_LIT("<a>" FILLER "<Password>" TOKEN "</Password>" FILLER FILLER
		    "<Pin>" TOKEN "</Pin> TlRMTVNTUAAC" TOKEN "</a>"),
	    8192, &out);
	assert_no_secret(buf_view(&out));
	assert_int_equal(out.failed, alloc_failed() > 0);
	buf_free(&out);
}

static void
body_of_message(void **state)
{
	(void)state;
	assert_in_range(alloc_fail_each(take_body, NULL), 2, 100);
}

static void
assert_clean(const struct trace *t)
{
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e)) {
		assert_no_secret(e->text);
		assert_no_secret(e->body);
		assert_shown(e->text, "shown");
	}
	assert_no_secret(str_of(trace_head(t)->record));
	assert_shown(str_of(trace_head(t)->record), "shown ***");
}

/* The end of a line is the end of what is looked at, and of what a buffer has taken. */
static void
write_trace(struct trace *t, struct secret_words *words)
{
	struct trace_entry m = { .kind = TRACE_RECEIVED,
		.step = STEP_WEB_TICKET,
		.text = STR_LIT("HTTP/1.1 401 shown\r\nX: " FILLER PASSWORD
				"\r\nAuthorization: NTLM\r\n " TOKEN "\r\n"),
		.body = STR_LIT("<a>" FILLER FILLER PASSWORD "<Pin>" TOKEN "</Pin></a>"),
		.peer = STR_LIT("web.x:443") };
	struct trace_head h = { "a", "b", "c", "0a1b2c", 1700000000123, 0, false, "", "",
		"shown " PASSWORD " " FILLER FILLER PASSWORD };

	trace_begin(t, words);
	trace_note(t, 1, TRACE_SAW, STEP_RESOLVE, 0, "shown " FILLER FILLER PASSWORD);
	trace_message(t, &m);
	m.text = STR_LIT("HTTP/1.1 200 shown\r\n");
	m.body = STR_LIT("<a>UGEkJHdvcmQ5OQ==" FILLER "50612424776f72643939</a>");
	trace_message(t, &m);
	trace_end(t, &h);
}

static void
take_run(void *arg)
{
	struct secret_words *words = secret_words_new();
	struct trace *t = words == NULL ? NULL : trace_new();

	(void)arg;
	if (words != NULL)
		(void)secret_words_add(words, STR_LIT(PASSWORD));
	write_trace(t, words);
	if (t != NULL) {
		assert_clean(t);
		assert_true(alloc_failed() > 0 || trace_lost(t) == 0);
	}
	trace_free(t);
	secret_words_free(words);
}

static void
whole_trace(void **state)
{
	(void)state;
	assert_in_range(alloc_fail_each(take_run, NULL), 10, 200);
}

static void
keep_run(struct shelf *s, unsigned n)
{
	char test[16], run[16];
	struct trace_head h = { test, "p", "u", run, 1700000000000 + 1000 * n, 0, false,
		"", "", "" };
	struct trace *t = trace_new();
	struct err err;

	snprintf(test, sizeof(test), "t%u", n % 4);
	snprintf(run, sizeof(run), "%06x", n);
	if (t != NULL) {
		trace_end(t, &h);
		(void)shelf_put(s, t, &err);
	}
	trace_free(t);
}

/*
 * The last run finds a bound that leaves no room: of all four tests the files are listed,
 * and when one cannot be, the next ones are all the same.
 */
static void
keep_runs(void *arg)
{
	(void)arg;
	scratch_remove(); /* the same each time */
	for (unsigned i = 0; i < 4; i++) {
		struct shelf *s =
		    shelf_new(scratch_path("traces"), i < 3 ? SHELF_OCTETS_MAX : 1, 0);

		if (s != NULL)
			keep_run(s, i);
		shelf_free(s);
	}
}

static void
shelf_of_traces(void **state)
{
	(void)state;
	assert_in_range(alloc_fail_each(keep_runs, NULL), 10, 500);
	scratch_remove();
}

RUN_CASES(TEST(words), TEST(head_of_message), TEST(body_of_message), TEST(whole_trace),
    TEST(shelf_of_traces));
