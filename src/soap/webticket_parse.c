#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "soap/envelope.h"
#include "soap/ns.h"
#include "soap/webticket.h"
#include "soap/xml.h"

/*
 * Reads a RequestSecurityTokenResponse. Every element is looked for at its own place: the
 * assertion is opaque and may well hold a Lifetime or a BinarySecret of its own.
 */

#define PSHA1 NS_WST "/CK/PSHA1"

#define ENTROPY_MIN 16 /* octets of the server's entropy; real servers send 32 */
#define ENTROPY_MAX 64
#define VALUE_MAX   512 /* octets of any value but the assertion */

static const struct xml_node *
need(const struct xml_node *n, const char *ns, const char *name, struct err *err)
{
	return envelope_child(n, ns, name, "web ticket", err);
}

static const struct xml_node *
find_response(const struct xml_node *body, struct err *err)
{
	const struct xml_node *c =
	    xml_child(body, NS_WST, "RequestSecurityTokenResponseCollection");

	if (c == NULL)
		c = body;
	return need(c, NS_WST, "RequestSecurityTokenResponse", err);
}

static bool
read_id(const struct xml_node *assertion, struct webticket *t, struct err *err)
{
	struct buf id;
	bool ok = false;

	buf_init(&id, XML_SIZE_MAX);
	if (!xml_attr(assertion, NULL, "AssertionID", &id) || id.len == 0)
		err_set(
		    err, CAUSE_PROTOCOL, 0, "web ticket: no AssertionID at Assertion");
	else if (!str_copy(t->assertion_id, sizeof(t->assertion_id), buf_view(&id)))
		err_set(err, CAUSE_PROTOCOL, 0,
		    "web ticket: AssertionID has %zu octets, more than %zu", id.len,
		    sizeof(t->assertion_id) - 1);
	else
		ok = true;
	buf_free(&id);
	return ok;
}

static bool
read_assertion(const struct xml_doc *d, const struct xml_node *response,
    struct webticket *t, struct err *err)
{
	const struct xml_node *token, *a;
	struct buf copy;

	token = need(response, NS_WST, "RequestedSecurityToken", err);

	if (token == NULL)
		return false;
	a = xml_child(token, NULL, NULL);
	if (!xml_is(a, NS_SAML, "Assertion")) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "web ticket: the token is %s, not a SAML 1.1 Assertion",
		    a == NULL ? "missing" : xml_local_name(a));
		return false;
	}
	if (!read_id(a, t, err))
		return false;
	buf_init(&copy, 2 * XML_SIZE_MAX);
	if (xml_verbatim(d, a, &copy, err))
		t->assertion = buf_take(&copy, &t->assertion_len);
	buf_wipe_free(&copy);
	return t->assertion != NULL;
}

static bool
read_time(const struct xml_node *lifetime, const char *name, char ret[40], int64_t *ret_s,
    struct err *err)
{
	const struct xml_node *n = need(lifetime, NS_WSU, name, err);
	struct buf text;
	bool ok;

	if (n == NULL)
		return false;
	buf_init(&text, XML_SIZE_MAX);
	xml_text(n, &text);
	ok = !text.failed && str_copy(ret, 40, buf_view(&text)) &&
	     text_parse_time(buf_view(&text), ret_s);
	if (!ok)
		err_set(err, CAUSE_PROTOCOL, 0, "web ticket: %s is not a time: %.60s",
		    name, buf_view(&text).p);
	buf_free(&text);
	return ok;
}

static bool
read_lifetime(const struct xml_node *response, struct webticket *t, struct err *err)
{
	const struct xml_node *lifetime = need(response, NS_WST, "Lifetime", err);

	if (lifetime == NULL ||
	    !read_time(lifetime, "Created", t->created, &t->created_s, err) ||
	    !read_time(lifetime, "Expires", t->expires, &t->expires_s, err))
		return false;
	if (t->expires_s > t->created_s)
		return true;
	err_set(err, CAUSE_PROTOCOL, 0,
	    "web ticket: it expires (%s) before it is created (%s)", t->expires,
	    t->created);
	return false;
}

static bool
check_algorithm(const struct xml_node *proof, struct err *err)
{
	const struct xml_node *computed = need(proof, NS_WST, "ComputedKey", err);
	struct buf algorithm;
	bool ok;

	if (computed == NULL)
		return false;
	buf_init(&algorithm, XML_SIZE_MAX);
	xml_text(computed, &algorithm);
	ok = str_eq(buf_view(&algorithm), PSHA1);
	if (!ok)
		err_set(err, CAUSE_PROTOCOL, 0,
		    "web ticket: the key is computed by \"%.120s\", not by P_SHA1",
		    buf_view(&algorithm).p);
	buf_free(&algorithm);
	return ok;
}

static bool
read_entropy(const struct xml_node *response, struct buf *ret, struct err *err)
{
	const struct xml_node *entropy = need(response, NS_WST, "Entropy", err), *secret;
	struct buf text;
	bool ok;

	if (entropy == NULL)
		return false;
	secret = need(entropy, NS_WST, "BinarySecret", err);
	if (secret == NULL)
		return false;
	buf_init(&text, VALUE_MAX);
	xml_text(secret, &text);
	ok = !text.failed && crypto_unbase64(buf_view(&text), ret) && !ret->failed &&
	     ret->len >= ENTROPY_MIN;
	if (!ok)
		err_set(err, CAUSE_PROTOCOL, 0,
		    "web ticket: BinarySecret is not base64 of %d to %d octets",
		    ENTROPY_MIN, ENTROPY_MAX);
	buf_wipe_free(&text);
	return ok;
}

/* Spec 02 6.1: secret is the client's entropy, seed the server's. No proof: bearer. */
static bool
read_key(const struct xml_node *response, const struct webticket_request *r,
    struct webticket *t, struct err *err)
{
	const struct xml_node *proof = xml_child(response, NS_WST, "RequestedProofToken");
	struct str secret = { (const char *)r->entropy, sizeof(r->entropy) };
	struct buf seed;
	bool ok;

	if (proof == NULL)
		return true;
	buf_init(&seed, ENTROPY_MAX);
	ok = check_algorithm(proof, err) && read_entropy(response, &seed, err);
	if (ok && !crypto_p_sha1(secret, buf_view(&seed), t->key, sizeof(t->key))) {
		err_local(err, 0, "computing the proof key with SHA-1 failed");
		ok = false;
	}
	t->proof = ok;
	buf_wipe_free(&seed);
	return ok;
}

bool
webticket_parse(struct str body, const struct webticket_request *r, struct webticket *ret,
    struct err *err)
{
	const struct xml_node *soap_body, *response;
	struct xml_doc *d = envelope_open(body, &soap_body, err);
	struct webticket t = { .assertion = NULL };
	bool ok;

	if (d == NULL)
		return false;
	response = find_response(soap_body, err);
	ok = response != NULL && read_assertion(d, response, &t, err) &&
	     read_lifetime(response, &t, err) && read_key(response, r, &t, err);
	if (ok) {
		*ret = t;
		secret_wipe(&t, sizeof(t));
	} else {
		webticket_clear(&t);
	}
	xml_free(d);
	return ok;
}
