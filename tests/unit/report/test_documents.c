/*
 * What the documents promise is what the program has: every name, and the events' ids.
 */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "report/log.h"
#include "vocab/vocab.h"
#include "state/statefile.h"
#include "../state/state.h"

#define DOCUMENT_MAX (256 * 1024)

static char man[DOCUMENT_MAX], state_doc[DOCUMENT_MAX];

/* Without the backslash that groff wants before each hyphen. */
static void
read_document(const char *name, char text[DOCUMENT_MAX])
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	size_t n = 0;
	FILE *f;
	int c;

	snprintf(path, sizeof(path), "%s/doc/%s", top == NULL ? "." : top, name);
	f = fopen(path, "r");
	assert_non_null(f);
	while ((c = getc(f)) != EOF && n < DOCUMENT_MAX - 1) {
		if (c == '-' && n > 0 && text[n - 1] == '\\')
			n--;
		text[n++] = (char)c;
	}
	text[n] = '\0';
	fclose(f);
}

static bool
is_part_of_word(char c)
{
	return c == '-' || c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static void
expect_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
		if ((at == text || !is_part_of_word(at[-1])) && !is_part_of_word(at[len]))
			return;
	}
	fail_msg("\"%s\" is not documented", word);
}

static void
events_and_their_ids(void **state)
{
	char row[128];

	(void)state;
	read_document("cswatch-events.7", man);
	for (enum event_id e = 0; e < EVENT_COUNT; e++) {
		snprintf(
		    row, sizeof(row), "\n%s|%s\n", event_name(e), event_message_id(e));
		if (strstr(man, row) == NULL)
			fail_msg("the id of %s is not documented", event_name(e));
	}
}

static void
names_in_log_lines(void **state)
{
	char row[64];

	(void)state;
	read_document("cswatch-events.7", man);
	for (enum step_id s = 0; s < STEP_COUNT; s++)
		expect_word(man, step_name(s));
	for (enum warning w = 0; w < WARNING_COUNT; w++)
		expect_word(man, warning_name(w));
	for (enum alert_state s = 0; s < ALERT_COUNT; s++)
		expect_word(man, alert_state_name(s));
	for (enum cause c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++) {
		snprintf(row, sizeof(row), "\n%s|", cause_name(c));
		if (strstr(man, row) == NULL)
			fail_msg("the cause %s is not documented", cause_name(c));
	}
}

/* Every key that a state file can have. */
static void
keys_of_the_state_file(void **state)
{
	struct result ok = result_ok(), failed = result_failed();
	struct test_state t;
	const struct state s = { .tests = &t, .ntests = 1 };
	struct buf b;
	char key[64];

	(void)state;
	read_document("STATE", state_doc);
	assert_true(test_state_init(&t, "NAME", "POOL", "USER"));
	assert_true(test_state_note_run(&t, &ok, 1));
	assert_true(test_state_note_run(&t, &failed, 1));
	buf_init(&b, DOCUMENT_MAX);
	statefile_format(&b, &s);
	for (const char *p = b.data, *end; (end = strstr(p, "\":")) != NULL;
	    p = end + 2) {
		const char *begin = end;

		while (begin[-1] != '"')
			begin--;
		snprintf(key, sizeof(key), "%.*s", (int)(end - begin), begin);
		if (strcmp(key, "NAME") != 0)
			expect_word(state_doc, key);
	}
	for (enum alert_state w = 0; w < ALERT_COUNT; w++)
		expect_word(state_doc, alert_state_name(w));
	buf_free(&b);
	test_state_free(&t);
}

RUN_CASES(
    TEST(events_and_their_ids), TEST(names_in_log_lines), TEST(keys_of_the_state_file));
