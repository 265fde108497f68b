/*
 * redirect - where a 301 or 302 sends the client: its Contacts, the best first (RFC 3261
 * 8.1.3.4 and 20.10; spec 04 section 8.2). A registrar names the user's home pool with a
 * high q and its backup with a low one.
 */
#ifndef CSWATCH_SIP_REDIRECT_H
#define CSWATCH_SIP_REDIRECT_H
#include <stdint.h>

struct sip_msg;

#define SIP_TARGETS_MAX 4 /* that are tried; servers name two */
#define SIP_TARGET_SIZE 256

struct sip_target {
	char host[SIP_TARGET_SIZE];
	uint16_t port; /* 5061 when not given */
	unsigned q;    /* thousandths; 1000 when not given */
};

/*
 * Returns how many targets there are, in the order in which they are to be tried: by q,
 * then as they appear. Leaves out what cannot be used: URIs that are not sip, a
 * transport other than TLS, what is no host name, and what is named twice.
 */
unsigned sip_redirect_targets(
    const struct sip_msg *m, struct sip_target ret[SIP_TARGETS_MAX]);

#endif
