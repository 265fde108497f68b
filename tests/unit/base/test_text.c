/* base/text: foreign text can forge neither a log line nor a document. */
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "base/text.h"
#include "crypto/crypto.h"

#define LIT(s) { (s), sizeof(s) - 1 }

static const struct utf8_case {
	const char *name;
	struct str in;
	size_t len;
	uint32_t code;
} utf8_cases[] = {
	{ "nothing", LIT(""), 0, 0 },
	{ "NUL", LIT("\0"), 1, 0 },
	{ "ASCII", LIT("a"), 1, 'a' },
	{ "only the first", LIT("ab"), 1, 'a' },
	{ "least of two", LIT("\xc2\x80"), 2, 0x80 },
	{ "most of two", LIT("\xdf\xbf"), 2, 0x7ff },
	{ "least of three", LIT("\xe0\xa0\x80"), 3, 0x800 },
	{ "before the surrogates", LIT("\xed\x9f\xbf"), 3, 0xd7ff },
	{ "after the surrogates", LIT("\xee\x80\x80"), 3, 0xe000 },
	{ "most of three", LIT("\xef\xbf\xbf"), 3, 0xffff },
	{ "least of four", LIT("\xf0\x90\x80\x80"), 4, 0x10000 },
	{ "last of all", LIT("\xf4\x8f\xbf\xbf"), 4, 0x10ffff },
	{ "beyond the last", LIT("\xf4\x90\x80\x80"), 0, 0 },
	{ "five octets", LIT("\xf8\x88\x80\x80\x80"), 0, 0 },
	{ "lone continuation", LIT("\x80"), 0, 0 },
	{ "overlong slash", LIT("\xc0\xaf"), 0, 0 },
	{ "overlong, three", LIT("\xe0\x9f\xbf"), 0, 0 },
	{ "overlong, four", LIT("\xf0\x8f\xbf\xbf"), 0, 0 },
	{ "surrogate", LIT("\xed\xa0\x80"), 0, 0 },
	{ "last surrogate", LIT("\xed\xbf\xbf"), 0, 0 },
	{ "cut after one of two", LIT("\xc3"), 0, 0 },
	{ "cut after two of three", LIT("\xe2\x82"), 0, 0 },
	{ "cut after three of four", LIT("\xf0\x9f\x98"), 0, 0 },
	{ "second octet is not one",
	    LIT("\xc3"
		"a"),
	    0, 0 },
	{ "third octet is not one",
	    LIT("\xe2\x82"
		"a"),
	    0, 0 },
	{ "0xff", LIT("\xff"), 0, 0 },
};

static void
check_utf8(void **state)
{
	const struct utf8_case *c = *state;
	uint32_t code = 77;

	assert_int_equal(text_utf8(c->in, &code), c->len);
	assert_int_equal(code, c->len == 0 ? 77 : c->code);
}

static uint32_t
next_letter(uint32_t code)
{
	return code + 1;
}

static const struct wide_case {
	const char *name;
	struct str in;
	uint32_t (*change)(uint32_t code);
	const char *want; /* in hexadecimal; NULL: it is not UTF-8 */
} wide_cases[] = {
	{ "nothing", LIT(""), NULL, "" },
	{ "ASCII", LIT("aB"), NULL, "61004200" },
	{ "NUL", LIT("a\0"), NULL, "61000000" },
	{ "one unit", LIT("\xc3\xa9\xe2\x82\xac\xef\xbf\xbd"), NULL, "e900ac20fdff" },
	{ "the first pair", LIT("\xf0\x90\x80\x80"), NULL, "00d800dc" },
	{ "a pair", LIT("a\xf0\x9f\x94\x91"), NULL, "61003dd811dd" },
	{ "the last pair", LIT("\xf4\x8f\xbf\xbf"), NULL, "ffdbffdf" },
	{ "changed", LIT("ab"), next_letter, "62006300" },
	{ "not UTF-8", LIT("ab\xff"), NULL, NULL },
	{ "a surrogate", LIT("\xed\xa0\x80"), NULL, NULL },
};

static void
check_wide(void **state)
{
	const struct wide_case *c = *state;
	char hex[64];
	struct buf out;

	buf_init(&out, 30);
	assert_int_equal(text_utf16le(c->in, c->change, &out), c->want != NULL);
	assert_false(out.failed);
	crypto_hex(hex, (const uint8_t *)buf_view(&out).p, out.len);
	if (c->want != NULL)
		assert_string_equal(hex, c->want);
	buf_free(&out);
}

static const struct printable_case {
	const char *name;
	struct str in;
	size_t size;
	const char *want;
} printable_cases[] = {
	{ "plain", LIT("abc"), 10, "abc" },
	{ "line end", LIT("a\r\nb"), 10, "a..b" },
	{ "NUL", LIT("a\0b"), 10, "a.b" },
	{ "DEL", LIT("a\x7f"), 10, "a." },
	{ "C1 next line",
	    LIT("a\xc2\x85"
		"b"),
	    10, "a.b" },
	{ "no-break space is none",
	    LIT("a\xc2\xa0"
		"b"),
	    10,
	    "a\xc2\xa0"
	    "b" },
	{ "line separator",
	    LIT("a\xe2\x80\xa8"
		"b"),
	    10, "a.b" },
	{ "right-to-left override",
	    LIT("a\xe2\x80\xae"
		"b"),
	    10, "a.b" },
	{ "isolate",
	    LIT("a\xe2\x81\xa6"
		"b"),
	    10, "a.b" },
	{ "byte order mark",
	    LIT("\xef\xbb\xbf"
		"a"),
	    10, ".a" },
	{ "not a character", LIT("\xef\xbf\xbe"), 10, "." },
	{ "not a character, higher plane", LIT("\xf0\x9f\xbf\xbf"), 10, "." },
	{ "euro", LIT("\xe2\x82\xac"), 10, "\xe2\x82\xac" },
	{ "smile", LIT("\xf0\x9f\x98\x80"), 10, "\xf0\x9f\x98\x80" },
	{ "each broken octet",
	    LIT("\xe2\x82"
		"a\xff\xfe"),
	    10, "..a.." },
	{ "just fits", LIT("abc"), 4, "abc" },
	{ "cut", LIT("abc"), 3, "ab" },
	{ "cut between characters", LIT("a\xe2\x82\xac"), 4, "a" },
	{ "nothing small follows a cut",
	    LIT("a\xe2\x82\xac"
		"b"),
	    4, "a" },
	{ "room for the NUL only", LIT("abc"), 1, "" },
	{ "empty", LIT(""), 4, "" },
};

static void
check_printable(void **state)
{
	const struct printable_case *c = *state;
	char dst[16], in_place[16];

	memset(dst, '?', sizeof(dst));
	text_printable(dst, c->size, c->in);
	assert_string_equal(dst, c->want);
	assert_int_equal(dst[c->size], '?');

	memcpy(in_place, c->in.p, c->in.len);
	text_printable(in_place, c->size, (struct str){ in_place, c->in.len });
	assert_string_equal(in_place, c->want);
}

static void
printable_into_nothing(void **state)
{
	char dst = '?';

	(void)state;
	text_printable(&dst, 0, STR_LIT("abc"));
	assert_int_equal(dst, '?');
}

static const struct put_case {
	const char *name;
	struct str in;
	const char *want;
} value_cases[] = {
	{ "bare", LIT("web-ticket"), "web-ticket" },
	{ "punctuation stays bare", LIT("sip:a@b.c;x<y>'z'"), "sip:a@b.c;x<y>'z'" },
	{ "empty", LIT(""), "\"\"" },
	{ "space", LIT("a b"), "\"a b\"" },
	{ "quote", LIT("a\"b"), "\"a\\\"b\"" },
	{ "backslash", LIT("a\\b"), "\"a\\\\b\"" },
	{ "equals sign", LIT("a=b"), "\"a=b\"" },
	{ "forged line", LIT("x\ntest.finished result=Success"),
	    "\"x\\ntest.finished result=Success\"" },
	{ "forged end of quote", LIT("x\" result=\"Success"),
	    "\"x\\\" result=\\\"Success\"" },
	{ "short escapes", LIT("\r\n\t"), "\"\\r\\n\\t\"" },
	{ "control", LIT("\x1b[0m\x01\x7f"), "\"\\x1b[0m\\x01\\x7f\"" },
	{ "NUL", LIT("a\0b"), "\"a\\x00b\"" },
	{ "UTF-8", LIT("\xc3\xbc"), "\"\xc3\xbc\"" },
	{ "broken UTF-8", LIT("\xc3"), "\"\\xc3\"" },
	{ "C1", LIT("\xc2\x9b"), "\"\\xc2\\x9b\"" },
	{ "line separator", LIT("\xe2\x80\xa8"), "\"\\xe2\\x80\\xa8\"" },
}, xml_cases[] = {
	{ "plain", LIT("abc"), "abc" },
	{ "empty", LIT(""), "" },
	{ "markup", LIT("<a b=\"c\" d='e'>&amp;"),
	    "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;" },
	{ "end of CDATA", LIT("]]>"), "]]&gt;" },
	{ "white space survives a parser", LIT("a\tb\nc\r"), "a&#9;b&#10;c&#13;" },
	{ "forbidden controls", LIT("a\0\x01\x1f" "b"), "a???b" },
	{ "DEL is allowed", LIT("\x7f"), "\x7f" },
	{ "UTF-8", LIT("\xc3\xbc\xf0\x9f\x98\x80"), "\xc3\xbc\xf0\x9f\x98\x80" },
	{ "broken UTF-8", LIT("a\xc3<"), "a?&lt;" },
	{ "surrogate", LIT("\xed\xa0\x80"), "???" },
	{ "not a character", LIT("\xef\xbf\xbe\xef\xbf\xbf"), "??" },
};

static void
check_put(void (*put)(struct buf *out, struct str s), const struct put_case *c)
{
	struct buf b;

	buf_init(&b, 200);
	buf_puts(&b, "x");
	put(&b, c->in);
	assert_false(b.failed);
	assert_int_equal(b.data[0], 'x');
	assert_string_equal(b.data + 1, c->want);
	buf_free(&b);
}

static void
check_value(void **state)
{
	check_put(text_value, *state);
}

static void
check_xml(void **state)
{
	check_put(text_xml, *state);
}

#define X16 "xxxxxxxxxxxxxxxx"
#define X63 X16 X16 X16 "xxxxxxxxxxxxxxx"

static const struct host_case {
	const char *name;
	bool good;
} host_cases[] = {
	{ "a", true },
	{ "pool01.lab.example", true },
	{ "A-1.under_score.x", true },
	{ "192.0.2.1", true },
	{ X63 "." X63 "." X63 "."
	      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	    true },
	{ X63 "." X63 "." X63 "." X63, false },
	{ X63 "x.y", false },
	{ "", false },
	{ ".", false },
	{ "a.", false },
	{ ".a", false },
	{ "a..b", false },
	{ "-a.b", false },
	{ "a-.b", false },
	{ "a b", false },
	{ "a/b", false },
	{ "a@b", false },
	{ "a:1", false },
	{ "a\r\nb", false },
	{ "\xc3\xa4.b", false },
	{ "[::1]", false },
	{ "a\x1b", false },
	{ "@", false },
	{ "`", false },
	{ "{", false },
};

static void
check_host(void **state)
{
	const struct host_case *c = *state;

	assert_int_equal(text_is_host(str_of(c->name)), c->good);
}

/* A NUL inside is no end. */
static void
a_host_with_nul(void **state)
{
	(void)state;
	assert_false(text_is_host(STR_LIT("a\0b")));
	assert_false(text_is_host(STR_NULL));
}

RUN_CASES(ROWS("host", host_cases, check_host), TEST(a_host_with_nul),
    ROWS("utf8", utf8_cases, check_utf8), ROWS("UTF-16LE", wide_cases, check_wide),
    ROWS("printable", printable_cases, check_printable), TEST(printable_into_nothing),
    ROWS("value", value_cases, check_value), ROWS("xml", xml_cases, check_xml));
