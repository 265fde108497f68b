#include "lab/proof.h"

#include <stdio.h>
#include <stdlib.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "vocab/err.h"
#include "base/secret.h"
#include "lab/ns.h"
#include "lab/xmlsig.h"

#define SHA1_SIZE 20

struct lab_proof {
	xmlDocPtr doc;
	xmlNodePtr timestamp, assertion, signature, assertion_signature;
	char id[PROOF_ID_MAX];
	char
	    key_id[PROOF_ID_MAX]; /* id in the KeyIdentifier of the signature's KeyInfo */
	char created[PROOF_TIME_MAX], expires[PROOF_TIME_MAX];
};

/*
 * Returns the only child element of that name, or NULL if there is none or more than one.
 */
static xmlNodePtr
only_child(xmlNodePtr parent, const char *ns, const char *name)
{
	xmlNodePtr found = NULL;

	for (xmlNodePtr n = parent == NULL ? NULL : parent->children; n != NULL;
	    n = n->next) {
		if (n->type != XML_ELEMENT_NODE || n->ns == NULL ||
		    strcmp((const char *)n->name, name) != 0 ||
		    strcmp((const char *)n->ns->href, ns) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = n;
	}
	return found;
}

static bool
copy_text(xmlNodePtr node, char *dst, size_t size)
{
	xmlChar *text = node == NULL ? NULL : xmlNodeGetContent(node);
	bool ok =
	    text != NULL && str_copy(dst, size, str_trim(str_of((const char *)text)));

	xmlFree(text);
	return ok && dst[0] != '\0';
}

/* Registers the attribute as the element's ID, which must be unique in the message. */
static bool
register_id(xmlDocPtr doc, xmlAttrPtr attr, char *dst, size_t size)
{
	xmlChar *value =
	    attr == NULL ? NULL : xmlNodeListGetString(doc, attr->children, 1);
	bool ok = value != NULL && str_copy(dst, size, str_of((const char *)value)) &&
		  xmlAddID(NULL, doc, value, attr) != NULL;

	xmlFree(value);
	return ok;
}

static const char *
find_parts(struct lab_proof *p)
{
	xmlNodePtr header = only_child(xmlDocGetRootElement(p->doc), NS_SOAP, "Header");
	xmlNodePtr security = only_child(header, NS_WSSE, "Security");
	char timestamp_id[16];

	if (security == NULL)
		return "no wsse:Security in the header";
	p->timestamp = only_child(security, NS_WSU, "Timestamp");
	p->assertion = only_child(security, NS_SAML, "Assertion");
	p->signature = only_child(security, NS_DS, "Signature");
	p->assertion_signature = only_child(p->assertion, NS_DS, "Signature");
	if (p->timestamp == NULL || p->assertion == NULL || p->signature == NULL)
		return "timestamp, assertion or signature is missing, or there twice";
	if (!register_id(p->doc,
		xmlHasNsProp(
		    p->timestamp, (const xmlChar *)"Id", (const xmlChar *)NS_WSU),
		timestamp_id, sizeof(timestamp_id)) ||
	    strcmp(timestamp_id, "timestamp") != 0)
		return "the timestamp's wsu:Id is not \"timestamp\"";
	if (!register_id(p->doc, xmlHasProp(p->assertion, (const xmlChar *)"AssertionID"),
		p->id, sizeof(p->id)))
		return "the assertion has no AssertionID";
	return NULL;
}

static const char *
read_parts(struct lab_proof *p)
{
	xmlNodePtr info = only_child(p->signature, NS_DS, "KeyInfo");
	xmlNodePtr reference = only_child(info, NS_WSSE, "SecurityTokenReference");

	if (!copy_text(only_child(reference, NS_WSSE, "KeyIdentifier"), p->key_id,
		sizeof(p->key_id)))
		return "the signature's KeyInfo has no KeyIdentifier";
	if (!copy_text(only_child(p->timestamp, NS_WSU, "Created"), p->created,
		sizeof(p->created)) ||
	    !copy_text(only_child(p->timestamp, NS_WSU, "Expires"), p->expires,
		sizeof(p->expires)))
		return "the timestamp has no Created or no Expires";
	return NULL;
}

static xmlDocPtr
read_xml(struct str text)
{
	xmlDocPtr doc = xmlReadMemory(text.p, (int)text.len, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	if (doc != NULL && doc->intSubset != NULL) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	return doc;
}

bool
lab_proof_bearer(struct str assertion, struct lab_xmlsig *x, char ret[PROOF_ID_MAX])
{
	xmlDocPtr doc = read_xml(assertion);
	xmlNodePtr root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
	xmlNodePtr signature = only_child(root, NS_DS, "Signature");
	bool ok = signature != NULL &&
		  register_id(doc, xmlHasProp(root, (const xmlChar *)"AssertionID"), ret,
		      PROOF_ID_MAX) &&
		  lab_xmlsig_verify(x, signature, ret);

	if (doc != NULL)
		xmlFreeDoc(doc);
	return ok;
}

struct lab_proof *
lab_proof_new(struct str message, struct err *err)
{
	struct lab_proof *p = calloc(1, sizeof(*p));
	const char *why = NULL;

	if (p == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	p->doc = read_xml(message);
	if (p->doc == NULL)
		why = "not XML, or with a document type declaration";
	if (why == NULL)
		why = find_parts(p);
	if (why == NULL)
		why = read_parts(p);
	if (why == NULL)
		return p;
	err_set(err, CAUSE_PROTOCOL, 0, "%s", why);
	lab_proof_free(p);
	return NULL;
}

void
lab_proof_free(struct lab_proof *p)
{
	if (p == NULL)
		return;
	if (p->doc != NULL)
		xmlFreeDoc(p->doc);
	free(p);
}

const char *
lab_proof_assertion_id(const struct lab_proof *p)
{
	return p->id;
}

const char *
lab_proof_created(const struct lab_proof *p)
{
	return p->created;
}

const char *
lab_proof_expires(const struct lab_proof *p)
{
	return p->expires;
}

bool
lab_proof_verify_assertion(const struct lab_proof *p, struct lab_xmlsig *x)
{
	return p->assertion_signature != NULL &&
	       lab_xmlsig_verify(x, p->assertion_signature, p->id);
}

bool
lab_proof_verify_signature(
    const struct lab_proof *p, struct lab_xmlsig *x, const uint8_t *key, size_t key_len)
{
	return strcmp(p->key_id, p->id) == 0 &&
	       lab_xmlsig_verify_hmac(x, p->signature, "timestamp", key, key_len);
}

static bool
hmac_sha1(struct str key, const uint8_t *data, size_t len, uint8_t ret[SHA1_SIZE])
{
	return HMAC(EVP_sha1(), key.p, (int)key.len, data, len, ret, NULL) != NULL;
}

bool
lab_proof_key(struct str client, struct str server, uint8_t *ret, size_t len)
{
	uint8_t block[SHA1_SIZE + PROOF_KEY_MAX]; /* A(i), then the seed */
	uint8_t out[SHA1_SIZE];
	bool ok = server.len <= PROOF_KEY_MAX && len > 0 &&
		  hmac_sha1(client, (const uint8_t *)server.p, server.len, block);

	if (ok)
		memcpy(block + SHA1_SIZE, server.p, server.len);
	for (size_t done = 0; ok && done < len; done += SHA1_SIZE) {
		ok = hmac_sha1(client, block, SHA1_SIZE + server.len, out);
		if (ok)
			memcpy(ret + done, out,
			    len - done < SHA1_SIZE ? len - done : SHA1_SIZE);
		ok = ok && hmac_sha1(client, block, SHA1_SIZE, out);
		memcpy(block, out, SHA1_SIZE);
	}
	secret_wipe(block, sizeof(block));
	secret_wipe(out, sizeof(out));
	return ok;
}
