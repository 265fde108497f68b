#include "tests/unit/cases.h"

#include "base/buf.h"
#include "trace/mask.h"

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
	mask_header(MASK_TRANSCRIPT, str_of(c->header), str_of(c->in), &out);
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
	{ "cut in the start tag", "<a><SignatureValue b=\"c", "<a><SignatureValue***" },
};

static void
check_body(void **state)
{
	const struct body_case *c = *state;
	struct buf out;

	buf_init(&out, 4096);
	(void)mask_body(MASK_TRANSCRIPT, str_of(c->in), 4096, &out);
	assert_string_equal(out.data == NULL ? "" : out.data, c->want);
	buf_free(&out);
}

/*
 * Attacks on what is kept for people: CANARY must not come out, and what stands in want
 * (NULL: anything) must.
 */
#define CANARY "c4nary"
#define BASE64 "TlRMTVNTUAADAAAAGAAYAHYAAAAYABgAjgAAAAYABgBYAAAACgAKAF4AAAAO" CANARY "aa"
#define LONG64 "MIIB" BASE64 BASE64
/* Base64 whose marks are written otherwise. */
#define SPLIT(mark)                                                                      \
	"MIIBAAAAABJKLWgAAAAOBBB" mark "jaksdjf88374CC" mark CANARY mark                 \
	"99sjLLksjdEJASLDkda" mark "AAb" mark "MNkkeo883bb7DDCKW" mark "abcdef="

static const struct attack_case {
	const char *name, *in, *want;
} heads[] = {
	{ "folded", "GET / HTTP/1.1\r\nAuthorization: NTLM\r\n\t" CANARY "\r\nA: b\r\n",
	    "Authorization: NTLM ***\nA: b\n" },
	{ "folded twice", "X\r\nProxy-Authorization:\r\n NTLM\r\n  " CANARY "==\r\n",
	    "Proxy-Authorization: NTLM ***\n" },
	{ "in any case", "X\r\naUTHORIZATION: bAsIc " CANARY "==\r\n", "bAsIc ***" },
	{ "space before the colon", "X\r\nAuthorization \t: NTLM " CANARY "\r\n", NULL },
	{ "bare line feeds", "X\nCookie: a=" CANARY "\nB: c\n", "Cookie: ***\nB: c\n" },
	{ "a scheme that nobody knows", "X\r\nAuthorization: Zork " CANARY "\r\n",
	    "Zork ***" },
	{ "a parameter that nobody knows",
	    "X\r\nWWW-Authenticate: NTLM zork=\"" CANARY "\", realm=\"R\"\r\n",
	    "realm=\"R\"" },
	{ "an escaped quote",
	    "X\r\nAuthorization: Digest response=\"a\\\"" CANARY "\", qop=auth\r\n",
	    "response=\"***\", qop=auth" },
	{ "without quotes", "X\r\nAuthorization: Digest response=" CANARY ", nc=1\r\n",
	    "response=***, nc=1" },
	{ "spaces around", "X\r\nAuthorization: Digest response = \"" CANARY "\"\r\n",
	    "response=\"***\"" },
	{ "a quote left open", "X\r\nAuthorization: TLS-DSK gssapi-data=\"" CANARY "\r\n",
	    "gssapi-data=\"[" },
	{ "a token that ends like a name", "X\r\nAuthorization: NTLM " CANARY "=\r\n",
	    "NTLM ***" },
	{ "in the second of a list",
	    "X\r\nWWW-Authenticate: Basic realm=\"x\", Negotiate " CANARY "\r\n",
	    "Negotiate ***" },
	{ "a TLS-DSK flight",
	    "X\r\nAuthorization: TLS-DSK gssapi-data=\"" CANARY "\"\r\n",
	    "gssapi-data=\"[6 characters]\"" },
	{ "as the name of a header", "X\r\n" LONG64 ": a\r\n", ": a\n" },
	{ "a ticket in a header", "X\r\nX-MS-WebTicket: opaque=" CANARY "\r\n",
	    "X-MS-WebTicket: ***" },
	{ "a header that tells what it is", "X\r\nX-Foo-Token: " CANARY "\r\n", NULL },
	{ "several cookies", "X\r\nSet-Cookie: a=" CANARY "; path=/\r\n", "***" },
	{ "echoed in any header", "X\r\nWarning: you sent " BASE64 "!\r\n",
	    "you sent [" },
	{ "echoed in the start line", "HTTP/1.1 400 no " BASE64 "\r\n", "400 no [" },
	{ "echoed in a line that is no header", "X\r\n" BASE64 "\r\n", "X\n[" },
	{ "in the path of a URL",
	    "X\r\nLocation: https://a.b/c/d/e/f/g/h/i/j/k/l/m/n/" BASE64 "/o/p\r\n",
	    "Location: https://a.[" },
	{ "in the query of a URL",
	    "X\r\nLocation: https://a.b/c/d/?t=" SPLIT("%2B") "&x=y\r\n", "]&x=y\n" },
	{ "a challenge is there to be read",
	    "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: TLS-DSK realm=\"SIP "
	    "Communications Service\", targetname=\"p.x\", version=4, "
	    "sts-uri=\"https://p.x:443/CertProv/CertProvisioningService.svc\"\r\n",
	    "TLS-DSK realm=\"SIP Communications Service\", targetname=\"p.x\", "
	    "version=4, sts-uri=\"https://p.x:443/CertProv/"
	    "CertProvisioningService.svc\"\n" },
	{ "and so are diagnostics",
	    "X\r\nms-diagnostics: 1000;reason=\"Final handshake failed\"\r\n",
	    "ms-diagnostics: 1000;reason=\"Final handshake failed\"\n" },
	{ "which NTLM message it is",
	    "X\r\nAuthorization: NTLM TlRMTVNTUAABAAAA" CANARY "\r\n",
	    "NTLM *** (NTLM message 1)\n" },
}, texts[] = {
	{ "an assertion", "<a:Assertion x=\"1\"><b>" CANARY "</b></a:Assertion><c/>",
	    "<a:Assertion x=\"1\">***</a:Assertion><c/>" },
	{ "one in itself", "<Password><Password>a</Password>" CANARY "</Password><b/>",
	    "<Password>***</Password><b/>" },
	{ "an end tag in a comment",
	    "<Password>a<!--</Password>-->" CANARY "</Password><b/>",
	    "<Password>***</Password><b/>" },
	{ "an end tag in CDATA",
	    "<Password><![CDATA[</Password>]]>" CANARY "</Password><b/>",
	    "</Password><b/>" },
	{ "a comment without end", "<Password><!--</Password>" CANARY, NULL },
	{ "in a comment", "<a><!-- <Password>" CANARY "</Password> --></a>",
	    "<!-- <Password>***</Password> -->" },
	{ "in CDATA", "<a><![CDATA[<Pin>" CANARY "</Pin>]]></a>", "<Pin>***</Pin>]]>" },
	{ "an attribute that looks like the end",
	    "<Password a=\"/>\">" CANARY "</Password>", "\"/>\">***</Password>" },
	{ "a quote left open", "<Password a=\"> " CANARY " </Password>", "<Password***" },
	{ "spaces in tags", "<Password \n >" CANARY "</Password \n><b/>", NULL },
	{ "with another end tag", "<Password>" CANARY "</password><b/>", "***" },
	{ "written with &lt;",
	    "<faultstring>&lt;o:Password&gt;" CANARY "&lt;/o:Password&gt; is "
	    "wrong</faultstring>", "&lt;o:Password&gt;***&lt;/o:Password&gt; is wrong" },
	{ "written with &#60;",
	    "&#60;Pin&#62;" CANARY "&#60;/Pin&#62;!", "***&#60;/Pin" },
	{ "written twice so", "&amp;lt;Pin&amp;gt;" CANARY "&amp;lt;/Pin&amp;gt;!",
	    "***&amp;lt;/Pin" },
	{ "echoed in a fault", "<f>bad token " BASE64 "</f>", "<f>bad token [" },
	{ "echoed in lines", "<f>" LONG64 "\r\n" LONG64 "\r\n" CANARY "</f>",
	    "base64]</f>" },
	{ "echoed in lines as XML has them", "<f>" LONG64 "&#xD;\n" CANARY "</f>",
	    "base64]</f>" },
	{ "echoed as in URLs", "<f>t=" SPLIT("%2f") ";</f>", "<f>[" },
	{ "echoed as in HTML", "<f>" SPLIT("&#43;") "!</f>", "base64]!</f>" },
	{ "echoed as .NET has HTML", "<f>" SPLIT("&#x2B;") "!</f>", "base64]!</f>" },
	{ "echoed as in JSON", "{\"t\":\"" SPLIT("\\/") "\"}", "base64]\"}" },
	{ "echoed as .NET has JSON", "{\"t\":\"" SPLIT("\\u002B") "\"}", "base64]\"}" },
	{ "echoed in lines as JSON has them",
	    "\"" LONG64 "\\r\\n" LONG64 "\\r\\n" CANARY "\"", "base64]\"" },
	{ "a short NTLM message", "<p>TlRMTVNTUAAC" CANARY "</p>", "<p>[" },
	{ "a web page without a tag", "No. " LONG64, "No. [" },
	{ "a certificate", "<BinarySecurityToken>" LONG64 "</BinarySecurityToken>",
	    "characters of base64]</BinarySecurityToken>" },
	{ "a fault is there to be read",
	    "<s:Fault><faultcode>s:Client</faultcode><faultstring>Authentication "
	    "failed</faultstring></s:Fault>",
	    "<s:Fault><faultcode>s:Client</faultcode><faultstring>Authentication "
	    "failed</faultstring></s:Fault>" },
	{ "and so are URLs in URLs",
	    "<a>https://a.b/?u=https%3A%2F%2Fa.b%2FCertProv%2FCertProvisioningService.svc"
	    "%2FWebTicket_Proof_SHA1%2Fand%2Fmore%2FCertProvisioningService</a>",
	    "<a>https://a.b/?u=https%3A%2F%2Fa.b%2FCertProv%2FCertProvisioningService.svc"
	    "%2FWebTicket_Proof_SHA1%2Fand%2Fmore%2FCertProvisioningService</a>" },
	{ "and so are URLs",
	    "<a>http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-"
	    "profile-1.0#X509v3 https://a.b/CertProv/CertProvisioningService.svc/"
	    "WebTicket_Proof_SHA1/and/more/of/them/CertProvisioningService</a>",
	    "<a>http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-"
	    "profile-1.0#X509v3 https://a.b/CertProv/CertProvisioningService.svc/"
	    "WebTicket_Proof_SHA1/and/more/of/them/CertProvisioningService</a>" },
};

static void
check_out(struct buf *out, const char *want)
{
	assert_false(out->failed);
	assert_null(strstr(out->data, CANARY));
	if (want != NULL && strstr(out->data, want) == NULL)
		fail_msg("wanted %s\ngot    %s", want, out->data);
	buf_free(out);
}

static void
attack_head(void **state)
{
	const struct attack_case *c = *state;
	struct buf out;

	buf_init(&out, 4096);
	mask_head(MASK_TRACE, str_of(c->in), &out);
	check_out(&out, c->want);
}

static void
attack_body(void **state)
{
	const struct attack_case *c = *state;
	struct buf out;

	buf_init(&out, 4096);
	assert_int_equal(mask_body(MASK_TRACE, str_of(c->in), 4096, &out), strlen(c->in));
	check_out(&out, c->want);
}

/* Wherever it is cut, what is in front of it is masked as before. */
static void
cut_anywhere(void **state)
{
	const char *in = "<a>b<Password>" CANARY "</Password>c " BASE64 "</a>";
	struct buf whole, out;

	(void)state;
	buf_init(&whole, 4096);
	(void)mask_body(MASK_TRACE, str_of(in), 4096, &whole);
	for (size_t n = 0; n <= whole.len; n++) {
		buf_init(&out, 4096);
		assert_true(mask_body(MASK_TRACE, str_of(in), n, &out) <= strlen(in));
		assert_true(out.len >= n || out.len == whole.len);
		if (out.len > 0)
			assert_memory_equal(out.data, whole.data, out.len);
		buf_free(&out);
	}
	buf_free(&whole);
}

/* Nothing that a server may send takes long: a megabyte of the worst that is known. */
static void
quadratic(void **state)
{
	static const char *const units[] = { "<Password '", "<Password \"<Password>", "<",
		"&lt;", "<a '", "<!--", "<Password>", "</Password>", "a\n", "TlRMTVNTUA ",
		"A\r\n", "%2B", "%2Ba/", "&#43;a ", "\\" };
	const size_t size = 1024 * 1024;
	char *text = malloc(size);
	struct buf out;

	(void)state;
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		for (size_t i = 0; i < size; i++)
			text[i] = units[u][i % strlen(units[u])];
		buf_init(&out, 8 * size);
		(void)mask_body(MASK_TRACE, (struct str){ text, size }, 4 * size, &out);
		assert_false(out.failed);
		buf_free(&out);
	}
	free(text);
}

RUN_CASES(ROWS("header", headers, check_header), ROWS("body", bodies, check_body),
    ROWS("attack on a head", heads, attack_head),
    ROWS("attack on a body", texts, attack_body), TEST(cut_anywhere), TEST(quadratic));
