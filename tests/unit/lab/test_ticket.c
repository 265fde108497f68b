#include "tests/unit/cases.h"

#include <string.h>

#include <openssl/evp.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "edit.h"
#include "lab/autodiscover.h"
#include "lab/ns.h"
#include "lab/paths.h"
#include "lab/ticket.h"
#include "lab/x509.h"
#include "lab/xmlsig.h"
#include "scratch.h"
#include "signer.h"
#include "soap/autodiscover.h"
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
	struct lab_soapfault fault;
	struct lab_rst r;
	struct buf b;

	(void)state;
	build(&b);
	assert_true(lab_rst_parse("\"" TICKET_ACTION "\"", buf_view(&b), &r, &fault));
	assert_string_equal(r.context, "c-1");
	assert_string_equal(r.applies_to, SERVICE);
	assert_string_equal(r.claim, "sip:alice@lab.example");
	assert_int_equal(r.entropy_len, WEBTICKET_ENTROPY);
	assert_memory_equal(r.entropy, request.entropy, WEBTICKET_ENTROPY);
	/* The newer request type is the same request. */
	edit(&b, "2005/02/trust/Issue", "2005/02/trust/Isue");
	assert_false(lab_rst_parse(TICKET_ACTION, buf_view(&b), &r, &fault));
	edit(&b, "http://schemas.xmlsoap.org/ws/2005/02/trust/Isue", NS_WST "/Issue");
	assert_true(lab_rst_parse(TICKET_ACTION, buf_view(&b), &r, &fault));
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
	struct lab_rst r = { .entropy_len = 7 };
	struct lab_soapfault fault = { .code = "" };
	struct buf b;

	build(&b);
	edit(&b, c->find, c->replace);
	assert_false(lab_rst_parse(c->action, buf_view(&b), &r, &fault));
	assert_string_equal(fault.code, c->code);
	assert_int_equal(r.entropy_len, 7);
	buf_free(&b);
}

static void
issues_what_the_client_reads(void **state)
{
	struct lab_ticket_wish w = { .address = "alice@lab.example",
		.now = NOW,
		.issuer = "https://pool01.lab.example:8443" PATH_WEBTICKET,
		.life_s = TICKET_LIFE_S };
	struct lab_tickets *t = lab_tickets_new();
	struct lab_xmlsig *x = signer_new();
	struct webticket got;
	const struct lab_ticket *k;
	struct lab_soapfault fault;
	struct err err;
	struct lab_rst r;
	struct buf b;

	(void)state;
	build(&b);
	assert_true(lab_rst_parse(TICKET_ACTION, buf_view(&b), &r, &fault));
	buf_clear(&b);
	w.rst = &r;
	assert_true(lab_tickets_issue(t, x, &w, &b, &err));
	assert_null(strchr(b.data, '\n')); /* the real client's digest needs one line */
	assert_true(webticket_parse(buf_view(&b), &request, &got, &err));
	assert_string_equal(got.created, "2024-01-01T00:00:00Z");
	assert_int_equal(got.expires_s, NOW + TICKET_LIFE_S);
	assert_true(got.proof);
	assert_non_null(strstr(got.assertion, "sip:alice@lab.example"));
	k = lab_tickets_find(t, got.assertion_id);
	assert_non_null(k);
	assert_string_equal(k->address, "alice@lab.example");
	assert_string_equal(k->audience, SERVICE);
	assert_int_equal(k->expires_s, NOW + TICKET_LIFE_S);
	webticket_clear(&got);

	/* One that has ended has begun before. */
	buf_clear(&b);
	w.life_s = -60;
	assert_true(lab_tickets_issue(t, x, &w, &b, &err));
	assert_true(webticket_parse(buf_view(&b), &request, &got, &err));
	assert_int_equal(got.expires_s, NOW - 60);
	assert_true(got.created_s < got.expires_s);
	webticket_clear(&got);
	buf_free(&b);
	lab_xmlsig_free(x);
	lab_tickets_free(t);
}

static void
forgets_the_oldest_ticket(void **state)
{
	struct lab_rst r = { .context = "<&>", .applies_to = SERVICE, .entropy_len = 32 };
	struct lab_ticket_wish w = { .rst = &r,
		.address = "a@lab.example",
		.issuer = "https://x",
		.now = NOW,
		.life_s = 60 };
	struct lab_tickets *t = lab_tickets_new();
	struct lab_xmlsig *x = signer_new();
	char first[TICKET_ID_MAX] = "";
	struct err err;

	(void)state;
	for (unsigned i = 0; i <= TICKETS_MAX; i++) {
		struct webticket got;
		struct buf b;

		buf_init(&b, 65536);
		assert_true(lab_tickets_issue(t, x, &w, &b, &err));
		if (i == 0) {
			assert_true(webticket_parse(buf_view(&b), &request, &got, &err));
			str_copy(first, sizeof(first), str_of(got.assertion_id));
			webticket_clear(&got);
			assert_non_null(lab_tickets_find(t, first));
		}
		buf_free(&b);
	}
	assert_null(lab_tickets_find(t, first));
	assert_null(lab_tickets_find(t, ""));
	lab_xmlsig_free(x);
	lab_tickets_free(t);
}

/* ---- a ticket in an HTTP header ---- */

#define DISCOVER "https://pool01.lab.example:8443" PATH_DISCOVER_USER

static const struct header_case {
	const char *name, *applies_to, *before, *find, *replace, *behind;
	int64_t life_s;
	bool good;
} headers[] = {
	{ "as it was issued", DISCOVER, "opaque=", "", "", "", 60, true },
	{ "with blanks", DISCOVER, " Opaque = ", "", "", " ", 60, true },
	{ "for another service", SERVICE, "opaque=", "", "", "", 60, false },
	{ "over", DISCOVER, "opaque=", "", "", "", 0, false },
	{ "of another kind", DISCOVER, "cwt=", "", "", "", 60, false },
	{ "without kind", DISCOVER, "", "", "", "", 60, false },
	{ "altered", DISCOVER, "opaque=", "alice", "bobby", "", 60, false },
	{ "not XML", DISCOVER, "opaque=", "<saml:Assertion", "", "", 60, false },
	{ "unsigned", DISCOVER, "opaque=", "SignedInfo", "Other", "", 60, false },
	{ "not base64", DISCOVER, "opaque=", "", "", "!", 60, false },
};

static void
check_header(void **state)
{
	const struct header_case *c = *state;
	struct lab_rst r = { .context = "c", .entropy_len = 32 };
	struct lab_ticket_wish w = { .rst = &r,
		.address = "alice@lab.example",
		.issuer = "https://x",
		.now = NOW,
		.life_s = c->life_s };
	struct lab_tickets *t = lab_tickets_new();
	struct lab_xmlsig *x = signer_new();
	struct buf answer, assertion, header;
	struct webticket got;
	const char *whose;
	struct err err;

	str_copy(r.applies_to, sizeof(r.applies_to), str_of(c->applies_to));
	buf_init(&answer, 65536);
	buf_init(&assertion, 65536);
	buf_init(&header, 65536);
	assert_true(lab_tickets_issue(t, x, &w, &answer, &err));
	assert_true(webticket_parse(buf_view(&answer), &request, &got, &err));
	buf_add(&assertion, got.assertion, got.assertion_len);
	if (c->find[0] != '\0')
		edit(&assertion, c->find, c->replace);
	buf_puts(&header, c->before);
	crypto_base64(&header, assertion.data, assertion.len);
	buf_puts(&header, c->behind);
	whose = lab_autodiscover_ticket(buf_view(&header), t, x, NOW);
	if (c->good) {
		assert_non_null(whose);
		assert_string_equal(whose, "alice@lab.example");
	} else {
		assert_null(whose);
	}
	webticket_clear(&got);
	buf_free(&answer);
	buf_free(&assertion);
	buf_free(&header);
	lab_xmlsig_free(x);
	lab_tickets_free(t);
}

/* Documents are read by the client's own code, and JSON looks like JSON. */
static void
documents_are_read_by_the_client(void **state)
{
	struct lab_autodiscover_links links = { .user = "https://a/user?a=b&c=\"d\"",
		.self = "https://a/" };
	struct lab_autodiscover_registrar registrar = { "pool01.lab.example", 5067 };
	struct autodiscover got;
	struct err err;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	lab_autodiscover_root_xml(&links, &b);
	assert_true(
	    autodiscover_parse(STR_LIT(AUTODISCOVER_TYPE), buf_view(&b), &got, &err));
	assert_string_equal(got.user, links.user);
	assert_string_equal(got.redirect, "");
	assert_string_equal(got.access, "Internal");
	buf_clear(&b);
	lab_autodiscover_user_xml(&registrar, &links, &b);
	assert_true(
	    autodiscover_parse(STR_LIT(AUTODISCOVER_TYPE), buf_view(&b), &got, &err));
	assert_true(got.is_user);
	assert_string_equal(autodiscover_registrar(&got)->fqdn, "pool01.lab.example");
	assert_int_equal(autodiscover_registrar(&got)->port, 5067);
	buf_clear(&b);
	lab_autodiscover_root_json(
	    &(struct lab_autodiscover_links){ .redirect = "https://b/" }, &b);
	assert_string_equal(buf_view(&b).p, "{\"_links\":{\"redirect\":{\"href\":"
					    "\"https://b/\"}}}");
	buf_free(&b);
}

static void
faults_are_read_by_the_client(void **state)
{
	struct lab_soapfault f = { NS_WSSE, "FailedAuthentication", "No <valid> token.",
		28020 };
	struct fault got;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	lab_soapfault_build(&f, &b);
	assert_true(fault_parse(buf_view(&b), &got));
	assert_int_equal(got.id, 28020);
	assert_int_equal(got.kind, FAULT_TOKEN);
	assert_non_null(strstr(got.text, "No <valid> token."));
	f.id = 0;
	buf_clear(&b);
	lab_soapfault_build(&f, &b);
	assert_true(fault_parse(buf_view(&b), &got));
	assert_int_equal(got.id, 0);
	buf_free(&b);
}

RUN_CASES(TEST(reads_a_request), ROWS("broken", broken, check_broken),
    TEST(issues_what_the_client_reads), TEST(forgets_the_oldest_ticket),
    ROWS("header", headers, check_header), TEST(documents_are_read_by_the_client),
    TEST(faults_are_read_by_the_client));
