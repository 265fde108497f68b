/*
 * sa - a TLS-DSK security association: signs what we send, verifies what the peer sent.
 *
 * Either side of the association ([MS-SIPAE] 3.1, 3.2.5.2): the client signs with
 * crand/cnum/response, the server with srand/snum/rspauth. Receivers keep a replay window
 * of 256 numbers.
 */
#ifndef CSWATCH_SIP_SA_H
#define CSWATCH_SIP_SA_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "crypto/crypto.h"

struct buf;
struct err;
struct sip_msg;
struct sip_sa;

#define SIP_SA_KEY_SIZE 32

struct sip_sa_settings {
	/* copied, as they appear on the wire, without quotes */
	const char *realm, *targetname, *opaque;
	unsigned version; /* 2, 3 or 4 */
	enum digest mac;
	uint8_t send_key[SIP_SA_KEY_SIZE]; /* copied and wiped with the SA */
	uint8_t recv_key[SIP_SA_KEY_SIZE];
	bool server; /* we are the server */
};

/* The values that are signed, as they stand in the message ([MS-SIPAE] 3.2.5.2). */
struct sip_signed {
	struct str call_id, cseq, method, from_uri, from_tag, to_uri, to_tag;
	struct str pai_sip, pai_tel; /* P-Asserted- else P-Preferred-Identity */
	struct str expires;
	unsigned status; /* 0: a request, which has no such field */
};

struct sip_sa *sip_sa_new(const struct sip_sa_settings *s); /* NULL: out of memory */
void sip_sa_free(struct sip_sa *sa); /* NULL is fine; keys are wiped */

/* Appends "<TLS-DSK><rand><num>...": 15 fields, 16 for a response; version 2: 12, 13. */
void sip_sign_buffer(struct buf *out, unsigned version, struct str scheme,
    struct str rand, struct str num, struct str realm, struct str targetname,
    const struct sip_signed *v);
void sip_signed_from(const struct sip_msg *m, struct sip_signed *ret);

/*
 * Appends the value of an Authorization (client) or Authentication-Info (server) header
 * for a message with these values: the next number is used up, a fresh random drawn.
 * rand: NULL, or fixed by a test.
 * with_version: names the version too (the first signed request and the server; not later
 * requests). False: out of numbers or memory, or OpenSSL refuses the digest.
 */
bool sip_sa_sign(struct sip_sa *sa, const struct sip_signed *v, bool with_version,
    const char *rand, struct buf *out);
/*
 * Signature and number of a received message. False: *err is CAUSE_SIGNATURE (missing,
 * wrong, replayed), and the replay window is as it was.
 */
bool sip_sa_verify(struct sip_sa *sa, const struct sip_msg *m, struct err *err);

#endif
