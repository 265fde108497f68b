/* base/hash, against the test vectors that its authors publish; base/host. */
#include "base/hash.h"

#include <string.h>
#include <unistd.h>

#include "../cases.h"
#include "base/host.h"

static const struct hash_case {
	const char *name, *text;
	uint32_t h32;
	uint64_t h64;
} hash_cases[] = {
	{ "nothing", "", 0x811c9dc5, 0xcbf29ce484222325 },
	{ "one letter", "a", 0xe40c292c, 0xaf63dc4c8601ec8c },
	{ "a word", "foobar", 0xbf9cf968, 0x85944171f73967e8 },
	{ "above ASCII", "\xff", 0x7a0b824e, 0xaf64724c8602eb6e },
};

static void
check_hash(void **state)
{
	const struct hash_case *c = *state;

	assert_int_equal(hash_32(str_of(c->text)), c->h32);
	assert_int_equal(hash_64(str_of(c->text)), c->h64);
}

static void
case_may_count_or_not(void **state)
{
	(void)state;
	assert_int_equal(
	    hash_64_caseless(STR_LIT("FooBar@[`{")), hash_64(STR_LIT("foobar@[`{")));
	assert_int_not_equal(hash_64(STR_LIT("FooBar")), hash_64(STR_LIT("foobar")));
	/* Letters of UTF-8 are left as they are. */
	assert_int_equal(
	    hash_64_caseless(STR_LIT("\xc3\x84")), hash_64(STR_LIT("\xc3\x84")));
}

static void
a_machine_has_a_name(void **state)
{
	char want[HOST_NAME_SIZE] = "", got[HOST_NAME_SIZE];

	(void)state;
	memset(got, 'x', sizeof(got));
	assert_int_equal(gethostname(want, sizeof(want) - 1), 0);
	host_name(got);
	assert_string_equal(got, want);
}

RUN_CASES(ROWS("hash", hash_cases, check_hash), TEST(case_may_count_or_not),
    TEST(a_machine_has_a_name));
