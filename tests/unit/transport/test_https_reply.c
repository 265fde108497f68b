/* transport/https_reply: what is kept of an answer's lines, and what is too much. */
#include <string.h>

#include "../cases.h"
#include "transport/https.h"
#include "transport/https_reply.h"

static const struct scheme_case {
	const char *name, *lines; /* LF between them */
	const char *schemes;
	bool ntlm;
} scheme_cases[] = {
	{ "none", "HTTP/1.1 401 No", "", false },
	{ "one", "HTTP/1.1 401 No\nWWW-Authenticate: NTLM", "NTLM", true },
	{ "any case", "HTTP/1.1 401 No\nwww-authenticate:ntlm", "ntlm", true },
	{ "two lines",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate\n"
	    "WWW-Authenticate: NTLM",
	    "Negotiate NTLM", true },
	{ "two in a line", "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate, NTLM",
	    "Negotiate NTLM", true },
	{ "parameters are no schemes",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Digest realm=\"NTLM\", qop=auth, NTLM",
	    "Digest NTLM", true },
	{ "a realm of that name",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\"NTLM\"", "Basic", false },
	{ "with a token", "HTTP/1.1 401 No\nWWW-Authenticate: NTLM TlRM==", "NTLM",
	    true },
	{ "a longer name", "HTTP/1.1 401 No\nWWW-Authenticate: NTLMv3", "NTLMv3", false },
	{ "only of the last leg",
	    "HTTP/1.1 401 No\nWWW-Authenticate: NTLM\n\n"
	    "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate",
	    "Negotiate", false },
	{ "control characters", "HTTP/1.1 401 No\nWWW-Authenticate: N\x1b[1m", "N.[1m",
	    false },
	{ "too many to keep",
	    "HTTP/1.1 401 No\nWWW-Authenticate: "
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, NTLM",
	    "NTLM", true },
	{ "junk leaves room",
	    "HTTP/1.1 401 No\nWWW-Authenticate: aaaaaaaaaaaaaaaaaaaaaaaaa, "
	    "bbbbbbbbbbbbbbbbbbbbbbbbb, cccccccc, dddddddd, eeeeeeee\n"
	    "WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM",
	    "Negotiate NTLM aaaaaaaaaaaaaaaaaaaaaaaaa cccccccc dddddddd", true },
	{ "each once", "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate, NTLM, negotiate",
	    "Negotiate NTLM", true },
	{ "white space around =",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Digest realm = \"x\", nonce\t=\ty , NTLM",
	    "Digest NTLM", true },
	{ "a tab after the scheme", "HTTP/1.1 401 No\nWWW-Authenticate: NTLM\tTlRM",
	    "NTLM", true },
	{ "commas in quoted strings",
	    "HTTP/1.1 401 No\n"
	    "WWW-Authenticate: Bearer trusted_issuers=\"a@*\", client_id=\"b\"\n"
	    "WWW-Authenticate: MsRtcOAuth href=\"https://web/oauthtoken\","
	    "grant_type=\"urn:microsoft.rtc:passive,urn:microsoft.rtc:anonmeeting,"
	    "password\"",
	    "Bearer MsRtcOAuth", false },
	{ "both in one line",
	    "HTTP/1.1 401 No\n"
	    "WWW-Authenticate: Bearer client_id=\"b\", MsRtcOAuth href=https://web/x,"
	    "grant_type=\"a,NTLM\"",
	    "Bearer MsRtcOAuth", false },
	{ "an escaped quote",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\"a\\\", NTLM\"", "Basic",
	    false },
	{ "a quote that is never closed",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\"a, NTLM", "Basic", false },
	{ "a parameter alone is none",
	    "HTTP/1.1 401 No\nWWW-Authenticate: realm=\"NTLM\"", "", false },
	{ "parameters before a scheme",
	    "HTTP/1.1 401 No\nWWW-Authenticate: realm = \"x, y\", NTLM", "NTLM", true },
	{ "empty elements", "HTTP/1.1 401 No\nWWW-Authenticate: , ,NTLM,, Negotiate ,",
	    "NTLM Negotiate", true },
	{ "no comma between parameters",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Digest realm=\"x\" nonce=y, NTLM",
	    "Digest NTLM", true },
	{ "junk after a scheme",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Basic a b \"c, d\", NTLM", "Basic NTLM",
	    true },
	{ "only quotes and signs", "HTTP/1.1 401 No\nWWW-Authenticate: \"\" = , ==, \"",
	    "", false },
};

static void
feed(struct https_reply *r, const char *lines)
{
	struct str rest = str_of(lines), line;

	while (rest.p != NULL) {
		rest = str_split(rest, '\n', &line);
		assert_true(https_reply_line(r, line));
	}
}

static void
check_schemes(void **state)
{
	const struct scheme_case *tc = *state;
	struct https_reply r;

	https_reply_init(&r);
	feed(&r, tc->lines);
	feed(&r, "");
	assert_string_equal(r.schemes, tc->schemes);
	assert_int_equal(https_reply_offers(&r, "NTLM"), tc->ntlm);
	https_reply_free(&r);
}

static const struct token_case {
	const char *name, *lines;
	const char *token;
} token_cases[] = {
	{ "no header", "HTTP/1.1 401 No", "" },
	{ "none", "HTTP/1.1 401 No\nWWW-Authenticate: NTLM", "" },
	{ "one", "HTTP/1.1 401 No\nWWW-Authenticate: NTLM  TlRM== ", "TlRM==" },
	{ "any case", "HTTP/1.1 401 No\nwww-authenticate:ntlm TlRM", "TlRM" },
	{ "of another scheme", "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate TlRM", "" },
	{ "after another scheme",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate oRQ=\nWWW-Authenticate: NTLM "
	    "TlRM",
	    "TlRM" },
	{ "in one line with another",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate oRQ=, "
	    "NTLM TlRM, Basic realm=\"x\"",
	    "TlRM" },
	{ "after the scheme alone",
	    "HTTP/1.1 401 No\nWWW-Authenticate: NTLM\n"
	    "WWW-Authenticate: NTLM TlRM",
	    "TlRM" },
	{ "after a tab", "HTTP/1.1 401 No\nWWW-Authenticate: NTLM\tTlRM=", "TlRM=" },
	{ "with every character of base64",
	    "HTTP/1.1 401 No\nWWW-Authenticate: NTLM aZ09+/==, Negotiate", "aZ09+/==" },
	{ "a parameter is no token", "HTTP/1.1 401 No\nWWW-Authenticate: NTLM realm=TlRM",
	    "" },
	{ "in the quotes of another",
	    "HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\", NTLM TlRM\"", "" },
	{ "a header of another name", "HTTP/1.1 401 No\nAuthenticate: NTLM TlRM", "" },
	{ "of the leg before",
	    "HTTP/1.1 401 No\nWWW-Authenticate: NTLM TlRM\n\n"
	    "HTTP/1.1 401 No\nWWW-Authenticate: NTLM",
	    "" },
};

static void
check_token(void **state)
{
	const struct token_case *tc = *state;
	struct https_reply r;
	struct str token;

	https_reply_init(&r);
	feed(&r, tc->lines);
	token = https_reply_token(&r, "NTLM");
	assert_int_equal(token.len, strlen(tc->token));
	assert_true(token.len == 0 || str_eq(token, tc->token));
	https_reply_free(&r);
}

static void
the_last_leg_counts(void **state)
{
	struct https_reply r;

	(void)state;
	https_reply_init(&r);
	assert_false(r.heard);
	feed(&r, "HTTP/1.1 100 Continue\nServer: none\n");
	assert_int_equal(r.legs, 0);
	feed(&r, "HTTP/1.1 302 Found\nServer: old\nOnly: here\n");
	assert_true(https_reply_body(&r, STR_LIT("old")));
	assert_true(r.head_whole);
	feed(&r, "HTTP/1.1 200 OK\nserver :  new ");
	assert_true(r.heard);
	assert_false(r.head_whole);
	assert_int_equal(r.legs, 2);
	assert_true(str_eq(https_reply_header(&r, "Server"), "new"));
	assert_null(https_reply_header(&r, "Only").p);
	assert_int_equal(r.body.len, 0);
	https_reply_clear(&r);
	assert_false(r.heard);
	assert_int_equal(r.legs, 0);
	assert_null(https_reply_header(&r, "Server").p);
	https_reply_free(&r);
}

/* Trailers of chunks come as lines, too. */
static void
a_trailer_is_no_answer(void **state)
{
	struct https_reply r;

	(void)state;
	https_reply_init(&r);
	feed(&r, "HTTP/1.1 200 OK\nA: b\n");
	assert_true(https_reply_body(&r, STR_LIT("body")));
	feed(&r, "HTTP/1.1: 200 x\nHTTP/1.1\n");
	assert_int_equal(r.legs, 1);
	assert_true(str_eq(buf_view(&r.body), "body"));
	assert_true(str_eq(https_reply_header(&r, "A"), "b"));
	https_reply_free(&r);
}

static void
legs_have_a_limit(void **state)
{
	struct https_reply r;

	(void)state;
	https_reply_init(&r);
	for (int i = 0; i < 2 * HTTPS_LEGS_MAX; i++)
		assert_true(https_reply_line(&r, STR_LIT("HTTP/1.1 102 Processing")));
	for (int i = 0; i < HTTPS_LEGS_MAX; i++)
		assert_true(https_reply_line(&r, STR_LIT("HTTP/1.1 401 No")));
	assert_false(r.too_many_legs);
	assert_false(https_reply_line(&r, STR_LIT("HTTP/1.1 401 No")));
	assert_true(r.too_many_legs);
	https_reply_free(&r);
}

/* All legs together. */
static void
heads_have_a_limit(void **state)
{
	static char text[HTTPS_HEAD_MAX + 1];
	struct https_reply r;

	(void)state;
	memset(text, 'x', sizeof(text));
	https_reply_init(&r);
	assert_true(https_reply_line(&r, STR_LIT("HTTP/1.1 401 No\r\n")));
	assert_true(https_reply_line(&r, (struct str){ text, HTTPS_HEAD_MAX - 40 }));
	assert_true(https_reply_line(&r, STR_LIT("HTTP/1.1 401 No\r\n")));
	assert_true(https_reply_line(&r, (struct str){ text, 6 }));
	assert_false(https_reply_head_full(&r));
	assert_false(https_reply_line(&r, (struct str){ text, 1 }));
	assert_true(https_reply_head_full(&r));
	https_reply_free(&r);
}

static void
bodies_have_a_limit(void **state)
{
	static char text[HTTPS_BODY_MAX];
	struct https_reply r;

	(void)state;
	https_reply_init(&r);
	assert_true(https_reply_body(&r, (struct str){ text, HTTPS_BODY_MAX }));
	assert_false(https_reply_body(&r, STR_LIT("x")));
	https_reply_clear(&r);
	assert_true(https_reply_body(&r, STR_LIT("x")));
	https_reply_free(&r);
}

RUN_CASES(ROWS("schemes", scheme_cases, check_schemes),
    ROWS("token", token_cases, check_token), TEST(the_last_leg_counts),
    TEST(a_trailer_is_no_answer), TEST(legs_have_a_limit), TEST(heads_have_a_limit),
    TEST(bodies_have_a_limit));
