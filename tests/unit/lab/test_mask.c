#include "tests/unit/cases.h"

#include "base/buf.h"
#include "lab/mask.h"

static const struct header_case {
	const char *name, *header, *in, *want;
} headers[] = {
	{ "other headers stay", "From", "<sip:a@b>;tag=1", "<sip:a@b>;tag=1" },
	{ "NTLM on HTTP", "Authorization", "NTLM TlRMTVNTUAAB", "NTLM ***" },
	{ "NTLM offered", "WWW-Authenticate", "NTLM", "NTLM" },
	{ "Negotiate", "www-authenticate", "Negotiate oYGZMIGW==", "Negotiate ***" },
	{ "Basic", "Authorization", "Basic YTpi", "Basic ***" },
	{ "a TLS-DSK challenge stays", "WWW-Authenticate",
	    "TLS-DSK realm=\"R\", targetname=\"t\", version=4",
	    "TLS-DSK realm=\"R\", targetname=\"t\", version=4" },
	{ "a TLS-DSK flight stays", "Authorization",
	    "TLS-DSK qop=\"auth\", gssapi-data=\"FgMB\", version=4",
	    "TLS-DSK qop=\"auth\", gssapi-data=\"FgMB\", version=4" },
	{ "a client's signature", "Authorization",
	    "TLS-DSK opaque=\"1\", crand=\"5f\", cnum=\"1\", response=\"a4a8\"",
	    "TLS-DSK opaque=\"1\", crand=\"5f\", cnum=\"1\", response=\"***\"" },
	{ "a server's signature", "Authentication-Info",
	    "TLS-DSK rspauth=\"a4a8\", realm=\"R, S\"",
	    "TLS-DSK rspauth=\"***\", realm=\"R, S\"" },
	{ "NTLM on SIP", "Proxy-Authorization",
	    "NTLM qop=\"auth\", gssapi-data=\"TlRM\", version=4",
	    "NTLM qop=\"auth\", gssapi-data=\"***\", version=4" },
	{ "a quote left open", "Authorization", "TLS-DSK response=\"a4",
	    "TLS-DSK response=\"***" },
	{ "an empty value", "Authorization", "NTLM gssapi-data=\"\"",
	    "NTLM gssapi-data=\"\"" },
	{ "a ticket", "X-MS-WebTicket", "opaque=PHNhbWw", "***" },
	{ "a cookie", "Cookie", "a=b", "***" },
};

static void
check_header(void **state)
{
	const struct header_case *c = *state;
	struct buf out;

	buf_init(&out, 4096);
	mask_header(str_of(c->header), str_of(c->in), &out);
	assert_string_equal(out.data, c->want);
	buf_free(&out);
}

static const struct body_case {
	const char *name, *in, *want;
} bodies[] = {
	{ "empty", "", "" },
	{ "not XML", "a < b > c", "a < b > c" },
	{ "no secret", "<a><b>c</b></a>", "<a><b>c</b></a>" },
	{ "an assertion", "<x><saml:Assertion ID=\"1\"><y/>z</saml:Assertion></x>",
	    "<x><saml:Assertion ID=\"1\">***</saml:Assertion></x>" },
	{ "other names of that beginning", "<AssertionX>1</AssertionX>",
	    "<AssertionX>1</AssertionX>" },
	{ "several", "<BinarySecret>a</BinarySecret><w:BinarySecret>b</w:BinarySecret>",
	    "<BinarySecret>***</BinarySecret><w:BinarySecret>***</w:BinarySecret>" },
	{ "in any case", "<password>a</password>", "<password>***</password>" },
	{ "an empty element", "<Password/><a>1</a>", "<Password/><a>1</a>" },
	{ "never closed", "<a><SignatureValue>abc", "<a><SignatureValue>***" },
	{ "cut in the start tag", "<a><SignatureValue b=\"", "<a><SignatureValue b=\"" },
};

static void
check_body(void **state)
{
	const struct body_case *c = *state;
	struct buf out;

	buf_init(&out, 4096);
	mask_body(str_of(c->in), &out);
	assert_string_equal(out.data == NULL ? "" : out.data, c->want);
	buf_free(&out);
}

RUN_CASES(ROWS("header", headers, check_header), ROWS("body", bodies, check_body));
