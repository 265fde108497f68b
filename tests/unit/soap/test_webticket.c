/*
 * soap/webticket: the request from the specification, answers of several server versions,
 * the proof key and the signed pieces octet by octet.
 */
#include "soaptest.h"

#include "crypto/crypto.h"
#include "soap/webticket.h"
#include "soap/xml.h"

#define WSU                                                                              \
	"http://docs.oasis-open.org/wss/2004/01/"                                        \
	"oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define CREATED	       "2024-01-01T00:00:00Z"
#define EXPIRES	       "2024-01-01T08:00:00Z"
#define DIGEST_A       "l0mIK3tr1jGQ7xhijGYHwiQaBnQ="
#define SIGNATURE_A    "DZxefBQVWdL94afd7hHcS2sw++E="
#define SIGNATURE_NEG2 "iXaEHve9HFF3gWujFYdoUlLQ3ck="
#define PROOF_KEY      "2f738c0d36c86c17dc1c0c4578d6a194847b817095b34c840403604f0947ac4c"

/* The canonical forms of spec 06 section 4, case A. */
static char *timestamp_a, *signed_info_a;

static int
start(void **state)
{
	timestamp_a = golden("timestamp.c14n");
	signed_info_a = golden("signed-info.c14n");
	return xml_start(state);
}

static int
stop(void **state)
{
	free(timestamp_a);
	free(signed_info_a);
	return xml_stop(state);
}

/* Entropy 00..1f, as in the vectors. */
static struct webticket_request
a_request(void)
{
	struct webticket_request r = {
		.context = "7d1f5a26-3d3c-4b0e-9a52-3b6f8c1d2e4f",
		.applies_to =
		    "https://web.lab.example/CertProv/CertProvisioningService.svc"
		    "/WebTicket_Proof?a=1&b=2",
		.claim = "sip:alice@lab.example",
	};

	for (unsigned i = 0; i < sizeof(r.entropy); i++)
		r.entropy[i] = (uint8_t)i;
	return r;
}

static bool
parse(const char *text, struct webticket *ret, struct err *err)
{
	struct webticket_request r = a_request();

	err_clear(err);
	return webticket_parse(str_of(text), &r, ret, err);
}

static void
request_is_golden(void **state)
{
	struct webticket_request r = a_request();
	char *wanted = golden("rst.xml");
	struct buf out;

	(void)state;
	buf_init(&out, 8192);
	webticket_build(&r, &out);
	assert_false(out.failed);
	assert_same_xml(buf_view(&out), wanted, "Envelope");
	assert_null(strstr(out.data, ">\n"));
	buf_free(&out);
	free(wanted);
}

static void
request_is_escaped(void **state)
{
	struct webticket_request r = a_request();
	struct buf out, text;
	struct xml_doc *d;
	struct err err;

	(void)state;
	r.context = "\"><evil a=\"";
	r.claim = "sip:</auth:Value>]]>&<'\x01@x";
	buf_init(&out, 8192);
	buf_init(&text, 100);
	webticket_build(&r, &out);
	d = xml_parse(buf_view(&out), &err);
	assert_non_null(d);
	assert_null(xml_find(xml_root(d), NULL, "evil"));
	xml_text(xml_find(xml_root(d), NULL, "Value"), &text);
	assert_string_equal(text.data, "sip:</auth:Value>]]>&<'?@x");
	xml_free(d);
	buf_free(&text);
	buf_free(&out);
}

static void
signed_pieces_are_canonical(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	webticket_timestamp(CREATED, EXPIRES, &out);
	assert_string_equal(out.data, timestamp_a);
	assert_int_equal(out.len, 239);
	buf_clear(&out);
	webticket_signed_info(DIGEST_A, &out);
	assert_string_equal(out.data, signed_info_a);
	assert_int_equal(out.len, 535);
	buf_free(&out);
}

static const struct variant {
	const char *name, *file, *assertion; /* as it stands, or its file */
} variants[] = {
	{ "answer of the lab", "rstr-lab.xml", "assertion.xml" },
	{ "answer of the lab, a whole signed ticket", "rstr-signed.xml",
	    "assertion-signed.xml" },
	{ "default namespaces, other order, white space in base64", "rstr-default-ns.xml",
	    "<Assertion xmlns=\"urn:oasis:names:tc:SAML:1.0:assertion\" "
	    "AssertionID=\"SamlSecurityToken-5f1c\"><Subject/></Assertion>" },
	{ "prefixes of an ancestor, fake end tags", "rstr-prefixed.xml",
	    "<saml1:Assertion xmlns:saml1=\"urn:oasis:names:tc:SAML:1.0:assertion\" "
	    "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
	    "AssertionID='SamlSecurityToken-5f1c' Note=\"a > b\"><!-- </saml1:Assertion> "
	    "-->"
	    "<saml1:AttributeValue "
	    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
	    "xsi:type='xs:string'><![CDATA[</saml1:Assertion>]]></saml1:AttributeValue>"
	    "</saml1:Assertion>" },
	{ "wsu declared again on each time, no collection", "rstr-repeated-ns.xml",
	    "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\" "
	    "AssertionID=\"SamlSecurityToken-5f1c\"/>" },
};

static void
assert_key(const struct webticket *t, const char *hex)
{
	char key[2 * WEBTICKET_ENTROPY + 1];

	crypto_hex(key, t->key, sizeof(t->key));
	assert_string_equal(key, hex);
}

static void
check_ticket(const struct webticket *t)
{
	assert_true(t->proof);
	assert_key(t, PROOF_KEY);
	assert_string_equal(t->assertion_id, "SamlSecurityToken-5f1c");
	assert_string_equal(t->created, CREATED);
	assert_string_equal(t->expires, EXPIRES);
	assert_int_equal(t->created_s, 1704067200);
	assert_int_equal(t->expires_s, 1704067200 + 8 * 3600);
	assert_int_equal(strlen(t->assertion), t->assertion_len);
}

/* The signature must not depend on how the server writes its Lifetime. */
static void
check_variant(void **state)
{
	const struct variant *v = *state;
	char *text = golden(v->file);
	char *assertion =
	    v->assertion[0] == '<' ? strdup(v->assertion) : golden(v->assertion);
	struct webticket t = { .assertion = NULL };
	struct err err;
	struct buf out;

	assert_true(parse(text, &t, &err));
	check_ticket(&t);
	assert_string_equal(t.assertion, assertion);
	buf_init(&out, 65536);
	assert_true(webticket_security(&t, &out));
	assert_has(out.data, timestamp_a);
	assert_has(out.data, assertion);
	assert_has(out.data, signed_info_a);
	assert_has(out.data, "<SignatureValue>" SIGNATURE_A "</SignatureValue>");
	buf_free(&out);
	webticket_clear(&t);
	assert_null(t.assertion);
	webticket_clear(&t);
	free(assertion);
	free(text);
}

/* What is true elsewhere in the assertion is not true of the ticket. */
static void
decoys_are_not_taken(void **state)
{
	char *text = golden("rstr-decoys.xml");
	struct webticket t;
	struct err err;

	(void)state;
	assert_true(parse(text, &t, &err));
	check_ticket(&t);
	assert_has(t.assertion, "AssertionID=\"decoy\"");
	assert_has(t.assertion,
	    "xmlns:wst=\"http://docs.oasis-open.org/ws-sx/ws-trust/200512\"");
	assert_has(t.assertion, "xmlns:wsu=\"" WSU "\"");
	webticket_clear(&t);
	free(text);
}

static void
bearer_has_no_key(void **state)
{
	char *text = golden("rstr-lab.xml");
	struct webticket t;
	struct err err;
	struct buf out;

	(void)state;
	text = swap(text,
	    "<RequestedProofToken><ComputedKey>http://docs.oasis-open.org/ws-sx/"
	    "ws-trust/200512/CK/PSHA1</ComputedKey></RequestedProofToken>",
	    "");
	assert_true(parse(text, &t, &err));
	assert_false(t.proof);
	buf_init(&out, 65536);
	assert_true(webticket_security(&t, &out));
	assert_has(out.data, timestamp_a);
	assert_has(out.data, t.assertion);
	assert_null(strstr(out.data, "Signature"));
	buf_free(&out);
	webticket_clear(&t);
	free(text);
}

/* Each row spoils the lab's answer in one place. */
static const struct spoil_case {
	const char *name, *from, *to;
	const char *says;
} spoils[] = {
	{ "not SOAP", "http://schemas.xmlsoap.org/soap/envelope/", "urn:x",
	    "not a SOAP Envelope but Envelope in \"urn:x\"" },
	{ "no Body", "<s:Body>", "<s:Body xmlns:s='urn:x'>", "no Body in Envelope" },
	{ "no response",
	    "<RequestSecurityTokenResponse Context=\"7d1f5a26-3d3c-4b0e-9a52-"
	    "3b6f8c1d2e4f\">",
	    "<x/><RequestSecurityTokenResponse xmlns=\"urn:x\">",
	    "no RequestSecurityTokenResponse in RequestSecurityTokenResponseCollection" },
	{ "other WS-Trust", "ws-sx/ws-trust/200512\"", "ws-sx/ws-trust/200512/\"",
	    "no RequestSecurityTokenResponse in Body" },
	{ "no token", "<RequestedSecurityToken>",
	    "<RequestedSecurityToken xmlns='urn:x'>",
	    "no RequestedSecurityToken in RequestSecurityTokenResponse" },
	{ "token of another kind", "<saml:Assertion ",
	    "<saml:EncryptedData xmlns:saml=\"urn:x\"/><saml:Assertion ",
	    "the token is EncryptedData, not a SAML 1.1 Assertion" },
	{ "SAML 2.0", "\"urn:oasis:names:tc:SAML:1.0:assertion\"",
	    "\"urn:oasis:names:tc:SAML:2.0:assertion\"", "not a SAML 1.1 Assertion" },
	{ "no AssertionID", " AssertionID=\"", " ID=\"", "no AssertionID at Assertion" },
	{ "empty AssertionID", "SamlSecurityToken-5f1c", "",
	    "no AssertionID at Assertion" },
	{ "no Lifetime", "<Lifetime>", "<Lifetime xmlns='urn:x'>",
	    "no Lifetime in RequestSecurityTokenResponse" },
	{ "no Created", "<wsu:Created>" CREATED "</wsu:Created>", "",
	    "no Created in Lifetime" },
	{ "no Expires", "<wsu:Expires>" EXPIRES "</wsu:Expires>", "",
	    "no Expires in Lifetime" },
	{ "Created of another namespace", "<wsu:Created>",
	    "<wsu:Created xmlns:wsu='urn:x'>", "no Created in Lifetime" },
	{ "Created is no time", "<wsu:Created>" CREATED, "<wsu:Created>yesterday",
	    "Created is not a time: yesterday" },
	{ "Created is empty", "<wsu:Created>" CREATED, "<wsu:Created>",
	    "Created is not a time: " },
	{ "Expires is no time", "<wsu:Expires>" EXPIRES,
	    "<wsu:Expires>2024-01-01T25:00:00Z",
	    "Expires is not a time: 2024-01-01T25:00:00Z" },
	{ "time that smuggles elements", "<wsu:Expires>" EXPIRES,
	    "<wsu:Expires>" EXPIRES "&lt;x/>", "Expires is not a time" },
	{ "time with a very long fraction", "<wsu:Expires>" EXPIRES,
	    "<wsu:Expires>2024-01-01T08:00:00.00000000000000000000000000Z",
	    "Expires is not a time" },
	{ "ends when it begins", "<wsu:Expires>" EXPIRES, "<wsu:Expires>" CREATED,
	    "it expires (" CREATED ") before it is created (" CREATED ")" },
	{ "no ComputedKey", "<ComputedKey>", "<ComputedKey xmlns=\"urn:x\">",
	    "no ComputedKey in RequestedProofToken" },
	{ "other algorithm", "CK/PSHA1<", "CK/HASH<",
	    "computed by \"http://docs.oasis-open.org/ws-sx/ws-trust/200512/CK/HASH\"" },
	{ "no Entropy", "<Entropy>", "<Entropy xmlns=\"urn:x\">",
	    "no Entropy in RequestSecurityTokenResponse" },
	{ "no BinarySecret", "<BinarySecret>", "<BinarySecret xmlns=\"urn:x\">",
	    "no BinarySecret in Entropy" },
	{ "BinarySecret is no base64", "gIGCg4SF", "gIGC!4SF", "BinarySecret is not" },
	{ "BinarySecret is empty", "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=", "",
	    "BinarySecret is not" },
	{ "entropy of 15 octets", "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=",
	    "AAAAAAAAAAAAAAAAAAAA", "not base64 of 16 to 64 octets" },
	{ "entropy of 65 octets", "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAA"
	    "AAA=",
	    "not base64 of 16 to 64 octets" },
	{ "document type", "<s:Envelope", "<!DOCTYPE s:Envelope><s:Envelope",
	    "document type declaration" },
	{ "login page", "<s:Envelope", "<html>", "HTML page" },
};

static void
check_spoiled(void **state)
{
	const struct spoil_case *tc = *state;
	char *text = swap(golden("rstr-lab.xml"), tc->from, tc->to);
	struct webticket t, before;
	struct err err;

	memset(&t, 'x', sizeof(t));
	memcpy(&before, &t, sizeof(t));
	assert_false(parse(text, &t, &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_has(err.detail, tc->says);
	assert_memory_equal(&t, &before, sizeof(t));
	free(text);
}

static const struct limit_case {
	const char *name, *from, *to;
} fits[] = {
	{ "entropy of 16 octets",
	    "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=", "AAAAAAAAAAAAAAAAAAAAAA==" },
	{ "entropy of 64 octets", "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAA"
	    "AA==" },
	{ "times with fractions", "<wsu:Created>2024-01-01T00:00:00Z",
	    "<wsu:Created>2024-01-01T00:00:00.1234567Z" },
	{ "times with a zone", "<wsu:Created>2024-01-01T00:00:00Z",
	    "<wsu:Created>\n2024-01-01T02:00:00+02:00 " },
	{ "times without a zone", "<wsu:Created>2024-01-01T00:00:00Z",
	    "<wsu:Created>2024-01-01T00:00:00" },
	{ "SOAP 1.2", "http://schemas.xmlsoap.org/soap/envelope/",
	    "http://www.w3.org/2003/05/soap-envelope" },
	{ "space around base64", "gIGCg4SF", "\r\n\t gIGC\r\ng4S F" },
};

static void
check_fits(void **state)
{
	const struct limit_case *tc = *state;
	char *text = swap(golden("rstr-lab.xml"), tc->from, tc->to);
	struct webticket t;
	struct err err;

	assert_true(parse(text, &t, &err));
	assert_int_equal(t.created_s, 1704067200);
	assert_true(t.proof);
	webticket_clear(&t);
	free(text);
}

static void
id_is_limited(void **state)
{
	char *fit = times("i", 159), *over = times("i", 160);
	char *text = swap(golden("rstr-lab.xml"), "SamlSecurityToken-5f1c", fit);
	struct webticket t;
	struct err err;

	(void)state;
	assert_true(parse(text, &t, &err));
	assert_string_equal(t.assertion_id, fit);
	webticket_clear(&t);
	text = swap(text, fit, over);
	assert_false(parse(text, &t, &err));
	assert_has(err.detail, "AssertionID has 160 octets, more than 159");
	free(text);
	free(fit);
	free(over);
}

static void
id_is_escaped(void **state)
{
	char *text =
	    swap(golden("rstr-lab.xml"), "SamlSecurityToken-5f1c", "a&lt;b&amp;c");
	struct webticket t;
	struct err err;
	struct buf out;

	(void)state;
	assert_true(parse(text, &t, &err));
	assert_string_equal(t.assertion_id, "a<b&c");
	buf_init(&out, 65536);
	assert_true(webticket_security(&t, &out));
	assert_has(out.data, ">a&lt;b&amp;c</wsse:KeyIdentifier>");
	buf_free(&out);
	webticket_clear(&t);
	free(text);
}

static void
fault_is_told(void **state)
{
	static const char text[] =
	    "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>"
	    "<s:Body><s:Fault><faultcode>wsse:FailedAuthentication</faultcode>"
	    "<faultstring>no</"
	    "faultstring><detail><OCSDiagnosticsFault><Ms-Diagnostics-Fault>"
	    "<ErrorId>28020</ErrorId><Reason>No valid security token.</Reason>"
	    "</Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail></s:Fault></s:Body></"
	    "s:Envelope>";
	struct webticket t;
	struct err err;

	(void)state;
	assert_false(parse(text, &t, &err));
	assert_int_equal(err.cause, CAUSE_FAULT);
	assert_int_equal(err.code, 28020);
	assert_string_equal(
	    err.said, "wsse:FailedAuthentication: no; No valid security token.");
}

/* Vector neg 2: a server would refuse what the key of the wrong order signs. */
static void
order_of_the_entropies_matters(void **state)
{
	struct webticket t = { .assertion = NULL,
		.assertion_id = "x",
		.created = CREATED,
		.expires = EXPIRES,
		.proof = true };
	uint8_t client[WEBTICKET_ENTROPY], server[WEBTICKET_ENTROPY];
	struct buf out;

	(void)state;
	for (unsigned i = 0; i < WEBTICKET_ENTROPY; i++) {
		client[i] = (uint8_t)i;
		server[i] = (uint8_t)(0x80 + i);
	}
	assert_true(crypto_p_sha1((struct str){ (char *)client, sizeof(client) },
	    (struct str){ (char *)server, sizeof(server) }, t.key, sizeof(t.key)));
	assert_key(&t, PROOF_KEY);
	buf_init(&out, 8192);
	assert_true(webticket_security(&t, &out));
	assert_has(out.data, "<SignatureValue>" SIGNATURE_A "<");
	buf_clear(&out);
	assert_true(crypto_p_sha1((struct str){ (char *)server, sizeof(server) },
	    (struct str){ (char *)client, sizeof(client) }, t.key, sizeof(t.key)));
	assert_true(webticket_security(&t, &out));
	assert_has(out.data, "<SignatureValue>" SIGNATURE_NEG2 "<");
	buf_free(&out);
}

static void
no_room_is_noticed(void **state)
{
	struct webticket t = {
		.assertion = NULL, .created = CREATED, .expires = EXPIRES
	};
	struct buf out;

	(void)state;
	buf_init(&out, 300);
	assert_false(webticket_security(&t, &out));
	buf_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(request_is_golden),
		cmocka_unit_test(request_is_escaped),
		cmocka_unit_test(signed_pieces_are_canonical),
		cmocka_unit_test(decoys_are_not_taken),
		cmocka_unit_test(bearer_has_no_key),
		cmocka_unit_test(id_is_limited),
		cmocka_unit_test(id_is_escaped),
		cmocka_unit_test(fault_is_told),
		cmocka_unit_test(order_of_the_entropies_matters),
		cmocka_unit_test(no_room_is_noticed),
	};
	struct CMUnitTest
	    tests[COUNT(variants) + COUNT(spoils) + COUNT(fits) + COUNT(fixed)];
	size_t n = 0;

	ADD_CASES(tests, n, variants, check_variant);
	ADD_CASES(tests, n, spoils, check_spoiled);
	ADD_CASES(tests, n, fits, check_fits);
	for (size_t i = 0; i < COUNT(fixed); i++)
		tests[n++] = fixed[i];
	return cmocka_run_group_tests(tests, start, stop);
}
