/* soap/page: what a web page says that came in place of an answer. */
#include "../cases.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "soap/page.h"
#include "soap/xml.h"

static const struct html_case {
	const char *name, *type, *body;
	bool html;
} html_cases[] = {
	{ "by its type", "text/html; charset=utf-8", "Bad Gateway", true },
	{ "by its type in capitals", "TEXT/HTML", "", true },
	{ "XHTML", "application/xhtml+xml", "", true },
	{ "by what it begins with", "text/xml", " \r\n<!DOCTYPE html><html>", true },
	{ "an old one", "", "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">",
	    true },
	{ "without a document type", "text/plain", "<HTML><HEAD>", true },
	{ "behind a byte order mark", "", "\xef\xbb\xbf<html>", true },
	{ "XML", "text/xml; charset=utf-8", "<s:Envelope/>", false },
	{ "XML that is sent as a page", "text/html", "<?xml version=\"1.0\"?><a/>",
	    false },
	{ "XHTML with its declaration", "text/html",
	    "<?xml version=\"1.0\"?>\n<!DOCTYPE html><html/>", true },
	{ "XML with a page in it", "text/xml", "<a><html/></a>", false },
	{ "nothing", "", "", false },
};

static void
check_html(void **state)
{
	const struct html_case *tc = *state;

	assert_int_equal(page_is_html(str_of(tc->type), str_of(tc->body)), tc->html);
}

static const struct title_case {
	const char *name, *body, *title; /* NULL: there is none */
} title_cases[] = {
	{ "a title",
	    "<!DOCTYPE html><html><head><title>Sign in to continue</title></head>"
	    "<body><form method=\"POST\"><input name=\"username\"></form></body></html>",
	    "Sign in to continue" },
	{ "in capitals, with attributes",
	    "<HTML><HEAD><TITLE lang='en'>Bad Gateway</TITLE></HEAD></HTML>",
	    "Bad Gateway" },
	{ "white space is one blank", "<title>\r\n  Bad \t\n  Gateway  \n</title>",
	    "Bad Gateway" },
	{ "references", "<title>A &amp; B &#8211; &lt;C&gt;</title>",
	    "A & B \xe2\x80\x93 <C>" },
	{ "UTF-8",
	    "<html><head><meta charset=\"utf-8\"><title>Zugang f\xc3\xbcr alle</title>",
	    "Zugang f\xc3\xbcr alle" },
	{ "a heading where there is no title",
	    "<html><body><h2>Service <b>Unavailable</b></h2>"
	    "<p>HTTP Error 503.</p></body></html>",
	    "Service Unavailable" },
	{ "the highest heading", "<h3>c</h3><h1>a</h1><h2>b</h2>", "a" },
	{ "a heading that begins as the title and tells more",
	    "<HTML><HEAD><TITLE>Bad Request</TITLE></HEAD><BODY>"
	    "<h2>Bad Request - Request Too Long</h2></BODY></HTML>",
	    "Bad Request - Request Too Long" },
	{ "another heading", "<title>Contoso</title><h1>Not found</h1>", "Contoso" },
	{ "an empty title", "<title> </title><h1>Not found</h1>", "Not found" },
	{ "a title that is never closed", "<html><head><title>Bad Gateway",
	    "Bad Gateway" },
	{ "80 characters and no more",
	    "<title>0123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789x</title>",
	    "0123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789" },
	{ "80 characters of two bytes",
	    "<meta charset=utf-8><title>"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "xyz</title>",
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	    "\xa4" },
	{ "lines cannot be forged", "<title>a&#10;b&#x202e;c</title>", "a b.c" },
	{ "no title and no heading", "<html><body><p>x</p></body></html>", NULL },
	{ "plain text", "Bad Gateway", NULL },
	{ "nothing", "", NULL },
};

static void
check_title(void **state)
{
	const struct title_case *tc = *state;
	char got[PAGE_TITLE_SIZE] = "x";

	assert_int_equal(page_title(str_of(tc->body), got), tc->title != NULL);
	assert_string_equal(got, tc->title == NULL ? "" : tc->title);
}

/* Only the beginning of a page is read, and only so much of a title is kept. */
static void
a_title_may_be_large(void **state)
{
	char got[PAGE_TITLE_SIZE];
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_puts(&b, "<title>");
	while (b.len < 200000)
		buf_puts(&b, "\xf0\x9f\x94\x91");
	buf_puts(&b, "</title>");
	page_title(buf_view(&b), got);
	assert_true(strlen(got) <= PAGE_TITLE_SIZE - 1);
	buf_clear(&b);
	while (b.len < 200000)
		buf_puts(&b, "<b>");
	buf_puts(&b, "<h1>far away</h1>");
	assert_false(page_title(buf_view(&b), got));
	buf_free(&b);
}

static const struct sub_case {
	const char *name, *title;
	unsigned status, sub;
} sub_cases[] = {
	{ "of a page",
	    "403.16 - Forbidden: Client certificate is ill-formed or is not trusted by "
	    "the "
	    "Web server",
	    403, 16 },
	{ "of a detailed page", "IIS 8.5 Detailed Error - 403.4 - Forbidden", 403, 4 },
	{ "of an old page", "HTTP Error 500.19 - Internal Server Error", 500, 19 },
	{ "none", "403 - Forbidden: Access is denied.", 403, 0 },
	{ "of another status", "403.16 - Forbidden", 500, 0 },
	{ "part of a longer number", "1403.16", 403, 0 },
	{ "no sub-status has three digits", "403.163", 403, 0 },
	{ "only a full stop", "Error 403.", 403, 0 },
};

static void
check_sub(void **state)
{
	const struct sub_case *tc = *state;

	assert_int_equal(page_substatus(tc->title, tc->status), tc->sub);
}

RUN_CASES(ROWS("page", html_cases, check_html), ROWS("title", title_cases, check_title),
    TEST(a_title_may_be_large), ROWS("sub-status", sub_cases, check_sub));
