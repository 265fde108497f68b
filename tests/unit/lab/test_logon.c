#include "tests/unit/cases.h"

#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "peer.h"
#include "sip/auth.h"
#include "sip/msg.h"
#include "sip/sa.h"

static struct peer p;

static void
set_up(void **state)
{
	(void)state;
	peer_open(&p);
	peer_publish(&p, false);
}

static void
tear_down(void **state)
{
	(void)state;
	peer_close(&p);
}

static unsigned
diagnostics_id(void)
{
	struct sip_diagnostics d;

	return p.reply != NULL && sip_diagnostics(p.reply, &d) ? d.id : 0;
}

static int
fresh(void **state)
{
	(void)state;
	peer_connect(&p, PEER_USER);
	lab_faults_clear(&p.pool.faults);
	p.pool.users.v[0].enabled = true;
	lab_bindings_remove(&p.pool.bindings, PEER_USER, "STEpid");
	return 0;
}

static int
logged_on(void **state)
{
	fresh(state);
	assert_true(peer_handshake(&p));
	assert_int_equal(p.status, 401); /* the last leg too, although all is well */
	peer_signed(&p, p.sa, NULL);
	assert_int_equal(p.status, 200);
	return 0;
}

static void
challenges_first(void **state)
{
	struct sip_auth auth;

	(void)state;
	peer_register(&p, NULL, NULL);
	assert_int_equal(p.status, 401);
	assert_true(sip_auth_find(p.reply, "WWW-Authenticate", "NTLM", &auth));
	assert_true(sip_auth_find(p.reply, "WWW-Authenticate", "Kerberos", &auth));
	assert_true(
	    str_eq(sip_auth_param(&auth, "targetname"), "sip/pool01.lab.example"));
	assert_true(sip_auth_find(p.reply, "WWW-Authenticate", "TLS-DSK", &auth));
	assert_true(str_eq(sip_auth_param(&auth, "targetname"), "pool01.lab.example"));
	assert_true(str_eq(sip_auth_param(&auth, "version"), "4"));
	assert_true(str_eq(sip_auth_param(&auth, "sts-uri"),
	    "https://localhost:8443/CertProv/CertProvisioningService.svc"));
	assert_true(str_eq(sip_msg_header(p.reply, "Server", 0), "RTC/6.0"));
	assert_non_null(sip_msg_header(p.reply, "Date", 0).p);
}

static void
logs_on_and_off(void **state)
{
	(void)state;
	assert_true(peer_answer_verifies(&p));
	assert_true(str_eq(sip_msg_header(p.reply, "Expires", 0), "600"));
	assert_non_null(strstr(p.text, "gruu=\"sip:alice@lab.example;opaque=user:epid:"
				       "buMVSChAL1yZxn6VCC5PyAAA;gruu\""));
	/* The real client compares whole values: one tag a line. */
	assert_true(str_eq(sip_msg_header(p.reply, "Supported", 0), "adhoclist"));
	assert_int_equal(p.pool.bindings.n, 1);
	peer_signed(&p, p.sa, "0");
	assert_int_equal(p.status, 200);
	assert_true(str_eq(sip_msg_header(p.reply, "Expires", 0), "0"));
	assert_true(peer_answer_verifies(&p));
	assert_int_equal(p.pool.bindings.n, 0);
}

static void
cnum_may_come_once_and_not_too_late(void **state)
{
	struct sip_sa *again = peer_new_sa(&p); /* begins at 1, which is used up */
	struct sip_signed v = { .method = STR_LIT("REGISTER") };
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	peer_signed(&p, again, NULL);
	assert_int_equal(p.status, 401);
	assert_int_equal(diagnostics_id(), 1000);
	/* 2 to 299 are not sent, 300 is. */
	for (int i = 2; i < 300; i++) {
		buf_clear(&b);
		assert_true(sip_sa_sign(p.sa, &v, false, NULL, &b));
	}
	peer_signed(&p, p.sa, NULL);
	assert_int_equal(p.status, 200);
	/* 44 is below the window of 256, 45 is in it and was not seen, 45 again was. */
	for (int i = 2; i < 44; i++) {
		buf_clear(&b);
		assert_true(sip_sa_sign(again, &v, false, NULL, &b));
	}
	peer_signed(&p, again, NULL);
	assert_int_equal(p.status, 401);
	peer_signed(&p, again, NULL);
	assert_int_equal(p.status, 200);
	sip_sa_free(again);
	again = peer_new_sa(&p);
	for (int i = 1; i < 45; i++) {
		buf_clear(&b);
		assert_true(sip_sa_sign(again, &v, false, NULL, &b));
	}
	peer_signed(&p, again, NULL);
	assert_int_equal(p.status, 401);
	sip_sa_free(again);
	buf_free(&b);
}

static void
refuses_other_keys(void **state)
{
	struct sip_sa *wrong;

	(void)state;
	p.keys.client[0] ^= 1;
	wrong = peer_new_sa(&p);
	peer_signed(&p, wrong, NULL);
	assert_int_equal(p.status, 401);
	sip_sa_free(wrong);
}

static void
refuses_an_association_of_another_user(void **state)
{
	(void)state;
	str_copy(
	    p.endpoint.address, sizeof(p.endpoint.address), STR_LIT("bob@lab.example"));
	str_copy(p.endpoint.uri, sizeof(p.endpoint.uri), STR_LIT("sip:bob@lab.example"));
	peer_signed(&p, p.sa, NULL);
	assert_int_equal(p.status, 401);
}

static void
refuses_an_old_cseq(void **state)
{
	(void)state;
	peer_register(&p, NULL, NULL);
	assert_int_equal(p.status, 401);
	p.endpoint.cseq += 5; /* gaps are normal */
	peer_register(&p, NULL, NULL);
	assert_int_equal(p.status, 401);
	p.endpoint.cseq -= 2;
	peer_register(&p, NULL, NULL);
	assert_int_equal(p.status, 500);
}

static void
refuses_who_is_unknown_or_disabled(void **state)
{
	(void)state;
	p.pool.users.v[0].enabled = false;
	peer_signed(&p, p.sa, NULL);
	assert_int_equal(p.status, 403);
	assert_int_equal(diagnostics_id(), 4141);
	assert_true(peer_answer_verifies(&p));
	peer_connect(&p, "nobody@lab.example");
	peer_register(&p, NULL, NULL);
	assert_int_equal(p.status, 404);
	assert_int_equal(diagnostics_id(), 1003);
}

static void
refuses_certificates(void **state)
{
	(void)state;
	peer_publish(&p, true); /* published, but not of our issuer */
	assert_false(peer_handshake(&p));
	assert_int_equal(diagnostics_id(), 1000);
	peer_publish(&p, false);
	assert_true(peer_handshake(&p));
	lab_published_revoke(&p.pool.published, PEER_USER);
	assert_false(peer_handshake(&p));
	assert_int_equal(diagnostics_id(), 1000);
	peer_publish(&p, false);
}

static void
keeps_few_associations(void **state)
{
	(void)state;
	for (int i = 0; i < SIPCONN_ASSOCS; i++)
		assert_true(peer_handshake(&p));
	peer_signed(&p, p.sa, NULL);
	assert_int_equal(p.status, 200);
}

/* After it has signed in, the real client subscribes; unsigned answers it would drop. */
static void
serves_signed_subscriptions(void **state)
{
	struct sip_signed v;
	char text[4096];
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	sip_endpoint_next(&p.endpoint, NULL, &v);
	v.method = STR_LIT("SUBSCRIBE");
	assert_true(sip_sa_sign(p.sa, &v, false, NULL, &b));
	for (int good = 1; good >= 0; good--) {
		snprintf(text, sizeof(text),
		    "SUBSCRIBE sip:alice@lab.example SIP/2.0\r\nVia: SIP/2.0/tls a:1\r\n"
		    "From: <sip:alice@lab.example>;tag=%s;epid=STEpid\r\n"
		    "To: <sip:alice@lab.example>\r\nCall-ID: %s\r\nCSeq: %s SUBSCRIBE\r\n"
		    "Event: vnd-microsoft-roaming-contacts\r\n%s%s%sContent-Length: "
		    "0\r\n\r\n",
		    p.endpoint.tag, p.endpoint.call_id, p.endpoint.cseq_text,
		    good ? "Authorization: " : "", good ? b.data : "",
		    good ? "\r\n" : "");
		peer_send(&p, text);
		assert_int_equal(p.status, good ? 200 : 401);
		if (!good)
			break;
		assert_true(peer_answer_verifies(&p));
		assert_true(
		    str_eq(sip_msg_body(p.reply), "<contactList deltaNum=\"1\"/>"));
	}
	buf_free(&b);
}

/* Which status comes of a fault, at which step, and whether its signature is right. */
static const struct fault_case {
	const char *name; /* also the words */
	unsigned challenge, logon, logoff, id;
	bool verifies;
} fault_cases[] = {
	{ "challenge=refuse", 403, 200, 200, 4003, true },
	{ "challenge=sip-503:2", 503, 200, 200, 2, true },
	{ "challenge=garbage", 0, 200, 200, 0, true },
	{ "challenge=drop", 0, 200, 200, 0, true },
	{ "challenge=stall", 0, 200, 200, 0, true },
	{ "challenge=redirect:pool02:5061", 301, 200, 200, 0, true },
	{ "challenge=skew:5", 401, 200, 200, 0, true },
	{ "register=refuse", 401, 403, 200, 4004, true },
	{ "register=sip-404:4005", 401, 404, 200, 4005, true },
	{ "register=sip-480:99999", 401, 480, 200, 99999, true },
	{ "register=redirect:pool02:5061", 401, 301, 200, 0, true },
	{ "register=bad-signature", 401, 200, 200, 0, false },
	{ "register=unsigned", 401, 200, 200, 0, false },
	{ "register=garbage", 401, 0, 200, 0, false },
	{ "register=drop", 401, 0, 200, 0, false },
	{ "tls-dsk=bad-signature", 401, 200, 200, 0, false },
	{ "log-off=refuse", 401, 200, 403, 4000, true },
	{ "log-off=sip-503", 401, 200, 503, 0, true },
	{ "log-off=stall", 401, 200, 0, 0, true },
};

static void
check_fault(void **state)
{
	const struct fault_case *c = *state;
	unsigned id = 0;

	fresh(state);
	peer_fault(&p, c->name);
	peer_register(&p, NULL, NULL);
	assert_int_equal(p.status, c->challenge);
	id += diagnostics_id();
	assert_true(peer_handshake(&p));
	peer_signed(&p, p.sa, NULL);
	assert_int_equal(p.status, c->logon);
	assert_int_equal(peer_answer_verifies(&p), c->verifies);
	id += diagnostics_id();
	peer_signed(&p, p.sa, "0");
	assert_int_equal(p.status, c->logoff);
	id += diagnostics_id();
	assert_int_equal(id, c->id);
}

static const struct handshake_case {
	const char *name;
	unsigned status, id;
} handshakes[] = {
	{ "tls-dsk=refuse", 403, 1000 },
	{ "tls-dsk=sip-403:4004", 403, 4004 },
	{ "tls-dsk=drop", 0, 0 },
	{ "tls-dsk=stall", 0, 0 },
	{ "tls-dsk=garbage", 0, 0 },
	{ "tls-dsk=garbage:content", 401, 0 },
};

static void
check_handshake(void **state)
{
	const struct handshake_case *c = *state;

	fresh(state);
	peer_fault(&p, c->name);
	assert_false(peer_handshake(&p));
	assert_int_equal(p.status, c->status);
	assert_int_equal(diagnostics_id(), c->id);
}

static void
oversize_is_more_than_a_client_takes(void **state)
{
	(void)state;
	peer_fault(&p, "challenge=oversize");
	peer_register(&p, NULL, NULL);
	assert_true(strlen(p.text) > 65536);
}

RUN_CASES(TEST(set_up), TEST_WITH(challenges_first, fresh, NULL),
    TEST_WITH(logs_on_and_off, logged_on, NULL),
    TEST_WITH(cnum_may_come_once_and_not_too_late, logged_on, NULL),
    TEST_WITH(refuses_other_keys, logged_on, NULL),
    TEST_WITH(refuses_an_association_of_another_user, logged_on, NULL),
    TEST_WITH(refuses_an_old_cseq, fresh, NULL),
    TEST_WITH(refuses_who_is_unknown_or_disabled, logged_on, NULL),
    TEST_WITH(refuses_certificates, fresh, NULL),
    TEST_WITH(keeps_few_associations, fresh, NULL),
    TEST_WITH(serves_signed_subscriptions, logged_on, NULL),
    ROWS("fault", fault_cases, check_fault),
    ROWS("handshake", handshakes, check_handshake),
    TEST_WITH(oversize_is_more_than_a_client_takes, fresh, NULL), TEST(tear_down));
