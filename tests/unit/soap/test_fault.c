/* soap/fault: SOAP faults of both versions and X-Ms-diagnostics, as servers write. */
#include "soaptest.h"

#include "soap/fault.h"

#define AF "urn:component:Microsoft.Rtc.WebAuthentication.2010"
#define SOAP11(inside)                                                                   \
	"<s:Envelope "                                                                   \
	"xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Header/><s:Body>"        \
	"<s:Fault>" inside "</s:Fault></s:Body></s:Envelope>"
#define SOAP12(inside)                                                                   \
	"<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body>"         \
	"<e:Fault>" inside "</e:Fault></e:Body></e:Envelope>"

static const struct fault_case {
	const char *name, *in, *text;
	unsigned id;
	enum fault_kind kind;
} faults[] = {
	{ "1.1 with diagnostics",
	    SOAP11("<faultcode xmlns:o='urn:o'>o:FailedAuthentication"
		   "</faultcode><faultstring xml:lang='en-US'>Authentication "
		   "failed.</faultstring><detail>"
		   "<OCSDiagnosticsFault xmlns='" AF
		   "' xmlns:i='urn:i'><Ms-Diagnostics-Fault>"
		   "<ErrorId>28000</ErrorId><Reason>User is not SIP "
		   "enabled.</Reason><NameValuePairs/>"
		   "</Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail>"),
	    "o:FailedAuthentication: Authentication failed.; User is not SIP enabled.",
	    28000, FAULT_DISABLED },
	{ "1.1, a namespace on each element",
	    SOAP11(
		"<faultcode>x:InvalidSecurityToken</faultcode>"
		"<faultstring>no</faultstring><detail><a:OCSDiagnosticsFault "
		"xmlns:a='urn:a'>"
		"<b:Ms-Diagnostics-Fault xmlns:b='urn:b'><b:ErrorId> 28020\n</b:ErrorId>"
		"<b:Reason>why</b:Reason></b:Ms-Diagnostics-Fault></"
		"a:OCSDiagnosticsFault></detail>"),
	    "x:InvalidSecurityToken: no; why", 28020, FAULT_TOKEN },
	{ "1.1 without the inner element",
	    SOAP11("<faultcode>a:InvalidSecurity</faultcode>"
		   "<faultstring>x</faultstring><detail><OCSDiagnosticsFault><ErrorId>7</"
		   "ErrorId>"
		   "</OCSDiagnosticsFault></detail>"),
	    "a:InvalidSecurity: x", 7, FAULT_TOKEN },
	{ "1.1 without detail",
	    SOAP11("<faultcode>wst:RequestFailed</faultcode>"
		   "<faultstring>The specified request failed</faultstring>"),
	    "wst:RequestFailed: The specified request failed", 0, FAULT_OTHER },
	{ "1.1, a code without prefix",
	    SOAP11("<faultcode>FailedAuthentication</faultcode>"), "FailedAuthentication",
	    0, FAULT_TOKEN },
	{ "1.1, a code that only looks alike",
	    SOAP11("<faultcode>a:FailedAuthentication2</faultcode>"),
	    "a:FailedAuthentication2", 0, FAULT_OTHER },
	{ "1.1, reason twice",
	    SOAP11("<faultcode>a:b</faultcode><faultstring>same</faultstring><detail>"
		   "<Ms-Diagnostics-Fault><ErrorId>1</ErrorId><Reason>same</Reason></"
		   "Ms-Diagnostics-Fault>"
		   "</detail>"),
	    "a:b: same", 1, FAULT_OTHER },
	{ "1.1, elements in a namespace",
	    SOAP11("<s:faultcode>s:Server</s:faultcode>"
		   "<s:faultstring>x</s:faultstring>"),
	    "s:Server: x", 0, FAULT_OTHER },
	{ "empty fault", SOAP11(""), "", 0, FAULT_OTHER },
	{ "ErrorId is no number",
	    SOAP11("<faultcode>a</faultcode><detail><Ms-Diagnostics-Fault>"
		   "<ErrorId>0x6d</ErrorId></Ms-Diagnostics-Fault></detail>"),
	    "a", 0, FAULT_OTHER },
	{ "ErrorId is too large",
	    SOAP11("<faultcode>a</faultcode><detail><Ms-Diagnostics-Fault>"
		   "<ErrorId>4294967297</ErrorId></Ms-Diagnostics-Fault></detail>"),
	    "a", 0, FAULT_OTHER },
	{ "cannot forge lines",
	    SOAP11("<faultcode>a</faultcode><faultstring>b&#10;c&#9;d"
		   "</faultstring>"),
	    "a: b.c.d", 0, FAULT_OTHER },
	{ "1.2",
	    SOAP12("<e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>"
		   "wsse:FailedAuthentication</e:Value></e:Subcode></"
		   "e:Code><e:Reason><e:Text "
		   "xml:lang='en'>bad password</e:Text><e:Text "
		   "xml:lang='de'>falsch</e:Text></e:Reason>"
		   "<e:Detail><OCSDiagnosticsFault><Ms-Diagnostics-Fault><ErrorId>28001</"
		   "ErrorId>"
		   "<Reason>internal</Reason></Ms-Diagnostics-Fault></"
		   "OCSDiagnosticsFault></e:Detail>"),
	    "wsse:FailedAuthentication: bad password; internal", 28001, FAULT_OTHER },
	{ "1.2 without subcode",
	    SOAP12("<e:Code><e:Value>e:Receiver</e:Value></e:Code>"
		   "<e:Reason><e:Text>x</e:Text></e:Reason>"),
	    "e:Receiver: x", 0, FAULT_OTHER },
	{ "1.2, subcode of a subcode",
	    SOAP12("<e:Code><e:Value>e:Sender</e:Value><e:Subcode>"
		   "<e:Value>a</e:Value><e:Subcode><e:Value>b:InvalidSecurity</e:Value></"
		   "e:Subcode>"
		   "</e:Subcode></e:Code>"),
	    "b:InvalidSecurity", 0, FAULT_TOKEN },
	{ "of the clock", SOAP11("<faultcode>wsu:MessageExpired</faultcode>"),
	    "wsu:MessageExpired", 0, FAULT_CLOCK },
	{ "of the clock, of WS-Trust", SOAP11("<faultcode>t:ExpiredData</faultcode>"),
	    "t:ExpiredData", 0, FAULT_CLOCK },
	{ "of a signature", SOAP11("<faultcode>wsse:FailedCheck</faultcode>"),
	    "wsse:FailedCheck", 0, FAULT_TOKEN },
	{ "an expired ticket",
	    SOAP11("<faultcode>a:FailedAuthentication</faultcode>"
		   "<faultstring>The web ticket has expired.</faultstring><detail>"
		   "<Ms-Diagnostics-Fault><ErrorId>28033</ErrorId></Ms-Diagnostics-Fault>"
		   "</detail>"),
	    "a:FailedAuthentication: The web ticket has expired.", 28033, FAULT_TOKEN },
	{ "the id goes before the code",
	    SOAP11("<faultcode>wst:RequestFailed</faultcode><detail>"
		   "<Ms-Diagnostics-Fault><ErrorId>28032</ErrorId></Ms-Diagnostics-Fault>"
		   "</detail>"),
	    "wst:RequestFailed", 28032, FAULT_TOKEN },
	{ "the reason goes before the code",
	    SOAP11("<faultcode>wsse:FailedAuthentication</faultcode>"
		   "<faultstring>The user account is DISABLED.</faultstring>"),
	    "wsse:FailedAuthentication: The user account is DISABLED.", 0,
	    FAULT_DISABLED },
	{ "of another account",
	    SOAP11(
		"<faultcode>a:RequestFailed</faultcode><faultstring>The sip uri in the "
		"claim DOES NOT MATCH that of the credentials.</faultstring>"),
	    "a:RequestFailed: The sip uri in the claim DOES NOT MATCH that of the "
	    "credentials.",
	    0, FAULT_MISMATCH },
	{ "of an address", SOAP11("<faultcode>wsa:DestinationUnreachable</faultcode>"),
	    "wsa:DestinationUnreachable", 0, FAULT_ADDRESS },
	{ "of an action", SOAP11("<faultcode>wsa:ActionNotSupported</faultcode>"),
	    "wsa:ActionNotSupported", 0, FAULT_ACTION },
};

static void
check_fault(void **state)
{
	const struct fault_case *tc = *state;
	struct fault f;

	assert_true(fault_parse(str_of(tc->in), &f));
	assert_string_equal(f.text, tc->text);
	assert_int_equal(f.id, tc->id);
	assert_int_equal(f.kind, tc->kind);
}

/* What the pool of the specification sends; the lab is held to the same files. */
static const struct file_case {
	const char *name, *file, *text;
	unsigned id;
	enum fault_kind kind;
} files[] = {
	{ "file: no valid token", "fault-no-token.xml",
	    "a:FailedAuthentication: No valid security token.", 28020, FAULT_TOKEN },
	{ "file: another user's claim", "fault-claim.xml",
	    "a:RequestFailed: The SIP URI in the claim type requirements of the web "
	    "ticket request does not match the SIP URI associated with the presented "
	    "credentials.",
	    0, FAULT_MISMATCH },
};

static void
check_file(void **state)
{
	const struct file_case *tc = *state;
	char *text = golden(tc->file);
	struct fault f;

	assert_true(fault_parse(str_of(text), &f));
	assert_string_equal(f.text, tc->text);
	assert_int_equal(f.id, tc->id);
	assert_int_equal(f.kind, tc->kind);
	free(text);
}

/* X-Ms-diagnostics: what is said is the header as it came. */
static const struct header_file {
	const char *name, *file;
	unsigned id;
} header_files[] = {
	{ "header file: not SIP enabled", "../http/diagnostics-28000.txt", 28000 },
	{ "header file: no valid token", "../http/diagnostics-28020.txt", 28020 },
	{ "header file: without names", "../http/diagnostics-bare.txt", 28001 },
};

static void
check_header_file(void **state)
{
	const struct header_file *tc = *state;
	char *text = golden(tc->file);
	struct fault f;

	text[strcspn(text, "\n")] = '\0';
	assert_true(fault_parse_diagnostics(str_of(text), &f));
	assert_int_equal(f.id, tc->id);
	assert_string_equal(f.text, text);
	free(text);
}

static const struct other_case {
	const char *name, *in;
} others[] = {
	{ "not a fault: empty", "" },
	{ "not a fault: HTML", "<html><body>500</body></html>" },
	{ "not a fault: cut", "<s:Envelope xmlns:s='urn:s'><s:Body><s:Fault>" },
	{ "not a fault: an answer",
	    "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>"
	    "<s:Body><a><Fault/></a></s:Body></s:Envelope>" },
	{ "not a fault: in the header",
	    "<s:Envelope xmlns:s='urn:s'><s:Header><s:Fault/></s:Header>"
	    "<s:Body/></s:Envelope>" },
	{ "not a fault: no envelope", "<Fault><faultcode>a</faultcode></Fault>" },
};

static void
check_other(void **state)
{
	const struct other_case *tc = *state;
	struct fault f, before;

	memset(&f, 'x', sizeof(f));
	memcpy(&before, &f, sizeof(f));
	assert_false(fault_parse(str_of(tc->in), &f));
	assert_memory_equal(&f, &before, sizeof(f));
}

static void
long_texts_are_cut(void **state)
{
	char *code = times("c", 2000), *text = strdup(SOAP11("<faultcode>@</faultcode>"));
	struct fault f;

	(void)state;
	text = swap(text, "@", code);
	assert_true(fault_parse(str_of(text), &f));
	assert_int_equal(strlen(f.text), sizeof(f.text) - 1);
	free(text);
	free(code);
}

static const struct header_case {
	const char *name, *in;
	unsigned id; /* 0: has none */
	const char *text;
	enum fault_kind kind;
} headers[] = {
	{ "header of a real server",
	    "28020;source=\"server.contoso.com\";reason=\"No valid security token.\"",
	    28020,
	    "28020;source=\"server.contoso.com\";reason=\"No valid security token.\"",
	    FAULT_TOKEN },
	{ "header by the grammar",
	    " 28000; \"fe\"; \"User is not SIP enabled.\"; \"x\"\r\n", 28000,
	    "28000; \"fe\"; \"User is not SIP enabled.\"; \"x\"", FAULT_DISABLED },
	{ "header of a service that wants an OAuth token",
	    "28055;source=\"fe01\";reason=\"The OAuth token is invalid.\";"
	    "faultcode=\"wsse:FailedAuthentication\"",
	    28055,
	    "28055;source=\"fe01\";reason=\"The OAuth token is invalid.\";"
	    "faultcode=\"wsse:FailedAuthentication\"",
	    FAULT_OAUTH },
	{ "header whose fault code tells",
	    "28099;reason=\"x\";FaultCode=\"wsu:MessageExpired\"", 28099,
	    "28099;reason=\"x\";FaultCode=\"wsu:MessageExpired\"", FAULT_CLOCK },
	{ "header whose fault code has no end", "28099;faultcode=\"wsu:MessageExpired",
	    28099, "28099;faultcode=\"wsu:MessageExpired", FAULT_CLOCK },
	{ "header with the number only", "28001", 28001, "28001", FAULT_OTHER },
	{ "header cannot forge lines", "1;\nx\x7f", 1, "1;.x.", FAULT_OTHER },
	{ "header of the largest number", "2147483647;x", 2147483647, "2147483647;x",
	    FAULT_OTHER },
	{ "header without number", ";source=\"x\"", 0, NULL, FAULT_OTHER },
	{ "header with zero", "0;x", 0, NULL, FAULT_OTHER },
	{ "header with too large a number", "2147483648;x", 0, NULL, FAULT_OTHER },
	{ "header with a sign", "-1;x", 0, NULL, FAULT_OTHER },
	{ "empty header", "", 0, NULL, FAULT_OTHER },
};

static void
check_header(void **state)
{
	const struct header_case *tc = *state;
	struct fault f, before;

	memset(&f, 'x', sizeof(f));
	memcpy(&before, &f, sizeof(f));
	assert_int_equal(fault_parse_diagnostics(str_of(tc->in), &f), tc->id != 0);
	if (tc->id == 0) {
		assert_memory_equal(&f, &before, sizeof(f));
		return;
	}
	assert_int_equal(f.id, tc->id);
	assert_string_equal(f.text, tc->text);
	assert_int_equal(f.kind, tc->kind);
}

int
main(void)
{
	struct CMUnitTest tests[COUNT(faults) + COUNT(files) + COUNT(header_files) +
				COUNT(others) + COUNT(headers) + 1];
	size_t n = 0;

	ADD_CASES(tests, n, faults, check_fault);
	ADD_CASES(tests, n, files, check_file);
	ADD_CASES(tests, n, header_files, check_header_file);
	ADD_CASES(tests, n, others, check_other);
	ADD_CASES(tests, n, headers, check_header);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(long_texts_are_cut);
	return cmocka_run_group_tests(tests, xml_start, xml_stop);
}
