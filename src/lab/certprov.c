#include "lab/certprov.h"

#include <strings.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "base/text.h"
#include "lab/ns.h"
#include "lab/paths.h"
#include "lab/proof.h"
#include "lab/ticket.h"
#include "lab/users.h"
#include "soap/xml.h"

#define KEY_BITS_MIN                                                                     \
	1024 /* New-CsWebServiceConfiguration: MinCSRKeySize, MaxCSRKeySize */
#define KEY_BITS_MAX 16384
#define TEXT_MAX     (64 * 1024)

const char *
lab_certprov_error_text(enum lab_certprov_error e)
{
	switch (e) {
	case CERTPROV_OK:
		return "";
	case CERTPROV_ENTITY:
		return "The entity is not the user of the web ticket.";
	case CERTPROV_DEVICE:
		return "The device id is not valid.";
	case CERTPROV_REQUEST:
		return "The certificate request is not valid.";
	case CERTPROV_KEY:
		return "The key of the certificate request is not acceptable.";
	case CERTPROV_SUBJECT:
		return "The subject of the certificate request does not identify the "
		       "user.";
	case CERTPROV_DISABLED:
		return "The user is not enabled.";
	case CERTPROV_STORE:
		return "The user store is not available.";
	}
	return "";
}

static bool
refuse_call(struct lab_soapfault *f, const char *ns, const char *code, unsigned id,
    const char *text)
{
	*f = (struct lab_soapfault){ .ns = ns, .code = code, .id = id, .text = text };
	return false;
}

static bool
copy_attr(const struct xml_node *n, const char *name, char *dst, size_t size)
{
	struct buf b;
	bool ok;

	buf_init(&b, size);
	ok =
	    xml_attr(n, NULL, name, &b) && !b.failed && str_copy(dst, size, buf_view(&b));
	buf_free(&b);
	if (!ok)
		dst[0] = '\0';
	return ok;
}

static void
read_pkcs10(const struct xml_node *request, struct buf *der)
{
	const struct xml_node *token = xml_child(request, NS_WSSE, "BinarySecurityToken");
	struct buf text, type;

	buf_init(&text, TEXT_MAX);
	buf_init(&type, TICKET_URL_MAX);
	if (token != NULL && xml_attr(token, NULL, "ValueType", &type) &&
	    str_eq(buf_view(&type), TOKEN_PKCS10)) {
		xml_text(token, &text);
		if (text.failed || !crypto_unbase64(buf_view(&text), der))
			buf_clear(der); /* lab_certprov_check() refuses the request */
	}
	buf_free(&text);
	buf_free(&type);
}

static bool
read_body(const struct xml_node *body, struct lab_certprov_call *c)
{
	const struct xml_node *op = xml_child(body, NS_OCS, "GetAndPublishCert");
	const struct xml_node *request =
	    xml_child(op, NS_WST_SLASH, "RequestSecurityToken");

	if (op == NULL || request == NULL)
		return false;
	copy_attr(op, "Entity", c->entity, sizeof(c->entity));
	copy_attr(op, "DeviceId", c->device, sizeof(c->device));
	read_pkcs10(request, c->pkcs10);
	return true;
}

static bool
read_message_id(const struct xml_node *header, struct lab_certprov_call *c)
{
	struct buf b;
	bool ok;

	buf_init(&b, sizeof(c->message_id));
	xml_text(xml_child(header, NS_WSA, "MessageID"), &b);
	ok = !b.failed && b.len > 0 &&
	     str_copy(c->message_id, sizeof(c->message_id), buf_view(&b));
	buf_free(&b);
	return ok;
}

static bool
action_is_ours(const char *action)
{
	struct str s = str_trim(str_of(action));

	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		s = (struct str){ s.p + 1, s.len - 2 };
	return str_eq(s, CERTPROV_SOAP_ACTION);
}

bool
lab_certprov_read(const char *action, struct str body, struct lab_certprov_call *ret,
    struct lab_soapfault *fault)
{
	struct err err;
	struct xml_doc *doc;
	const struct xml_node *root;
	bool ok = true;

	if (action == NULL || !action_is_ours(action))
		return refuse_call(fault, NS_WSA, "ActionNotSupported", 0,
		    "The SOAPAction header is missing or names another operation.");
	doc = xml_parse(body, &err);
	if (doc == NULL)
		return refuse_call(
		    fault, NS_SOAP, "Client", 0, "The message is not XML.");
	root = xml_root(doc);
	if (!xml_is(root, NS_SOAP, "Envelope"))
		ok = refuse_call(
		    fault, NS_SOAP, "Client", 0, "The message is no SOAP envelope.");
	else if (!read_message_id(xml_child(root, NS_SOAP, "Header"), ret))
		ok = refuse_call(fault, NS_WSA, "MessageAddressingHeaderRequired", 0,
		    "A required header representing a Message Addressing Property is not "
		    "present.");
	else if (!read_body(xml_child(root, NS_SOAP, "Body"), ret))
		ok = refuse_call(fault, NS_SOAP, "Client", 0,
		    "The formatter threw an exception while trying to deserialize the "
		    "message.");
	xml_free(doc);
	return ok;
}

static bool
times_fit(const struct lab_proof *p, const struct lab_ticket *k)
{
	int64_t created, expires, want;

	return text_parse_time(str_of(lab_proof_created(p)), &created) &&
	       text_parse_time(str_of(lab_proof_expires(p)), &expires) &&
	       expires == k->expires_s && text_parse_time(str_of(k->created), &want) &&
	       created == want;
}

static bool
proof_fits(const struct lab_proof *p, const struct lab_ticket *k, struct lab_xmlsig *x)
{
	uint8_t key[TICKET_ENTROPY_MAX];
	bool ok;

	ok = lab_proof_key((struct str){ (const char *)k->client, k->client_len },
		 (struct str){ (const char *)k->server, sizeof(k->server) }, key,
		 k->client_len) &&
	     lab_proof_verify_signature(p, x, key, k->client_len);
	secret_wipe(key, sizeof(key));
	return ok;
}

const char *
lab_certprov_authenticate(struct str body, const struct lab_tickets *t,
    struct lab_xmlsig *x, int64_t now, struct lab_soapfault *fault)
{
	const struct lab_ticket *k = NULL;
	struct err err;
	struct lab_proof *p = lab_proof_new(body, &err);

	if (p != NULL && lab_proof_verify_assertion(p, x))
		k = lab_tickets_find(t, lab_proof_assertion_id(p));
	if (k != NULL &&
	    (k->expires_s <= now || !lab_ticket_service_is(k->audience, PATH_PROOF) ||
		!times_fit(p, k) || !proof_fits(p, k, x)))
		k = NULL;
	lab_proof_free(p);
	if (k == NULL)
		refuse_call(
		    fault, NS_WSSE, "FailedAuthentication", 28020, SOAPFAULT_NO_TOKEN);
	return k == NULL ? NULL : k->address;
}

static bool
device_ok(const char *device)
{
	static const char shape[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

	if (strlen(device) != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		char c = device[i];
		bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
			   (c >= 'A' && c <= 'F');

		if (shape[i] == 'x' ? !hex : c != shape[i])
			return false;
	}
	return true;
}

static bool
subject_is(X509_REQ *req, const char *address)
{
	X509_NAME *name = X509_REQ_get_subject_name(req);
	unsigned char *cn = NULL;
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	int len;
	bool ok;

	if (at < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, at) >= 0)
		return false;
	len = ASN1_STRING_to_UTF8(
	    &cn, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	ok = len > 0 && str_caseeq((struct str){ (char *)cn, (size_t)len }, address);
	OPENSSL_free(cn);
	return ok;
}

static enum lab_certprov_error
check_pkcs10(struct str der, const char *address, EVP_PKEY **ret_key)
{
	const unsigned char *p = (const unsigned char *)der.p;
	X509_REQ *req = der.len == 0 ? NULL : d2i_X509_REQ(NULL, &p, (long)der.len);
	EVP_PKEY *key = req == NULL ? NULL : X509_REQ_get_pubkey(req);
	enum lab_certprov_error e = CERTPROV_OK;

	if (key == NULL || X509_REQ_verify(req, key) != 1)
		e = CERTPROV_REQUEST;
	else if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
		 EVP_PKEY_get_bits(key) < KEY_BITS_MIN ||
		 EVP_PKEY_get_bits(key) > KEY_BITS_MAX)
		e = CERTPROV_KEY;
	else if (!subject_is(req, address))
		e = CERTPROV_SUBJECT;
	X509_REQ_free(req);
	ERR_clear_error();
	if (e == CERTPROV_OK)
		*ret_key = key;
	else
		EVP_PKEY_free(key);
	return e;
}

enum lab_certprov_error
lab_certprov_check(const struct lab_certprov_call *c, const char *address,
    const struct lab_users *users, EVP_PKEY **ret_key)
{
	const struct lab_user *u = lab_users_by_address(users, str_of(address));
	const char *entity =
	    strncasecmp(c->entity, "sip:", 4) == 0 ? c->entity + 4 : c->entity;

	if (u == NULL || strcasecmp(entity, address) != 0)
		return CERTPROV_ENTITY;
	if (!u->enabled)
		return CERTPROV_DISABLED;
	if (!device_ok(c->device))
		return CERTPROV_DEVICE;
	return check_pkcs10(buf_view(c->pkcs10), u->address, ret_key);
}

static void
build_token(struct str der, struct buf *out)
{
	buf_puts(out,
	    "<wst:RequestSecurityTokenResponse><wst:TokenType>" TOKEN_X509
	    "</wst:TokenType><wst:RequestedSecurityToken><wsse:BinarySecurityToken "
	    "ValueType=\"" TOKEN_X509 "\" EncodingType=\"" ENCODING_BASE64 "\">");
	crypto_base64(out, der.p, der.len);
	buf_puts(out, "</wsse:BinarySecurityToken></wst:RequestedSecurityToken>"
		      "</wst:RequestSecurityTokenResponse>");
}

void
lab_certprov_answer(const struct lab_certprov_call *c, struct str der, unsigned error,
    const char *reason, struct buf *out)
{
	buf_puts(out,
	    "<s:Envelope xmlns:s=\"" NS_SOAP
	    "\"><s:Body><GetAndPublishCertResponse xmlns=\"" NS_OCS
	    "\" xmlns:wst=\"" NS_WST_SLASH "\" xmlns:wsse=\"" NS_WSSE "\" DeviceId=\"");
	text_xml(out, str_of(c->device));
	buf_puts(out, "\" Entity=\"");
	text_xml(out, str_of(c->entity));
	buf_puts(out, "\">");
	if (der.p != NULL) {
		build_token(der, out);
	} else {
		buf_printf(out, "<ErrorInfo ErrorCode=\"%u\"><Reason>", error);
		text_xml(out, str_of(reason));
		buf_puts(out, "</Reason></ErrorInfo>");
	}
	buf_puts(out, "</GetAndPublishCertResponse></s:Body></s:Envelope>");
}
