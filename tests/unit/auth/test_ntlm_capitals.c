/*
 * auth/ntlm_capitals: held against the table that Microsoft publishes ([MS-UCODEREF]
 * 3.1.5.3) by a digest of all its pairs, and against single letters on both sides.
 */
#include "../cases.h"
#include "auth/ntlm_capitals.h"
#include "base/str.h"
#include "crypto/crypto.h"

static const struct letter_case {
	const char *name;
	uint32_t code, capital;
} letters[] = {
	{ "a", 'a', 'A' },
	{ "z", 'z', 'Z' },
	{ "a digit", '7', '7' },
	{ "a capital", 'Q', 'Q' },
	{ "between the ranges", '{', '{' },
	{ "u with dots", 0xfc, 0xdc },
	{ "division is no letter", 0xf7, 0xf7 },
	{ "y with dots, up", 0xff, 0x178 },
	{ "every other letter", 0x101, 0x100 },
	{ "the capital in between", 0x102, 0x102 },
	{ "Greek alpha", 0x3b1, 0x391 },
	{ "Cyrillic de", 0x434, 0x414 },
	{ "Armenian ayb", 0x561, 0x531 },
	{ "Roman numeral", 0x2170, 0x2160 },
	{ "circled letter", 0x24d0, 0x24b6 },
	{ "old Georgian", 0x2d00, 0x10a0 },
	{ "Latin insular g, far away", 0x1d79, 0xa77d },
	{ "fullwidth z", 0xff5a, 0xff3a },
	{ "sharp s has none", 0xdf, 0xdf },
	/* To these Unicode gives a capital. */
	{ "micro sign", 0xb5, 0xb5 },
	{ "dotless i", 0x131, 0x131 },
	{ "long s", 0x17f, 0x17f },
	{ "title case dz with caron", 0x1c5, 0x1c5 },
	{ "title case lj", 0x1c8, 0x1c8 },
	{ "title case dz", 0x1f2, 0x1f2 },
	{ "final sigma", 0x3c2, 0x3c2 },
	{ "beta symbol", 0x3d0, 0x3d0 },
	{ "lunate epsilon", 0x3f5, 0x3f5 },
	{ "Georgian an", 0x10d0, 0x10d0 },
	{ "Georgian labial sign", 0x10ff, 0x10ff },
	{ "Cherokee a", 0xab70, 0xab70 },
	{ "long s with dot", 0x1e9b, 0x1e9b },
	{ "iota below", 0x1fbe, 0x1fbe },
	{ "Deseret long i", 0x10428, 0x10428 },
	{ "Adlam alif", 0x1e922, 0x1e922 },
	{ "the last character", 0x10ffff, 0x10ffff },
};

static void
check_letter(void **state)
{
	const struct letter_case *c = *state;

	assert_int_equal(ntlm_capital(c->code), c->capital);
}

/* SHA-256 over the capitals of U+0000 to U+FFFF, 16 bits each, little-endian. */
static void
all_are_as_published(void **state)
{
	static uint8_t table[2 * 0x10000];
	uint8_t digest[CRYPTO_DIGEST_MAX];
	char hex[2 * CRYPTO_DIGEST_MAX + 1];
	unsigned changed = 0;

	(void)state;
	for (uint32_t code = 0; code < 0x10000; code++) {
		uint32_t capital = ntlm_capital(code);

		changed += capital != code;
		table[2 * code] = (uint8_t)capital;
		table[2 * code + 1] = (uint8_t)(capital >> 8);
	}
	assert_int_equal(changed, 973);
	assert_true(crypto_hash(
	    DIGEST_SHA256, (struct str){ (const char *)table, sizeof(table) }, digest));
	crypto_hex(hex, digest, crypto_digest_size(DIGEST_SHA256));
	assert_string_equal(
	    hex, "41c26bc7a12bdaeb26025c93118697c7e3ef81ee048b00fe5cce2a472e0e0742");
}

static void
none_is_beyond_16_bits(void **state)
{
	(void)state;
	for (uint32_t code = 0x10000; code < 0x110000; code++)
		if (ntlm_capital(code) != code)
			fail_msg("U+%X", (unsigned)code);
}

RUN_CASES(ROWS("letter", letters, check_letter), TEST(all_are_as_published),
    TEST(none_is_beyond_16_bits));
