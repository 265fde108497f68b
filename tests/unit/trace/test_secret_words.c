/*
 * secret_words: a word is found in every spelling that a server might give it, and
 * nothing else is touched; where a word is missing, nothing is shown.
 */
#include "tests/unit/cases.h"

#include "base/buf.h"
#include "crypto/crypto.h"
#include "trace/secret_words.h"

/* What is hidden in all of them; the accent is two octets in UTF-8. */
#define WORD "S<cr\xc3\xa9t \"&1/+"

static const struct spelling {
	const char *name, *in, *want;
} spellings[] = {
	{ "nothing", "", "" },
	{ "not there", "S<cr\xc3\xa9 & no", "S<cr\xc3\xa9 & no" },
	{ "as it is", "a " WORD " b", "a *** b" },
	{ "twice", WORD WORD, "******" },
	{ "half of it, then all", "S<cr" WORD, "S<cr***" },
	{ "XML", "<a>S&lt;cr\xc3\xa9t &quot;&amp;1/+</a>", "<a>***</a>" },
	{ "XML, only what must be", "<a>S&lt;cr\xc3\xa9t \"&amp;1/+</a>", "<a>***</a>" },
	{ "HTML in numbers", "S&#60;cr&#233;t &#34;&#38;1&#x2F;&#x2b;!", "***!" },
	{ "a number with zeroes", "S&#060;cr&#x0e9;t &#34;&#38;1/+!", "***!" },
	{ "a URL", "?p=S%3Ccr%C3%A9t%20%22%261%2F%2B&x=1", "?p=***&x=1" },
	{ "a form", "p=S%3ccr%c3%a9t+%22%261%2f%2b&x=1", "p=***&x=1" },
	{ "all of it in URL", "%53%3C%63%72%C3%A9%74%20%22%26%31%2F%2B", "***" },
	{ "JSON", "{\"p\":\"S<cr\\u00e9t \\\"&1\\/+\"}", "{\"p\":\"***\"}" },
	{ "JSON, as .NET has it", "\"S\\u003ccr\\u00e9t \\u0022\\u00261\\/\\u002B\"",
	    "\"***\"" },
	{ "a log line", "p=\"S<cr\\xc3\\xa9t \\\"&1/+\"", "p=\"***\"" },
	/* printf 'S<crét "&1/+' | base64, behind 0, 1 and 2 other octets */
	{ "base64", "a Uzxjcs OpdCAiJjEvKw", "a Uzxjcs OpdCAiJjEvKw" },
	{ "base64, first", "x UzxjcsOpdCAiJjEvKw== y", "x ***w== y" },
	{ "base64, second", "x YVM8Y3LDqXQgIiYxLys= y", "x YV***s= y" },
	{ "base64, third", "x YWFTPGNyw6l0ICImMS8r y", "x YWF*** y" },
	{ "base64 in a URL", "x UzxjcsOpdCAiJjEvKw%3D%3D y", "x ***w%3D%3D y" },
	{ "hexadecimal",
	    "x 533c6372c3a9742022263"
	    "12f2b y",
	    "x *** y" },
	{ "hexadecimal, capitals",
	    "x 533C6372C3A9742022263"
	    "12F2B y",
	    "x *** y" },
	{ "UTF-16LE in hexadecimal",
	    "53003c006300720"
	    "0e9007400200022002600310"
	    "02f002b00",
	    "***" },
	{ "cut", "a S<cr\xc3\xa9t", "a ***" },
	{ "cut at a line's end", "a S<cr\xc3\xa9t\nb", "a ***\nb" },
	{ "less than half of it is a word", "a S<cr\nb", "a S<cr\nb" },
	{ "escapes that are none", "S%3", "S%3" },
	{ "an entity without its end", "S&#60", "S&#60" },
	{ "a backslash at the end", "S\\", "S\\" },
	{ "another letter", "s<cr\xc3\xa9t \"&1/+", "s<cr\xc3\xa9t \"&1/+" },
};

static void
check(void **state)
{
	const struct spelling *c = *state;
	struct secret_words *h = secret_words_new();
	char *text = strdup(c->in);
	size_t n;

	assert_true(secret_words_add(h, STR_LIT(WORD)));
	n = secret_words_mask(h, text, strlen(text));
	text[n] = '\0';
	assert_string_equal(text, c->want);
	free(text);
	secret_words_free(h);
}

/* Characters that UTF-16 has two units for; U+1F511. */
#define KEY_WORD "k\xf0\x9f\x94\x91y99"

static const struct spelling beyond[] = {
	{ "as it is", "a " KEY_WORD " b", "a *** b" },
	{ "XML, in numbers", "k&#128273;y99 k&#x1F511;y99!", "*** ***!" },
	{ "a URL", "k%F0%9F%94%91y99!", "***!" },
	{ "hexadecimal", "x 6bf09f9491793939 y", "x *** y" },
	{ "UTF-16LE in hexadecimal", "6b003dd811dd790039003900", "***" },
	/* the same bytes in base64, after 0, 1 and 2 others */
	{ "UTF-16LE in base64, first", "x awA92BHdeQA5ADkA y", "x *** y" },
	{ "UTF-16LE in base64, second", "x YWsAPdgR3XkAOQA5AA== y", "x YW***A== y" },
	{ "UTF-16LE in base64, third", "x YWFrAD3YEd15ADkAOQA= y", "x YWF***A= y" },
	{ "not the lower half of it alone", "6b0011f5790039003900",
	    "6b0011f5790039003900" },
	{ "a number that is no character", "k&#99999999;y99", "k&#99999999;y99" },
};

static void
check_beyond(void **state)
{
	const struct spelling *c = *state;
	struct secret_words *h = secret_words_new();
	char *text = strdup(c->in);
	size_t n;

	assert_true(secret_words_add(h, STR_LIT(KEY_WORD)));
	n = secret_words_mask(h, text, strlen(text));
	text[n] = '\0';
	assert_string_equal(text, c->want);
	free(text);
	secret_words_free(h);
}

/* Both alphabets of base64; UTF-16LE in base64. */
static void
alphabets(void **state)
{
	struct secret_words *h = secret_words_new();
	char url[] = "YWE_YWE-YWE_", wide[] = "YQBhAD8AYQBhAD4AYQBhAD8A";

	(void)state;
	assert_true(secret_words_add(h, STR_LIT("aa?aa>aa?")));
	assert_int_equal(secret_words_mask(h, url, strlen(url)), 3);
	assert_memory_equal(url, "***", 3);
	assert_int_equal(secret_words_mask(h, wide, strlen(wide)), 3);
	secret_words_free(h);
}

/* A word that looks escaped is not taken for what it would be. */
static void
looks_escaped(void **state)
{
	struct secret_words *h = secret_words_new();
	char text[] = "a&amp;b%41 a&amp;amp;b%2541";
	char lines[] = "two\nlines, one\n";

	(void)state;
	assert_true(secret_words_add(h, STR_LIT("a&amp;b%41")));
	assert_int_equal(secret_words_mask(h, text, strlen(text)), 7);
	assert_memory_equal(text, "*** ***", 7);
	assert_true(secret_words_add(h, STR_LIT("two\nlines")));
	assert_int_equal(secret_words_mask(h, lines, strlen(lines)), 9);
	secret_words_free(h);
}

/* Short words are not hidden; long ones are, in every form. */
static void
lengths(void **state)
{
	static char word[4096], text[2 * sizeof(word) + 1];
	struct secret_words *h = secret_words_new();
	char shorter[] = "12345";
	struct buf base64;

	(void)state;
	assert_true(secret_words_add(h, STR_LIT("")));
	assert_true(secret_words_add(h, STR_NULL));
	assert_true(secret_words_add(h, STR_LIT("12345")));
	assert_int_equal(secret_words_mask(h, shorter, 5), 5);
	assert_string_equal(shorter, "12345");
	/* base64 that looks like a path, and no blob */
	memset(word, '?', sizeof(word));
	assert_true(secret_words_add(h, (struct str){ word, sizeof(word) }));
	memcpy(text, word, sizeof(word));
	assert_int_equal(secret_words_mask(h, text, sizeof(word)), 3);
	buf_init(&base64, 2 * sizeof(word));
	crypto_base64(&base64, word, sizeof(word));
	assert_in_range(secret_words_mask(h, base64.data, base64.len), 3, 6);
	crypto_hex(text, (const uint8_t *)word, sizeof(word));
	assert_int_equal(secret_words_mask(h, text, strlen(text)), 3);
	assert_true(secret_words_add(h, STR_LIT("\xff\xfe\xfd\xfc\xfb\xfa\xf9")));
	assert_int_equal(secret_words_mask(h, text, 0), 0);
	buf_free(&base64);
	secret_words_free(h);
	secret_words_free(NULL);
}

/* The bytes of a key, as they stand in base64 or in hexadecimal; no text has them bare.
 */
static void
keys(void **state)
{
	struct secret_words *h = secret_words_new();
	char base64[] = "a AQIDBAUGBwg= b", hex[] = "a 0102030405060708 b";

	(void)state;
	assert_true(secret_words_add_key(h, STR_LIT("\1\2\3\4\5\6\7\10")));
	base64[secret_words_mask(h, base64, strlen(base64))] = '\0';
	assert_string_equal(base64, "a ***g= b");
	hex[secret_words_mask(h, hex, strlen(hex))] = '\0';
	assert_string_equal(hex, "a *** b");
	secret_words_free(h);
}

/* There is room for a password and the keys of SECRET_KEYS_MAX tickets. */
static void
all_keys(void **state)
{
	struct secret_words *h = secret_words_new();
	char bytes[32], text[65];

	(void)state;
	assert_true(secret_words_add(h, STR_LIT("Pa$$word99")));
	for (int n = 0; n < SECRET_KEYS_MAX; n++) {
		memset(bytes, n + 1, sizeof(bytes));
		assert_true(secret_words_add_key(h, (struct str){ bytes, 32 }));
		crypto_hex(text, (const uint8_t *)bytes, 32);
		assert_int_equal(secret_words_mask(h, text, 64), 3);
	}
	secret_words_free(h);
}

/* What lacks a word hides everything: nobody knows what is in a text. */
static void
too_many(void **state)
{
	struct secret_words *h = secret_words_new();
	char word[] = "word 00", text[] = "harmless";
	unsigned n = 0;

	(void)state;
	assert_int_equal(secret_words_mask(h, text, 8), 8);
	for (; secret_words_add(h, str_of(word)); n++)
		word[6] = (char)('0' + n);
	assert_in_range(n, 3, 10);
	assert_int_equal(secret_words_mask(h, text, 8), 0);
	assert_false(secret_words_add(h, STR_LIT("one more")));
	assert_false(secret_words_add_key(h, STR_LIT("one more")));
	assert_int_equal(secret_words_mask(h, text, 8), 0);
	secret_words_free(h);
	assert_int_equal(secret_words_mask(NULL, text, 8), 0);
}

/* A text of nothing but beginnings costs no more than its length and the word's. */
static void
beginnings(void **state)
{
	static char text[100000];
	struct secret_words *h = secret_words_new();

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(secret_words_add(h, STR_LIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")));
	(void)secret_words_mask(h, text, sizeof(text));
	secret_words_free(h);
}

RUN_CASES(ROWS("spelling", spellings, check), ROWS("beyond U+FFFF", beyond, check_beyond),
    TEST(alphabets), TEST(looks_escaped), TEST(lengths), TEST(keys), TEST(all_keys),
    TEST(too_many), TEST(beginnings));
