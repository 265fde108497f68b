/*
 * logon - REGISTER at the registrar: the challenge, the handshake's legs, the signed
 * requests.
 *
 * Spec 04 sections 2, 5 and 8; faults of the steps challenge, tls-dsk, register and
 * log-off.
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

#define LOGON_EXPIRES_MIN 300 /* seconds; EndpointExpiration of a real registrar */
#define LOGON_EXPIRES	  600
#define LOGON_EXPIRES_MAX 900

/* What a REGISTER says, checked as far as it can be without knowing the user. */
struct lab_logon {
	enum step_id step; /* which step of the client's this is */
	char address[SIP_ADDRESS_MAX];
	char endpoint[BINDINGS_KEY_MAX]; /* epid, else instance */
	char instance[CRYPTO_UUID_SIZE]; /* empty when it has none */
	unsigned expires;		 /* granted if all goes well; 0: log-off */
	bool auth;			 /* TLS-DSK credentials are there */
	struct sip_auth credentials;
};

/* 0, or the status of a refusal and in *ret_id its ErrorId (0: none). */
unsigned lab_logon_read(const struct sip_msg *m, struct lab_logon *ret, unsigned *ret_id);

void lab_logon_register(struct lab_sip_conn *c, const struct sip_msg *m);

#endif
