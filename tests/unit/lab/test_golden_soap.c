/*
 * The lab's web services against messages kept as files, which the client's tests use
 * too: neither side can move without the other's files. Written from spec 03, 07 4.
 */
#include "tests/unit/soap/soaptest.h"

#include <openssl/evp.h>

#include "lab/certprov.h"
#include "lab/metadata.h"
#include "lab/ns.h"
#include "lab/soapfault.h"
#include "lab/ticket.h"
#include "lab/x509.h"
#include "lab/xmlsig.h"
#include "scratch.h"
#include "signer.h"

#define WEB	 "https://web.lab.example"
#define NOW	 1704067200 /* 2024-01-01T00:00:00Z */
#define INSTANCE "{4815e36e-4028-5c2f-99c6-7e95082e4fc8}"

/* White space counts: the real client searches the text (spec 07 4.3). */
static void
assert_file(struct buf *got, const char *file)
{
	char *wanted = golden(file);
	char *a = canonical(buf_view(got), "Envelope", 0),
	     *b = canonical(str_of(wanted), "Envelope", 0);

	assert_string_equal(a, b);
	free(a);
	free(b);
	free(wanted);
	buf_free(got);
}

static void
metadata_is_golden(void **state)
{
	char *certprov = golden("mex-certprov.xml"),
	     *ticket = golden("mex-ticket-lab.xml");
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	lab_metadata_certprov(WEB, WEB, true, &b);
	assert_same_xml(buf_view(&b), certprov, "definitions");
	buf_clear(&b);
	lab_metadata_webticket(WEB, true, &b);
	assert_same_xml(buf_view(&b), ticket, "definitions");
	buf_free(&b);
	free(certprov);
	free(ticket);
}

static void
answers_are_golden(void **state)
{
	struct lab_certprov_call c = { .entity = "alice@lab.example",
		.device = INSTANCE };
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	lab_certprov_answer(&c, STR_LIT("\x30\x03\x02\x01\x07"), 0, NULL, &b);
	assert_file(&b, "certprov-response-lab.xml");
	buf_init(&b, 65536);
	lab_certprov_answer(
	    &c, STR_NULL, CERTPROV_KEY, lab_certprov_error_text(CERTPROV_KEY), &b);
	assert_file(&b, "certprov-error.xml");
}

static void
faults_are_golden(void **state)
{
	static const struct lab_soapfault no_token = { NS_WSSE, "FailedAuthentication",
		SOAPFAULT_NO_TOKEN, 28020 };
	static const struct lab_soapfault claim = { NS_WST, "RequestFailed",
		SOAPFAULT_CLAIM, 0 };
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	lab_soapfault_build(&no_token, &b);
	assert_file(&b, "fault-no-token.xml");
	buf_init(&b, 65536);
	lab_soapfault_build(&claim, &b);
	assert_file(&b, "fault-claim.xml");
}

static void
the_diagnostics_header_is_golden(void **state)
{
	char *wanted = golden("../http/diagnostics-28000.txt");
	struct buf b;

	(void)state;
	wanted[strcspn(wanted, "\n")] = '\0';
	buf_init(&b, 1024);
	lab_soapfault_not_enabled("pool01.lab.example", &b);
	assert_string_equal(b.data, wanted);
	buf_free(&b);
	free(wanted);
}

/* The hand-written request, for a service that the lab has. */
static void
read_rst(struct lab_rst *r)
{
	char *text = swap(golden("rst.xml"), "?a=1&amp;b=2", "");
	struct lab_soapfault fault;

	assert_true(lab_rst_parse("\"" TICKET_ACTION "\"", str_of(text), r, &fault));
	free(text);
}

static void
the_ticket_request_is_read(void **state)
{
	struct lab_rst r;

	(void)state;
	read_rst(&r);
	assert_string_equal(r.context, "7d1f5a26-3d3c-4b0e-9a52-3b6f8c1d2e4f");
	assert_string_equal(
	    r.applies_to, WEB "/CertProv/CertProvisioningService.svc/WebTicket_Proof");
	assert_string_equal(r.claim, "sip:alice@lab.example");
	assert_int_equal(r.entropy_len, 32);
	for (unsigned i = 0; i < 32; i++)
		assert_int_equal(r.entropy[i], i);
}

static void
the_certificate_request_is_read(void **state)
{
	char *text = golden("certprov-request.xml");
	struct lab_certprov_call c = { .entity = "" };
	struct lab_soapfault fault;
	struct buf der;

	(void)state;
	buf_init(&der, 65536);
	c.pkcs10 = &der;
	assert_true(
	    lab_certprov_read("\"" CERTPROV_SOAP_ACTION "\"", str_of(text), &c, &fault));
	assert_string_equal(c.message_id, "uuid:0b6a4c56-6b31-4b76-8d0c-0d2f6a3f9d11");
	assert_string_equal(c.entity, "alice@lab.example");
	assert_string_equal(c.device, INSTANCE);
	assert_int_equal(der.len, 100);
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(der.data[i], i);
	buf_free(&der);
	free(text);
}

/* What is between the first `before` and the next `after` becomes `text`. */
static char *
fix(char *message, const char *before, const char *after, const char *text)
{
	char *from = strstr(message, before), *to, *old;

	assert_non_null(from);
	from += strlen(before);
	to = strstr(from, after);
	assert_non_null(to);
	old = strndup(from, (size_t)(to - from));
	assert_non_null(old);
	/* The id is in the signature's reference too. */
	while (strstr(message, old) != NULL)
		message = swap(message, old, text);
	free(old);
	return message;
}

/* All that is drawn or computed is put in place; everything else must be as written. */
static void
the_ticket_is_golden(void **state)
{
	struct lab_xmlsig *x = signer_new();
	struct lab_tickets *tickets = lab_tickets_new();
	struct lab_rst r;
	struct lab_ticket_wish w = { .rst = &r,
		.address = "alice@lab.example",
		.issuer = WEB "/WebTicket/WebTicketService.svc",
		.now = NOW,
		.life_s = TICKET_LIFE_S };
	struct buf b;
	struct err err;
	char *text;

	(void)state;
	read_rst(&r);
	buf_init(&b, 65536);
	assert_true(lab_tickets_issue(tickets, x, &w, &b, &err));
	text = strdup(b.data);
	assert_non_null(text);
	text = fix(text, "AssertionID=\"SamlSecurityToken-", "\"", "@");
	text = swap(swap(text, "SamlSecurityToken-@", "SamlSecurityToken-5f1c"),
	    "SamlSecurityToken-@", "SamlSecurityToken-5f1c");
	text = fix(text, "<ds:DigestValue>", "</", "the digest");
	text = fix(text, "<ds:SignatureValue>", "</", "the signature");
	text = fix(
	    text, "<BinarySecret>", "</", "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=");
	buf_clear(&b);
	buf_puts(&b, text);
	assert_file(&b, "rstr-signed.xml");
	free(text);
	lab_tickets_free(tickets);
	lab_xmlsig_free(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(metadata_is_golden),
		cmocka_unit_test(answers_are_golden),
		cmocka_unit_test(faults_are_golden),
		cmocka_unit_test(the_diagnostics_header_is_golden),
		cmocka_unit_test(the_ticket_request_is_read),
		cmocka_unit_test(the_certificate_request_is_read),
		cmocka_unit_test(the_ticket_is_golden),
	};

	return cmocka_run_group_tests(tests, xml_start, xml_stop);
}
