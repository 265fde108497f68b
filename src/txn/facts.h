/*
 * facts - what a later step needs of an earlier one. The comment of each member names the
 * step that fills it in. For txn/ only.
 */
#ifndef CSWATCH_TXN_FACTS_H
#define CSWATCH_TXN_FACTS_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "crypto/crypto.h"
#include "loop/resolve.h"
#include "sip/endpoint.h"
#include "soap/mex.h"
#include "soap/webticket.h"
#include "txn/discover/discover.h"
#include "vocab/err.h"

struct credential;
struct identity;
struct tls_inner;
struct sip_sa;
struct siptls;

#define AUTH_TEXT_MAX 192 /* bytes of realm, targetname, opaque: NUL included */

struct facts {
	struct discover discover; /* discover */
	/*
	 * registrar to talk to: the spec's, what discover found, or where a redirect led
	 * (register)
	 */
	char host[256];
	uint16_t port;
	/*
	 * discover: how long a leg may take that reaches for the registrar, because there
	 * is another one to try; 0: as long as its step has
	 */
	unsigned reach_ms;
	unsigned redirects;    /* register */
	struct lookup *lookup; /* resolve, while it waits */
	struct addrs addrs;    /* resolve */
	struct siptls *conn;   /* sip-connect */
	unsigned skipped;      /* sip_leg.c: messages since the last REGISTER */
	/* sip-connect: a new sign-in for each connection */
	struct sip_endpoint endpoint;

	unsigned version;		/* challenge: of TLS-DSK, 2 to 4 */
	char realm[AUTH_TEXT_MAX];	/* challenge */
	char targetname[AUTH_TEXT_MAX]; /* challenge */
	char sts_uri[URL_MAX];		/* challenge: "" when not announced */

	char provisioning_url[URL_MAX]; /* certprov-metadata */
	struct mex_certprov certprov;	/* certprov-metadata */
	char ticket_url[URL_MAX];	/* ticket-metadata: where to ask for the ticket */
	struct webticket_request ticket_request; /* web-ticket */
	char ticket_context[CRYPTO_UUID_SIZE];	 /* web-ticket */
	unsigned tickets;			 /* ticket_leg.c: asked for so far */
	struct webticket ticket;		 /* web-ticket */
	struct buf request;	       /* web-ticket, certificate: the body in flight */
	struct identity *key;	       /* there before the first step, if one needs it */
	struct err key_err;	       /* why there is none */
	struct credential *credential; /* certificate */
	/* certificate: the targetname it was fetched for */
	char credential_for[AUTH_TEXT_MAX];

	struct tls_inner *handshake; /* tls-dsk, and gone after it */
	char opaque[AUTH_TEXT_MAX];  /* tls-dsk */
	struct sip_sa *sa;	     /* tls-dsk */
	/* register: a signed REGISTER went out, so log-off is due */
	bool registered;
};

#endif
