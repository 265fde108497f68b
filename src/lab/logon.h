/*
 * logon - answers REGISTER at the registrar: the challenge, the legs of the handshake,
 * the signed requests.
 *
 * Spec 04 sections 2, 5 and 8. Makes the faults of the steps challenge, tls-dsk, register
 * and log-off.
 */
#ifndef CSWATCH_LAB_LOGON_H
#define CSWATCH_LAB_LOGON_H

#include "vocab/vocab.h"
#include "lab/bindings.h"
#include "sip/auth.h"
#include "sip/endpoint.h"

struct lab_sip_conn;
struct sip_msg;
struct lab_user;

#define LOGON_EXPIRES_MIN 300 /* seconds; the EndpointExpiration of a real registrar */
#define LOGON_EXPIRES	  600
#define LOGON_EXPIRES_MAX 900

/* The content of a REGISTER, checked as far as possible without knowing the user. */
struct lab_logon {
	enum step_id step; /* the step of the client that sends it */
	char address[SIP_ADDRESS_MAX];
	char endpoint[BINDINGS_KEY_MAX]; /* epid, else instance */
	char instance[CRYPTO_UUID_SIZE]; /* empty if it has none */
	unsigned expires; /* seconds to grant if it is accepted; 0: a log-off */
	bool auth;	  /* it has TLS-DSK credentials */
	struct sip_auth credentials;
};

/*
 * Reads a REGISTER. Returns 0, or the status with which it is refused, and sets *ret_id
 * to the ErrorId of the refusal (0: none).
 */
unsigned lab_logon_read(const struct sip_msg *m, struct lab_logon *ret, unsigned *ret_id);

void lab_logon_register(struct lab_sip_conn *c, const struct sip_msg *m);

#endif
