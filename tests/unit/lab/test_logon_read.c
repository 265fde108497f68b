#include "tests/unit/cases.h"

#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "edit.h"
#include "lab/logon.h"
#include "sip/msg.h"

static const char good[] =
    "REGISTER sip:lab.example SIP/2.0\r\n"
    "Via: SIP/2.0/tls 127.0.0.1:40000;branch=z9hG4bK1\r\n"
    "From: <sip:alice@lab.example>;tag=1;epid=STEpid\r\n"
    "To: <sip:alice@lab.example>\r\n"
    "CSeq: 1 REGISTER\r\n"
    "Call-ID: c\r\n"
    "Contact: <sip:127.0.0.1:40000>;methods=\"INVITE, BYE\";proxy=replace;"
    "+sip.instance=\"<urn:uuid:4815E36E-4028-5c2f-99c6-7e95082e4fc8>\"\r\n"
    "Supported: gruu-10, adhoclist, msrtc-event-categories\r\n"
    "Event: registration\r\n"
    "Content-Length: 0\r\n\r\n";

static struct sip_msg *
message(const char *find, const char *replace)
{
	struct sip_msg *m;
	struct err err;
	struct buf b;

	buf_init(&b, 8192);
	buf_puts(&b, good);
	edit(&b, find, replace);
	m = sip_msg_parse(buf_view(&b), &err);
	assert_non_null(m);
	buf_free(&b);
	return m;
}

static const struct good_case {
	const char *name, *find, *replace;
	const char *endpoint;
	unsigned expires;
	enum step_id step;
} goods[] = {
	{ "as it is", "tag=1", "tag=1", "STEpid", 600, STEP_CHALLENGE },
	{ "log-off", "Event:", "Expires: 0\r\nEvent:", "STEpid", 0, STEP_LOG_OFF },
	{ "a short life", "Event:", "Expires: 1\r\nEvent:", "STEpid", 300,
	    STEP_CHALLENGE },
	{ "a long life", "Event:", "Expires: 7200\r\nEvent:", "STEpid", 900,
	    STEP_CHALLENGE },
	{ "an allowed life", "Event:", "Expires: 450\r\nEvent:", "STEpid", 450,
	    STEP_CHALLENGE },
	{ "without instance", "+sip.instance", "+sip.other", "STEpid", 600,
	    STEP_CHALLENGE },
	{ "without epid", ";epid=STEpid", "", "4815E36E-4028-5c2f-99c6-7e95082e4fc8", 600,
	    STEP_CHALLENGE },
	{ "without event", "Event: registration\r\n", "", "STEpid", 600, STEP_CHALLENGE },
	{ "NTLM credentials are no TLS-DSK ones",
	    "Event:", "Authorization: NTLM gssapi-data=\"\"\r\nEvent:", "STEpid", 600,
	    STEP_CHALLENGE },
	{ "a handshake",
	    "Event:", "Authorization: TLS-DSK gssapi-data=\"FgMB\"\r\nEvent:", "STEpid",
	    600, STEP_TLS_DSK },
	{ "a signature", "Event:", "Authorization: TLS-DSK response=\"12\"\r\nEvent:",
	    "STEpid", 600, STEP_REGISTER },
	{ "a signed log-off", "Event:",
	    "Expires: 0\r\nAuthorization: TLS-DSK response=\"12\"\r\nEvent:", "STEpid", 0,
	    STEP_LOG_OFF },
};

static void
check_good(void **state)
{
	const struct good_case *c = *state;
	struct sip_msg *m = message(c->find, c->replace);
	unsigned id = 1;
	struct lab_logon l;

	assert_int_equal(lab_logon_read(m, &l, &id), 0);
	assert_int_equal(id, 0);
	assert_string_equal(l.address, "alice@lab.example");
	assert_string_equal(l.endpoint, c->endpoint);
	assert_int_equal(l.expires, c->expires);
	assert_int_equal(l.step, c->step);
	assert_int_equal(strlen(l.instance), 36);
	sip_msg_free(m);
}

static const struct bad_case {
	const char *name, *find, *replace;
	unsigned status, id;
} bads[] = {
	{ "From is no SIP address", "From: <sip:alice@lab.example>", "From: <tel:1>", 400,
	    0 },
	{ "From has no user", "From: <sip:alice@", "From: <sip:", 400, 0 },
	{ "To is somebody else", "To: <sip:alice@", "To: <sip:zlice@", 400, 0 },
	{ "To is longer", "To: <sip:alice@lab.example", "To: <sip:alice@lab.example.org",
	    400, 0 },
	{ "for another domain", "sip:lab.example SIP", "sip:lab.example.org SIP", 404,
	    0 },
	{ "for a part of the domain", "sip:lab.example SIP", "sip:lab.exampl SIP", 404,
	    0 },
	{ "for a user", "sip:lab.example SIP", "sip:alice@lab.example SIP", 404, 0 },
	{ "for another scheme", "REGISTER sip:", "REGISTER tel:", 404, 0 },
	{ "Expires is no number", "Event:", "Expires: soon\r\nEvent:", 400, 0 },
	{ "Expires is negative", "Event:", "Expires: -1\r\nEvent:", 400, 0 },
	{ "another event", "registration", "presence", 489, 4055 },
	{ "categories without GRUU", "gruu-10, ", "", 421, 2057 },
	{ "an instance of another epid", "epid=STEpid", "epid=STEpid2", 400, 4010 },
	{ "an epid too long", "epid=STEpid", "epid=STEpid0123456789abcdef", 400, 4012 },
};

static void
check_bad(void **state)
{
	const struct bad_case *c = *state;
	struct sip_msg *m = message(c->find, c->replace);
	struct lab_logon l = { .expires = 7 };
	unsigned id = 1;

	assert_int_equal(lab_logon_read(m, &l, &id), c->status);
	assert_int_equal(id, c->id);
	assert_int_equal(l.expires, 7);
	sip_msg_free(m);
}

static void
some_endpoint_must_be_named(void **state)
{
	struct sip_msg *m;
	struct lab_logon l;
	struct err err;
	struct buf b;
	unsigned id;

	(void)state;
	buf_init(&b, 8192);
	buf_puts(&b, good);
	edit(&b, ";epid=STEpid", "");
	edit(&b, "<urn:uuid:", "<urn:uuid");
	m = sip_msg_parse(buf_view(&b), &err);
	assert_non_null(m);
	assert_int_equal(lab_logon_read(m, &l, &id), 400);
	assert_int_equal(id, 4010);
	sip_msg_free(m);
	buf_free(&b);
}

RUN_CASES(ROWS("good", goods, check_good), ROWS("bad", bads, check_bad),
    TEST(some_endpoint_must_be_named));
