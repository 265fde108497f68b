/*
 * base/secret: copies and limits. That memory is wiped is seen by reading it
 * after.
 */
#include <string.h>

#include "../cases.h"
#include "base/secret.h"

static const struct size_case {
	const char *name;
	size_t len;
	bool fits;
} size_cases[] = {
	{ "empty", 0, true },
	{ "one", 1, true },
	{ "a page less the header", 4096 - 17, true },
	{ "a page less the header and one", 4096 - 16, true },
	{ "longest", SECRET_MAX, true },
	{ "too long", SECRET_MAX + 1, false },
	{ "absurd", SIZE_MAX, false },
};

static void
check_size(void **state)
{
	static char text[SECRET_MAX + 2];
	const struct size_case *c = *state;
	struct secret *s;

	memset(text, 'x', sizeof(text));
	s = secret_new((struct str){ text, c->len });
	assert_int_equal(s != NULL, c->fits);
	if (s == NULL)
		return;
	assert_int_equal(strlen(secret_reveal(s)), c->len);
	assert_memory_equal(secret_reveal(s), text, c->len);
	secret_free(s);
}

static void
none_is_fine(void **state)
{
	(void)state;
	secret_free(NULL);
}

static void
the_source_is_copied(void **state)
{
	char text[] = "hunter2";
	struct secret *s = secret_new(str_of(text));

	(void)state;
	secret_wipe(text, sizeof(text));
	assert_memory_equal(text, "\0\0\0\0\0\0\0", 8);
	assert_string_equal(secret_reveal(s), "hunter2");
	secret_free(s);
}

RUN_CASES(
    ROWS("size", size_cases, check_size), TEST(none_is_fine), TEST(the_source_is_copied));
