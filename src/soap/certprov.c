#include "soap/certprov.h"

#include <errno.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "soap/envelope.h"
#include "soap/ns.h"
#include "soap/webticket.h"
#include "soap/xml.h"

#define X509_TOKEN NS_WSS_2004 "oasis-200401-wss-x509-token-profile-1.0#X509v3"

#define DER_MAX (64 * 1024) /* octets: one certificate, or a PKCS#7 chain */

static bool
add_header(
    const struct certprov_request *r, const struct webticket *ticket, struct buf *out)
{
	buf_puts(out, "<s:Header>");
	envelope_element(out, "wsa:To", r->to);
	buf_puts(out,
	    "<wsa:ReplyTo><wsa:Address>" NS_WSA "/anonymous</wsa:Address></wsa:ReplyTo>"
	    "<wsa:MessageID>uuid:");
	text_xml(out, str_of(r->message_id));
	buf_puts(out, "</wsa:MessageID><wsa:Action>" CERTPROV_ACTION "</wsa:Action>");
	if (!webticket_security(ticket, out))
		return false;
	buf_puts(out, "</s:Header>");
	return true;
}

static void
add_body(const struct certprov_request *r, struct buf *out)
{
	buf_puts(out, "<s:Body><GetAndPublishCert xmlns=\"" NS_OCS "\" DeviceId=\"{");
	text_xml(out, str_of(r->device_id));
	buf_puts(out, "}\" Entity=\"");
	text_xml(out, str_of(r->entity));
	/* The service's own schema has the slash: without it the request is refused. */
	buf_puts(out,
	    "\"><wst:RequestSecurityToken xmlns:wst=\"" NS_WST_SLASH "\">"
	    "<wst:TokenType>" X509_TOKEN "</wst:TokenType>"
	    "<wst:RequestType>" NS_WST_SLASH "Issue</wst:RequestType>"
	    "<wsse:BinarySecurityToken xmlns:wsse=\"" NS_WSSE "\""
	    " ValueType=\"http://schemas.microsoft.com/OCS/AuthWebServices.xsd#PKCS10\""
	    " EncodingType=\"" NS_WSSE "#Base64Binary\">\r\n");
	crypto_base64_lines(out, r->pkcs10.p, r->pkcs10.len);
	buf_puts(out,
	    "</wsse:BinarySecurityToken><wstep:RequestID xmlns:wstep=\"" NS_WSTEP "\">");
	text_xml(out, str_of(r->request_id));
	buf_puts(out,
	    "</wstep:RequestID></wst:RequestSecurityToken></GetAndPublishCert></s:Body>");
}

bool
certprov_build(
    const struct certprov_request *r, const struct webticket *ticket, struct buf *out)
{
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
		      "<s:Envelope xmlns:s=\"" NS_SOAP "\" xmlns:wsa=\"" NS_WSA "\">");
	if (!add_header(r, ticket, out))
		return false;
	add_body(r, out);
	buf_puts(out, "</s:Envelope>");
	return !out->failed;
}

/* "name=value; " for each; values go through err_said(), which makes them printable. */
static void
note_attr(void *arg, const char *name, struct str value)
{
	struct buf *said = arg;

	if (said->len > ERR_SAID_MAX)
		return;
	buf_printf(said, "%s%s=", said->len == 0 ? "" : "; ", name);
	buf_str(said, value);
}

static void
note_element(const struct xml_node *n, struct buf *said)
{
	struct buf text;

	xml_each_attr(n, note_attr, said);
	if (xml_child(n, NULL, NULL) != NULL)
		return;
	buf_init(&text, XML_SIZE_MAX);
	xml_text(n, &text);
	if (text.len > 0)
		note_attr(said, xml_local_name(n), buf_view(&text));
	buf_free(&text);
}

/* Names, attributes and texts of the whole subtree: its model is not published. */
static void
say_error_info(const struct xml_node *info, struct err *err)
{
	struct buf said;

	buf_init(&said, 2 * XML_SIZE_MAX);
	note_element(info, &said);
	for (const struct xml_node *x = xml_walk(info, info); x != NULL;
	    x = xml_walk(info, x))
		note_element(x, &said);
	err_set(err, CAUSE_FAULT, 0, "the certificate service reports ErrorInfo");
	err_said(err, buf_view(&said));
	buf_free(&said);
}

/* [MS-OCAUTHWS] 3.1.4.1: errors come in ErrorInfo, with status 200. */
static bool
is_success(const struct xml_node *response, struct err *err)
{
	const struct xml_node *info = xml_find(response, NULL, "ErrorInfo");
	struct buf class;
	bool ok;

	if (info != NULL) {
		say_error_info(info, err);
		return false;
	}
	buf_init(&class, XML_SIZE_MAX);
	ok = !xml_attr(response, NULL, "ResponseClass", &class) ||
	     str_eq(buf_view(&class), "Success");
	if (!ok)
		err_set(err, CAUSE_FAULT, 0,
		    "the certificate service reports ResponseClass %.60s",
		    buf_view(&class).p);
	buf_free(&class);
	return ok;
}

static const struct xml_node *
need(const struct xml_node *n, const char *ns, const char *name, struct err *err)
{
	const struct xml_node *c = xml_child(n, ns, name);

	/* Seen with and without the slash that the request must have. */
	if (c == NULL && strcmp(ns, NS_WST_SLASH) == 0)
		c = xml_child(n, NS_WST, name);
	return c != NULL ? c : envelope_child(n, ns, name, "certificate", err);
}

static bool
decode(const struct xml_node *token, struct buf *der, struct err *err)
{
	struct buf text, raw;
	bool ok;

	buf_init(&text, XML_SIZE_MAX);
	buf_init(&raw, DER_MAX);
	xml_text(token, &text);
	ok = crypto_unbase64(buf_view(&text), &raw) && !raw.failed && raw.len > 0;
	if (ok)
		buf_str(der, buf_view(&raw));
	else
		err_set(err, CAUSE_PROTOCOL, 0,
		    "certificate: BinarySecurityToken is not base64 of 1 to %d octets",
		    DER_MAX);
	if (ok && der->failed) {
		err_local(err, ENOMEM, "copying the certificate");
		ok = false;
	}
	buf_free(&raw);
	buf_free(&text);
	return ok;
}

bool
certprov_parse(struct str body, struct buf *der, struct err *err)
{
	const struct xml_node *n;
	struct xml_doc *d = envelope_open(body, &n, err);
	bool ok = false;

	if (d == NULL)
		return false;
	n = need(n, NS_OCS, "GetAndPublishCertResponse", err);
	if (n != NULL && is_success(n, err) &&
	    (n = need(n, NS_WST_SLASH, "RequestSecurityTokenResponse", err)) != NULL &&
	    (n = need(n, NS_WST_SLASH, "RequestedSecurityToken", err)) != NULL &&
	    (n = need(n, NS_WSSE, "BinarySecurityToken", err)) != NULL)
		ok = decode(n, der, err);
	xml_free(d);
	return ok;
}
