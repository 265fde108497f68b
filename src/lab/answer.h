/*
 * answer - writes responses of the registrar, signed where an association is up.
 */
#ifndef CSWATCH_LAB_ANSWER_H
#define CSWATCH_LAB_ANSWER_H
#include <stdbool.h>

#include "base/buf.h"
#include "vocab/vocab.h"

struct lab_assoc;
struct lab_sip_conn;
struct sip_msg;

#define ANSWER_MAX (1024 * 1024) /* octets */

struct lab_answer {
	unsigned status;
	const char *phrase;	/* NULL: the usual one */
	enum step_id step;	/* whose clock the Date header shows */
	struct lab_assoc *sign; /* NULL: unsigned */
	bool spoil;		/* sign wrongly */
	const char *expires;	/* Expires header, NULL: none; it is signed */
	const char *type;	/* Content-Type of body */
	struct str body;
	struct buf headers; /* more header lines, each ended by CR LF */
};

/* sign is used once its handshake is done, before that it stands for nobody. */
void lab_answer_init(
    struct lab_answer *a, unsigned status, enum step_id step, struct lab_assoc *sign);
/* ms-diagnostics with that id; 0: none. The reason is the product's own where it is
 * known. */
void lab_answer_diagnostics(
    struct lab_answer *a, const struct lab_sip_conn *c, unsigned id);
/* The 401 challenges: NTLM, Kerberos, TLS-DSK with sts-uri; without the last if the
 * faults say so. */
void lab_answer_challenges(struct lab_answer *a, const struct lab_sip_conn *c);
/* One handshake flight in a TLS-DSK challenge. */
void lab_answer_flight(struct lab_answer *a, const struct lab_sip_conn *c,
    const char *opaque, struct str flight);
/* Sends it as the response to that request; ends the use of a. */
void lab_answer_send(
    struct lab_answer *a, struct lab_sip_conn *c, const struct sip_msg *request);

#endif
