/* soap/certprov: the signed request from the specification, and the answers. */
#include "vector.h"

#define OCS "http://schemas.microsoft.com/OCS/AuthWebServices/"

static void
request_is_golden(void **state)
{
	struct certprov_request r = a_request();
	struct webticket t = a_ticket();
	char *wanted = golden("certprov-request.xml");
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	assert_true(certprov_build(&r, &t, &out));
	assert_same_xml(buf_view(&out), wanted, "Envelope");
	assert_has(out.data, t.assertion);
	assert_has(out.data,
	    "#Base64Binary\">\r\n"
	    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4"
	    "\r\n"
	    "OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiYw==\r\n</wsse:");
	buf_free(&out);
	webticket_clear(&t);
	free(wanted);
}

/* A bearer ticket: the same without the signature (spec 02 6.5). */
static void
request_with_a_bearer_ticket_is_golden(void **state)
{
	struct certprov_request r = a_request();
	struct webticket t = a_ticket();
	char *wanted = golden("certprov-request-bearer.xml");
	struct buf out;

	(void)state;
	t.proof = false;
	buf_init(&out, 65536);
	assert_true(certprov_build(&r, &t, &out));
	assert_same_xml(buf_view(&out), wanted, "Envelope");
	buf_free(&out);
	webticket_clear(&t);
	free(wanted);
}

/* A server canonicalises what it received: that must give the octets that were signed. */
static void
signed_pieces_survive_the_envelope(void **state)
{
	struct certprov_request r = a_request();
	struct webticket t = a_ticket();
	char *timestamp, *info;
	struct buf out, wanted;

	(void)state;
	buf_init(&out, 65536);
	buf_init(&wanted, 1024);
	assert_true(certprov_build(&r, &t, &out));
	timestamp = canonical(buf_view(&out), "Timestamp", 0);
	info = canonical(buf_view(&out), "SignedInfo", 0);
	webticket_timestamp(CREATED, EXPIRES, &wanted);
	assert_string_equal(timestamp, wanted.data);
	buf_clear(&wanted);
	webticket_signed_info("l0mIK3tr1jGQ7xhijGYHwiQaBnQ=", &wanted);
	assert_string_equal(info, wanted.data);
	buf_free(&wanted);
	buf_free(&out);
	free(info);
	free(timestamp);
	webticket_clear(&t);
}

static void
request_is_escaped(void **state)
{
	struct certprov_request r = a_request();
	struct webticket t = a_ticket();
	struct xml_doc *d;
	struct buf out, entity;
	struct err err;

	(void)state;
	r.entity = "a\"<evil x='&amp;'/>@lab.example";
	r.to = "https://h/?a&b<evil/>";
	buf_init(&out, 65536);
	buf_init(&entity, 100);
	assert_true(certprov_build(&r, &t, &out));
	d = xml_parse(buf_view(&out), &err);
	assert_non_null(d);
	assert_null(xml_find(xml_root(d), NULL, "evil"));
	assert_true(xml_attr(
	    xml_find(xml_root(d), OCS, "GetAndPublishCert"), NULL, "Entity", &entity));
	assert_string_equal(entity.data, r.entity);
	xml_free(d);
	buf_free(&entity);
	buf_free(&out);
	webticket_clear(&t);
}

static void
request_needs_room(void **state)
{
	struct certprov_request r = a_request();
	struct webticket t = a_ticket();
	struct buf out;

	(void)state;
	for (size_t max = 0; max < 3000; max += 100) {
		buf_init(&out, max);
		assert_false(certprov_build(&r, &t, &out));
		buf_free(&out);
	}
	webticket_clear(&t);
}

static const struct good_case {
	const char *name, *from, *to;
} goods[] = {
	{ "white space in base64", "", "" },
	{ "WS-Trust without the slash", "ws-trust/200512/\"", "ws-trust/200512\"" },
	{ "SOAP 1.2", "http://schemas.xmlsoap.org/soap/envelope/",
	    "http://www.w3.org/2003/05/soap-envelope" },
	{ "says success", "Response xmlns", "Response ResponseClass=\"Success\" xmlns" },
	{ "no echo",
	    " DeviceId=\"{4815e36e-4028-5c2f-99c6-7e95082e4fc8}\" "
	    "Entity=\"alice@lab.example\"",
	    "" },
};

static void
check_good(void **state)
{
	static const char wanted[] = "before\x30\x03\x02\x01\x07";
	const struct good_case *tc = *state;
	char *text = swap(golden("certprov-response.xml"), tc->from, tc->to);
	struct buf der;
	struct err err;

	buf_init(&der, 100);
	buf_puts(&der, "before");
	assert_true(certprov_parse(str_of(text), &der, &err));
	assert_int_equal(der.len, sizeof(wanted) - 1);
	assert_memory_equal(der.data, wanted, der.len);
	buf_free(&der);
	free(text);
}

#define TOKEN "<wst:RequestSecurityTokenResponse>"
#define FAULT                                                                            \
	"<s:Fault><faultcode>a:InvalidSecurity</faultcode><faultstring>old</"            \
	"faultstring>"                                                                   \
	"<detail><Ms-Diagnostics-Fault><ErrorId>28020</ErrorId></"                       \
	"Ms-Diagnostics-Fault></detail>"                                                 \
	"</s:Fault>"

static const struct bad_case {
	const char *name, *from, *to;
	enum cause cause;
	long code;
	const char *detail, *said;
} bads[] = {
	{ "ErrorInfo of the lab", TOKEN,
	    "<ErrorInfo ErrorCode=\"4\"><Reason>CSR refused</Reason>"
	    "</ErrorInfo>" TOKEN,
	    CAUSE_FAULT, 0, "ErrorInfo", "ErrorCode=4; Reason=CSR refused" },
	{ "ErrorInfo of another namespace, deep inside", TOKEN,
	    TOKEN "<x:a xmlns:x='urn:x'>"
		  "<x:ErrorInfo Code='1' x:Kind='k&#10;v'>\n <x:b><x:c "
		  "d='2'>text</x:c></x:b><x:e/>\n"
		  "</x:ErrorInfo></x:a>",
	    CAUSE_FAULT, 0, "ErrorInfo", "Code=1; Kind=k.v; d=2; c=text" },
	{ "ErrorInfo with text only", TOKEN, "<ErrorInfo> store down </ErrorInfo>" TOKEN,
	    CAUSE_FAULT, 0, "ErrorInfo", "ErrorInfo=store down" },
	{ "empty ErrorInfo", TOKEN, "<ErrorInfo/>" TOKEN, CAUSE_FAULT, 0, "ErrorInfo",
	    "" },
	{ "ResponseClass", "Response xmlns", "Response ResponseClass=\"Error\" xmlns",
	    CAUSE_FAULT, 0, "ResponseClass Error", "" },
	{ "fault", "<GetAndPublishCertResponse", FAULT "<GetAndPublishCertResponse",
	    CAUSE_FAULT, 28020, "SOAP fault", "a:InvalidSecurity: old" },
	{ "no envelope", "http://schemas.xmlsoap.org/soap/envelope/", "urn:x",
	    CAUSE_PROTOCOL, 0, "not a SOAP Envelope", "" },
	{ "no Body", "<s:Body>", "<s:Body xmlns:s='urn:x'>", CAUSE_PROTOCOL, 0,
	    "no Body in Envelope", "" },
	{ "no answer", OCS, OCS "x", CAUSE_PROTOCOL, 0,
	    "no GetAndPublishCertResponse in Body", "" },
	{ "no token response", TOKEN,
	    "<wst:RequestSecurityTokenResponse xmlns:wst='urn:x'>", CAUSE_PROTOCOL, 0,
	    "no RequestSecurityTokenResponse in GetAndPublishCertResponse", "" },
	{ "no token", "<wst:RequestedSecurityToken>",
	    "<wst:RequestedSecurityToken xmlns:wst='urn:x'>", CAUSE_PROTOCOL, 0,
	    "no RequestedSecurityToken in RequestSecurityTokenResponse", "" },
	{ "no certificate", "<wsse:BinarySecurityToken ",
	    "<wsse:BinarySecurityToken "
	    "xmlns:wsse='urn:x' ",
	    CAUSE_PROTOCOL, 0, "no BinarySecurityToken in RequestedSecurityToken", "" },
	{ "certificate is no base64", "MAMC", "M_MC", CAUSE_PROTOCOL, 0, "is not base64",
	    "" },
	{ "certificate is empty", "MAMC&#xD;\n\tAQc=", "", CAUSE_PROTOCOL, 0,
	    "is not base64", "" },
	{ "HTML page", "<s:Envelope", "<html>", CAUSE_PROTOCOL, 0, "HTML page", "" },
};

static void
check_bad(void **state)
{
	const struct bad_case *tc = *state;
	char *text = swap(golden("certprov-response.xml"), tc->from, tc->to);
	struct buf der;
	struct err err;

	buf_init(&der, 100);
	buf_puts(&der, "before");
	assert_false(certprov_parse(str_of(text), &der, &err));
	assert_int_equal(err.cause, tc->cause);
	assert_int_equal(err.code, tc->code);
	assert_has(err.detail, tc->detail);
	assert_string_equal(err.said, tc->said);
	assert_string_equal(der.data, "before");
	assert_false(der.failed);
	buf_free(&der);
	free(text);
}

/* The lab's own two answers, which it is held to as well. */
static void
answers_of_the_lab_are_read(void **state)
{
	char *good = golden("certprov-response-lab.xml"),
	     *bad = golden("certprov-error.xml");
	struct buf der;
	struct err err;

	(void)state;
	buf_init(&der, 100);
	assert_true(certprov_parse(str_of(good), &der, &err));
	assert_int_equal(der.len, 5);
	assert_memory_equal(der.data, "\x30\x03\x02\x01\x07", 5);
	assert_false(certprov_parse(str_of(bad), &der, &err));
	assert_int_equal(err.cause, CAUSE_FAULT);
	assert_string_equal(err.said,
	    "ErrorCode=4; "
	    "Reason=The key of the certificate request is not acceptable.");
	buf_free(&der);
	free(good);
	free(bad);
}

static void
certificate_is_limited(void **state)
{
	char *fit = times("AAAA", 21845), *over = times("AAAA", 21846);
	struct buf text, der;
	struct err err;

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *head = golden("certprov-response.xml"), *at = strstr(head, "MAMC");

		buf_init(&text, XML_SIZE_MAX);
		buf_init(&der, XML_SIZE_MAX);
		buf_add(&text, head, (size_t)(at - head));
		buf_puts(&text, i == 0 ? fit : over);
		buf_puts(&text, strstr(at, "</wsse:"));
		assert_int_equal(certprov_parse(buf_view(&text), &der, &err), i == 0);
		assert_int_equal(der.len, i == 0 ? 65535 : 0);
		buf_free(&der);
		buf_free(&text);
		free(head);
	}
	free(fit);
	free(over);
}

static void
long_error_info_is_cut(void **state)
{
	char *many = times("<a b=\"0123456789\">0123456789</a>", 2000);
	char *text = swap(
	    golden("certprov-response.xml"), TOKEN, "<ErrorInfo>@@</ErrorInfo>" TOKEN);
	struct buf der;
	struct err err;

	(void)state;
	buf_init(&der, 100);
	text = swap(text, "@@", many);
	assert_false(certprov_parse(str_of(text), &der, &err));
	assert_int_equal(err.cause, CAUSE_FAULT);
	assert_int_equal(strlen(err.said), sizeof(err.said) - 1);
	buf_free(&der);
	free(text);
	free(many);
}

int
main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(request_is_golden),
		cmocka_unit_test(request_with_a_bearer_ticket_is_golden),
		cmocka_unit_test(answers_of_the_lab_are_read),
		cmocka_unit_test(signed_pieces_survive_the_envelope),
		cmocka_unit_test(request_is_escaped),
		cmocka_unit_test(request_needs_room),
		cmocka_unit_test(certificate_is_limited),
		cmocka_unit_test(long_error_info_is_cut),
	};
	struct CMUnitTest tests[COUNT(goods) + COUNT(bads) + COUNT(fixed)];
	size_t n = 0;

	ADD_CASES(tests, n, goods, check_good);
	ADD_CASES(tests, n, bads, check_bad);
	for (size_t i = 0; i < COUNT(fixed); i++)
		tests[n++] = fixed[i];
	return cmocka_run_group_tests(tests, xml_start, xml_stop);
}
