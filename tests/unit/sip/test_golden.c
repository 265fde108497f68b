/*
 * Messages kept as files: the REGISTERs that the client writes, octet by octet, and what
 * it reads in the registrar's answers. Written from spec 04 and spec 06 section 5, with
 * signatures that were computed without any of this code.
 */
#include "../golden.h"
#include "support.h"

#include "crypto/crypto.h"
#include "sip/auth.h"
#include "sip/endpoint.h"
#include "sip/sa.h"

#define REALM	"SIP Communications Service"
#define POOL	"pool.lab.example"
#define OPAQUE	"2C8B0A11"
#define CALL_ID "0123456789abcdef0123456789abcdef"
#define AGENT	"UCCAPI/15.0.4569.1503 OC/15.0.4569.1503 (Microsoft Lync)"
/* Spec 06 2.2, TLS 1.0. */
#define CLIENT "6c900b943881087ed3a01e3b189ef666007f05006b5c23feaa764cb665b98e42"
#define SERVER "a09e85e53612d26747861f62f5c77cbd3cf75f43306275b1ee9b74f8ac0baa38"

#define FILE_MAX 8192 /* octets */

static void
load(const char *file, struct buf *b)
{
	char path[128], *text;

	snprintf(path, sizeof(path), "sip/%s", file);
	text = golden_text(path);
	buf_init(b, FILE_MAX);
	buf_puts(b, text);
	free(text);
}

static struct sip_msg *
load_message(const char *file)
{
	struct sip_msg *m;
	struct buf b;

	load(file, &b);
	m = parsed(buf_view(&b));
	buf_free(&b);
	return m;
}

static struct sip_sa *
client_sa(void)
{
	struct sip_sa_settings s = { .realm = REALM,
		.targetname = POOL,
		.opaque = OPAQUE,
		.version = 4,
		.mac = DIGEST_SHA1 };
	struct sip_sa *sa;

	assert_true(crypto_unhex(STR_LIT(CLIENT), s.send_key, sizeof(s.send_key)));
	assert_true(crypto_unhex(STR_LIT(SERVER), s.recv_key, sizeof(s.recv_key)));
	sa = sip_sa_new(&s);
	assert_non_null(sa);
	return sa;
}

/* What the client writes */

/* Everything that is drawn is fixed, so that each octet can be foreseen. */
static void
fix(struct sip_endpoint *e, const char *local, unsigned cseq)
{
	assert_true(sip_endpoint_init(e, "alice@lab.example", "STEpid", AGENT));
	str_copy(e->local, sizeof(e->local), str_of(local));
	str_copy(e->call_id, sizeof(e->call_id), STR_LIT(CALL_ID));
	e->cseq = cseq;
	snprintf(e->tag, sizeof(e->tag), "00000000a%u", cseq);
}

/* Says where and not all: cmocka loses the result of a test that says too much. */
static void
assert_file(struct str got, const char *file)
{
	struct buf want;
	size_t at = 0;

	load(file, &want);
	while (at < got.len && at < want.len && got.p[at] == want.data[at])
		at++;
	if (at < got.len || at < want.len)
		fail_msg("%s differs at octet %zu: %.60s, not %.60s", file, at,
		    got.p + at, want.data + at);
	buf_free(&want);
}

static const struct plain_case {
	const char *name, *file, *local;
} plains[] = {
	{ "first", "register-first.sip", "192.0.2.1:40000" },
	{ "IPv6", "register-ipv6.sip", "[2001:db8::1]:40000" },
};

static void
check_plain(void **state)
{
	const struct plain_case *tc = *state;
	struct sip_endpoint e;
	struct buf out;

	fix(&e, tc->local, 1);
	buf_init(&out, FILE_MAX);
	sip_endpoint_register(&e, NULL, STR_NULL, &out);
	assert_file(buf_view(&out), tc->file);
	buf_free(&out);
}

/* The flights are those of a client that others wrote: spec 06 5.2. */
static const struct leg_case {
	const char *name, *file;
	unsigned cseq;
	const char *opaque;
	size_t records; /* octets; 0: none */
	unsigned version;
} legs[] = {
	{ "ClientHello", "register-hello.sip", 2, "", 58, 4 },
	{ "second flight", "register-flight.sip", 3, OPAQUE, 1327, 4 },
	{ "version 3, after the handshake", "register-unsigned.sip", 4, OPAQUE, 0, 3 },
};

static void
flight_of(const char *file, struct buf *out)
{
	struct sip_msg *m = load_message(file);
	struct sip_auth a;
	bool answer = !sip_msg_is_request(m);

	assert_true(sip_auth_find(
	    m, answer ? "WWW-Authenticate" : "Authorization", "TLS-DSK", &a));
	buf_init(out, FILE_MAX);
	assert_true(crypto_unbase64(sip_auth_param(&a, "gssapi-data"), out));
	sip_msg_free(m);
}

static void
check_leg(void **state)
{
	const struct leg_case *tc = *state;
	struct sip_auth_leg leg = { .opaque = tc->opaque,
		.realm = REALM,
		.targetname = POOL,
		.version = tc->version };
	struct sip_endpoint e;
	struct buf records, value, out;

	fix(&e, "192.0.2.1:40000", tc->cseq);
	buf_init(&records, FILE_MAX);
	buf_init(&value, FILE_MAX);
	buf_init(&out, FILE_MAX);
	if (tc->records > 0) {
		flight_of(tc->file, &records);
		assert_int_equal(records.len, tc->records);
		leg.records = buf_view(&records);
	}
	sip_auth_leg(&leg, &value);
	sip_endpoint_register(&e, NULL, buf_view(&value), &out);
	assert_file(buf_view(&out), tc->file);
	buf_free(&records);
	buf_free(&value);
	buf_free(&out);
}

static void
signed_file(struct sip_sa *sa, unsigned cseq, const char *expires, bool version,
    const char *rand, const char *file)
{
	struct sip_endpoint e;
	struct sip_signed v;
	struct buf out, value;

	fix(&e, "192.0.2.1:40000", cseq);
	buf_init(&out, FILE_MAX);
	buf_init(&value, 1024);
	sip_endpoint_signed(&e, expires, &v);
	assert_true(sip_sa_sign(sa, &v, version, rand, &value));
	sip_endpoint_register(&e, expires, buf_view(&value), &out);
	assert_file(buf_view(&out), file);
	buf_free(&value);
	buf_free(&out);
}

static void
signed_and_log_off(void **state)
{
	struct sip_sa *sa = client_sa();

	(void)state;
	signed_file(sa, 4, NULL, true, "5f3a91c2", "register-signed.sip");
	signed_file(sa, 5, "0", false, "0000beef", "register-log-off.sip");
	sip_sa_free(sa);
}

/* What the client reads */

/* Of TLS-DSK's challenge; NULL: absent. schemes: all that are offered. */
static const struct challenge_case {
	const char *name, *file;
	unsigned status;
	const char *schemes, *targetname, *version, *sts_uri, *date, *server;
} challenges[] = {
	{ "Lync Server 2013", "challenge-2013.sip", 401, "NTLM Kerberos TLS-DSK",
	    "fe1.lab.example", "4",
	    "https://web.lab.example:443/CertProv/CertProvisioningService.svc",
	    "Mon, 01 Jan 2024 00:00:00 GMT", "RTC/5.0" },
	{ "[MS-SIPAE] 4.4", "challenge-published.sip", 401, "TLS-DSK Kerberos NTLM",
	    "server.contoso.com", "4", NULL, "Mon, 01 Jan 2024 00:00:00 GMT", NULL },
	{ "407, one folded header, compact names", "challenge-proxy.sip", 407,
	    "NTLM TLS-DSK", "fe1.lab.example", "3", NULL, NULL, NULL },
	{ "without TLS-DSK", "challenge-no-tls-dsk.sip", 401, "NTLM Kerberos", NULL, NULL,
	    NULL, "Mon, 01 Jan 2024 00:00:00 GMT", "RTC/6.0" },
};

static void
check_challenge(void **state)
{
	const struct challenge_case *tc = *state;
	struct sip_msg *m = load_message(tc->file);
	char schemes[96];
	struct sip_auth a;

	assert_int_equal(sip_msg_status(m), tc->status);
	assert_int_equal(sip_msg_cseq(m), 1);
	assert_str(sip_msg_method(m), "REGISTER");
	assert_str(sip_msg_call_id(m), CALL_ID);
	assert_str(sip_msg_header(m, "Date", 0), tc->date);
	assert_str(sip_msg_header(m, "Server", 0), tc->server);
	sip_auth_schemes(m, schemes, sizeof(schemes));
	assert_string_equal(schemes, tc->schemes);
	assert_int_equal(
	    sip_auth_find(m, "WWW-Authenticate", "TLS-DSK", &a), tc->targetname != NULL);
	if (tc->targetname != NULL) {
		assert_str(sip_auth_param(&a, "realm"), REALM);
		assert_str(sip_auth_param(&a, "targetname"), tc->targetname);
		assert_str(sip_auth_param(&a, "version"), tc->version);
		assert_str(sip_auth_param(&a, "sts-uri"), tc->sts_uri);
		assert_null(sip_auth_param(&a, "gssapi-data").p);
	}
	sip_msg_free(m);
}

static const struct flight_case {
	const char *name, *file;
	size_t len;
	const char *first; /* octets, in hex */
} flights[] = {
	{ "ServerHello to ServerHelloDone", "flight-hello.sip", 841, "1603010344020000" },
	{ "Finished", "flight-finished.sip", 59, "140301000101160301" },
	{ "alert: certificate unknown", "flight-alert.sip", 7, "1503010002022e" },
};

static void
check_flight(void **state)
{
	const struct flight_case *tc = *state;
	struct sip_msg *m = load_message(tc->file);
	char hex[32];
	struct sip_auth a;
	struct buf octets;

	assert_int_equal(sip_msg_status(m), 401);
	assert_true(sip_auth_find(m, "WWW-Authenticate", "TLS-DSK", &a));
	assert_str(sip_auth_param(&a, "opaque"), OPAQUE);
	flight_of(tc->file, &octets);
	assert_int_equal(octets.len, tc->len);
	crypto_hex(hex, (const uint8_t *)octets.data, strlen(tc->first) / 2);
	assert_string_equal(hex, tc->first);
	buf_free(&octets);
	sip_msg_free(m);
}

/* Signed answers, in the order of their numbers. */
static const struct signed_case {
	const char *name, *file;
	unsigned status;
	const char *phrase, *expires, *contact;
} answers[] = {
	{ "200", "ok-signed.sip", 200, "OK", "300",
	    "sip:192.0.2.1:40000;transport=tls;ms-opaque=d3470f2e1d" },
	{ "200 to the log-off", "ok-log-off.sip", 200, "OK", "0", NULL },
	{ "301", "redirect.sip", 301, "Redirect request to Home Server", "2592000",
	    "sip:home.lab.example:5061;transport=tls" },
	{ "403", "refused-403.sip", 403, "Forbidden", NULL, NULL },
};

static bool
verifies(const struct sip_msg *m)
{
	struct sip_sa *sa = client_sa();
	struct err err;
	bool ok = sip_sa_verify(sa, m, &err);

	assert_true(ok || err.cause == CAUSE_SIGNATURE);
	sip_sa_free(sa);
	return ok;
}

/* The same file with another digit in its tag, which is signed. */
static bool
verifies_altered(const char *file)
{
	struct sip_msg *m;
	struct buf b;
	char *at;
	bool ok;

	load(file, &b);
	at = strstr(b.data, "7A10C0DE");
	assert_non_null(at);
	*at = '8';
	m = parsed(buf_view(&b));
	ok = verifies(m);
	sip_msg_free(m);
	buf_free(&b);
	return ok;
}

static void
check_signed(void **state)
{
	const struct signed_case *tc = *state;
	struct sip_msg *m = load_message(tc->file);
	struct str contact = sip_msg_header(m, "Contact", 0);

	assert_int_equal(sip_msg_status(m), tc->status);
	assert_str(sip_msg_phrase(m), tc->phrase);
	assert_str(sip_msg_header(m, "Expires", 0), tc->expires);
	assert_str(contact.p == NULL ? contact : sip_addr_uri(contact), tc->contact);
	assert_true(verifies(m));
	assert_false(verifies_altered(tc->file));
	sip_msg_free(m);
}

static const struct refusal_case {
	const char *name, *file;
	unsigned status, id;
	const char *text;
} refusals[] = {
	{ "403", "refused-403.sip", 403, 4003,
	    "ErrorCode=4003,Reason=From URI not enabled for remote access,"
	    "Warning=You are not allowed to sign in" },
	{ "404", "refused-404.sip", 404, 4005,
	    "ErrorCode=4005,Source=fe1.lab.example,Reason=Destination URI either not "
	    "enabled for SIP or does not exist." },
	{ "503", "refused-503.sip", 503, 1007,
	    "ErrorCode=1007,Source=fe1.lab.example,Reason=Temporarily cannot route; try "
	    "again, later,component=x" },
	{ "504", "refused-504.sip", 504, 2,
	    "ErrorCode=2,Source=edge.lab.example,Reason=See response code and reason "
	    "phrase.,HRESULT=0xC3E93C2F(PE_E_SERVER_TIMEOUT)" },
	{ "401 with an alert", "flight-alert.sip", 401, 1000,
	    "ErrorCode=1000,Source=fe1.lab.example,Reason=Final handshake failed" },
};

static void
check_refusal(void **state)
{
	const struct refusal_case *tc = *state;
	struct sip_msg *m = load_message(tc->file);
	struct sip_diagnostics d;

	assert_int_equal(sip_msg_status(m), tc->status);
	assert_true(sip_diagnostics(m, &d));
	assert_int_equal(d.id, tc->id);
	assert_string_equal(d.text, tc->text);
	sip_msg_free(m);
}

RUN_CASES(ROWS("writes", plains, check_plain), ROWS("writes", legs, check_leg),
    TEST(signed_and_log_off), ROWS("challenge", challenges, check_challenge),
    ROWS("flight", flights, check_flight), ROWS("signed", answers, check_signed),
    ROWS("refusal", refusals, check_refusal));
