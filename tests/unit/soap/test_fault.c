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
	bool failed_authentication;
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
	    28000, true },
	{ "1.1, a namespace on each element",
	    SOAP11(
		"<faultcode>x:InvalidSecurityToken</faultcode>"
		"<faultstring>no</faultstring><detail><a:OCSDiagnosticsFault "
		"xmlns:a='urn:a'>"
		"<b:Ms-Diagnostics-Fault xmlns:b='urn:b'><b:ErrorId> 28020\n</b:ErrorId>"
		"<b:Reason>why</b:Reason></b:Ms-Diagnostics-Fault></"
		"a:OCSDiagnosticsFault></detail>"),
	    "x:InvalidSecurityToken: no; why", 28020, true },
	{ "1.1 without the inner element",
	    SOAP11("<faultcode>a:InvalidSecurity</faultcode>"
		   "<faultstring>x</faultstring><detail><OCSDiagnosticsFault><ErrorId>7</"
		   "ErrorId>"
		   "</OCSDiagnosticsFault></detail>"),
	    "a:InvalidSecurity: x", 7, true },
	{ "1.1 without detail",
	    SOAP11("<faultcode>wst:RequestFailed</faultcode>"
		   "<faultstring>The specified request failed</faultstring>"),
	    "wst:RequestFailed: The specified request failed", 0, false },
	{ "1.1, a code without prefix",
	    SOAP11("<faultcode>FailedAuthentication</faultcode>"), "FailedAuthentication",
	    0, true },
	{ "1.1, a code that only looks alike",
	    SOAP11("<faultcode>a:FailedAuthentication2</faultcode>"),
	    "a:FailedAuthentication2", 0, false },
	{ "1.1, reason twice",
	    SOAP11("<faultcode>a:b</faultcode><faultstring>same</faultstring><detail>"
		   "<Ms-Diagnostics-Fault><ErrorId>1</ErrorId><Reason>same</Reason></"
		   "Ms-Diagnostics-Fault>"
		   "</detail>"),
	    "a:b: same", 1, false },
	{ "1.1, elements in a namespace",
	    SOAP11("<s:faultcode>s:Server</s:faultcode>"
		   "<s:faultstring>x</s:faultstring>"),
	    "s:Server: x", 0, false },
	{ "empty fault", SOAP11(""), "", 0, false },
	{ "ErrorId is no number",
	    SOAP11("<faultcode>a</faultcode><detail><Ms-Diagnostics-Fault>"
		   "<ErrorId>0x6d</ErrorId></Ms-Diagnostics-Fault></detail>"),
	    "a", 0, false },
	{ "ErrorId is too large",
	    SOAP11("<faultcode>a</faultcode><detail><Ms-Diagnostics-Fault>"
		   "<ErrorId>4294967297</ErrorId></Ms-Diagnostics-Fault></detail>"),
	    "a", 0, false },
	{ "cannot forge lines",
	    SOAP11("<faultcode>a</faultcode><faultstring>b&#10;c&#9;d"
		   "</faultstring>"),
	    "a: b.c.d", 0, false },
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
	    "wsse:FailedAuthentication: bad password; internal", 28001, true },
	{ "1.2 without subcode",
	    SOAP12("<e:Code><e:Value>e:Receiver</e:Value></e:Code>"
		   "<e:Reason><e:Text>x</e:Text></e:Reason>"),
	    "e:Receiver: x", 0, false },
	{ "1.2, subcode of a subcode",
	    SOAP12("<e:Code><e:Value>e:Sender</e:Value><e:Subcode>"
		   "<e:Value>a</e:Value><e:Subcode><e:Value>b:InvalidSecurity</e:Value></"
		   "e:Subcode>"
		   "</e:Subcode></e:Code>"),
	    "b:InvalidSecurity", 0, true },
};

static void
check_fault(void **state)
{
	const struct fault_case *tc = *state;
	struct fault f;

	assert_true(fault_parse(str_of(tc->in), &f));
	assert_string_equal(f.text, tc->text);
	assert_int_equal(f.id, tc->id);
	assert_int_equal(f.failed_authentication, tc->failed_authentication);
}

/* What the pool of the specification sends; the lab is held to the same files. */
static const struct file_case {
	const char *name, *file, *text;
	unsigned id;
	bool failed_authentication;
} files[] = {
	{ "file: no valid token", "fault-no-token.xml",
	    "a:FailedAuthentication: No valid security token.", 28020, true },
	{ "file: another user's claim", "fault-claim.xml",
	    "a:RequestFailed: The SIP URI in the claim type requirements of the web "
	    "ticket request does not match the SIP URI associated with the presented "
	    "credentials.",
	    0, false },
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
	assert_int_equal(f.failed_authentication, tc->failed_authentication);
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
} headers[] = {
	{ "header of a real server",
	    "28020;source=\"server.contoso.com\";reason=\"No valid security token.\"",
	    28020,
	    "28020;source=\"server.contoso.com\";reason=\"No valid security token.\"" },
	{ "header by the grammar",
	    " 28000; \"fe\"; \"User is not SIP enabled.\"; \"x\"\r\n", 28000,
	    "28000; \"fe\"; \"User is not SIP enabled.\"; \"x\"" },
	{ "header with the number only", "28001", 28001, "28001" },
	{ "header cannot forge lines", "1;\nx\x7f", 1, "1;.x." },
	{ "header of the largest number", "2147483647;x", 2147483647, "2147483647;x" },
	{ "header without number", ";source=\"x\"", 0, NULL },
	{ "header with zero", "0;x", 0, NULL },
	{ "header with too large a number", "2147483648;x", 0, NULL },
	{ "header with a sign", "-1;x", 0, NULL },
	{ "empty header", "", 0, NULL },
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
	assert_false(f.failed_authentication);
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
