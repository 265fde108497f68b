#include "tests/unit/cases.h"

#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "vocab/vocab.h"
#include "lab/files.h"

/* What the program understands must be in its manual page. */
static const struct word_case {
	const char *name;
} words[] = {
	{ "refuse" },
	{ "drop" },
	{ "stall" },
	{ "garbage" },
	{ "oversize" },
	{ "bad-signature" },
	{ "expired" },
	{ "wrong-name" },
	{ "unsigned" },
	{ "not-offered" },
	{ "garbage:content" },
	{ "bad-signature:content" },
	{ "expired:content" },
	{ "wrong-name:content" },
	{ "http-" },
	{ "sip-" },
	{ "redirect:" },
	{ "skew:" },
	{ "clear" },
	{ "disable" },
	{ "enable" },
	{ "revoke" },
	{ "show" },
	{ "quit" },
	{ "--directory" },
	{ "--fqdn" },
	{ "--listen" },
	{ "--https-port" },
	{ "--http-port" },
	{ "--sip-port" },
	{ "--advertise" },
	{ "--users" },
	{ "--fault" },
	{ "--transcript" },
	{ "--version" },
	{ "--help" },
};

/* The page without what only roff sees in hyphens. */
static void
read_page(struct buf *page)
{
	const char *top = getenv("top_srcdir");
	char path[FILES_PATH_MAX];
	struct buf raw;
	struct err err;

	buf_init(&raw, FILES_SIZE_MAX);
	buf_init(page, FILES_SIZE_MAX);
	assert_true(
	    lab_files_path(path, top == NULL ? "." : top, "doc/cswatch-lab.1", &err));
	assert_true(lab_files_read(path, &raw, &err));
	for (size_t i = 0; i < raw.len; i++)
		if (raw.data[i] != '\\' || raw.data[i + 1] != '-')
			buf_putc(page, raw.data[i]);
	buf_free(&raw);
}

static void
check_word(void **state)
{
	const struct word_case *c = *state;
	struct buf page;

	read_page(&page);
	assert_non_null(strstr(page.data, c->name));
	buf_free(&page);
}

static void
names_all_steps(void **state)
{
	struct buf page;

	(void)state;
	read_page(&page);
	for (int i = 0; i < STEP_COUNT; i++)
		assert_non_null(strstr(page.data, step_name((enum step_id)i)));
	buf_free(&page);
}

RUN_CASES(ROWS("manual", words, check_word), TEST(names_all_steps));
