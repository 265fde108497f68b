#include "tests/unit/cases.h"

#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "crypto/crypto.h"
#include "lab/ns.h"
#include "lab/proof.h"
#include "lab/x509.h"
#include "lab/xmlsig.h"
#include "edit.h"
#include "scratch.h"
#include "signer.h"

#include <openssl/evp.h>

/* Octets 00..1f and 80..9f, and what any P_SHA1 makes of them. */
#define CLIENT_ENTROPY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define SERVER_ENTROPY "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8="
#define PROOF_KEY      "2f738c0d36c86c17dc1c0c4578d6a194847b817095b34c840403604f0947ac4c"

#define PREFIXED                                                                         \
	"<wsu:Created>2024-01-01T00:00:00Z</wsu:Created>"                                \
	"<wsu:Expires>2024-01-01T08:00:00Z</wsu:Expires>"
#define DEFAULT_NS                                                                       \
	"<Created xmlns=\"" NS_WSU "\">2024-01-01T00:00:00Z</Created>"                   \
	"<Expires xmlns=\"" NS_WSU "\">2024-01-01T08:00:00Z</Expires>"
#define INDENTED                                                                         \
	"\n  <wsu:Created>2024-01-01T00:00:00Z</wsu:Created>"                            \
	"\n  <wsu:Expires>2024-01-01T08:00:00Z</wsu:Expires>"

/* Signed by a real client's own code, except the last, which are wrong in one way each.
 */
static const struct signature_case {
	const char *name, *children, *digest, *value, *key_id, *uri;
	bool good;
} signatures[] = {
	{ "prefixed", PREFIXED, "l0mIK3tr1jGQ7xhijGYHwiQaBnQ=",
	    "DZxefBQVWdL94afd7hHcS2sw++E=", "id-1", "#timestamp", true },
	{ "default namespace", DEFAULT_NS, "sgcVjFHzmG92VAOj1qggaJxnKxY=",
	    "8ynTNziTi3GTklb7iTVsRw+Flhc=", "id-1", "#timestamp", true },
	{ "indented", INDENTED, "kMgk4wJyEemhOt3xNXWE99lRgsU=",
	    "XdST/5xRhiXPLiDDqBoKisJ7/+M=", "id-1", "#timestamp", true },
	{ "digest of another form", PREFIXED, "QidYIUUvTT9J0lEhxocH8v60GeA=",
	    "DZxefBQVWdL94afd7hHcS2sw++E=", "id-1", "#timestamp", false },
	{ "key made in the wrong order", PREFIXED, "l0mIK3tr1jGQ7xhijGYHwiQaBnQ=",
	    "iXaEHve9HFF3gWujFYdoUlLQ3ck=", "id-1", "#timestamp", false },
	{ "cut short", PREFIXED, "l0mIK3tr1jGQ7xhijGYHwiQaBnQ=", "DZxefBQVWdL94afd7hHc",
	    "id-1", "#timestamp", false },
	{ "of another ticket", PREFIXED, "l0mIK3tr1jGQ7xhijGYHwiQaBnQ=",
	    "DZxefBQVWdL94afd7hHcS2sw++E=", "id-2", "#timestamp", false },
	{ "over something else", PREFIXED, "l0mIK3tr1jGQ7xhijGYHwiQaBnQ=",
	    "DZxefBQVWdL94afd7hHcS2sw++E=", "id-1", "#id-1", false },
};

static void
message(const struct signature_case *c, struct buf *out)
{
	buf_printf(out,
	    "<s:Envelope xmlns:s=\"" NS_SOAP "\" xmlns:wsu=\"" NS_WSU
	    "\"><s:Header><o:Security xmlns:o=\"" NS_WSSE "\">"
	    "<wsu:Timestamp wsu:Id=\"timestamp\">%s</wsu:Timestamp>"
	    "<saml:Assertion xmlns:saml=\"" NS_SAML "\" AssertionID=\"id-1\"/>",
	    c->children);
	buf_printf(out,
	    "<Signature xmlns=\"" NS_DS "\"><SignedInfo>"
	    "<CanonicalizationMethod "
	    "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
	    "<SignatureMethod Algorithm=\"" NS_DS "hmac-sha1\"/><Reference URI=\"%s\">"
	    "<Transforms><Transform "
	    "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
	    "</Transforms><DigestMethod Algorithm=\"" NS_DS "sha1\"/>"
	    "<DigestValue>%s</DigestValue></Reference></SignedInfo>"
	    "<SignatureValue>%s</SignatureValue><KeyInfo><o:SecurityTokenReference>"
	    "<o:KeyIdentifier>%s</o:KeyIdentifier></o:SecurityTokenReference></KeyInfo>"
	    "</Signature></o:Security></s:Header><s:Body/></s:Envelope>",
	    c->uri, c->digest, c->value, c->key_id);
}

static void
check_signature(void **state)
{
	static struct lab_xmlsig *x; /* the key is not used here: one for all */
	const struct signature_case *c = *state;
	uint8_t key[32];
	struct err err;
	struct lab_proof *p;
	struct buf b;

	if (x == NULL)
		x = signer_new();
	assert_true(crypto_unhex(STR_LIT(PROOF_KEY), key, sizeof(key)));
	buf_init(&b, 16384);
	message(c, &b);
	p = lab_proof_new(buf_view(&b), &err);
	assert_non_null(p);
	assert_string_equal(lab_proof_assertion_id(p), "id-1");
	assert_string_equal(lab_proof_created(p), "2024-01-01T00:00:00Z");
	assert_string_equal(lab_proof_expires(p), "2024-01-01T08:00:00Z");
	assert_int_equal(lab_proof_verify_signature(p, x, key, sizeof(key)), c->good);
	assert_false(lab_proof_verify_assertion(p, x)); /* it has no signature at all */
	lab_proof_free(p);
	buf_free(&b);
	if (c == &signatures[NROWS(signatures) - 1]) {
		lab_xmlsig_free(x);
		x = NULL;
	}
}

static void
computes_the_proof_key(void **state)
{
	struct buf client, server;
	uint8_t key[PROOF_KEY_MAX], want[32];

	(void)state;
	buf_init(&client, 64);
	buf_init(&server, 64);
	assert_true(crypto_unbase64(STR_LIT(CLIENT_ENTROPY), &client));
	assert_true(crypto_unbase64(STR_LIT(SERVER_ENTROPY), &server));
	assert_true(crypto_unhex(STR_LIT(PROOF_KEY), want, sizeof(want)));
	assert_true(lab_proof_key(buf_view(&client), buf_view(&server), key, 32));
	assert_memory_equal(key, want, 32);
	/* Shorter and longer ones begin alike. */
	assert_true(
	    lab_proof_key(buf_view(&client), buf_view(&server), key, PROOF_KEY_MAX));
	assert_memory_equal(key, want, 32);
	assert_true(lab_proof_key(buf_view(&client), buf_view(&server), key, 7));
	assert_memory_equal(key, want, 7);
	assert_false(lab_proof_key(buf_view(&client), buf_view(&server), key, 0));
	buf_free(&client);
	buf_free(&server);
}

/* Each cut or doubled once out of a good message. */
static const struct broken_case {
	const char *name, *find, *replace;
} broken[] = {
	{ "not XML", "<s:Header>", "<s:Header" },
	{ "a document type", "<s:Envelope ", "<!DOCTYPE x><s:Envelope " },
	{ "no header", "s:Header", "s:Foot" },
	{ "no security", "o:Security ", "o:Safety " },
	{ "no timestamp", "wsu:Timestamp", "wsu:Stamp" },
	{ "a timestamp of another id", "wsu:Id=\"timestamp\"", "wsu:Id=\"time\"" },
	{ "a timestamp without id", "wsu:Id=\"timestamp\"", "Id=\"timestamp\"" },
	{ "no Created", "wsu:Created", "wsu:Made" },
	{ "no assertion", "saml:Assertion ", "saml:Claim " },
	{ "no AssertionID", "AssertionID", "ID" },
	{ "an id used twice", "AssertionID=\"id-1\"", "AssertionID=\"timestamp\"" },
	{ "no signature", "<Signature ", "<Sign " },
	{ "no key identifier", "o:KeyIdentifier", "o:Key" },
	{ "two assertions", "<Signature ",
	    "<saml:Assertion xmlns:saml=\"" NS_SAML "\" AssertionID=\"x\"/><Signature " },
};

static void
check_broken(void **state)
{
	const struct broken_case *c = *state;
	struct err err;
	struct buf b;

	buf_init(&b, 16384);
	message(&signatures[0], &b);
	edit(&b, c->find, c->replace);
	assert_null(lab_proof_new(buf_view(&b), &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	buf_free(&b);
}

RUN_CASES(ROWS("signature", signatures, check_signature), TEST(computes_the_proof_key),
    ROWS("broken", broken, check_broken));
