#include "soap/page.h"

#include <ctype.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"
#include "soap/xml.h"

#define LOOKED_AT  (64 * 1024) /* bytes of a page */
#define CHARACTERS 80

/* What is sent as a page, but is XML and none of HTML. */
static bool
is_xml(struct str body)
{
	struct str head = { body.p, body.len < 1024 ? body.len : 1024 };

	return str_caseprefix(body, "<?xml") &&
	       memmem(head.p, head.len, "<html", 5) == NULL;
}

bool
page_is_html(struct str content_type, struct str body)
{
	if (str_caseprefix(body, "\xef\xbb\xbf"))
		body = (struct str){ body.p + 3, body.len - 3 };
	body = str_trim(body);
	if (str_caseprefix(body, "<!doctype html") || str_caseprefix(body, "<html"))
		return true;
	return (str_caseprefix(content_type, "text/html") ||
		   str_caseprefix(content_type, "application/xhtml+xml")) &&
	       !is_xml(body);
}

/* Appends the text of an element with each white space as one blank. */
static void
put_element(const struct xml_node *n, struct buf *out)
{
	struct buf text;
	struct str s;

	buf_init(&text, LOOKED_AT);
	xml_text(n, &text);
	s = buf_view(&text);
	for (size_t i = 0; i < s.len; i++) {
		bool blank = isspace((unsigned char)s.p[i]);

		if (!blank)
			buf_putc(out, s.p[i]);
		else if (out->len > 0 && out->data[out->len - 1] != ' ')
			buf_putc(out, ' ');
	}
	buf_free(&text);
}

static const struct xml_node *
first_heading(const struct xml_node *root)
{
	static const char *const names[] = { "h1", "h2", "h3" };
	const struct xml_node *n = NULL;

	for (size_t i = 0; n == NULL && i < sizeof(names) / sizeof(names[0]); i++)
		n = xml_find(root, NULL, names[i]);
	return n;
}

/* At a character; NUL included. */
static void
cut(char *text, unsigned characters)
{
	struct str rest = str_of(text);
	uint32_t code;
	size_t n;

	for (; characters > 0 && (n = text_utf8(rest, &code)) > 0; characters--)
		rest = (struct str){ rest.p + n, rest.len - n };
	text[(size_t)(rest.p - text)] = '\0';
}

bool
page_title(struct str body, char dst[PAGE_TITLE_SIZE])
{
	struct xml_doc *d;
	struct buf title, heading;

	dst[0] = '\0';
	if (body.len > LOOKED_AT)
		body.len = LOOKED_AT;
	d = xml_parse_html(body);
	if (d == NULL)
		return false;
	buf_init(&title, LOOKED_AT);
	buf_init(&heading, LOOKED_AT);
	put_element(xml_find(xml_root(d), NULL, "title"), &title);
	put_element(first_heading(xml_root(d)), &heading);
	/* "Bad Request", and below it "Bad Request - Request Too Long" */
	if (title.len == 0 ||
	    (heading.len > title.len && str_caseprefix(buf_view(&heading), title.data)))
		text_printable(dst, PAGE_TITLE_SIZE, buf_view(&heading));
	else
		text_printable(dst, PAGE_TITLE_SIZE, buf_view(&title));
	cut(dst, CHARACTERS);
	buf_free(&heading);
	buf_free(&title);
	xml_free(d);
	return dst[0] != '\0';
}

unsigned
page_substatus(const char *title, unsigned status)
{
	char wanted[16];
	const char *at;
	unsigned sub = 0;

	snprintf(wanted, sizeof(wanted), "%u.", status);
	at = strstr(title, wanted);
	if (at == NULL || (at > title && isdigit((unsigned char)at[-1])))
		return 0;
	at += strlen(wanted);
	for (unsigned digits = 0; isdigit((unsigned char)*at); at++, digits++) {
		if (digits == 2)
			return 0;
		sub = sub * 10 + (unsigned)(*at - '0');
	}
	return sub;
}
