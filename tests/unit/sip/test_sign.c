#include "support.h"

#include "crypto/crypto.h"
#include "sip/auth.h"
#include "sip/sa.h"

#define REALM	 "SIP Communications Service"
#define POOL	 "pool.lab.example"
#define CALL	 "7b1c0f5e0a8d4a6f9d3b2c1a00112233"
#define RECORDED "1439gD534a6BEAiE0DBm08B3tE9DEb595Ex0E56x"
#define ALICE	 "sip:alice@lab.example"
#define HEAD	 "<" REALM "><" POOL ">"

/* Of a TLS 1.0 key block: master secret 00..2f, randoms of 32 c0 and 32 50. */
#define CLIENT "6c900b943881087ed3a01e3b189ef666007f05006b5c23feaa764cb665b98e42"
#define SERVER "a09e85e53612d26747861f62f5c77cbd3cf75f43306275b1ee9b74f8ac0baa38"
/* Of a handshake recorded with a client that others wrote. */
#define THEIR_CLIENT "3d18c2b4f7f29d7d6890a9b1f5b0cac311da32c0b584566524fb561620d67594"
#define THEIR_SERVER "e648b8fab9f2fe5c5bf645aec8300f95f41aad2f97980be70001ba1292397bae"

#define REQUEST(from_tag, call, cseq, more)                                              \
	"REGISTER sip:lab.example SIP/2.0\r\n"                                           \
	"From: \"Alice, <A>\" <" ALICE ">;tag=" from_tag ";epid=2ebb6f264f\r\n"          \
	"To: <" ALICE ">\r\nCall-ID: " call "\r\nCSeq: " cseq " REGISTER\r\n"            \
	"Contact: <sip:x>;expires=999\r\n" more
#define RESPONSE(from_tag, call, cseq, more)                                             \
	"SIP/2.0 200 OK\r\nFROM: <" ALICE ">;epid=2ebb6f264f;tag=" from_tag "\r\n"       \
	"TO: <" ALICE ">;tag=7A10C0DE\r\n"                                               \
	"CALL-ID: " call "\r\nCSEQ: " cseq " REGISTER\r\n" more

/* The beginning of their buffers, and the field that version 2 does not have. */
#define START(rand, num, call, cseq, tag)                                                \
	"<TLS-DSK><" rand "><" num ">" HEAD "<" call "><" cseq "><REGISTER>"             \
	"<" ALICE "><" tag ">"
#define TO "<" ALICE ">"

static const struct vector {
	const char *name;
	unsigned version;
	const char *key, *rand, *num;
	const char *message; /* without its signature and without length */
	const char *buffer;
	const char *sha1, *md5;
} vectors[] = {
	{ "computed 1: request", 4, CLIENT, "5f3a91c2", "1",
	    REQUEST("9f31b2", CALL, "4", ""),
	    START("5f3a91c2", "1", CALL, "4", "9f31b2") TO "<><><><>",
	    "a4a83007964774d3ec14a4a4eccb449a7c9874ca",
	    "15cbc811366d436252cfc91776e72c2a" },
	{ "computed 2: response", 3, SERVER, "0D2B77E1", "1",
	    RESPONSE("9f31b2", CALL, "4", "Expires: 600\r\n"),
	    START("0D2B77E1", "1", CALL, "4", "9f31b2") TO "<7A10C0DE><><><600><200>",
	    "cc10eccdc9c77359d63ff162478e824fe6a27c9e",
	    "c5074bf3f5026e9bddf1843e5aab0d4e" },
	{ "computed 3: request, version 2", 2, CLIENT, "5f3a91c2", "1",
	    REQUEST("9f31b2", CALL, "4", ""),
	    START("5f3a91c2", "1", CALL, "4", "9f31b2") "<><>",
	    "83e50150394a81a7e90a9e29cfe9996dc892b580",
	    "ef6b1f35385eff1249203ecbee986e3f" },
	{ "computed 4: response, version 2", 2, SERVER, "0D2B77E1", "1",
	    RESPONSE("9f31b2", CALL, "4", "Expires: 600\r\n"),
	    START("0D2B77E1", "1", CALL, "4", "9f31b2") "<7A10C0DE><600><200>",
	    "3403f2b057944d344d08a4afd6d06ba4465a064c",
	    "b8521804e4528a22caec9ea3fab0dfd4" },
	{ "computed 5: log-off", 4, CLIENT, "0000beef", "2",
	    REQUEST("9f31b2", CALL, "5", "Expires: 0\r\n"),
	    START("0000beef", "2", CALL, "5", "9f31b2") TO "<><><><0>",
	    "f97fbdd0f1cadcad23e5d6b5d58d162f34441ce5", NULL },
	{ "computed 6: request of the server", 4, SERVER, "11223344", "7",
	    "INVITE " ALICE " SIP/2.0\r\n"
	    "f: <sip:bob@lab.example>;tag=77\r\n"
	    "t: <" ALICE ">\r\ni: abc\r\nCSeq: 1 INVITE\r\n"
	    "P-Preferred-Identity: <sip:eve@lab.example>\r\n"
	    "P-Asserted-Identity: \"Bob\" <sip:bob@lab.example>,<tel:+15550100>\r\n",
	    "<TLS-DSK><11223344><7>" HEAD "<abc><1><INVITE><sip:bob@lab.example><77>" TO
	    "<><sip:bob@lab.example><tel:+15550100><>",
	    "6c7a548f83d335269e619263c0c86389e6726d5c", NULL },
	{ "recorded 1: REGISTER", 4, THEIR_CLIENT, "7acad968", "1",
	    REQUEST("2781840957", RECORDED, "6", ""),
	    START("7acad968", "1", RECORDED, "6", "2781840957") TO "<><><><>",
	    "c9c9ba830a3f93cd2682a1c02d433c3d766ba381", NULL },
	{ "recorded 2: its 200", 4, THEIR_SERVER, "7EB9092B", "1",
	    RESPONSE("2781840957", RECORDED, "6", "Expires: 600\r\n"),
	    START("7EB9092B", "1", RECORDED, "6", "2781840957") TO
	    "<7A10C0DE><><><600><200>",
	    "d65faaadfbd286bfed2789737b29b00f4089973b", NULL },
	{ "recorded 3: log-off", 4, THEIR_CLIENT, "3359541e", "2",
	    REQUEST("4973540125", RECORDED, "7", "Expires: 0\r\n"),
	    START("3359541e", "2", RECORDED, "7", "4973540125") TO "<><><><0>",
	    "8692ee394f591b797dc1e0b9388fefc760da5387", NULL },
	{ "recorded 4: its 200", 4, THEIR_SERVER, "87F1F39F", "2",
	    RESPONSE("4973540125", RECORDED, "7", "Expires: 0\r\n"),
	    START("87F1F39F", "2", RECORDED, "7", "4973540125") TO
	    "<7A10C0DE><><><0><200>",
	    "9d9ab7966098730cd3bfc3d240d3854286d47f49", NULL },
};

/* The message with the header that signs it. */
static struct sip_msg *
signed_message(const struct vector *tc, bool by_server, const char *digest)
{
	struct sip_msg *m;
	struct buf b;

	buf_init(&b, 8192);
	buf_puts(&b, tc->message);
	buf_puts(&b, by_server ? "Authentication-Info" : "Authorization");
	buf_puts(&b, ": TLS-DSK qop=\"auth\", opaque=\"2C8B0A11\", realm=\"" REALM
		     "\", targetname=\"" POOL "\"");
	buf_printf(&b, ", %s=\"%s\", %s=\"%s\", %s=\"%s\"\r\nContent-Length: 0\r\n\r\n",
	    by_server ? "srand" : "crand", tc->rand, by_server ? "snum" : "cnum", tc->num,
	    by_server ? "rspauth" : "response", digest);
	m = parsed(buf_view(&b));
	buf_free(&b);
	return m;
}

static void
check_digest(
    const struct vector *tc, struct str buffer, enum digest mac, const char *want)
{
	bool by_server =
	    strcmp(tc->key, SERVER) == 0 || strcmp(tc->key, THEIR_SERVER) == 0;
	struct sip_sa_settings s = { .realm = REALM,
		.targetname = POOL,
		.opaque = "2C8B0A11",
		.version = tc->version,
		.mac = mac,
		.server = !by_server };
	uint8_t octets[CRYPTO_DIGEST_MAX];
	char hex[2 * CRYPTO_DIGEST_MAX + 1];
	struct sip_msg *m = signed_message(tc, by_server, want);
	struct err err = { .detail = "" };
	struct sip_sa *sa;

	assert_true(crypto_unhex(str_of(tc->key), s.recv_key, sizeof(s.recv_key)));
	assert_true(crypto_hmac(mac, s.recv_key, sizeof(s.recv_key), buffer, octets));
	crypto_hex(hex, octets, crypto_digest_size(mac));
	assert_string_equal(hex, want);
	sa = sip_sa_new(&s);
	assert_non_null(sa);
	if (!sip_sa_verify(sa, m, &err))
		fail_msg("%s", err.detail);
	sip_sa_free(sa);
	sip_msg_free(m);
}

static void
check_vector(void **state)
{
	const struct vector *tc = *state;
	struct sip_msg *m = signed_message(tc, false, "");
	struct sip_signed v;
	struct buf b;

	buf_init(&b, 4096);
	sip_signed_from(m, &v);
	sip_sign_buffer(&b, tc->version, STR_LIT("TLS-DSK"), str_of(tc->rand),
	    str_of(tc->num), STR_LIT(REALM), STR_LIT(POOL), &v);
	assert_string_equal(b.data, tc->buffer);
	check_digest(tc, buf_view(&b), DIGEST_SHA1, tc->sha1);
	if (tc->md5 != NULL)
		check_digest(tc, buf_view(&b), DIGEST_MD5, tc->md5);
	buf_free(&b);
	sip_msg_free(m);
}

/* Buffers of real servers whose keys nobody knows, and how odd messages are read. */
static const struct layout_case {
	const char *name, *scheme, *rand, *num, *targetname, *message, *want;
	unsigned version;
} layouts[] = {
	{ "real: NOTIFY of a pool", "TLS-DSK", "9C3AA71A", "21",
	    "EGRB-VMLFE-P01.mycompany.net",
	    "NOTIFY sip:x SIP/2.0\r\nf: <sip:my.username@mycompany.com>;tag=49700080\r\n"
	    "t: <sip:my.username@mycompany.com>;tag=1247625390\r\ni: BC1A\r\n"
	    "CSeq: 4 NOTIFY\r\n",
	    "<TLS-DSK><9C3AA71A><21><" REALM "><EGRB-VMLFE-P01.mycompany.net><BC1A><4>"
	    "<NOTIFY><sip:my.username@mycompany.com><49700080>"
	    "<sip:my.username@mycompany.com><1247625390><><><>",
	    4 },
	{ "real: 101 to INVITE", "TLS-DSK", "AFE030D0", "24", "fe1.company.example",
	    "SIP/2.0 101 Progress Report\r\n"
	    "f: <sip:user1@company.example>;tag=5257856552\r\n"
	    "t: <sip:user2@company.example>\r\ni: 47DF\r\nCSeq: 1 INVITE\r\n",
	    "<TLS-DSK><AFE030D0><24><" REALM "><fe1.company.example><47DF><1><INVITE>"
	    "<sip:user1@company.example><5257856552><sip:user2@company.example><><><><>"
	    "<101>",
	    4 },
	{ "real: NTLM of OCS 2007 R2", "NTLM", "9616454F", "1",
	    "cosmo-ocs-r2.cosmo.local",
	    "SIP/2.0 200 OK\r\nFrom: "
	    "<sip:user@cosmo.local>;tag=3e49177a52;epid=c8ca638a15\r\n"
	    "To: <sip:user@cosmo.local>;tag=5E61CCD925D17E043D9A74835A88F664\r\n"
	    "Call-ID: 4037df92\r\nCSeq: 3 REGISTER\r\nExpires: 7200\r\n"
	    "Contact: <sip:1.2.3.4>;expires=7100\r\n",
	    "<NTLM><9616454F><1><" REALM "><cosmo-ocs-r2.cosmo.local><4037df92><3>"
	    "<REGISTER><sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local>"
	    "<5E61CCD925D17E043D9A74835A88F664><><><7200><200>",
	    3 },
	{ "Expires of Contact does not count", "X", "r", "n", "t",
	    "SIP/2.0 301 x\r\nf: sip:a@b;tag=1\r\nt: sip:c@d;x=y\r\ni: i\r\n"
	    "CSeq: 007 Y\r\nContact: <sip:e>;expires=3\r\n",
	    "<X><r><n><" REALM "><t><i><007><Y><sip:a@b><1><sip:c@d><><><><><301>", 4 },
	{ "URI parameters are covered", "X", "r", "n", "t",
	    "Y sip:u SIP/2.0\r\nf: <sip:a@b;tag=9;p>;tag=1\r\nt: <SIP:C@D>;tag=\"q\"\r\n"
	    "i: i\r\nCSeq: 1 Y\r\n",
	    "<X><r><n><" REALM "><t><i><1><Y><sip:a@b;tag=9;p><1><SIP:C@D><q><><><>", 4 },
	{ "identity: preferred", "X", "r", "n", "t",
	    "Y sip:u SIP/2.0\r\nf: <a>\r\nt: <b>\r\ni: i\r\nCSeq: 1 Y\r\n"
	    "P-Preferred-Identity: <tel:+1>, <sip:p@q>, <sip:z>\r\n",
	    "<X><r><n><" REALM "><t><i><1><Y><a><><b><><sip:p@q><tel:+1><>", 4 },
	{ "identity: asserted wins though empty of sip", "X", "r", "n", "t",
	    "Y sip:u SIP/2.0\r\nf: <a>\r\nt: <b>\r\ni: i\r\nCSeq: 1 Y\r\n"
	    "P-Preferred-Identity: <sip:p@q>\r\nP-Asserted-Identity: <tel:+2>\r\n",
	    "<X><r><n><" REALM "><t><i><1><Y><a><><b><><><tel:+2><>", 4 },
	{ "identity: bare tel", "X", "r", "n", "t",
	    "Y sip:u SIP/2.0\r\nf: <a>\r\nt: <b>\r\ni: i\r\nCSeq: 1 Y\r\n"
	    "P-Asserted-Identity: tel:+15550100;ext=7\r\n",
	    "<X><r><n><" REALM "><t><i><1><Y><a><><b><><><tel:+15550100;ext=7><>", 4 },
	{ "identity: bare sip counts for nothing", "X", "r", "n", "t",
	    "Y sip:u SIP/2.0\r\nf: <a>\r\nt: <b>\r\ni: i\r\nCSeq: 1 Y\r\n"
	    "P-Asserted-Identity: sip:p@q\r\n",
	    "<X><r><n><" REALM "><t><i><1><Y><a><><b><><><><>", 4 },
	{ "identity: two headers", "X", "r", "n", "t",
	    "Y sip:u SIP/2.0\r\nf: <a>\r\nt: <b>\r\ni: i\r\nCSeq: 1 Y\r\n"
	    "P-Asserted-Identity: <sip:p@q>\r\nP-Asserted-Identity: <tel:+3>\r\n",
	    "<X><r><n><" REALM "><t><i><1><Y><a><><b><><sip:p@q><tel:+3><>", 4 },
	{ "identity: comma in the display name", "X", "r", "n", "t",
	    "Y sip:u SIP/2.0\r\nf: <a>\r\nt: <b>\r\ni: i\r\nCSeq: 1 Y\r\n"
	    "P-Asserted-Identity: \"P, <sip:x@y>\" <sip:p@q>\r\n",
	    "<X><r><n><" REALM "><t><i><1><Y><a><><b><><sip:p@q><><>", 4 },
};

static void
check_layout(void **state)
{
	const struct layout_case *tc = *state;
	struct sip_signed v;
	struct sip_msg *m;
	struct buf b;

	buf_init(&b, 4096);
	buf_puts(&b, tc->message);
	buf_puts(&b, "l: 0\r\n\r\n");
	m = parsed(buf_view(&b));
	buf_clear(&b);
	sip_signed_from(m, &v);
	sip_sign_buffer(&b, tc->version, str_of(tc->scheme), str_of(tc->rand),
	    str_of(tc->num), STR_LIT(REALM), str_of(tc->targetname), &v);
	assert_string_equal(b.data, tc->want);
	buf_free(&b);
	sip_msg_free(m);
}

RUN_CASES(ROWS("vector", vectors, check_vector), ROWS("layout", layouts, check_layout));
