/*
 * answer - writes the responses of the registrar, signed if there is a security
 * association.
 */
#ifndef CSWATCH_LAB_ANSWER_H
#define CSWATCH_LAB_ANSWER_H
#include <stdbool.h>

#include "base/buf.h"
#include "vocab/vocab.h"

struct lab_assoc;
struct lab_sip_conn;
struct sip_msg;

#define ANSWER_MAX (1024 * 1024) /* bytes */

struct lab_answer {
	unsigned status;
	const char *phrase;	/* NULL: the usual one */
	enum step_id step;	/* the step whose clock is in the Date header */
	struct lab_assoc *sign; /* NULL: unsigned */
	bool spoil;		/* sign with a wrong signature */
	const char *expires;	/* Expires header, which is signed; NULL: none */
	const char *type;	/* Content-Type of body */
	struct str body;
	struct buf headers; /* further header lines, each with CR LF */
};

/* Begins an answer. sign is used only after its handshake is done. */
void lab_answer_init(
    struct lab_answer *a, unsigned status, enum step_id step, struct lab_assoc *sign);
/*
 * Adds ms-diagnostics with an id; 0: none. The reason is that of the product if it is
 * known.
 */
void lab_answer_diagnostics(
    struct lab_answer *a, const struct lab_sip_conn *c, unsigned id);
/*
 * Adds the challenges of a 401: NTLM, Kerberos, and TLS-DSK with sts-uri, unless a fault
 * says that it is not offered.
 */
void lab_answer_challenges(struct lab_answer *a, const struct lab_sip_conn *c);
/* Adds a TLS-DSK challenge with a flight of the handshake. */
void lab_answer_flight(struct lab_answer *a, const struct lab_sip_conn *c,
    const char *opaque, struct str flight);
/* Sends the answer as the response to a request, and frees what belongs to it. */
void lab_answer_send(
    struct lab_answer *a, struct lab_sip_conn *c, const struct sip_msg *request);

#endif
