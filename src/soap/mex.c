#include "soap/mex.h"

#include <stdio.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "soap/ns.h"
#include "soap/url.h"
#include "soap/xml.h"

#define PORT_CERTPROV "CertProvisioningServiceWebTicketProof_SHA1"

struct level {
	const char *ns, *name;
};

/* Below the token assertion of the policy, down to the address of the issuer. */
static const struct level to_issuer[] = {
	{ NS_WSP, "Policy" },
	{ NS_SP, "IssuedToken" },
	{ NS_SP, "Issuer" },
	{ NS_WSA, "Address" },
};
#define NLEVELS (sizeof(to_issuer) / sizeof(to_issuer[0]))

static bool
attr_is(const struct xml_node *n, const char *ns, const char *name, const char *value)
{
	struct buf have;
	bool same;

	buf_init(&have, XML_SIZE_MAX);
	same = xml_attr(n, ns, name, &have) &&
	       (ns == NULL ? str_eq(buf_view(&have), value)
			   : str_caseeq(buf_view(&have), value));
	buf_free(&have);
	return same;
}

/* Every way down is tried, not only the first of each name. */
static const struct xml_node *
descend(const struct xml_node *n, const struct level *path, size_t len)
{
	const struct xml_node *c, *hit;

	if (len == 0)
		return n;
	for (c = xml_child(n, path->ns, path->name); c != NULL;
	    c = xml_next(c, path->ns, path->name))
		if ((hit = descend(c, path + 1, len - 1)) != NULL)
			return hit;
	return NULL;
}

static const struct xml_node *
issuer_of(const struct xml_node *policy, const char *tokens)
{
	struct level path[3 + NLEVELS] = {
		{ NS_WSP, "ExactlyOne" },
		{ NS_WSP, "All" },
		{ NS_SP, tokens },
	};

	memcpy(path + 3, to_issuer, sizeof(to_issuer));
	return descend(policy, path, sizeof(path) / sizeof(path[0]));
}

static bool
take_text_url(
    const struct xml_node *n, const char *what, char ret[URL_MAX], struct err *err)
{
	struct buf text;
	bool ok;

	buf_init(&text, XML_SIZE_MAX);
	xml_text(n, &text);
	ok = url_take(buf_view(&text), "metadata", what, ret, err);
	buf_free(&text);
	return ok;
}

/* The next port after n, in any service; n NULL: the first. */
static const struct xml_node *
next_port(const struct xml_node *root, const struct xml_node *n)
{
	const struct xml_node *x = n == NULL ? NULL : xml_next(n, NS_WSDL, "port");
	const struct xml_node *service;

	if (x != NULL)
		return x;
	service = n == NULL ? xml_child(root, NS_WSDL, "service")
			    : xml_next(xml_parent(n), NS_WSDL, "service");
	for (; service != NULL; service = xml_next(service, NS_WSDL, "service"))
		if ((x = xml_child(service, NS_WSDL, "port")) != NULL)
			return x;
	return NULL;
}

static const struct xml_node *
find_port(const struct xml_node *root, const char *name)
{
	const struct xml_node *p = next_port(root, NULL);

	while (p != NULL && !attr_is(p, NULL, "name", name))
		p = next_port(root, p);
	return p;
}

static bool
take_port_url(
    const struct xml_node *port, const char *name, char ret[URL_MAX], struct err *err)
{
	const struct xml_node *address = xml_child(port, NS_WSDL_SOAP, "address");
	char what[80];
	struct buf location;
	bool ok;

	snprintf(what, sizeof(what), "address of port %s", name);
	buf_init(&location, XML_SIZE_MAX);
	ok = xml_attr(address, NULL, "location", &location);
	if (ok)
		ok = url_take(buf_view(&location), "metadata", what, ret, err);
	else
		err_set(err, CAUSE_PROTOCOL, 0,
		    "metadata: no soap:address location in port %s", name);
	buf_free(&location);
	return ok;
}

static struct xml_doc *
open_wsdl(struct str text, struct err *err)
{
	struct xml_doc *d = xml_parse(text, err);
	const struct xml_node *root;

	if (d == NULL)
		return NULL;
	root = xml_root(d);
	if (xml_is(root, NS_WSDL, "definitions"))
		return d;
	err_set(err, CAUSE_PROTOCOL, 0,
	    "metadata: wsdl:definitions expected, found %s in \"%s\"",
	    xml_local_name(root), xml_namespace(root));
	xml_free(d);
	return NULL;
}

static bool
read_policy(const struct xml_node *root, struct mex_certprov *m, struct err *err)
{
	const struct xml_node *policy = xml_child(root, NS_WSP, "Policy"), *address;

	while (policy != NULL && !attr_is(policy, NS_WSU, "Id", PORT_CERTPROV "_policy"))
		policy = xml_next(policy, NS_WSP, "Policy");
	if (policy == NULL) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "metadata: no wsp:Policy with wsu:Id " PORT_CERTPROV
		    "_policy in wsdl:definitions");
		return false;
	}
	address = issuer_of(policy, "EndorsingSupportingTokens");
	m->proof = address != NULL;
	if (address == NULL)
		address = issuer_of(policy, "SignedSupportingTokens");
	if (address == NULL) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "metadata: the policy " PORT_CERTPROV "_policy "
		    "names no issuer of tokens (sp:IssuedToken/sp:Issuer/wsa:Address)");
		return false;
	}
	return take_text_url(address, "issuer of web tickets", m->issuer, err);
}

/* Copies the names of all ports, as many as fit. */
static void
list_ports(const struct xml_node *root, char *dst, size_t size)
{
	struct buf names;

	buf_init(&names, XML_SIZE_MAX);
	for (const struct xml_node *p = next_port(root, NULL); p != NULL;
	    p = next_port(root, p)) {
		if (names.len > 0)
			buf_puts(&names, ", ");
		xml_attr(p, NULL, "name", &names);
	}
	text_printable(dst, size, buf_view(&names));
	buf_free(&names);
}

/* The port is missing: web tickets are switched off, or this is something else. */
static void
no_port(const struct xml_node *root, struct err *err)
{
	char ports[ERR_DETAIL_MAX];

	list_ports(root, ports, sizeof(ports));
	if (ports[0] != '\0')
		err_set(err, CAUSE_NOT_OFFERED, 0,
		    "no port for web tickets (" PORT_CERTPROV ") among: %s", ports);
	else
		err_set(err, CAUSE_PROTOCOL, 0,
		    "metadata: no wsdl:port " PORT_CERTPROV " in wsdl:service");
}

bool
mex_parse_certprov(struct str text, struct mex_certprov *ret, struct err *err)
{
	struct xml_doc *d = open_wsdl(text, err);
	struct mex_certprov m = { .proof = false };
	const struct xml_node *port;
	bool ok = false;

	if (d == NULL)
		return false;
	port = find_port(xml_root(d), PORT_CERTPROV);
	if (port == NULL) {
		no_port(xml_root(d), err);
		goto out;
	}
	if (!read_policy(xml_root(d), &m, err))
		goto out;
	ok = take_port_url(port, PORT_CERTPROV, m.service, err);
	if (ok)
		*ret = m;
out:
	xml_free(d);
	return ok;
}

/*
 * The first of the wanted ports that is there. One that is missing is a method that is
 * off; but those that are there must be right, also those that are not used.
 */
static bool
choose_port(const struct xml_node *root, const char *const *wanted, struct mex_ticket *m,
    struct err *err)
{
	char url[URL_MAX];

	for (; *wanted != NULL; wanted++) {
		const struct xml_node *port = find_port(root, *wanted);

		if (port == NULL)
			continue;
		if (!take_port_url(port, *wanted, url, err))
			return false;
		if (m->url[0] == '\0')
			str_copy(m->url, sizeof(m->url), str_of(url));
	}
	return true;
}

bool
mex_parse_ticket(
    struct str text, const char *const *wanted, struct mex_ticket *ret, struct err *err)
{
	struct xml_doc *d = open_wsdl(text, err);
	struct mex_ticket m = { .ports = "" };
	const struct xml_node *root;
	bool ok = false;

	if (d == NULL)
		return false;
	root = xml_root(d);
	if (next_port(root, NULL) == NULL) {
		err_set(err, CAUSE_PROTOCOL, 0, "metadata: no wsdl:port in wsdl:service");
		goto out;
	}
	ok = choose_port(root, wanted, &m, err);
	list_ports(root, m.ports, sizeof(m.ports));
	if (ok)
		*ret = m;
out:
	xml_free(d);
	return ok;
}
