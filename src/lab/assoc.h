/*
 * assoc - one TLS-DSK security association at the registrar, from the first leg of its
 * handshake.
 *
 * [MS-SIPAE] 3.3; spec 04 sections 5 to 7. Named by its opaque; bound to address and
 * endpoint.
 */
#ifndef CSWATCH_LAB_ASSOC_H
#define CSWATCH_LAB_ASSOC_H
#include <stdbool.h>

#include "base/str.h"
#include "lab/bindings.h"
#include "sip/endpoint.h"

struct buf;
struct err;
struct lab_sip_conn;
struct sip_msg;
struct sip_signed;

#define ASSOC_REALM   "SIP Communications Service"
#define ASSOC_VERSION 4

struct lab_assoc {
	struct lab_sip_conn *conn; /* borrowed */
	char opaque[9];
	char address[SIP_ADDRESS_MAX];
	char endpoint[BINDINGS_KEY_MAX];
	struct memtls *tls;
	struct sip_sa *sa; /* NULL until the handshake is done */
	bool spoil;	   /* tls-dsk=bad-signature: never sign right */
};

/* Made on the connection, which owns it; the oldest gives way to a fifth. NULL: *err. */
struct lab_assoc *lab_assoc_new(
    struct lab_sip_conn *c, const char *address, const char *endpoint, struct err *err);
void lab_assoc_free(struct lab_assoc *a); /* NULL is fine */
/* Frees it and takes it from its connection. */
void lab_assoc_forget(struct lab_assoc *a);
/* By opaque; it must be this user's at this endpoint. */
struct lab_assoc *lab_assoc_find(const struct lab_sip_conn *c, struct str opaque);

/* One leg; the answering flight is appended to out. False: refused (*err), out may hold
 * an alert. */
bool lab_assoc_leg(
    struct lab_assoc *a, struct str flight, struct buf *out, struct err *err);
bool lab_assoc_ready(const struct lab_assoc *a);
/* Signature and number of a request. */
bool lab_assoc_verify(struct lab_assoc *a, const struct sip_msg *m, struct err *err);
/* Appends the value of Authentication-Info; spoil: with a wrong signature. */
bool lab_assoc_sign(
    struct lab_assoc *a, const struct sip_signed *v, bool spoil, struct buf *out);

#endif
