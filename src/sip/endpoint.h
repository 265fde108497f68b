/*
 * endpoint - who we are on the registrar: epid, instance, Call-ID, CSeq; and the
 * REGISTERs we send.
 */
#ifndef CSWATCH_SIP_ENDPOINT_H
#define CSWATCH_SIP_ENDPOINT_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "crypto/crypto.h"

struct buf;
struct sip_signed;

#define SIP_EPID_MAX	16 /* characters; [MS-SIPRE] servers refuse longer ones */
#define SIP_ADDRESS_MAX 256
#define SIP_GRUU_SIZE	25

struct sip_endpoint {
	char address[SIP_ADDRESS_MAX]; /* user@domain, without scheme */
	char epid[SIP_EPID_MAX + 1];
	char instance[CRYPTO_UUID_SIZE]; /* from the epid */
	char call_id[33];		 /* of all REGISTERs of one sign-in */
	char user_agent[96];
	/* "192.0.2.1:40000" or "[2001:db8::1]:40000", of this connection */
	char local[64];
	uint32_t cseq;		       /* of the last request */
	char tag[11];		       /* From tag of the last request */
	char uri[4 + SIP_ADDRESS_MAX]; /* "sip:" and the address */
	char cseq_text[11];	       /* cseq in digits */
};

/*
 * "sip:user@domain" or "user@domain" -> without scheme, domain in lower case; false, and
 * ret untouched, if it is no such address.
 */
bool sip_address_parse(struct str s, char ret[SIP_ADDRESS_MAX]);
struct str sip_address_domain(const char *address);

/*
 * Name-based UUID of the epid, in the byte order of [MS-SIPRE]; not RFC 4122's. Empty
 * when OpenSSL refuses SHA-1.
 */
void sip_instance_from_epid(const char *epid, char ret[CRYPTO_UUID_SIZE]);
/* The 24 characters of a GRUU's opaque=user:epid:... of that instance. False: no UUID. */
bool sip_gruu_token(const char *instance, char ret[SIP_GRUU_SIZE]);

/*
 * A new sign-in: fresh Call-ID, CSeq 0. address as from sip_address_parse(). False, and
 * *e untouched: epid empty, too long or not of [A-Za-z0-9._-]; user_agent too long or not
 * one line.
 */
bool sip_endpoint_init(struct sip_endpoint *e, const char *address, const char *epid,
    const char *user_agent);
/*
 * Moves to the next REGISTER: CSeq + 1, new tag. ret: the values that its signature
 * covers; they point into *e and at expires, which is NULL or "0".
 */
void sip_endpoint_next(
    struct sip_endpoint *e, const char *expires, struct sip_signed *ret);
/* The same values of the REGISTER that we are at: nothing moves, nothing is drawn. */
void sip_endpoint_signed(
    struct sip_endpoint *e, const char *expires, struct sip_signed *ret);
/* Appends that REGISTER. authorization: value of the header, or p == NULL for none. */
void sip_endpoint_register(const struct sip_endpoint *e, const char *expires,
    struct str authorization, struct buf *out);

#endif
