/*
 * msg - one SIP request or response, parsed. Owns a copy of its octets; every str points
 * into it.
 *
 * Knows compact header names, folding, names in any case, several headers of one name.
 */
#ifndef CSWATCH_SIP_MSG_H
#define CSWATCH_SIP_MSG_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct err;
struct sip_msg;

#define SIP_HEADERS_MAX 200

/*
 * whole: exactly one framed message, with exactly one From, To, Call-ID and CSeq.
 * NULL: *err (CAUSE_PROTOCOL; LIMIT: a body that is too large is announced) names the
 * line and what was expected.
 */
struct sip_msg *sip_msg_parse(struct str whole, struct err *err);
void sip_msg_free(struct sip_msg *m); /* NULL is fine */

bool sip_msg_is_request(const struct sip_msg *m);
unsigned sip_msg_status(const struct sip_msg *m);   /* 100..699; 0 for a request */
struct str sip_msg_phrase(const struct sip_msg *m); /* responses; may be empty */
struct str sip_msg_method(const struct sip_msg *m); /* responses: of their CSeq */
struct str sip_msg_uri(const struct sip_msg *m);    /* requests: Request-URI */
uint32_t sip_msg_cseq(const struct sip_msg *m);
/* CSeq as it stands: digits in *ret_number, the method returned. */
struct str sip_msg_cseq_parts(const struct sip_msg *m, struct str *ret_number);
struct str sip_msg_call_id(const struct sip_msg *m);
struct str sip_msg_body(const struct sip_msg *m);

/* The nth (from 0) header of that long name, unfolded and trimmed; p == NULL: none. */
struct str sip_msg_header(const struct sip_msg *m, const char *name, unsigned nth);

/*
 * The parts of a From, To, Contact or P-Asserted-Identity value. uri: between < and >,
 * else up to the first ';'. param: value of ;name= (quotes removed) outside the URI;
 * p == NULL when absent, empty when it is a flag.
 */
struct str sip_addr_uri(struct str value);
struct str sip_addr_param(struct str value, const char *name);
/* Cuts the first comma-separated element off *rest, quote-aware; false: none is left. */
bool sip_next_element(struct str *rest, struct str *ret);

#endif
