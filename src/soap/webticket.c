#include "soap/webticket.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "soap/envelope.h"
#include "soap/ns.h"

#define TOKEN_TYPE                                                                       \
	"http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"

void
webticket_build(const struct webticket_request *r, struct buf *out)
{
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
		      "<s:Envelope xmlns:s=\"" NS_SOAP "\"><s:Body>"
		      "<wst:RequestSecurityToken xmlns:wst=\"" NS_WST "\" Context=\"");
	text_xml(out, str_of(r->context));
	buf_puts(out,
	    "\"><wst:TokenType>" TOKEN_TYPE "</wst:TokenType>"
	    /* The namespace of an older WS-Trust, but it is what servers take. */
	    "<wst:RequestType>" NS_WST_2005 "/Issue</wst:RequestType>"
	    "<wsp:AppliesTo xmlns:wsp=\"" NS_WSP "\">"
	    "<wsa:EndpointReference xmlns:wsa=\"" NS_WSA "\">");
	envelope_element(out, "wsa:Address", r->applies_to);
	buf_puts(out, "</wsa:EndpointReference></wsp:AppliesTo>"
		      "<wst:Claims Dialect=\"" NS_AF ":authclaims\">"
		      "<auth:ClaimType xmlns:auth=\"" NS_AUTH "\""
		      " Uri=\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/uri\""
		      " Optional=\"false\">");
	envelope_element(out, "auth:Value", r->claim);
	buf_puts(out, "</auth:ClaimType></wst:Claims><wst:Entropy><wst:BinarySecret>");
	crypto_base64(out, r->entropy, sizeof(r->entropy));
	buf_puts(out, "</wst:BinarySecret></wst:Entropy>"
		      "<wst:KeyType>" NS_WST "/SymmetricKey</wst:KeyType>"
		      "</wst:RequestSecurityToken></s:Body></s:Envelope>");
}

void
webticket_clear(struct webticket *t)
{
	if (t->assertion != NULL)
		secret_wipe(t->assertion, t->assertion_len);
	free(t->assertion);
	secret_wipe(t, sizeof(*t));
}

void
webticket_timestamp(const char *created, const char *expires, struct buf *out)
{
	buf_puts(out, "<wsu:Timestamp xmlns:wsu=\"" NS_WSU "\" wsu:Id=\"timestamp\">");
	envelope_element(out, "wsu:Created", created);
	envelope_element(out, "wsu:Expires", expires);
	buf_puts(out, "</wsu:Timestamp>");
}

void
webticket_signed_info(const char *digest_base64, struct buf *out)
{
	buf_puts(out,
	    "<SignedInfo xmlns=\"" NS_DS "\">"
	    "<CanonicalizationMethod Algorithm=\"" NS_EXC_C14N
	    "\"></CanonicalizationMethod>"
	    "<SignatureMethod Algorithm=\"" NS_DS "hmac-sha1\"></SignatureMethod>"
	    "<Reference URI=\"#timestamp\">"
	    "<Transforms><Transform Algorithm=\"" NS_EXC_C14N
	    "\"></Transform></Transforms>"
	    "<DigestMethod Algorithm=\"" NS_DS "sha1\"></DigestMethod>");
	envelope_element(out, "DigestValue", digest_base64);
	buf_puts(out, "</Reference></SignedInfo>");
}

static bool
hash_base64(struct str data, struct buf *out)
{
	uint8_t hash[CRYPTO_DIGEST_MAX];

	if (!crypto_hash(DIGEST_SHA1, data, hash))
		return false;
	crypto_base64(out, hash, crypto_digest_size(DIGEST_SHA1));
	return true;
}

static bool
mac_base64(const struct webticket *t, struct str data, struct buf *out)
{
	uint8_t mac[CRYPTO_DIGEST_MAX];

	if (!crypto_hmac(DIGEST_SHA1, t->key, sizeof(t->key), data, mac))
		return false;
	crypto_base64(out, mac, crypto_digest_size(DIGEST_SHA1));
	return true;
}

/* The Signature over SignedInfo (canonical octets), which has the Timestamp's digest. */
static bool
sign(const struct webticket *t, struct str signed_info, struct buf *out)
{
	buf_puts(out, "<Signature xmlns=\"" NS_DS "\">");
	buf_str(out, signed_info);
	buf_puts(out, "<SignatureValue>");
	if (!mac_base64(t, signed_info, out))
		return false;
	buf_puts(out, "</SignatureValue><KeyInfo>"
		      "<wsse:SecurityTokenReference wsse:TokenType=\"" TOKEN_TYPE "\">"
		      "<wsse:KeyIdentifier ValueType=\"http://docs.oasis-open.org/wss/"
		      "oasis-wss-saml-token-profile-1.0#SAMLAssertionID\">");
	text_xml(out, str_of(t->assertion_id));
	buf_puts(out,
	    "</wsse:KeyIdentifier></wsse:SecurityTokenReference></KeyInfo></Signature>");
	return true;
}

bool
webticket_security(const struct webticket *t, struct buf *out)
{
	struct buf timestamp, digest, info;
	bool ok = false;

	buf_init(&timestamp, 1024);
	buf_init(&digest, 64);
	buf_init(&info, 1024);
	webticket_timestamp(t->created, t->expires, &timestamp);
	buf_puts(out, "<wsse:Security xmlns:wsse=\"" NS_WSSE "\">");
	buf_str(out, buf_view(&timestamp));
	buf_add(out, t->assertion, t->assertion_len);
	if (t->proof) {
		if (!hash_base64(buf_view(&timestamp), &digest) || digest.failed)
			goto out;
		webticket_signed_info(digest.data, &info);
		if (info.failed || !sign(t, buf_view(&info), out))
			goto out;
	}
	buf_puts(out, "</wsse:Security>");
	ok = !timestamp.failed && !out->failed;
out:
	buf_free(&info);
	buf_free(&digest);
	buf_free(&timestamp);
	return ok;
}
