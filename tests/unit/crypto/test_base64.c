/* crypto, base64: RFC 4648's vectors, and everything that is not quite base64. */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "crypto/crypto.h"

#define LIT(s) { (s), sizeof(s) - 1 }

static const struct vector {
	const char *name;
	struct str plain;
	const char *coded;
} vectors[] = {
	{ "RFC 4648 empty", LIT(""), "" },
	{ "RFC 4648 f", LIT("f"), "Zg==" },
	{ "RFC 4648 fo", LIT("fo"), "Zm8=" },
	{ "RFC 4648 foo", LIT("foo"), "Zm9v" },
	{ "RFC 4648 foob", LIT("foob"), "Zm9vYg==" },
	{ "RFC 4648 fooba", LIT("fooba"), "Zm9vYmE=" },
	{ "RFC 4648 foobar", LIT("foobar"), "Zm9vYmFy" },
	{ "all zero", LIT("\0\0\0\0"), "AAAAAA==" },
	{ "all one", LIT("\xff\xff\xff\xff\xff"), "//////8=" },
	{ "the whole alphabet",
	    LIT("\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f\x41\x14\x93\x51\x55\x97"
		"\x61\x96\x9b\x71\xd7\x9f\x82\x18\xa3\x92\x59\xa7\xa2\x9a\xab\xb2\xdb\xaf"
		"\xc3\x1c\xb3\xd3\x5d\xb7\xe3\x9e\xbb\xf3\xdf\xbf"),
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" },
};

static void
check_vector(void **state)
{
	const struct vector *c = *state;
	struct buf b;

	buf_init(&b, 100);
	crypto_base64(&b, c->plain.p, c->plain.len);
	assert_string_equal(buf_view(&b).p, c->coded);
	buf_clear(&b);
	assert_true(crypto_unbase64(str_of(c->coded), &b));
	assert_int_equal(b.len, c->plain.len);
	assert_memory_equal(buf_view(&b).p, c->plain.p, c->plain.len);
	buf_free(&b);
}

static const struct decode_case {
	const char *name;
	struct str in;
	const char *want; /* NULL: refused */
} decode_cases[] = {
	{ "lines", LIT("Zm9v\r\nYmFy\r\n"), "foobar" },
	{ "space anywhere", LIT(" Z m\t9\nv\r"), "foo" },
	{ "space around padding", LIT("Zg = = "), "f" },
	{ "only space", LIT(" \r\n\t "), "" },
	{ "one character", LIT("Z"), NULL },
	{ "two characters", LIT("Zg"), NULL },
	{ "three characters", LIT("Zm8"), NULL },
	{ "one pad missing", LIT("Zg="), NULL },
	{ "one pad too many", LIT("Zg==="), NULL },
	{ "a group of pads", LIT("Zm9v===="), NULL },
	{ "only pads", LIT("===="), NULL },
	{ "three pads", LIT("Z==="), NULL },
	{ "pad first", LIT("=g=="), NULL },
	{ "pad in the middle", LIT("Zg=v"), NULL },
	{ "text behind the padding", LIT("Zg==Zm9v"), NULL },
	{ "pad behind the padding", LIT("Zg== ="), NULL },
	{ "left-over bits of one octet", LIT("Zh=="), NULL },
	{ "left-over bits of two octets", LIT("Zm9="), NULL },
	{ "highest left-over bit", LIT("Zo=="), NULL },
	{ "URL alphabet, minus", LIT("Zm9-"), NULL },
	{ "URL alphabet, underscore", LIT("Zm9_"), NULL },
	{ "below the digits", LIT("Zm9."), NULL },
	{ "NUL", LIT("Zm9\0"), NULL },
	{ "NUL between groups", LIT("Zm9v\0Zm9v"), NULL },
	{ "high bit", LIT("Zm9\xf6"), NULL },
	{ "vertical tab", LIT("Zm9v\v"), NULL },
	{ "no-break space", LIT("Zm9v\xc2\xa0"), NULL },
	{ "good first, then bad", LIT("Zm9vZm9vZm9v!"), NULL },
};

static void
check_decode(void **state)
{
	const struct decode_case *c = *state;
	struct buf b;

	buf_init(&b, 100);
	buf_puts(&b, "before");
	assert_int_equal(crypto_unbase64(c->in, &b), c->want != NULL);
	assert_false(b.failed);
	assert_memory_equal(b.data, "before", 6);
	assert_string_equal(b.data + 6, c->want == NULL ? "" : c->want);
	buf_free(&b);
}

static const struct room_case {
	const char *name;
	size_t max;
	bool fits;
} room_cases[] = {
	{ "just enough", 6, true },
	{ "one short", 5, false },
	{ "none", 0, false },
};

static void
check_room(void **state)
{
	const struct room_case *c = *state;
	struct buf b;

	buf_init(&b, c->max);
	assert_int_equal(crypto_unbase64(STR_LIT("Zm9vYmFy"), &b), c->fits);
	assert_int_equal(b.failed, !c->fits);
	assert_int_equal(b.len, c->fits ? 6 : 0);
	buf_free(&b);
}

static const struct lines_case {
	const char *name;
	size_t octets, lines, last; /* last: characters of the last line */
} lines_cases[] = {
	{ "none", 0, 0, 0 },
	{ "one octet", 1, 1, 4 },
	{ "a line less one octet", 56, 1, 76 },
	{ "a whole line", 57, 1, 76 },
	{ "a line and one octet", 58, 2, 4 },
	{ "three lines", 171, 3, 76 },
};

static void
check_lines(void **state)
{
	const struct lines_case *c = *state;
	uint8_t in[200];
	struct buf b, back;
	struct str left, line;
	size_t lines = 0;

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 7);
	buf_init(&b, 1000);
	crypto_base64_lines(&b, in, c->octets);
	for (left = buf_view(&b); left.len > 0; lines++) {
		left = str_split(left, '\n', &line);
		assert_non_null(left.p);
		assert_int_equal(line.p[line.len - 1], '\r');
		assert_int_equal(line.len - 1, lines + 1 < c->lines ? 76 : c->last);
	}
	assert_int_equal(lines, c->lines);

	buf_init(&back, 1000);
	assert_true(crypto_unbase64(buf_view(&b), &back));
	assert_int_equal(back.len, c->octets);
	assert_memory_equal(buf_view(&back).p, in, c->octets);
	buf_free(&back);
	buf_free(&b);
}

static void
no_octet_is_lost(void **state)
{
	uint8_t in[257];

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i ^ 0x5a);
	for (size_t n = 0; n <= sizeof(in); n++) {
		struct buf coded, back;

		buf_init(&coded, 400);
		buf_init(&back, n);
		crypto_base64(&coded, in, n);
		assert_int_equal(coded.len, (n + 2) / 3 * 4);
		assert_true(crypto_unbase64(buf_view(&coded), &back));
		assert_int_equal(back.len, n);
		assert_memory_equal(buf_view(&back).p, in, n);
		buf_free(&coded);
		buf_free(&back);
	}
}

RUN_CASES(ROWS("vector", vectors, check_vector),
    ROWS("decode", decode_cases, check_decode), ROWS("room", room_cases, check_room),
    ROWS("lines", lines_cases, check_lines), TEST(no_octet_is_lost));
