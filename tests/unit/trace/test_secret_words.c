/*
 * hidden: a word is found in every spelling that a server might give it, and nothing else
 * is touched.
 */
#include "tests/unit/cases.h"

#include "base/buf.h"
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

	secret_words_add(h, STR_LIT(WORD));
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
	secret_words_add(h, STR_LIT("aa?aa>aa?"));
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
	secret_words_add(h, STR_LIT("a&amp;b%41"));
	assert_int_equal(secret_words_mask(h, text, strlen(text)), 7);
	assert_memory_equal(text, "*** ***", 7);
	secret_words_add(h, STR_LIT("two\nlines"));
	assert_int_equal(secret_words_mask(h, lines, strlen(lines)), 9);
	secret_words_free(h);
}

/* Short words are not hidden, long and many ones harm nothing. */
static void
bounds(void **state)
{
	static char word[8192], text[8192];
	struct secret_words *h = secret_words_new();
	char shorter[] = "12345";

	(void)state;
	secret_words_add(h, STR_LIT(""));
	secret_words_add(h, STR_NULL);
	secret_words_add(h, STR_LIT("12345"));
	assert_int_equal(secret_words_mask(h, shorter, 5), 5);
	assert_string_equal(shorter, "12345");
	for (size_t i = 0; i < sizeof(word); i++)
		word[i] = (char)('a' + i % 23);
	memcpy(text, word, sizeof(word));
	for (size_t n = sizeof(word); n > 1000; n -= 1000)
		secret_words_add(h, (struct str){ word, n });
	secret_words_add(h, STR_LIT("\xff\xfe\xfd\xfc\xfb\xfa\xf9"));
	assert_int_equal(secret_words_mask(h, text, sizeof(text)), 3);
	assert_int_equal(secret_words_mask(h, text, 0), 0);
	secret_words_free(h);
	secret_words_free(NULL);
	secret_words_add(NULL, STR_LIT("secret"));
	assert_int_equal(secret_words_mask(NULL, text, 5), 5);
}

/* A text of nothing but beginnings costs no more than its length and the word's. */
static void
beginnings(void **state)
{
	static char text[100000];
	struct secret_words *h = secret_words_new();

	(void)state;
	memset(text, 'a', sizeof(text));
	secret_words_add(h, STR_LIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
	(void)secret_words_mask(h, text, sizeof(text));
	secret_words_free(h);
}

RUN_CASES(ROWS("spelling", spellings, check), TEST(alphabets), TEST(looks_escaped),
    TEST(bounds), TEST(beginnings));
