#include "tests/unit/cases.h"

#include <string.h>

#include <openssl/evp.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "edit.h"
#include "lab/ns.h"
#include "lab/paths.h"
#include "lab/ticket.h"
#include "lab/x509.h"
#include "lab/xmlsig.h"
#include "scratch.h"
#include "soap/fault.h"
#include "soap/webticket.h"

#define SERVICE "https://pool01.lab.example:8443" PATH_PROOF
#define NOW	1704067200 /* 2024-01-01T00:00:00Z */

static const struct webticket_request request = { .context = "c-1",
	.applies_to = SERVICE,
	.claim = "sip:alice@lab.example",
	.entropy = { 0, 1, 2, 3 } };

/* What our own client sends, which other tests compare with what real clients send. */
static void
build(struct buf *b)
{
	buf_init(b, 65536);
	webticket_build(&request, b);
}

static void
reads_a_request(void **state)
{
	struct soapfault fault;
	struct rst r;
	struct buf b;

	(void)state;
	build(&b);
	assert_true(rst_parse("\"" TICKET_ACTION "\"", buf_view(&b), &r, &fault));
	assert_string_equal(r.context, "c-1");
	assert_string_equal(r.applies_to, SERVICE);
	assert_string_equal(r.claim, "sip:alice@lab.example");
	assert_int_equal(r.entropy_len, WEBTICKET_ENTROPY);
	assert_memory_equal(r.entropy, request.entropy, WEBTICKET_ENTROPY);
	/* The newer request type is the same request. */
	edit(&b, "2005/02/trust/Issue", "2005/02/trust/Isue");
	assert_false(rst_parse(TICKET_ACTION, buf_view(&b), &r, &fault));
	edit(&b, "http://schemas.xmlsoap.org/ws/2005/02/trust/Isue", NS_WST "/Issue");
	assert_true(rst_parse(TICKET_ACTION, buf_view(&b), &r, &fault));
	buf_free(&b);
}

static const struct broken_case {
	const char *name, *action, *find, *replace, *code;
} broken[] = {
	{ "no SOAPAction", NULL, "Issue", "Issue", "ActionNotSupported" },
	{ "another SOAPAction", "\"urn:x\"", "Issue", "Issue", "ActionNotSupported" },
	{ "not XML", TICKET_ACTION, "</", "<", "InvalidRequest" },
	{ "another body", TICKET_ACTION, "RequestSecurityToken", "Request",
	    "InvalidRequest" },
	{ "trust namespace of the other service", TICKET_ACTION, NS_WST "\"",
	    NS_WST "/\"", "InvalidRequest" },
	{ "another token type", TICKET_ACTION, "#SAMLV1.1", "#SAMLV2.0",
	    "InvalidRequest" },
	{ "another request type", TICKET_ACTION, "trust/Issue", "trust/Renew",
	    "InvalidRequest" },
	{ "a bearer key", TICKET_ACTION, "SymmetricKey", "Bearer", "InvalidRequest" },
	{ "another service", TICKET_ACTION, "WebTicket_Proof", "Other", "InvalidScope" },
	{ "a service without TLS", TICKET_ACTION, "https://pool01", "http://pool01",
	    "InvalidScope" },
	{ "no AppliesTo", TICKET_ACTION, "AppliesTo", "ForService", "InvalidScope" },
	{ "a claim of another type", TICKET_ACTION, "claims/uri", "claims/upn",
	    "InvalidRequest" },
	{ "no claim", TICKET_ACTION, "Claims", "Wishes", "InvalidRequest" },
	{ "an empty claim", TICKET_ACTION, "sip:alice@lab.example", "",
	    "InvalidRequest" },
	{ "no entropy", TICKET_ACTION, "Entropy", "Chance", "InvalidRequest" },
	{ "entropy that is not base64", TICKET_ACTION, "AAECAw", "?AECAw",
	    "InvalidRequest" },
	{ "entropy of 15 octets", TICKET_ACTION,
	    "AAECAwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AAECAwAAAAAAAAAAAAAA",
	    "InvalidRequest" },
	{ "entropy of 66 octets", TICKET_ACTION,
	    "AAECAwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	    "AAECAwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAA"
	    "AAAAAAAA",
	    "InvalidRequest" },
};

static void
check_broken(void **state)
{
	const struct broken_case *c = *state;
	struct rst r = { .entropy_len = 7 };
	struct soapfault fault = { .code = "" };
	struct buf b;

	build(&b);
	edit(&b, c->find, c->replace);
	assert_false(rst_parse(c->action, buf_view(&b), &r, &fault));
	assert_string_equal(fault.code, c->code);
	assert_int_equal(r.entropy_len, 7);
	buf_free(&b);
}

static struct xmlsig *
open_xmlsig(void)
{
	const char *path = scratch_path("ticket.key");
	struct err err;
	EVP_PKEY *key = x509_make_key(&err);
	struct xmlsig *x;

	assert_non_null(key);
	assert_true(x509_write_key(path, key, &err));
	EVP_PKEY_free(key);
	x = xmlsig_new(path, &err);
	assert_non_null(x);
	return x;
}

static void
issues_what_the_client_reads(void **state)
{
	struct ticket_wish w = { .address = "alice@lab.example",
		.now = NOW,
		.issuer = "https://pool01.lab.example:8443" PATH_WEBTICKET,
		.life_s = TICKET_LIFE_S };
	struct tickets *t = tickets_new();
	struct xmlsig *x = open_xmlsig();
	struct webticket got;
	const struct ticket *k;
	struct soapfault fault;
	struct err err;
	struct rst r;
	struct buf b;

	(void)state;
	build(&b);
	assert_true(rst_parse(TICKET_ACTION, buf_view(&b), &r, &fault));
	buf_clear(&b);
	w.rst = &r;
	assert_true(tickets_issue(t, x, &w, &b, &err));
	assert_null(strchr(b.data, '\n')); /* the real client's digest needs one line */
	assert_true(webticket_parse(buf_view(&b), &request, &got, &err));
	assert_string_equal(got.created, "2024-01-01T00:00:00Z");
	assert_int_equal(got.expires_s, NOW + TICKET_LIFE_S);
	assert_true(got.proof);
	assert_non_null(strstr(got.assertion, "sip:alice@lab.example"));
	k = tickets_find(t, got.assertion_id);
	assert_non_null(k);
	assert_string_equal(k->address, "alice@lab.example");
	assert_string_equal(k->audience, SERVICE);
	assert_int_equal(k->expires_s, NOW + TICKET_LIFE_S);
	webticket_clear(&got);

	/* One that has ended has begun before. */
	buf_clear(&b);
	w.life_s = -60;
	assert_true(tickets_issue(t, x, &w, &b, &err));
	assert_true(webticket_parse(buf_view(&b), &request, &got, &err));
	assert_int_equal(got.expires_s, NOW - 60);
	assert_true(got.created_s < got.expires_s);
	webticket_clear(&got);
	buf_free(&b);
	xmlsig_free(x);
	tickets_free(t);
}

static void
forgets_the_oldest_ticket(void **state)
{
	struct rst r = { .context = "<&>", .applies_to = SERVICE, .entropy_len = 32 };
	struct ticket_wish w = { .rst = &r,
		.address = "a@lab.example",
		.issuer = "https://x",
		.now = NOW,
		.life_s = 60 };
	struct tickets *t = tickets_new();
	struct xmlsig *x = open_xmlsig();
	char first[TICKET_ID_MAX] = "";
	struct err err;

	(void)state;
	for (unsigned i = 0; i <= TICKETS_MAX; i++) {
		struct webticket got;
		struct buf b;

		buf_init(&b, 65536);
		assert_true(tickets_issue(t, x, &w, &b, &err));
		if (i == 0) {
			assert_true(webticket_parse(buf_view(&b), &request, &got, &err));
			str_copy(first, sizeof(first), str_of(got.assertion_id));
			webticket_clear(&got);
			assert_non_null(tickets_find(t, first));
		}
		buf_free(&b);
	}
	assert_null(tickets_find(t, first));
	assert_null(tickets_find(t, ""));
	xmlsig_free(x);
	tickets_free(t);
}

static void
faults_are_read_by_the_client(void **state)
{
	struct soapfault f = { NS_WSSE, "FailedAuthentication", "No <valid> token.",
		28020 };
	struct fault got;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	soapfault_build(&f, &b);
	assert_true(fault_parse(buf_view(&b), &got));
	assert_int_equal(got.id, 28020);
	assert_true(got.failed_authentication);
	assert_non_null(strstr(got.text, "No <valid> token."));
	f.id = 0;
	buf_clear(&b);
	soapfault_build(&f, &b);
	assert_true(fault_parse(buf_view(&b), &got));
	assert_int_equal(got.id, 0);
	buf_free(&b);
}

RUN_CASES(TEST(reads_a_request), ROWS("broken", broken, check_broken),
    TEST(issues_what_the_client_reads), TEST(forgets_the_oldest_ticket),
    TEST(faults_are_read_by_the_client));
