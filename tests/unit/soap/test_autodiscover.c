/* soap/autodiscover: documents as the specification has them, and what servers may do. */
#include "soaptest.h"

#include "../cases.h"
#include "soap/autodiscover.h"
#include "vocab/code.h"

#define TYPE "application/vnd.microsoft.rtc.autodiscover+xml"
#define ROOT "https://web.lab.example/Autodiscover/AutodiscoverService.svc/root"

static const struct good_case {
	const char *name, *file, *from, *to;
	const char *redirect, *user, *access;
	const char *registrar; /* "host:port"; "": none */
	const char *type;
} goods[] = {
	{ "root", "autodiscover-root.xml", "", "", "", ROOT "/oauth/user", "Internal", "",
	    TYPE "; charset=utf-8" },
	{ "a root that redirects", "autodiscover-redirect.xml", "", "",
	    ROOT "?originalDomain=lab.example", "", "External", "", TYPE ";v=1" },
	{ "both links", "autodiscover-root.xml", "\"Domain\"", "\"Redirect\"",
	    ROOT "/domain", ROOT "/oauth/user", "Internal", "", TYPE },
	{ "the first link counts", "autodiscover-root.xml", "\"Domain\"", "\"User\"", "",
	    ROOT "/domain", "Internal", "", TYPE },
	{ "tokens in any case", "autodiscover-root.xml", "\"User\"", "\"uSER\"", "",
	    ROOT "/oauth/user", "Internal", "", TYPE },
	{ "attributes in any case", "autodiscover-root.xml", "AccessLocation=\"I",
	    "accesslocation=\"i", "", ROOT "/oauth/user", "Internal", "", TYPE },
	{ "blanks around a link", "autodiscover-redirect.xml", "href=\"", "href=\" \n ",
	    ROOT "?originalDomain=lab.example", "", "External", "", TYPE },
	{ "a type in any case", "autodiscover-root.xml", "", "", "", ROOT "/oauth/user",
	    "Internal", "", "Application/Vnd.Microsoft.Rtc.Autodiscover+XML" },
	{ "a namespace", "autodiscover-root.xml", "<AutodiscoverResponse ",
	    "<AutodiscoverResponse xmlns=\"urn:x\" ", "", ROOT "/oauth/user", "Internal",
	    "", TYPE },
	{ "where we are is not known", "autodiscover-root.xml", "\"Internal\"",
	    "\"Mars\"", "", ROOT "/oauth/user", "", "", TYPE },
	{ "a long word for where we are", "autodiscover-root.xml", "\"Internal\"",
	    "\"Internal-and-much-more\"", "", ROOT "/oauth/user", "", "", TYPE },

	{ "user, outside", "autodiscover-user.xml", "", "", "", "", "External",
	    "sip.lab.example:443", TYPE },
	{ "user, inside", "autodiscover-user.xml", "\"External\"", "\"Internal\"", "", "",
	    "Internal", "pool01.lab.example:5061", TYPE },
	{ "user, where we are is not said", "autodiscover-user.xml",
	    " AccessLocation=\"External\"", "", "", "", "", "pool01.lab.example:5061",
	    TYPE },
	{ "... and there is no inside", "autodiscover-user.xml",
	    " AccessLocation=\"External\">\n  <User>",
	    "><User xmlns:x=\"urn:x\"><!-- -->", "", "", "", "pool01.lab.example:5061",
	    TYPE },
	{ "user, no server for us", "autodiscover-user.xml", "SipClientExternalAccess",
	    "SipOther", "", "", "External", "", TYPE },
	{ "user, only outside", "autodiscover-user.xml",
	    "<SipClientInternalAccess fqdn=\" pool01.lab.example\" port=\"5061\"/>", "",
	    "", "", "External", "sip.lab.example:443", TYPE },
	{ "user without port", "autodiscover-user.xml", " port=\"443\"", "", "", "",
	    "External", "sip.lab.example:5061", TYPE },
	{ "user that is homed elsewhere", "autodiscover-user.xml", "\"Ucwa\"",
	    "\"Redirect\"", "https://ext.lab.example/ucwa/oauth/v1/applications", "",
	    "External", "sip.lab.example:443", TYPE },
	{ "a root with servers of a user", "autodiscover-root.xml", "</Root>",
	    "<SipClientInternalAccess fqdn=\"evil.example\" port=\"1\"/></Root>", "",
	    ROOT "/oauth/user", "Internal", "", TYPE },
};

static void
check_good(void **state)
{
	const struct good_case *tc = *state;
	char *text = swap(golden(tc->file), tc->from, tc->to);
	const struct autodiscover_server *s;
	struct autodiscover a;
	char registrar[300] = "";
	struct err err;

	if (!autodiscover_parse(str_of(tc->type), str_of(text), &a, &err))
		fail_msg("%s", err.detail);
	assert_string_equal(a.redirect, tc->redirect);
	assert_string_equal(a.user, tc->user);
	assert_string_equal(a.access, tc->access);
	assert_int_equal(a.is_user, strstr(tc->file, "-user") != NULL);
	s = autodiscover_registrar(&a);
	if (s != NULL)
		snprintf(registrar, sizeof(registrar), "%s:%u", s->fqdn, s->port);
	assert_string_equal(registrar, tc->registrar);
	free(text);
}

static const struct spoil_case {
	const char *name, *file, *from, *to, *says;
} spoils[] = {
	{ "another document", "autodiscover-root.xml", "<AutodiscoverResponse",
	    "<x/><AutodiscoverResponse", "not XML" },
	{ "cut short", "autodiscover-root.xml", "</AutodiscoverResponse>", "",
	    "the text ends too early" },
	{ "a document type", "autodiscover-redirect.xml", "<AutodiscoverResponse",
	    "<!DOCTYPE a [<!ENTITY b \"c\">]><AutodiscoverResponse",
	    "document type declaration is refused" },
	{ "neither root nor user", NULL,
	    "<AutodiscoverResponse><Domain/>"
	    "</AutodiscoverResponse>",
	    "", "with Root or User expected, found AutodiscoverResponse" },
	{ "the root too deep", NULL,
	    "<AutodiscoverResponse><x><Root/></x>"
	    "</AutodiscoverResponse>",
	    "", "with Root or User expected" },
	{ "something else", NULL, "<Root><User/></Root>", "", "expected, found Root" },
	{ "nothing", NULL, "", "", "" },
	{ "a link without TLS", "autodiscover-root.xml",
	    "\"User\" href=\"https:", "\"User\" href=\"http:",
	    "autodiscover: a link is not an https URL: http://web.lab.example/" },
	{ "a redirect to a file", "autodiscover-redirect.xml", "https://", "file:///",
	    "is not an https URL" },
	{ "a link without target", "autodiscover-redirect.xml", "href", "hrof",
	    "the link Redirect has no href" },
	{ "a link with a line break", "autodiscover-redirect.xml", "/root?",
	    "/&#13;&#10;X-Evil: 1?", "has an octet that no URL has" },
	{ "a server that is no host", "autodiscover-user.xml", "sip.lab.example",
	    "sip.lab.example/evil", "the fqdn of SipClientExternalAccess is no host" },
	{ "a server with a line break", "autodiscover-user.xml", "sip.lab.example",
	    "sip&#13;&#10;Via: x", "the fqdn of SipClientExternalAccess is no host" },
	{ "a server without name", "autodiscover-user.xml", "fqdn=\"sip.lab.example\"",
	    "", "the fqdn of SipClientExternalAccess is no host name: " },
	{ "port 0", "autodiscover-user.xml", "\"443\"", "\"0\"",
	    "the port of SipClientExternalAccess is no port: 0" },
	{ "port that is none", "autodiscover-user.xml", "\"443\"", "\"65536\"",
	    "is no port: 65536" },
	{ "port in words", "autodiscover-user.xml", "\"443\"", "\"https\"",
	    "is no port" },
};

static void
check_spoiled(void **state)
{
	const struct spoil_case *tc = *state;
	char *text = tc->file == NULL ? strdup(tc->from)
				      : swap(golden(tc->file), tc->from, tc->to);
	struct autodiscover a, before;
	struct err err;

	memset(&a, 'x', sizeof(a));
	memcpy(&before, &a, sizeof(a));
	assert_false(autodiscover_parse(STR_LIT(TYPE), str_of(text), &a, &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_has(err.detail, tc->says);
	assert_memory_equal(&a, &before, sizeof(a));
	free(text);
}

static const struct other_case {
	const char *name, *type, *body;
	long code;
	const char *says;
} others[] = {
	{ "JSON by its type", "application/json", "x", PROTOCOL_JSON,
	    "answers JSON (Content-Type application/json) although XML was asked for" },
	{ "JSON of autodiscover", TYPE "x", "<x/>", PROTOCOL_OTHER, "not XML" },
	{ "JSON of its own type", "application/vnd.microsoft.rtc.autodiscover+json;v=1",
	    "{}", PROTOCOL_JSON, "answers JSON" },
	{ "JSON without type", "", "\n {\"_links\":{}}", PROTOCOL_JSON,
	    "answers JSON (Content-Type missing)" },
	{ "a page by its type", "text/html; charset=utf-8", "", PROTOCOL_PAGE,
	    "answers a web page (Content-Type text/html; charset=utf-8)" },
	{ "a page without type", "", "<!DOCTYPE HTML><html/>", PROTOCOL_PAGE,
	    "answers a web page" },
	{ "a page called text", "text/plain", "<html>", PROTOCOL_PAGE,
	    "answers a web page" },
	{ "XML of another type", "text/xml", "<AutodiscoverResponse/>", PROTOCOL_OTHER,
	    "answers something else (Content-Type text/xml) although XML was asked for" },
	{ "a type with control characters", "text/\x1b[31m", "", PROTOCOL_OTHER,
	    "(Content-Type text/.[31m)" },
};

static void
check_other(void **state)
{
	const struct other_case *tc = *state;
	struct autodiscover a;
	struct err err;

	assert_false(autodiscover_parse(str_of(tc->type), str_of(tc->body), &a, &err));
	if (strcmp(tc->name, "JSON of autodiscover") == 0)
		return; /* the type begins right, the text decides */
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_int_equal(err.code, tc->code);
	assert_has(err.detail, tc->says);
}

static const struct url_case {
	const char *name, *root, *user, *want;
} urls[] = {
	{ "a host", "https://d.lab.example/", "alice@lab.example",
	    "https://d.lab.example/?sipuri=alice@lab.example" },
	{ "a query already", "https://d/root?a=b", "a@b.c",
	    "https://d/root?a=b&sipuri=a@b.c" },
	{ "what stands for something in a query", "https://d/", "a+b&c=#%d@e.f",
	    "https://d/?sipuri=a%2Bb%26c%3D%23%25d@e.f" },
	{ "letters beyond ASCII", "https://d/", "\xc3\xa4@e.f",
	    "https://d/?sipuri=%C3%A4@e.f" },
};

static void
check_url(void **state)
{
	const struct url_case *tc = *state;
	char url[URL_MAX];

	assert_true(autodiscover_url(tc->root, tc->user, url));
	assert_string_equal(url, tc->want);
}

/* One octet more than there is room for. */
static void
a_url_that_is_too_long(void **state)
{
	char *root = times("a", URL_MAX - 1 - strlen("?sipuri=b@c"));
	char url[URL_MAX];

	(void)state;
	assert_true(autodiscover_url(root, "b@c", url));
	assert_int_equal(strlen(url), URL_MAX - 1);
	assert_false(autodiscover_url(root, "bb@c", url));
	free(root);
}

static void
a_link_that_is_too_long(void **state)
{
	char *path = times("a", URL_MAX - strlen("https://w/"));
	char link[URL_MAX + 16];
	char *text;
	struct autodiscover a;
	struct err err;

	(void)state;
	snprintf(link, sizeof(link), "https://w/%s", path + 1);
	text = swap(golden("autodiscover-redirect.xml"),
	    ROOT "?originalDomain=lab.example", link);
	assert_true(autodiscover_parse(STR_LIT(TYPE), str_of(text), &a, &err));
	assert_string_equal(a.redirect, link);
	free(text);
	snprintf(link, sizeof(link), "https://w/%s", path);
	text = swap(golden("autodiscover-redirect.xml"),
	    ROOT "?originalDomain=lab.example", link);
	assert_false(autodiscover_parse(STR_LIT(TYPE), str_of(text), &a, &err));
	assert_has(err.detail, "has 512 octets, more than 511");
	free(text);
	free(path);
}

RUN_CASES(ROWS("document", goods, check_good), ROWS("spoiled", spoils, check_spoiled),
    ROWS("not XML", others, check_other), ROWS("url", urls, check_url),
    TEST(a_url_that_is_too_long), TEST(a_link_that_is_too_long));
