/*
 * auth/ntlm: what [MS-NLMP] 4.2.4 publishes, what a real client and server said,
 * names in every form, and challenges that are none. Proofs beyond that were computed
 * with Python's hmac and hashlib.
 */
#include <stdlib.h>
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "crypto/crypto.h"
#include "auth/ntlm.h"

#define EPOCH_1601_MS (-11644473600000) /* FILETIME 0 */

/* [MS-NLMP] 4.2.4.3: target "Server", AV_PAIRs of domain and server. */
#define CHALLENGE                                                                        \
	"4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef"               \
	"00000000000000002400240044000000060070170000000f"                               \
	"530065007200760065007200"                                                       \
	"02000c0044006f006d00610069006e00"                                               \
	"01000c00530065007200760065007200"                                               \
	"00000000"
/* Of a prototype pool to a real client, with the server's time. */
#define CHALLENGE_TIME                                                                   \
	"TlRMTVNTUAACAAAABgAGADgAAAAVgoriV7JfW6Z6P8UAAAAAAAAAAGQAZAA+AAAABgGxHQAAAA9MAE" \
	"EAQgACAAYATABBAEIAAQAIAFAATwBPAEwABAAWAGwAYQBiAC4AZQB4AGEAbQBwAGwAZQADACAAcABv" \
	"AG8AbAAuAGwAYQBiAC4AZQB4AGEAbQBwAGwAZQAHAAgAMLbDo4p63QEAAAAA"
/* NTOWFv2 of LAB\alice, Passw0rd!; the same section. */
#define KEY_ALICE "077bcb295c26e069541c9cdd29f5ab45"

static const struct ntlm_login user = {
	.username = "Domain\\User",
	.password = "Password",
	.workstation = "COMPUTER",
	.nonce = { 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa },
	.now_ms = EPOCH_1601_MS,
};

static struct str
from_hex(const char *hex, struct buf *b)
{
	uint8_t octets[512];
	size_t n = strlen(hex) / 2;

	assert_true(n <= sizeof(octets) && crypto_unhex(str_of(hex), octets, n));
	buf_init(b, sizeof(octets));
	buf_add(b, octets, n);
	return buf_view(b);
}

static uint32_t
get(struct str m, size_t at, unsigned octets)
{
	uint32_t v = 0;

	assert_true(at + octets <= m.len);
	while (octets-- > 0)
		v = v << 8 | (uint8_t)m.p[at + octets];
	return v;
}

/* A part of an AUTHENTICATE_MESSAGE by the place of its length. */
static struct str
part(struct str m, size_t at)
{
	size_t len = get(m, at, 2), offset = get(m, at + 4, 4);

	assert_int_equal(get(m, at + 2, 2), len);
	assert_true(offset >= 88 && offset <= m.len && len <= m.len - offset);
	return (struct str){ m.p + offset, len };
}

enum { LM = 12, NT = 20, DOMAIN = 28, USER = 36, WORKSTATION = 44, SESSION_KEY = 52 };

static void
assert_octets(struct str got, const char *want)
{
	char hex[1024];

	assert_true(got.len <= 500);
	crypto_hex(hex, (const uint8_t *)got.p, got.len);
	assert_string_equal(hex, want);
}

static struct str
head_of(struct str s, size_t n)
{
	assert_true(n <= s.len);
	return (struct str){ s.p, n };
}

/* The real client's, but for the version, which is for debuggers. */
static void
the_first_message(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	ntlm_negotiate(&b);
	assert_octets(buf_view(&b),
	    "4e544c4d5353500001000000058288a2000000002800000000000000280000000601b11d0000"
	    "000f");
	buf_free(&b);
}

static void
the_published_answer(void **state)
{
	struct buf challenge, out;
	struct err err;
	struct str m;

	(void)state;
	buf_init(&out, NTLM_MESSAGE_MAX);
	assert_true(
	    ntlm_authenticate(&user, from_hex(CHALLENGE, &challenge), &out, &err));
	m = buf_view(&out);
	assert_octets(head_of(m, 12), "4e544c4d5353500003000000");
	assert_octets(part(m, LM), "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
	assert_octets(part(m, NT),
	    "68cd0ab851e51c96aabc927bebef6a1c"
	    "01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000"
	    "02000c0044006f006d00610069006e00"
	    "01000c00530065007200760065007200"
	    "0000000000000000");
	assert_octets(part(m, DOMAIN), "44006f006d00610069006e00");
	assert_octets(part(m, USER), "5500730065007200");
	assert_octets(part(m, WORKSTATION), "43004f004d0050005500540045005200");
	assert_octets(part(m, SESSION_KEY), "");
	/* What both speak, of which no key exchange, no seal and no sign. */
	assert_int_equal(get(m, 60, 4), 0xa2888201);
	/* No time, so no MIC. */
	assert_octets((struct str){ m.p + 72, 16 }, "00000000000000000000000000000000");
	buf_free(&challenge);
	buf_free(&out);
}

/* AV_PAIR of that number in the blob of an NTLMv2 response. */
static struct str
pair(struct str nt, uint32_t id)
{
	size_t at = 16 + 28;

	while (get(nt, at, 2) != 0) {
		if (get(nt, at, 2) == id)
			return (struct str){ nt.p + at + 4, get(nt, at + 2, 2) };
		at += 4 + get(nt, at + 2, 2);
	}
	return STR_NULL;
}

static void
assert_mic(struct str challenge, struct str m)
{
	uint8_t key[16], session[16], mic[16];
	struct buf all;

	buf_init(&all, 4096);
	assert_true(crypto_unhex(STR_LIT(KEY_ALICE), key, sizeof(key)));
	assert_true(
	    crypto_hmac(DIGEST_MD5, key, sizeof(key), head_of(part(m, NT), 16), session));
	ntlm_negotiate(&all);
	buf_str(&all, challenge);
	buf_str(&all, m);
	memset(all.data + all.len - m.len + 72, 0, sizeof(mic));
	assert_true(
	    crypto_hmac(DIGEST_MD5, session, sizeof(session), buf_view(&all), mic));
	assert_memory_equal(m.p + 72, mic, sizeof(mic));
	buf_free(&all);
}

/* A server that says its time gets it back, a MIC, and no LM response. */
static void
the_server_says_its_time(void **state)
{
	static const char before[] = "already here";
	struct ntlm_login alice = user;
	struct buf challenge, out, blob;
	uint8_t key[16], proof[16];
	struct err err;
	struct str m, nt;

	(void)state;
	alice.username = "LAB\\alice";
	alice.password = "Passw0rd!";
	buf_init(&challenge, 1024);
	buf_init(&out, NTLM_MESSAGE_MAX);
	buf_init(&blob, 1024);
	assert_true(crypto_unbase64(STR_LIT(CHALLENGE_TIME), &challenge));
	buf_puts(&out, before);
	assert_true(ntlm_authenticate(&alice, buf_view(&challenge), &out, &err));
	m = (struct str){ out.data + strlen(before), out.len - strlen(before) };
	nt = part(m, NT);
	assert_octets(part(m, LM), "000000000000000000000000000000000000000000000000");
	assert_octets((struct str){ nt.p + 24, 8 }, "30b6c3a38a7add01");
	assert_octets(pair(nt, 6), "02000000");
	assert_octets(pair(nt, 7), "30b6c3a38a7add01");
	assert_octets(pair(nt, 1), "50004f004f004c00");
	buf_add(&blob, challenge.data + 24, 8);
	buf_add(&blob, nt.p + 16, nt.len - 16);
	assert_true(crypto_unhex(STR_LIT(KEY_ALICE), key, sizeof(key)));
	assert_true(crypto_hmac(DIGEST_MD5, key, sizeof(key), buf_view(&blob), proof));
	assert_memory_equal(nt.p, proof, sizeof(proof));
	assert_mic(buf_view(&challenge), m);
	buf_free(&challenge);
	buf_free(&out);
	buf_free(&blob);
}

/* The account's name counts in capitals, the domain's as it is written. */
static const struct name_case {
	const char *name;
	const char *username, *password;
	const char *domain, *user; /* UTF-16LE */
	const char *proof;
} name_cases[] = {
	{ "any case", "Domain\\uSER", "Password", "44006f006d00610069006e00",
	    "7500530045005200", "68cd0ab851e51c96aabc927bebef6a1c" },
	{ "without a domain", "User", "Password", "", "5500730065007200",
	    "3931ef309dd2eeab04a6200c242d1759" },
	{ "user@domain", "user@example.com", "Password", "",
	    "75007300650072004000650078"
	    "0061006d0070006c0065002e0063006f006d00",
	    "33d418156ca49eb58d8106f49fdd8c8b" },
	{ "no password", "Domain\\User", "", "44006f006d00610069006e00",
	    "5500730065007200", "b98b6f6e52b9bc6311f6ed13707fe84b" },
	{ "umlauts", "B\xc3\x9cRO\\j\xc3\xb6rg", "p\xc3\xa4ssw\xc3\xb6rd\xe2\x82\xac",
	    "4200dc0052004f00", "6a00f60072006700", "05e4220780e604bfb56eb74ce603228b" },
	{ "Cyrillic", "Domain\\\xd0\xb4\xd0\xbc\xd0\xb8\xd1\x82\xd1\x80\xd0\xb8\xd0\xb9",
	    "Password", "44006f006d00610069006e00", "34043c0438044204400438043904",
	    "70a3626c1c1f2e1dbce54fa2549e28f5" },
	{ "a letter without a capital",
	    "Domain\\stra\xc3\x9f"
	    "e",
	    "Password", "44006f006d00610069006e00",
	    "73007400720061"
	    "00df006500",
	    "9cb43493dc783f2ec912972f796a818a" },
	{ "beyond 16 bits", "Domain\\user", "\xf0\x9f\x94\x91 key",
	    "44006f006d00610069006e00", "7500730065007200",
	    "10926ed9ba30f20d2431751889c33f20" },
	/* Unicode has capitals for these, Windows has none: see ntlm_capitals.h. */
	{ "dotless i, long s, micro sign", "Domain\\\xc4\xb1\xc5\xbf\xc2\xb5", "Password",
	    "44006f006d00610069006e00", "31017f01b500",
	    "3b7659100edbc4eb4dcf25f73fcc2f19" },
	{ "Georgian", "Domain\\\xe1\x83\x92\xe1\x83\x98\xe1\x83\x92\xe1\x83\x90",
	    "Password", "44006f006d00610069006e00", "d210d810d210d010",
	    "541a41c6acc134dc85835750cced30d7" },
	{ "title case", "Domain\\\xc7\x85x", "Password", "44006f006d00610069006e00",
	    "c5017800", "919276752815da39b693ab3538cef79e" },
	{ "Deseret, beyond 16 bits", "Domain\\\xf0\x90\x90\xa8x", "Password",
	    "44006f006d00610069006e00", "01d828dc7800",
	    "f4d2296347428d6092860ab5afaac5f9" },
};

static void
check_name(void **state)
{
	const struct name_case *tc = *state;
	struct ntlm_login l = user;
	struct buf challenge, out;
	struct err err;
	struct str m;

	l.username = tc->username;
	l.password = tc->password;
	buf_init(&out, NTLM_MESSAGE_MAX);
	assert_true(ntlm_authenticate(&l, from_hex(CHALLENGE, &challenge), &out, &err));
	m = buf_view(&out);
	assert_octets(part(m, DOMAIN), tc->domain);
	assert_octets(part(m, USER), tc->user);
	assert_octets(head_of(part(m, NT), 16), tc->proof);
	buf_free(&challenge);
	buf_free(&out);
}

static const struct account_case {
	const char *name, *username, *password;
} refused_accounts[] = {
	{ "user", "Domain\\\xff", "Password" },
	{ "domain", "\xc3\\User", "Password" },
	{ "password", "Domain\\User", "p\xe4ssword" },
};

static void
check_refused_account(void **state)
{
	const struct account_case *tc = *state;
	struct ntlm_login l = user;
	struct buf challenge, out;
	struct err err;

	l.username = tc->username;
	l.password = tc->password;
	buf_init(&out, NTLM_MESSAGE_MAX);
	buf_puts(&out, "before");
	assert_false(ntlm_authenticate(&l, from_hex(CHALLENGE, &challenge), &out, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_null(strstr(err.detail, tc->password));
	assert_string_equal(out.data, "before");
	buf_free(&challenge);
	buf_free(&out);
}

static void
too_long_a_name(void **state)
{
	struct ntlm_login l = user;
	char *name = malloc(NTLM_MESSAGE_MAX);
	struct buf challenge, out;
	struct err err;

	(void)state;
	assert_non_null(name);
	memset(name, 'x', NTLM_MESSAGE_MAX - 1);
	name[NTLM_MESSAGE_MAX - 1] = '\0';
	l.username = name;
	buf_init(&out, NTLM_MESSAGE_MAX);
	assert_false(ntlm_authenticate(&l, from_hex(CHALLENGE, &challenge), &out, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	buf_free(&challenge);
	buf_free(&out);
	free(name);
}

static bool
answers(struct str challenge, struct err *err)
{
	struct buf out;
	bool ok;

	buf_init(&out, NTLM_MESSAGE_MAX);
	err_clear(err);
	ok = ntlm_authenticate(&user, challenge, &out, err);
	assert_true(ok || out.len == 0);
	buf_free(&out);
	return ok;
}

/* One change to the published challenge: so many octets at an offset. */
static const struct change_case {
	const char *name;
	size_t at, len;
	const char *octets;
	bool ok;
} change_cases[] = {
	{ "no NTLM", 0, 1, "X", false },
	{ "another message", 8, 1, "\x03", false },
	{ "not in Unicode", 20, 1, "\x32", false },
	{ "info beyond the end", 44, 1, "\x45", false },
	{ "info far beyond the end", 44, 4, "\xff\xff\xff\xff", false },
	{ "info longer than what is left", 40, 1, "\x25", false },
	{ "a pair up to the end of the info", 86, 1, "\x10", true },
	{ "a pair beyond the info", 86, 1, "\x11", false },
	{ "a pair far beyond the info", 70, 2, "\xff\xff", false },
	{ "info that ends between two pairs", 40, 1, "\x20", true },
	{ "info that ends in a pair", 40, 1, "\x1f", false },
	{ "info that ends in a pair's head", 40, 1, "\x12", false },
	{ "no info", 40, 1, "\0", true },
	{ "info that is not meant", 22, 1, "\x0a", true },
};

static void
check_change(void **state)
{
	const struct change_case *tc = *state;
	struct buf challenge;
	struct err err;

	from_hex(CHALLENGE, &challenge);
	memcpy(challenge.data + tc->at, tc->octets, tc->len);
	assert_int_equal(answers(buf_view(&challenge), &err), tc->ok);
	if (!tc->ok)
		assert_int_equal(err.cause, CAUSE_PROTOCOL);
	buf_free(&challenge);
}

/* Each piece in memory of its own, so that reading beyond it is seen. */
static void
no_piece_of_a_challenge_will_do(void **state)
{
	struct buf challenge;
	struct err err;
	struct str all = from_hex(CHALLENGE, &challenge);

	(void)state;
	for (size_t n = 0; n < all.len; n++) {
		char *piece = malloc(n + 1);

		assert_non_null(piece);
		memcpy(piece, all.p, n);
		if (n < all.len)
			assert_false(answers((struct str){ piece, n }, &err));
		free(piece);
	}
	assert_true(answers(all, &err));
	buf_free(&challenge);
}

/* As servers sent it before there was target info. */
static void
an_old_challenge(void **state)
{
	struct buf challenge;
	struct err err;

	(void)state;
	from_hex(CHALLENGE, &challenge);
	challenge.data[22] = 0x0a;
	assert_true(answers((struct str){ challenge.data, 32 }, &err));
	assert_false(answers((struct str){ challenge.data, 31 }, &err));
	buf_free(&challenge);
}

/* An answer of more than the limit is not sent in part. */
static void
a_challenge_at_the_limit(void **state)
{
	static const char large[NTLM_MESSAGE_MAX + 1];
	struct buf challenge;
	struct err err;

	(void)state;
	buf_init(&challenge, 2 * NTLM_MESSAGE_MAX);
	from_hex(CHALLENGE, &challenge);
	challenge.max = 2 * NTLM_MESSAGE_MAX;
	buf_add(&challenge, large, NTLM_MESSAGE_MAX - challenge.len);
	assert_true(answers(buf_view(&challenge), &err));
	/* All of it is info: too much to send back. */
	memcpy(challenge.data + 40, "\xbc\x7f", 2);
	memcpy(challenge.data + 68, "\x09\0\xb8\x7f", 4);
	assert_false(answers(buf_view(&challenge), &err));
	buf_putc(&challenge, '\0');
	assert_false(answers(buf_view(&challenge), &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	buf_free(&challenge);
}

RUN_CASES(TEST(the_first_message), TEST(the_published_answer),
    TEST(the_server_says_its_time), ROWS("name", name_cases, check_name),
    ROWS("not UTF-8", refused_accounts, check_refused_account), TEST(too_long_a_name),
    ROWS("challenge", change_cases, check_change), TEST(no_piece_of_a_challenge_will_do),
    TEST(an_old_challenge), TEST(a_challenge_at_the_limit));
