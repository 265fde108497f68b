#include "lab/ticket.h"

#include <stdlib.h>
#include <strings.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "lab/ns.h"
#include "lab/paths.h"
#include "lab/xmlsig.h"
#include "soap/xml.h"

struct lab_tickets {
	struct lab_ticket v[TICKETS_MAX];
	size_t next, n;
};

static bool
refuse_request(struct lab_soapfault *f, const char *code, const char *text)
{
	*f = (struct lab_soapfault){ .ns = NS_WST, .code = code, .text = text };
	return false;
}

static bool
copy_field(const struct xml_node *node, char *dst, size_t size)
{
	struct buf b;
	bool ok;

	buf_init(&b, size);
	xml_text(node, &b);
	ok = node != NULL && !b.failed && b.len > 0 && str_copy(dst, size, buf_view(&b));
	buf_free(&b);
	return ok;
}

static bool
field_is(const struct xml_node *node, const char *want)
{
	char text[TICKET_URL_MAX];

	return copy_field(node, text, sizeof(text)) && strcmp(text, want) == 0;
}

static bool
read_entropy(const struct xml_node *secret, struct lab_rst *r)
{
	struct buf text, raw;
	bool ok;

	buf_init(&text, 4 * TICKET_ENTROPY_MAX);
	buf_init(&raw, TICKET_ENTROPY_MAX);
	xml_text(secret, &text);
	ok = secret != NULL && !text.failed && crypto_unbase64(buf_view(&text), &raw) &&
	     !raw.failed && raw.len >= TICKET_ENTROPY_MIN;
	if (ok) {
		memcpy(r->entropy, raw.data, raw.len);
		r->entropy_len = raw.len;
	}
	buf_wipe_free(&text);
	buf_wipe_free(&raw);
	return ok;
}

static bool
read_claim(const struct xml_node *request, struct lab_rst *r)
{
	const struct xml_node *type =
	    xml_child(xml_child(request, NS_WST, "Claims"), NS_AUTH, "ClaimType");
	struct buf uri;
	bool ok;

	buf_init(&uri, TICKET_URL_MAX);
	ok = type != NULL && xml_attr(type, NULL, "Uri", &uri) &&
	     str_eq(buf_view(&uri), CLAIM_URI) &&
	     copy_field(xml_child(type, NS_AUTH, "Value"), r->claim, sizeof(r->claim));
	buf_free(&uri);
	return ok;
}

static void
read_context(const struct xml_node *request, struct lab_rst *r)
{
	struct buf b;

	buf_init(&b, sizeof(r->context));
	if (!xml_attr(request, NULL, "Context", &b) || b.failed ||
	    !str_copy(r->context, sizeof(r->context), buf_view(&b)))
		r->context[0] = '\0';
	buf_free(&b);
}

bool
lab_ticket_service_is(const char *url, const char *path)
{
	const char *have;

	if (strncasecmp(url, "https://", 8) != 0)
		return false;
	have = strchr(url + 8, '/');
	return have != NULL && strcasecmp(have, path) == 0;
}

bool
lab_ticket_service_known(const char *url)
{
	return lab_ticket_service_is(url, PATH_PROOF) ||
	       lab_ticket_service_is(url, PATH_DISCOVER_USER);
}

static bool
check_request(const struct xml_node *q, struct lab_rst *r, struct lab_soapfault *f)
{
	const struct xml_node *type = xml_child(q, NS_WST, "RequestType");
	const struct xml_node *reference =
	    xml_child(xml_child(q, NS_WSP, "AppliesTo"), NS_WSA, "EndpointReference");

	if (!field_is(xml_child(q, NS_WST, "TokenType"), TOKEN_SAML11))
		return refuse_request(
		    f, "InvalidRequest", "The token type is not supported.");
	/*
	 * Real clients use 2005/02 here, whatever the namespace of the rest is (spec 02
	 * section 3).
	 */
	if (!field_is(type, NS_WST_2005 "/Issue") && !field_is(type, NS_WST "/Issue"))
		return refuse_request(
		    f, "InvalidRequest", "The request type is not supported.");
	if (!field_is(xml_child(q, NS_WST, "KeyType"), KEY_SYMMETRIC))
		return refuse_request(
		    f, "InvalidRequest", "The key type is not supported.");
	if (!copy_field(xml_child(reference, NS_WSA, "Address"), r->applies_to,
		sizeof(r->applies_to)) ||
	    !lab_ticket_service_known(r->applies_to))
		return refuse_request(
		    f, "InvalidScope", "AppliesTo names no service of this pool.");
	if (!read_claim(q, r))
		return refuse_request(
		    f, "InvalidRequest", "There is no claim of type uri.");
	if (!read_entropy(
		xml_child(xml_child(q, NS_WST, "Entropy"), NS_WST, "BinarySecret"), r))
		return refuse_request(
		    f, "InvalidRequest", "The entropy must be 16 to 64 octets.");
	read_context(q, r);
	return true;
}

static bool
action_is(const char *header, const char *want)
{
	struct str s = str_trim(str_of(header));

	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		s = (struct str){ s.p + 1, s.len - 2 };
	return str_eq(s, want);
}

bool
lab_rst_parse(
    const char *action, struct str body, struct lab_rst *ret, struct lab_soapfault *fault)
{
	struct lab_rst r = { .entropy_len = 0 };
	const struct xml_node *q;
	struct xml_doc *doc;
	struct err err;
	bool ok;

	if (action == NULL || !action_is(action, TICKET_ACTION)) {
		*fault = (struct lab_soapfault){
			.ns = NS_WSA,
			.code = "ActionNotSupported",
			.text =
			    "The SOAPAction header is missing or names another operation."
		};
		return false;
	}
	doc = xml_parse(body, &err);
	if (doc == NULL)
		return refuse_request(fault, "InvalidRequest", "The request is not XML.");
	q = xml_root(doc);
	q = xml_is(q, NS_SOAP, "Envelope")
		? xml_child(xml_child(q, NS_SOAP, "Body"), NS_WST, "RequestSecurityToken")
		: NULL;
	ok = q != NULL ? check_request(q, &r, fault)
		       : refuse_request(fault, "InvalidRequest",
			     "The body holds no RequestSecurityToken.");
	if (ok)
		*ret = r;
	secret_wipe(&r, sizeof(r));
	xml_free(doc);
	return ok;
}

struct lab_tickets *
lab_tickets_new(void)
{
	return calloc(1, sizeof(struct lab_tickets));
}

void
lab_tickets_free(struct lab_tickets *t)
{
	if (t == NULL)
		return;
	secret_wipe(t, sizeof(*t));
	free(t);
}

const struct lab_ticket *
lab_tickets_find(const struct lab_tickets *t, const char *id)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i].id, id) == 0)
			return &t->v[i];
	return NULL;
}

static struct lab_ticket *
remember(struct lab_tickets *t, const struct lab_ticket_wish *w)
{
	struct lab_ticket *k = &t->v[t->next];
	char uuid[CRYPTO_UUID_SIZE];

	t->next = (t->next + 1) % TICKETS_MAX;
	if (t->n < TICKETS_MAX)
		t->n++;
	*k = (struct lab_ticket){ .client_len = w->rst->entropy_len };
	crypto_uuid(uuid);
	str_copy(k->id, sizeof(k->id), STR_LIT("SamlSecurityToken-"));
	str_copy(k->id + strlen(k->id), sizeof(k->id) - strlen(k->id), str_of(uuid));
	str_copy(k->address, sizeof(k->address), str_of(w->address));
	str_copy(k->audience, sizeof(k->audience), str_of(w->rst->applies_to));
	memcpy(k->client, w->rst->entropy, w->rst->entropy_len);
	crypto_random(k->server, sizeof(k->server));
	k->expires_s = w->now + w->life_s;
	text_time_s(k->expires, k->expires_s);
	/* A ticket that has expired must have begun before that. */
	text_time_s(k->created, w->life_s > 0 ? w->now : k->expires_s - TICKET_LIFE_S);
	return k;
}

static void
build_assertion(
    const struct lab_ticket *k, const struct lab_ticket_wish *w, struct buf *out)
{
	buf_printf(out,
	    "<saml:Assertion xmlns:saml=\"" NS_SAML "\" MajorVersion=\"1\" "
	    "MinorVersion=\"1\" AssertionID=\"%s\" Issuer=\"",
	    k->id);
	text_xml(out, str_of(w->issuer));
	buf_printf(out,
	    "\" IssueInstant=\"%s\"><saml:Conditions NotBefore=\"%s\" "
	    "NotOnOrAfter=\"%s\"><saml:AudienceRestrictionCondition><saml:Audience>",
	    k->created, k->created, k->expires);
	text_xml(out, str_of(k->audience));
	buf_printf(out,
	    "</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>"
	    "<saml:AuthenticationStatement "
	    "AuthenticationMethod=\"urn:oasis:names:tc:SAML:1.0:am:unspecified\" "
	    "AuthenticationInstant=\"%s\"><saml:Subject>"
	    "<saml:NameIdentifier Format=\"" CLAIM_URI "\">sip:",
	    k->created);
	text_xml(out, str_of(k->address));
	buf_puts(out,
	    "</saml:NameIdentifier><saml:SubjectConfirmation><saml:ConfirmationMethod>"
	    "urn:oasis:names:tc:SAML:1.0:cm:holder-of-key</saml:ConfirmationMethod>"
	    "</saml:SubjectConfirmation></saml:Subject></saml:AuthenticationStatement>");
	lab_xmlsig_template(k->id, out);
	buf_puts(out, "</saml:Assertion>");
}

/*
 * Appends the answer, with the layout and the declarations that the text search of the
 * real client expects (spec 07 4.3).
 */
static void
build_answer(const struct lab_ticket *k, const char *context, struct str assertion,
    struct buf *out)
{
	buf_puts(out,
	    "<s:Envelope xmlns:s=\"" NS_SOAP "\"><s:Body>"
	    "<RequestSecurityTokenResponseCollection xmlns=\"" NS_WST
	    "\" xmlns:wsu=\"" NS_WSU "\"><RequestSecurityTokenResponse Context=\"");
	text_xml(out, str_of(context));
	buf_puts(
	    out, "\"><TokenType>" TOKEN_SAML11 "</TokenType><RequestedSecurityToken>");
	buf_str(out, assertion);
	buf_puts(out, "</RequestedSecurityToken><AppliesTo xmlns=\"" NS_WSP "\">"
		      "<EndpointReference xmlns=\"" NS_WSA "\"><Address>");
	text_xml(out, str_of(k->audience));
	buf_puts(out,
	    "</Address></EndpointReference></AppliesTo><RequestedProofToken>"
	    "<ComputedKey>" KEY_PSHA1 "</ComputedKey></RequestedProofToken><Entropy>"
	    "<BinarySecret>");
	crypto_base64(out, k->server, sizeof(k->server));
	buf_printf(out,
	    "</BinarySecret></Entropy><Lifetime><wsu:Created>%s</wsu:Created>"
	    "<wsu:Expires>%s</wsu:Expires></Lifetime></RequestSecurityTokenResponse>"
	    "</RequestSecurityTokenResponseCollection></s:Body></s:Envelope>",
	    k->created, k->expires);
}

bool
lab_tickets_issue(struct lab_tickets *t, struct lab_xmlsig *x,
    const struct lab_ticket_wish *w, struct buf *out, struct err *err)
{
	const struct lab_ticket *k = remember(t, w);
	struct buf plain, assertion;
	bool ok;

	buf_init(&plain, XML_SIZE_MAX);
	buf_init(&assertion, XML_SIZE_MAX);
	build_assertion(k, w, &plain);
	ok = !plain.failed &&
	     lab_xmlsig_sign(x, buf_view(&plain), "AssertionID", &assertion, err);
	if (ok && w->spoil) {
		/* The ticket stays well-formed, but is no longer what was signed. */
		char *p = strstr(assertion.data, "MinorVersion=\"1\"");

		if (p != NULL)
			p[14] = '0';
	}
	if (ok)
		build_answer(k, w->rst->context, buf_view(&assertion), out);
	buf_free(&plain);
	buf_free(&assertion);
	return ok;
}
