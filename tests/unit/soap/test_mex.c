/* soap/mex: metadata as the lab and as WCF write it, and what is said when something is
 * missing. */
#include "soaptest.h"

#include "soap/mex.h"

#define ISSUER "https://web.lab.example/WebTicket/WebTicketService.svc"
#define SERVICE                                                                          \
	"https://web.lab.example/CertProv/CertProvisioningService.svc/WebTicket_Proof"

static const struct good_case {
	const char *name, *file, *from, *to;
	bool proof;
} goods[] = {
	{ "metadata of the lab", "mex-certprov.xml", "", "", true },
	{ "metadata like WCF's", "mex-certprov-wcf.xml", "", "", true },
	{ "bearer ticket", "mex-certprov.xml", "<sp:EndorsingSupportingTokens>",
	    "<sp:SignedSupportingTokens>", false },
	{ "proof is preferred to bearer", "mex-certprov.xml",
	    "<sp:EndorsingSupportingTokens>",
	    "<sp:SignedSupportingTokens><wsp:Policy><sp:IssuedToken><sp:Issuer><wsa10:"
	    "Address>"
	    "https://wrong.example/</wsa10:Address></sp:Issuer></sp:IssuedToken></"
	    "wsp:Policy>"
	    "</sp:SignedSupportingTokens><sp:EndorsingSupportingTokens>",
	    true },
	{ "first way down ends nowhere", "mex-certprov.xml",
	    "<sp:EndorsingSupportingTokens>",
	    "<sp:EndorsingSupportingTokens/><sp:EndorsingSupportingTokens>", true },
};

static void
check_good(void **state)
{
	const struct good_case *tc = *state;
	char *text = golden(tc->file);
	struct mex_certprov m;
	struct err err;

	if (!tc->proof)
		text = swap(text, "</sp:EndorsingSupportingTokens>",
		    "</sp:SignedSupportingTokens>");
	text = swap(text, tc->from, tc->to);
	assert_true(mex_parse_certprov(str_of(text), &m, &err));
	assert_string_equal(m.issuer, ISSUER);
	assert_string_equal(m.service, SERVICE);
	assert_int_equal(m.proof, tc->proof);
	free(text);
}

static const struct spoil_case {
	const char *name, *from, *to, *says;
} spoils[] = {
	{ "not WSDL", "http://schemas.xmlsoap.org/wsdl/\"", "urn:x\"",
	    "wsdl:definitions expected, found definitions in \"urn:x\"" },
	{ "HTML page", "<?xml", "<html><?xml", "HTML page" },
	{ "no policy", "WebTicketProof_SHA1_policy", "Anon_policy",
	    "no wsp:Policy with wsu:Id "
	    "CertProvisioningServiceWebTicketProof_SHA1_policy" },
	{ "policy of another namespace", "ws/2004/09/policy", "ws/2002/12/policy",
	    "no wsp:Policy with wsu:Id" },
	{ "Id of no namespace", "wsu:Id=", "Id=", "no wsp:Policy with wsu:Id" },
	{ "policy not at the top", "<wsp:Policy wsu:Id",
	    "<wsp:Policy><wsp:Policy "
	    "wsu:Id=\"CertProvisioningServiceWebTicketProof_SHA1_policy\"/>"
	    "</wsp:Policy><wsp:Policy wsu:Ix",
	    "no wsp:Policy with wsu:Id" },
	{ "no supporting tokens", "ws-securitypolicy/200702", "ws-securitypolicy/1",
	    "names no issuer of tokens" },
	{ "no issuer", "<wsa10:Address>https", "<wsa10:Address xmlns:wsa10='urn:x'>https",
	    "names no issuer of tokens" },
	{ "issuer without TLS", ">https://web", ">http://web",
	    "issuer of web tickets is not an https URL: "
	    "http://web.lab.example/WebTicket/" },
	{ "empty issuer", ISSUER, " ", "issuer of web tickets is not an https URL: " },
	{ "issuer without a host", ISSUER, "https://", "is not an https URL: https://" },
	{ "issuer with a line break", "WebTicketService.svc<", "WebTicket\r\nX-Evil: 1<",
	    "has an octet that no URL has" },
	{ "issuer with a letter that is not ASCII", "WebTicketService.svc<", "\xc3\xa4<",
	    "has an octet that no URL has" },
	{ "port outside a service", "<wsdl:service name=\"CertProvisioningService\">",
	    "<wsdl:service xmlns:wsdl=\"urn:x\">", "no wsdl:port" },
	{ "port without address", "soap:address", "soap:adress",
	    "no soap:address location in port "
	    "CertProvisioningServiceWebTicketProof_SHA1" },
	{ "address without location",
	    "location=", "place=", "no soap:address location in port" },
	{ "address without TLS", "location=\"https", "location=\"ftp",
	    "address of port CertProvisioningServiceWebTicketProof_SHA1 is not an https "
	    "URL: ftp://" },
};

/* There are ports, but not this one: the method is switched off. */
static const struct spoil_case offered[] = {
	{ "another port", "port name=\"Cert", "port name=\"XCert",
	    "no port for web tickets (CertProvisioningServiceWebTicketProof_SHA1) among: "
	    "XCert" },
	{ "port name differs in case", "port name=\"Cert", "port name=\"cert",
	    "among: certProvisioningServiceWebTicketProof_SHA1" },
};

static void
check_offered(void **state)
{
	const struct spoil_case *tc = *state;
	char *text = swap(golden("mex-certprov.xml"), tc->from, tc->to);
	struct mex_certprov m;
	struct err err;

	assert_false(mex_parse_certprov(str_of(text), &m, &err));
	assert_int_equal(err.cause, CAUSE_NOT_OFFERED);
	assert_has(err.detail, tc->says);
	free(text);
}

static void
check_spoiled(void **state)
{
	const struct spoil_case *tc = *state;
	char *text = swap(golden("mex-certprov.xml"), tc->from, tc->to);
	struct mex_certprov m, before;
	struct err err;

	memset(&m, 'x', sizeof(m));
	memcpy(&before, &m, sizeof(m));
	assert_false(mex_parse_certprov(str_of(text), &m, &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_has(err.detail, tc->says);
	assert_memory_equal(&m, &before, sizeof(m));
	free(text);
}

static void
url_is_limited(void **state)
{
	char *path = times("a", URL_MAX - 1 - strlen("https://w/"));
	char *text = swap(golden("mex-certprov.xml"), SERVICE, "https://w/@");
	struct mex_certprov m;
	struct err err;

	(void)state;
	text = swap(text, "@", path);
	assert_true(mex_parse_certprov(str_of(text), &m, &err));
	assert_int_equal(strlen(m.service), URL_MAX - 1);
	text = swap(text, "https://w/", "https://w/b");
	assert_false(mex_parse_certprov(str_of(text), &m, &err));
	assert_has(err.detail, "has 512 octets, more than 511");
	free(text);
	free(path);
}

static const char *const wanted[] = { "WebTicketServiceWinNegotiate",
	"WebTicketServiceWinNtlm", NULL };

static void
ports_are_read(void **state)
{
	char *text = golden("mex-ticket.xml");
	struct mex_ticket m;
	struct err err;

	(void)state;
	assert_true(mex_parse_ticket(str_of(text), wanted, &m, &err));
	assert_string_equal(m.url, ISSUER "/WinNegotiate");
	assert_string_equal(m.ports,
	    "WebTicketServiceWinNegotiate, WebTicketServiceWinNtlm, WebTicketServicePin");
	text = swap(
	    text, "port name=\"WebTicketServiceWinNe", "port name=\"WebTicketServiceX");
	assert_true(mex_parse_ticket(str_of(text), wanted, &m, &err));
	assert_string_equal(m.url, ISSUER "/WinNtlm");
	text = swap(text, "<wsdl:port name=\"WebTicketServicePin\">",
	    "</wsdl:service><wsdl:service>"
	    "<wsdl:port name=\"WebTicketServiceAnon\n\">");
	assert_true(mex_parse_ticket(str_of(text), wanted, &m, &err));
	assert_has(m.ports, ", WebTicketServiceAnon");
	free(text);
}

static void
missing_ports_are_empty(void **state)
{
	char *text = golden("mex-ticket.xml");
	struct mex_ticket m;
	struct err err;

	(void)state;
	text = swap(
	    text, "port name=\"WebTicketServiceWinN", "port name=\"WebTicketServiceX");
	text = swap(
	    text, "port name=\"WebTicketServiceWinN", "port name=\"WebTicketServiceY");
	assert_true(mex_parse_ticket(str_of(text), wanted, &m, &err));
	assert_string_equal(m.url, "");
	assert_string_equal(m.ports,
	    "WebTicketServiceXegotiate, WebTicketServiceYtlm, WebTicketServicePin");
	free(text);
}

static void
many_ports_are_cut(void **state)
{
	char *port = times("<wsdl:port name=\"0123456789\"/>", 50);
	char *text = swap(golden("mex-ticket.xml"), "</wsdl:service>", port);
	struct mex_ticket m;
	struct err err;

	(void)state;
	text = swap(text, "</wsdl:definitions>", "</wsdl:service></wsdl:definitions>");
	assert_true(mex_parse_ticket(str_of(text), wanted, &m, &err));
	assert_int_equal(strlen(m.ports), sizeof(m.ports) - 1);
	free(text);
	free(port);
}

static const struct spoil_case ticket_spoils[] = {
	{ "ticket: not WSDL", "wsdl:definitions name", "wsdl:service name", "not XML" },
	{ "ticket: no service", "<wsdl:service name=\"WebTicketService\">",
	    "<wsdl:service xmlns:wsdl='urn:x'>", "no wsdl:port in wsdl:service" },
	{ "ticket: address without TLS",
	    "https://web.lab.example/WebTicket/WebTicketService.svc/WinNtlm",
	    "http://web.lab.example/ntlm",
	    "address of port WebTicketServiceWinNtlm is not an https URL: "
	    "http://web.lab.example/ntlm" },
	{ "ticket: port without address", "<soap:address", "<soap:adress",
	    "no soap:address location in port WebTicketServiceWinNegotiate" },
};

static void
check_ticket_spoiled(void **state)
{
	const struct spoil_case *tc = *state;
	char *text = swap(golden("mex-ticket.xml"), tc->from, tc->to);
	struct mex_ticket m, before;
	struct err err;

	memset(&m, 'x', sizeof(m));
	memcpy(&before, &m, sizeof(m));
	assert_false(mex_parse_ticket(str_of(text), wanted, &m, &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_has(err.detail, tc->says);
	assert_memory_equal(&m, &before, sizeof(m));
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(url_is_limited),
		cmocka_unit_test(ports_are_read),
		cmocka_unit_test(missing_ports_are_empty),
		cmocka_unit_test(many_ports_are_cut),
	};
	struct CMUnitTest tests[COUNT(goods) + COUNT(spoils) + COUNT(offered) +
				COUNT(ticket_spoils) + COUNT(fixed)];
	size_t n = 0;

	ADD_CASES(tests, n, goods, check_good);
	ADD_CASES(tests, n, spoils, check_spoiled);
	ADD_CASES(tests, n, offered, check_offered);
	ADD_CASES(tests, n, ticket_spoils, check_ticket_spoiled);
	for (size_t i = 0; i < COUNT(fixed); i++)
		tests[n++] = fixed[i];
	return cmocka_run_group_tests(tests, xml_start, xml_stop);
}
