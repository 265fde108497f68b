#include "support.h"

#include "crypto/crypto.h"
#include "sip/auth.h"
#include "sip/sa.h"

#define REALM "SIP Communications Service"

static const struct sip_sa_settings client = {
	.realm = REALM,
	.targetname = "fe1.lab.example",
	.opaque = "F755045D",
	.version = 4,
	.mac = DIGEST_SHA1,
	.send_key = { 1, 2, 3 },
	.recv_key = { 4, 5, 6 },
};

/* How the other end signs an answer; the rows change one thing each. */
struct answer {
	const char *header, *scheme, *opaque, *srand, *snum, *targetname, *realm;
	const char *digest;  /* NULL: the right one */
	const char *expires; /* in the message; what is signed is 600 */
	unsigned status;     /* what is signed is 200 */
};
static const struct answer good = {
	.header = "Authentication-Info",
	.scheme = "TLS-DSK",
	.opaque = "F755045D",
	.srand = "1D9666D9",
	.snum = "17",
	.targetname = "fe1.lab.example",
	.realm = REALM,
	.expires = "600",
	.status = 200,
};

static void
right_digest(const struct answer *a, char hex[2 * CRYPTO_DIGEST_MAX + 1])
{
	const struct sip_signed v = { .call_id = STR_LIT("c1"),
		.cseq = STR_LIT("7"),
		.method = STR_LIT("REGISTER"),
		.from_uri = STR_LIT("sip:a@b"),
		.from_tag = STR_LIT("1"),
		.to_uri = STR_LIT("sip:a@b"),
		.to_tag = STR_LIT("2"),
		.expires = STR_LIT("600"),
		.status = 200 };
	uint8_t octets[CRYPTO_DIGEST_MAX];
	struct buf b;

	buf_init(&b, 4096);
	sip_sign_buffer(&b, 4, str_of(a->scheme), str_of(a->srand), str_of(a->snum),
	    str_of(a->realm), str_of(a->targetname), &v);
	assert_true(crypto_hmac(
	    DIGEST_SHA1, client.recv_key, sizeof(client.recv_key), buf_view(&b), octets));
	crypto_hex(hex, octets, crypto_digest_size(DIGEST_SHA1));
	buf_free(&b);
}

static bool
verify(struct sip_sa *sa, const struct answer *a, struct err *err)
{
	char hex[2 * CRYPTO_DIGEST_MAX + 1];
	struct sip_msg *m;
	struct buf b;
	bool ok;

	right_digest(a, hex);
	buf_init(&b, 4096);
	buf_printf(&b, "SIP/2.0 %u OK\r\n%s: %s qop=\"auth\", opaque=\"%s\", ", a->status,
	    a->header, a->scheme, a->opaque);
	buf_printf(&b, "srand=\"%s\", snum=\"%s\", rspauth=\"%s\", ", a->srand, a->snum,
	    a->digest == NULL ? hex : a->digest);
	buf_printf(&b, "targetname=\"%s\", realm=\"%s\"\r\n", a->targetname, a->realm);
	buf_printf(&b,
	    "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: c1\r\n"
	    "CSeq: 7 REGISTER\r\nExpires: %s\r\nContent-Length: 0\r\n\r\n",
	    a->expires);
	m = parsed(buf_view(&b));
	ok = sip_sa_verify(sa, m, err);
	sip_msg_free(m);
	buf_free(&b);
	return ok;
}

static bool
verify_number(struct sip_sa *sa, unsigned long snum)
{
	struct answer a = good;
	char text[24];
	struct err err;

	snprintf(text, sizeof(text), "%lu", snum);
	a.snum = text;
	return verify(sa, &a, &err);
}

static const struct sa_case {
	const char *name;
	bool ok;
	struct answer a; /* NULL and 0: as in a good answer */
} cases[] = {
	{ "right", true, { .status = 0 } },
	{ "proxy header", true, { .header = "Proxy-Authentication-Info" } },
	{ "scheme in other case", true, { .scheme = "tls-dsk" } },
	{ "targetname in other case", true, { .targetname = "FE1.lab.example" } },
	{ "other scheme", false, { .scheme = "NTLM" } },
	{ "other realm", false, { .realm = "sip communications service" } },
	{ "other targetname", false, { .targetname = "fe2.lab.example" } },
	{ "other opaque", false, { .opaque = "F755045E" } },
	{ "client's header", false, { .header = "Authorization" } },
	{ "empty digest", false, { .digest = "" } },
	{ "digest of zeroes", false,
	    { .digest = "0000000000000000000000000000000000000000" } },
	{ "digest cut short", false, { .digest = "3359c8ac2e6229b2eb9738ac707dc8c3" } },
	{ "digest not hex", false,
	    { .digest = "gggggggggggggggggggggggggggggggggggggggg" } },
	{ "other status", false, { .status = 301 } },
	{ "other Expires", false, { .expires = "601" } },
	{ "Expires written otherwise", false, { .expires = "0600" } },
	{ "snum 0", false, { .snum = "0" } },
	{ "snum empty", false, { .snum = "" } },
	{ "snum negative", false, { .snum = "-1" } },
	{ "snum no number", false, { .snum = "1x" } },
	{ "snum of 33 bits", false, { .snum = "4294967296" } },
	{ "snum of 32 bits", true, { .snum = "4294967295" } },
};

static struct answer
completed(struct answer a)
{
	const char **const text[] = { &a.header, &a.scheme, &a.opaque, &a.srand, &a.snum,
		&a.targetname, &a.realm, &a.expires };
	const char *const usual[] = { good.header, good.scheme, good.opaque, good.srand,
		"900", good.targetname, good.realm, good.expires };

	for (size_t i = 0; i < NROWS(text); i++)
		if (*text[i] == NULL)
			*text[i] = usual[i];
	if (a.status == 0)
		a.status = good.status;
	return a;
}

/* After a refusal the window is where it was: an early number is still good. */
static void
check_verify(void **state)
{
	const struct sa_case *tc = *state;
	const struct answer a = completed(tc->a);
	struct sip_sa *sa = sip_sa_new(&client);
	struct err err = { .cause = CAUSE_NONE };

	assert_non_null(sa);
	assert_int_equal(verify(sa, &a, &err), tc->ok);
	assert_int_equal(err.cause, tc->ok ? CAUSE_NONE : CAUSE_SIGNATURE);
	if (!tc->ok)
		assert_int_equal(err.code, a.status);
	assert_int_equal(verify_number(sa, 1), !tc->ok);
	sip_sa_free(sa);
}

static void
digest_in_upper_case(void **state)
{
	struct sip_sa *sa = sip_sa_new(&client);
	char hex[2 * CRYPTO_DIGEST_MAX + 1];
	struct answer a = good;
	struct err err;

	(void)state;
	right_digest(&good, hex);
	for (char *p = hex; *p != '\0'; p++)
		if (*p >= 'a')
			*p = (char)(*p - 'a' + 'A');
	a.digest = hex;
	assert_true(verify(sa, &a, &err));
	sip_sa_free(sa);
}

static void
unsigned_answer(void **state)
{
	struct sip_sa *sa = sip_sa_new(&client);
	struct sip_msg *bare = response_with("");
	struct sip_msg *info =
	    response_with("Authentication-Info: TLS-DSK "
			  "opaque=\"F755045D\", "
			  "realm=\"" REALM "\", targetname=\"fe1.lab.example\", "
			  "gssapi-data=\"FAMB\"\r\n");
	struct err err;

	(void)state;
	assert_false(sip_sa_verify(sa, bare, &err));
	assert_int_equal(err.cause, CAUSE_SIGNATURE);
	assert_int_equal(err.code, 401);
	assert_non_null(strstr(err.detail, "not signed"));
	assert_false(sip_sa_verify(sa, info, &err));
	assert_non_null(strstr(err.detail, "not signed"));
	sip_msg_free(bare);
	sip_msg_free(info);
	sip_sa_free(sa);
}

/* A replay with the signature that it came with, and with rand changed. */
static void
replay_is_refused(void **state)
{
	struct sip_sa *sa = sip_sa_new(&client);
	struct answer a = good;
	struct err err;

	(void)state;
	assert_true(verify(sa, &good, &err));
	assert_false(verify(sa, &good, &err));
	assert_int_equal(err.cause, CAUSE_SIGNATURE);
	assert_non_null(strstr(err.detail, "replayed"));
	a.srand = "other";
	assert_false(verify(sa, &a, &err));
	sip_sa_free(sa);
}

static const struct window_case {
	const char *name;
	struct {
		unsigned long num;
		bool ok;
	} step[8]; /* ends with num 0 */
} windows[] = {
	{ "in order", { { 1, true }, { 2, true }, { 3, true }, { 3, false } } },
	{ "gaps may be filled once", { { 5, true }, { 3, true }, { 3, false },
					 { 4, true }, { 5, false }, { 6, true } } },
	{ "starts anywhere", { { 17, true }, { 1, true }, { 16, true }, { 1, false } } },
	{ "its lower edge",
	    { { 1000, true }, { 745, true }, { 744, false }, { 745, false } } },
	{ "moves by one",
	    { { 256, true }, { 1, true }, { 257, true }, { 1, false }, { 2, true } } },
	{ "jumps further than its size", { { 300, true }, { 1000, true }, { 300, false },
					     { 812, true }, { 812, false } } },
	{ "jump by exactly its size",
	    { { 10, true }, { 266, true }, { 10, false }, { 11, true } } },
	{ "same slot is another number",
	    { { 1, true }, { 257, true }, { 258, true }, { 3, true }, { 257, false } } },
	{ "up to the end",
	    { { 4294967295UL, true }, { 4294967295UL, false }, { 4294967040UL, true },
		{ 4294967039UL, false }, { 1, false } } },
};

static void
check_window(void **state)
{
	const struct window_case *tc = *state;
	struct sip_sa *sa = sip_sa_new(&client);

	for (size_t i = 0; i < NROWS(tc->step) && tc->step[i].num != 0; i++)
		if (verify_number(sa, tc->step[i].num) != tc->step[i].ok)
			fail_msg("step %zu: %lu", i, tc->step[i].num);
	sip_sa_free(sa);
}

static void
sign(struct sip_sa *sa, bool version, const char *want)
{
	const struct sip_signed v = { .call_id = STR_LIT("c"),
		.cseq = STR_LIT("1"),
		.method = STR_LIT("REGISTER"),
		.from_uri = STR_LIT("sip:a@b"),
		.from_tag = STR_LIT("t"),
		.to_uri = STR_LIT("sip:a@b") };
	struct buf b;

	buf_init(&b, 1024);
	assert_true(sip_sa_sign(sa, &v, version, "5f3a91c2", &b));
	assert_string_equal(b.data, want);
	buf_free(&b);
}

static void
header_of_the_client(void **state)
{
	struct sip_sa *sa = sip_sa_new(&client);

	(void)state;
	sign(sa, true,
	    "TLS-DSK qop=\"auth\", opaque=\"F755045D\", realm=\"" REALM "\", "
	    "targetname=\"fe1.lab.example\", version=4, crand=\"5f3a91c2\", cnum=\"1\", "
	    "response=\"34abb937d959903b6303c3d1c2093f821a507567\"");
	sign(sa, false,
	    "TLS-DSK qop=\"auth\", opaque=\"F755045D\", realm=\"" REALM "\", "
	    "targetname=\"fe1.lab.example\", crand=\"5f3a91c2\", cnum=\"2\", "
	    "response=\"ea6e38cc3a0dacaa00b0d7f6448711bf38dbc2cf\"");
	sip_sa_free(sa);
}

static void
header_of_the_server(void **state)
{
	struct sip_sa_settings s = client;
	struct sip_sa *sa;

	(void)state;
	s.server = true;
	sa = sip_sa_new(&s);
	sign(sa, true,
	    "TLS-DSK qop=\"auth\", opaque=\"F755045D\", srand=\"5f3a91c2\", "
	    "snum=\"1\", rspauth=\"34abb937d959903b6303c3d1c2093f821a507567\", "
	    "targetname=\"fe1.lab.example\", realm=\"" REALM "\", version=4");
	sip_sa_free(sa);
}

/* Both ends of one association, every version and digest, with a random that is drawn. */
static void
ends_understand_each_other(void **state)
{
	struct sip_signed v;
	struct sip_msg *plain = response_with(""), *m;
	struct err err;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	sip_signed_from(plain, &v);
	for (unsigned version = 2; version <= 4; version++) {
		for (int mac = 0; mac < DIGEST_COUNT; mac++) {
			struct sip_sa_settings s = client, peer = client;
			struct sip_sa *mine, *theirs;

			s.version = peer.version = version;
			s.mac = peer.mac = (enum digest)mac;
			peer.server = true;
			memcpy(peer.send_key, client.recv_key, sizeof(peer.send_key));
			memcpy(peer.recv_key, client.send_key, sizeof(peer.recv_key));
			mine = sip_sa_new(&s);
			theirs = sip_sa_new(&peer);
			buf_clear(&b);
			buf_puts(&b, "Authentication-Info: ");
			assert_true(sip_sa_sign(theirs, &v, true, NULL, &b));
			buf_puts(&b, "\r\n");
			m = response_with(b.data);
			assert_true(sip_sa_verify(mine, m, &err));
			assert_false(sip_sa_verify(theirs, m, &err)); /* reflected */
			sip_msg_free(m);
			sip_sa_free(mine);
			sip_sa_free(theirs);
		}
	}
	sip_msg_free(plain);
	buf_free(&b);
}

static void
signing_into_a_full_buffer_fails(void **state)
{
	struct sip_sa *sa = sip_sa_new(&client);
	const struct sip_signed v = { .status = 0 };
	struct buf b;

	(void)state;
	buf_init(&b, 40);
	assert_false(sip_sa_sign(sa, &v, true, NULL, &b));
	buf_free(&b);
	sip_sa_free(sa);
	sip_sa_free(NULL);
}

RUN_CASES(ROWS("verify", cases, check_verify), ROWS("window", windows, check_window),
    TEST(digest_in_upper_case), TEST(unsigned_answer), TEST(replay_is_refused),
    TEST(header_of_the_client), TEST(header_of_the_server),
    TEST(ends_understand_each_other), TEST(signing_into_a_full_buffer_fails));
