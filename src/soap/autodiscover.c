#include "soap/autodiscover.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "soap/page.h"
#include "soap/url.h"
#include "soap/xml.h"
#include "vocab/code.h"
#include "vocab/err.h"

#define PORT_STANDARD 5061
#define LINKS_MAX     64 /* of a document; further ones are not looked at */

static bool
begins(struct str body, const char *with)
{
	return str_caseprefix(str_trim(body), with);
}

/* Servers that do not look at Accept, and what stands in front of servers. */
static enum protocol_code
what_else(struct str type, struct str body)
{
	if (str_caseprefix(type, "application/json") || begins(body, "{") ||
	    str_caseprefix(type, "application/vnd.microsoft.rtc.autodiscover+json"))
		return PROTOCOL_JSON;
	if (str_caseprefix(type, "application/vnd.microsoft.com.ucwa+xml"))
		return PROTOCOL_UCWA;
	return page_is_html(type, body) ? PROTOCOL_PAGE : PROTOCOL_OTHER;
}

static bool
check_type(struct str type, struct str body, struct err *err)
{
	static const char *const kinds[] = { [PROTOCOL_OTHER] = "something else",
		[PROTOCOL_JSON] = "JSON",
		[PROTOCOL_PAGE] = "a web page",
		[PROTOCOL_UCWA] = "a UCWA resource" };
	enum protocol_code what = what_else(type, body);

	if (str_caseprefix(type, AUTODISCOVER_TYPE))
		return true;
	err_set(err, CAUSE_PROTOCOL, what,
	    "autodiscover answers %s (Content-Type %.*s) although XML was asked for",
	    kinds[what],
	    type.len == 0   ? 7
	    : type.len > 80 ? 80
			    : (int)type.len,
	    type.len == 0 ? "missing" : type.p);
	return false;
}

struct wanted_attr {
	const char *name;
	char *dst;
	size_t size;
	bool found;
};

static void
on_attr(void *arg, const char *name, struct str value)
{
	struct wanted_attr *w = arg;

	if (!w->found && str_caseeq(str_of(name), w->name))
		w->found = str_copy(w->dst, w->size, str_trim(value));
}

/*
 * As clients read them: upper and lower case are the same, and blanks around the value do
 * not count (the specification's own example has one). False: not there, or too long.
 */
static bool
attr(const struct xml_node *n, const char *name, char *dst, size_t size)
{
	struct wanted_attr w = { name, dst, size, false };

	xml_each_attr(n, on_attr, &w);
	return w.found;
}

static bool
read_link(const struct xml_node *n, struct autodiscover *a, struct err *err)
{
	char token[40] = "", href[2 * URL_MAX] = "";
	char *dst;

	/* Tokens that are longer than any that we look for are not those. */
	if (!attr(n, "token", token, sizeof(token)))
		return true;
	if (str_caseeq(str_of(token), "Redirect"))
		dst = a->redirect;
	else if (str_caseeq(str_of(token), "User"))
		dst = a->user;
	else
		return true;
	if (dst[0] != '\0') /* the first one counts */
		return true;
	if (!attr(n, "href", href, sizeof(href))) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "autodiscover: the link %s has no href, or too long a one", token);
		return false;
	}
	return url_take(str_of(href), "autodiscover", "a link", dst, err);
}

static bool
read_links(const struct xml_node *top, struct autodiscover *a, struct err *err)
{
	const struct xml_node *n = xml_child(top, NULL, "Link");

	for (unsigned i = 0; n != NULL && i < LINKS_MAX; i++) {
		if (!read_link(n, a, err))
			return false;
		n = xml_next(n, NULL, "Link");
	}
	return true;
}

static bool
read_server(const struct xml_node *top, const char *name, struct autodiscover_server *ret,
    struct err *err)
{
	const struct xml_node *n = xml_child(top, NULL, name);
	struct autodiscover_server s = { .port = PORT_STANDARD };
	char digits[16] = "";
	uint64_t port;

	if (n == NULL)
		return true;
	if (!attr(n, "fqdn", s.fqdn, sizeof(s.fqdn)) || !text_is_host(str_of(s.fqdn))) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "autodiscover: the fqdn of %s is no host name: %.100s", name, s.fqdn);
		return false;
	}
	if (attr(n, "port", digits, sizeof(digits))) {
		if (!str_uint(str_of(digits), 1, 65535, &port)) {
			err_set(err, CAUSE_PROTOCOL, 0,
			    "autodiscover: the port of %s is no port: %s", name, digits);
			return false;
		}
		s.port = (uint16_t)port;
	}
	*ret = s;
	return true;
}

static void
read_access(const struct xml_node *root, struct autodiscover *a)
{
	char access[16] = "";

	if (!attr(root, "AccessLocation", access, sizeof(access)))
		return;
	if (str_caseeq(str_of(access), "Internal"))
		str_copy(a->access, sizeof(a->access), STR_LIT("Internal"));
	else if (str_caseeq(str_of(access), "External"))
		str_copy(a->access, sizeof(a->access), STR_LIT("External"));
}

/* Some of the four elements, whatever they say. */
static bool
names_servers(const struct xml_node *user)
{
	static const char *const names[] = { "SipClientInternalAccess",
		"SipClientExternalAccess", "SipServerInternalAccess",
		"SipServerExternalAccess" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (xml_child(user, NULL, names[i]) != NULL)
			return true;
	return false;
}

static bool
read_document(const struct xml_node *root, struct autodiscover *a, struct err *err)
{
	const struct xml_node *top = xml_child(root, NULL, "Root");
	const struct xml_node *user = xml_child(root, NULL, "User");

	if (!xml_is(root, NULL, "AutodiscoverResponse") ||
	    (top == NULL && user == NULL)) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "autodiscover: AutodiscoverResponse with Root or User expected, "
		    "found %.80s",
		    xml_local_name(root));
		return false;
	}
	read_access(root, a);
	a->is_user = top == NULL;
	a->names_servers = names_servers(user);
	if (top != NULL)
		return read_links(top, a, err);
	return read_links(user, a, err) &&
	       read_server(user, "SipClientInternalAccess", &a->internal, err) &&
	       read_server(user, "SipClientExternalAccess", &a->external, err);
}

bool
autodiscover_parse(
    struct str content_type, struct str body, struct autodiscover *ret, struct err *err)
{
	struct autodiscover a = { .redirect = "" };
	struct xml_doc *d;
	bool ok;

	if (!check_type(content_type, body, err) || (d = xml_parse(body, err)) == NULL)
		return false;
	ok = read_document(xml_root(d), &a, err);
	if (ok)
		*ret = a;
	xml_free(d);
	return ok;
}

const struct autodiscover_server *
autodiscover_registrar(const struct autodiscover *a)
{
	const struct autodiscover_server *s = &a->internal;

	if (a->access[0] == 'E' || (a->access[0] == '\0' && s->fqdn[0] == '\0'))
		s = &a->external;
	return s->fqdn[0] == '\0' ? NULL : s;
}

/* RFC 3986 section 3.4, and '@', which clients leave as it is. */
static void
add_escaped(const char *s, struct buf *out)
{
	for (; *s != '\0'; s++)
		if (isalnum((unsigned char)*s) || strchr("-._~@", *s) != NULL)
			buf_putc(out, *s);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)*s);
}

bool
autodiscover_url(const char *root, const char *user, char ret[URL_MAX])
{
	struct buf url;
	bool ok;

	buf_init(&url, URL_MAX);
	buf_printf(&url, "%s%csipuri=", root, strchr(root, '?') == NULL ? '?' : '&');
	add_escaped(user, &url);
	ok = !url.failed && str_copy(ret, URL_MAX, buf_view(&url));
	buf_free(&url);
	return ok;
}
