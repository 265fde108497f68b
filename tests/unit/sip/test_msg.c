#include "support.h"

#include "sip/auth.h"
#include "sip/sa.h"

#define START	"SIP/2.0 200 OK\r\n"
#define IDS	"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c1\r\n"
#define CSEQ	"CSeq: 7 REGISTER\r\n"
#define NO_BODY "Content-Length: 0\r\n\r\n"

/* says: part of the complaint; NULL: a good message. */
static const struct parse_case {
	const char *name;
	struct str in;
	const char *says;
} cases[] = {
	{ "response", IN(START IDS CSEQ NO_BODY), NULL },
	{ "request", IN("REGISTER sip:b SIP/2.0\r\n" IDS CSEQ NO_BODY), NULL },
	{ "empty phrase", IN("SIP/2.0 200 \r\n" IDS CSEQ NO_BODY), NULL },
	{ "no phrase at all", IN("SIP/2.0 200\r\n" IDS CSEQ NO_BODY), NULL },
	{ "status 100", IN("SIP/2.0 100 x\r\n" IDS CSEQ NO_BODY), NULL },
	{ "status 699", IN("SIP/2.0 699 x\r\n" IDS CSEQ NO_BODY), NULL },
	{ "status 099", IN("SIP/2.0 099 x\r\n" IDS CSEQ NO_BODY), "status" },
	{ "status 700", IN("SIP/2.0 700 x\r\n" IDS CSEQ NO_BODY), "status" },
	{ "status of four digits", IN("SIP/2.0 2000 x\r\n" IDS CSEQ NO_BODY), "status" },
	{ "status overflows", IN("SIP/2.0 4294967496 x\r\n" IDS CSEQ NO_BODY), "status" },
	{ "negative status", IN("SIP/2.0 -20 x\r\n" IDS CSEQ NO_BODY), "status" },
	{ "two spaces before the status", IN("SIP/2.0  200 x\r\n" IDS CSEQ NO_BODY),
	    "status" },
	{ "other version", IN("SIP/3.0 200 OK\r\n" IDS CSEQ NO_BODY), "not SIP" },
	{ "request without URI", IN("REGISTER  SIP/2.0\r\n" IDS CSEQ NO_BODY), "line 1" },
	{ "request without method", IN(" sip:b SIP/2.0\r\n" IDS CSEQ NO_BODY), "line 1" },
	{ "method is no token", IN("REG@STER sip:b SIP/2.0\r\n" IDS CSEQ NO_BODY),
	    "line 1" },
	{ "space in the URI", IN("REGISTER sip:b x SIP/2.0\r\n" IDS CSEQ NO_BODY),
	    "line 1" },
	{ "nothing", IN(""), "whole" },
	{ "cut short", IN(START IDS CSEQ "Content-Length: 1\r\n\r\n"), "whole" },
	{ "octets behind it", IN(START IDS CSEQ NO_BODY "x"), "whole" },
	{ "keep-alive in front", IN("\r\n" START IDS CSEQ NO_BODY), "whole" },
	{ "missing colon", IN(START IDS "Broken\r\n" CSEQ NO_BODY), "line 5" },
	{ "empty name", IN(START ": x\r\n" IDS CSEQ NO_BODY), "line 2" },
	{ "space in a name", IN(START "A B: x\r\n" IDS CSEQ NO_BODY), "line 2" },
	{ "NUL in a value", IN(START "A: x\0y\r\n" IDS CSEQ NO_BODY), "line 2" },
	{ "NUL in a name", IN(START "A\0: x\r\n" IDS CSEQ NO_BODY), "line 2" },
	{ "NUL in the start line", IN("SIP/2.0 200 O\0K\r\n" IDS CSEQ NO_BODY),
	    "not SIP" },
	{ "CR in a value", IN(START "A: x\ry\r\n" IDS CSEQ NO_BODY), "line 2" },
	{ "LF alone", IN(START "A: x\n" IDS CSEQ NO_BODY), "line 2" },
	{ "lengths that differ", IN(START IDS CSEQ "l: 1\r\n" NO_BODY "x"), "differ" },
	{ "negative length", IN(START IDS CSEQ "l: -1\r\n\r\n"), "number" },
	{ "no From", IN(START "To: <a>\r\nCall-ID: c\r\n" CSEQ NO_BODY), "no From" },
	{ "no To", IN(START "From: <a>\r\nCall-ID: c\r\n" CSEQ NO_BODY), "no To" },
	{ "no Call-ID", IN(START "From: <a>\r\nTo: <a>\r\n" CSEQ NO_BODY), "no Call-ID" },
	{ "empty Call-ID", IN(START "f: <a>\r\nt: <a>\r\ni: \r\n" CSEQ NO_BODY),
	    "no Call-ID" },
	{ "no CSeq", IN(START IDS NO_BODY), "no CSeq" },
	{ "two From", IN(START IDS "f: <sip:x@y>\r\n" CSEQ NO_BODY),
	    "more than one From" },
	{ "two To", IN(START IDS "t: <sip:x@y>\r\n" CSEQ NO_BODY), "more than one To" },
	{ "two Call-ID", IN(START IDS "i: c1\r\n" CSEQ NO_BODY),
	    "more than one Call-ID" },
	{ "two CSeq", IN(START IDS CSEQ CSEQ NO_BODY), "more than one CSeq" },
	{ "CSeq without method", IN(START IDS "CSeq: 7\r\n" NO_BODY), "CSeq" },
	{ "CSeq without number", IN(START IDS "CSeq: REGISTER\r\n" NO_BODY), "CSeq" },
	{ "CSeq of 33 bits", IN(START IDS "CSeq: 4294967296 REGISTER\r\n" NO_BODY),
	    "CSeq" },
	{ "CSeq of 32 bits", IN(START IDS "CSeq: 4294967295 REGISTER\r\n" NO_BODY),
	    NULL },
	{ "negative CSeq", IN(START IDS "CSeq: -1 REGISTER\r\n" NO_BODY), "CSeq" },
	{ "CSeq with more words", IN(START IDS "CSeq: 1 REGISTER x\r\n" NO_BODY),
	    "CSeq" },
	{ "CSeq of another method", IN("INVITE sip:b SIP/2.0\r\n" IDS CSEQ NO_BODY),
	    "another method" },
	{ "CSeq method in other case", IN("register sip:b SIP/2.0\r\n" IDS CSEQ NO_BODY),
	    "another method" },
	{ "header of 8-bit text", IN(START "A: \xc3\xa4\xff\r\n" IDS CSEQ NO_BODY),
	    NULL },
	{ "fold of white space only", IN(START "A: x\r\n \t \r\n" IDS CSEQ NO_BODY),
	    NULL },
};

static void
check_parse(void **state)
{
	const struct parse_case *tc = *state;
	struct str in = exact_copy(tc->in);
	struct err err = { .cause = CAUSE_NONE };
	struct sip_msg *m = sip_msg_parse(in, &err);

	free_copy(in);
	if (tc->says == NULL) {
		assert_non_null(m);
		assert_int_equal(err.cause, CAUSE_NONE);
	} else {
		assert_null(m);
		assert_int_equal(err.cause, CAUSE_PROTOCOL);
		if (strstr(err.detail, tc->says) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", err.detail, tc->says);
	}
	sip_msg_free(m);
}

/* The first challenge of a real Lync Server 2013, names replaced. */
static void
real_challenge(void **state)
{
	static const char text[] =
	    "SIP/2.0 401 Unauthorized\r\n"
	    "Date: Thu, 01 Dec 2016 08:21:44 GMT\r\n"
	    "WWW-Authenticate: NTLM realm=\"SIP Communications Service\", "
	    "targetname=\"fe1.lab.example\", version=4\r\n"
	    "WWW-Authenticate: TLS-DSK realm=\"SIP Communications Service\", "
	    "targetname=\"fe1.lab.example\", version=4, "
	    "sts-uri=\"https://web.lab.example:443/CertProv/"
	    "CertProvisioningService.svc\"\r\n"
	    "From: <sip:user6@lab.example>;tag=c1e9;epid=451e9252b6\r\n"
	    "To: <sip:user6@lab.example>;tag=C5FE2F33\r\n"
	    "Call-ID: 0ff6\r\nCSeq: 1 REGISTER\r\n"
	    "Via: SIP/2.0/TLS 192.0.2.7:1792;ms-received-port=17925\r\n"
	    "Server: RTC/5.0\r\nContent-Length: 0\r\n\r\n";
	struct sip_msg *m = parsed((struct str){ text, sizeof(text) - 1 });

	(void)state;
	assert_false(sip_msg_is_request(m));
	assert_int_equal(sip_msg_status(m), 401);
	assert_str(sip_msg_phrase(m), "Unauthorized");
	assert_str(sip_msg_method(m), "REGISTER");
	assert_null(sip_msg_uri(m).p);
	assert_int_equal(sip_msg_cseq(m), 1);
	assert_str(sip_msg_call_id(m), "0ff6");
	assert_str(sip_msg_header(m, "server", 0), "RTC/5.0");
	assert_str(sip_msg_header(m, "Date", 0), "Thu, 01 Dec 2016 08:21:44 GMT");
	assert_non_null(sip_msg_header(m, "WWW-Authenticate", 1).p);
	assert_null(sip_msg_header(m, "WWW-Authenticate", 2).p);
	assert_null(sip_msg_header(m, "Proxy-Authenticate", 0).p);
	assert_int_equal(sip_msg_body(m).len, 0);
	sip_msg_free(m);
}

/* The 200 of a Skype for Business 2015 front end, names replaced. */
static void
real_acceptance(void **state)
{
	static const char text[] =
	    "SIP/2.0 200 OK\r\n"
	    "Authentication-Info: TLS-DSK qop=\"auth\", opaque=\"0999F355\", "
	    "srand=\"AE4D44F8\", snum=\"1\", "
	    "rspauth=\"3359c8ac2e6229b2eb9738ac707dc8c3e54f65f0\", "
	    "targetname=\"fe1.lab.example\", realm=\"SIP Communications Service\", "
	    "version=4\r\n"
	    "From: \"user6\"<sip:user6@lab.example>;tag=c1;epid=451e9252b6\r\n"
	    "To: <sip:user6@lab.example>;tag=C5FE2F33CD23A451AA1D653DB6C6859C\r\n"
	    "Call-ID: 0ff6\r\nCSeq: 3 REGISTER\r\n"
	    "Contact: <sip:192.0.2.7:1792;transport=tls>;expires=300;"
	    "+sip.instance=\"<urn:uuid:e0de506b-a705-59cc-9bfa-d37593141231>\";"
	    "gruu=\"sip:user6@lab.example;opaque=user:epid:a1De4AWnzFmb-tN1kxQSMQAA;"
	    "gruu\"\r\n"
	    "Expires: 300\r\nSupported: adhoclist\r\nServer: RTC/6.0\r\n"
	    "Supported: msrtc-event-categories\r\nContent-Length: 0\r\n\r\n";
	struct sip_msg *m = parsed((struct str){ text, sizeof(text) - 1 });
	struct str contact = sip_msg_header(m, "Contact", 0), rest = contact, one;
	struct sip_auth auth;

	(void)state;
	assert_true(sip_next_element(&rest, &one));
	assert_int_equal(one.len, contact.len);
	assert_str(sip_addr_uri(one), "sip:192.0.2.7:1792;transport=tls");
	assert_str(sip_addr_param(one, "expires"), "300");
	assert_str(sip_addr_param(one, "gruu"),
	    "sip:user6@lab.example;opaque=user:epid:a1De4AWnzFmb-tN1kxQSMQAA;gruu");
	assert_str(sip_addr_param(one, "+sip.instance"),
	    "<urn:uuid:e0de506b-a705-59cc-9bfa-d37593141231>");
	assert_str(sip_addr_uri(sip_msg_header(m, "From", 0)), "sip:user6@lab.example");
	assert_str(sip_msg_header(m, "Supported", 1), "msrtc-event-categories");
	assert_true(sip_auth_find(m, "Authentication-Info", "TLS-DSK", &auth));
	assert_int_equal(auth.n, 8);
	assert_str(sip_auth_param(&auth, "snum"), "1");
	assert_str(sip_auth_param(&auth, "realm"), "SIP Communications Service");
	sip_msg_free(m);
}

/* A user who lives on another pool; names in upper case, as some servers send them. */
static void
real_redirect(void **state)
{
	static const char text[] =
	    "SIP/2.0 301 Redirect request to Home Server\r\n"
	    "FROM: <sip:a@lab.example>;tag=1\r\nTO: <sip:a@lab.example>;tag=2\r\n"
	    "CALL-ID: c\r\nCSEQ: 4 REGISTER\r\n"
	    "CONTACT: <sip:home.lab.example:5061;transport=tls>\r\n"
	    "EXPIRES: 2592000\r\nCONTENT-LENGTH: 0\r\n\r\n";
	struct sip_msg *m = parsed((struct str){ text, sizeof(text) - 1 });

	(void)state;
	assert_int_equal(sip_msg_status(m), 301);
	assert_str(sip_msg_phrase(m), "Redirect request to Home Server");
	assert_str(sip_addr_uri(sip_msg_header(m, "Contact", 0)),
	    "sip:home.lab.example:5061;transport=tls");
	assert_str(sip_msg_header(m, "Expires", 0), "2592000");
	sip_msg_free(m);
}

static void
compact_and_upper_case_names(void **state)
{
	static const char text[] =
	    "NOTIFY sip:a@b SIP/2.0\r\n"
	    "v: SIP/2.0/TLS x\r\nF: <sip:f@b>;tag=1\r\nt:<sip:t@b>\r\ni:id\r\n"
	    "CSEQ: 09  NOTIFY\r\nm: <sip:m@b>\r\ne: gzip\r\nc: text/plain\r\n"
	    "s: hi\r\nk: a\r\nSUPPORTED: b\r\n"
	    "o: registration\r\nu: presence\r\nr: <sip:r@b>\r\nx: kept\r\nl: 2\r\n\r\nok";
	static const char *const want[][2] = {
		{ "Via", "SIP/2.0/TLS x" },
		{ "From", "<sip:f@b>;tag=1" },
		{ "To", "<sip:t@b>" },
		{ "Contact", "<sip:m@b>" },
		{ "Content-Encoding", "gzip" },
		{ "Content-Type", "text/plain" },
		{ "Subject", "hi" },
		{ "Event", "registration" },
		{ "Allow-Events", "presence" },
		{ "Refer-To", "<sip:r@b>" },
		{ "X", "kept" },
		{ "content-length", "2" },
	};
	struct sip_msg *m = parsed((struct str){ text, sizeof(text) - 1 });
	struct str number;

	(void)state;
	for (size_t i = 0; i < NROWS(want); i++)
		assert_str(sip_msg_header(m, want[i][0], 0), want[i][1]);
	assert_str(sip_msg_header(m, "Supported", 0), "a");
	assert_str(sip_msg_header(m, "Supported", 1), "b");
	assert_true(sip_msg_is_request(m));
	assert_int_equal(sip_msg_status(m), 0);
	assert_str(sip_msg_uri(m), "sip:a@b");
	assert_str(sip_msg_method(m), "NOTIFY");
	assert_int_equal(sip_msg_cseq(m), 9);
	assert_str(sip_msg_cseq_parts(m, &number), "NOTIFY");
	assert_str(number, "09");
	assert_str(sip_msg_body(m), "ok");
	sip_msg_free(m);
}

static void
folding(void **state)
{
	struct sip_msg *m = response_with(
	    "A1: one \r\n\t two\r\n   three\r\nB1:\r\n "
	    "late\r\n"
	    "C1: x\r\n \r\n\t\r\n y\r\nD1: end\r\n  \r\nE1:\r\n \r\nF1: next\r\n");

	(void)state;
	assert_str(sip_msg_header(m, "A1", 0), "one two three");
	assert_str(sip_msg_header(m, "B1", 0), "late");
	assert_str(sip_msg_header(m, "C1", 0), "x y");
	assert_str(sip_msg_header(m, "D1", 0), "end");
	assert_str(sip_msg_header(m, "E1", 0), "");
	assert_str(sip_msg_header(m, "F1", 0), "next");
	sip_msg_free(m);
}

static struct sip_msg *
with_headers(unsigned n, struct err *err)
{
	struct sip_msg *m;
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_puts(&b, START IDS CSEQ);
	for (unsigned i = 5; i < n; i++)
		buf_printf(&b, "X: %u\r\n", i);
	buf_puts(&b, NO_BODY);
	m = sip_msg_parse(buf_view(&b), err);
	buf_free(&b);
	return m;
}

static void
headers_at_and_over_the_limit(void **state)
{
	struct err err;
	struct sip_msg *m = with_headers(SIP_HEADERS_MAX, &err);

	(void)state;
	assert_non_null(m);
	assert_str(sip_msg_header(m, "X", SIP_HEADERS_MAX - 6), "199");
	sip_msg_free(m);
	assert_null(with_headers(SIP_HEADERS_MAX + 1, &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_non_null(strstr(err.detail, "too many headers"));
}

static void
free_of_nothing(void **state)
{
	(void)state;
	sip_msg_free(NULL);
}

/* Asks a message everything, as the transaction would. */
static void
read_all(const struct sip_msg *m)
{
	struct sip_diagnostics diagnostics;
	struct sip_signed values;
	struct sip_auth auth;
	char schemes[32];
	struct str contact = sip_msg_header(m, "Contact", 0), one;

	sip_signed_from(m, &values);
	sip_auth_schemes(m, schemes, sizeof(schemes));
	sip_auth_find(m, "Authentication-Info", "TLS-DSK", &auth);
	sip_diagnostics(m, &diagnostics);
	while (sip_next_element(&contact, &one)) {
		sip_addr_uri(one);
		sip_addr_param(one, "gruu");
	}
}

/* Any octet of a good message replaced by any octet that means something to a parser. */
static void
survives_every_mutation(void **state)
{
	static const char nasty[] = "\0\r\n\t \"\\<>;:,=/0-A\xff";
	static const char text[] =
	    "SIP/2.0 200 OK\r\n"
	    "Authentication-Info: TLS-DSK qop=\"auth\", srand=\"1\", version=4\r\n"
	    "WWW-Authenticate: NTLM realm=\"x\", Kerberos realm=\"y\"\r\n"
	    "f: \"u\"<sip:a@b>;tag=1;epid=2\r\nTo: <sip:a@b>;tag=2\r\ni: c\r\n"
	    "CSeq: 3\r\n REGISTER\r\n"
	    "Contact: <sip:a@b>;expires=300;gruu=\"sip:x\",sip:c\r\n"
	    "P-Asserted-Identity: \"a\"<sip:a@b>,<tel:+1>\r\nExpires: 300\r\n"
	    "ms-diagnostics: 1;source=\"s\";reason=\"r\"\r\nWarning: 310 l \"t\"\r\n"
	    "l: 2\r\n\r\nok";
	struct str copy = exact_copy((struct str){ text, sizeof(text) - 1 });
	char *p = (char *)(uintptr_t)copy.p;
	struct err err;

	(void)state;
	for (size_t i = 0; i < copy.len; i++) {
		for (size_t k = 0; k < sizeof(nasty) - 1; k++) {
			struct sip_msg *m;

			p[i] = nasty[k];
			m = sip_msg_parse(copy, &err);
			if (m != NULL)
				read_all(m);
			sip_msg_free(m);
		}
		p[i] = text[i];
	}
	free_copy(copy);
}

RUN_CASES(ROWS("parse", cases, check_parse), TEST(real_challenge), TEST(real_acceptance),
    TEST(real_redirect), TEST(compact_and_upper_case_names), TEST(folding),
    TEST(headers_at_and_over_the_limit), TEST(free_of_nothing),
    TEST(survives_every_mutation));
