/*
 * assoc - a TLS-DSK security association at the registrar, from the first leg of its
 * handshake.
 *
 * [MS-SIPAE] 3.3; spec 04 sections 5 to 7. It is identified by its opaque and bound to
 * address and endpoint.
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
	struct tls_inner *tls;
	struct sip_sa *sa; /* NULL until the handshake is done */
	bool spoil;	   /* tls-dsk=bad-signature: every signature is wrong */
};

/*
 * Makes an association of a connection, which owns it; if there are SIPCONN_ASSOCS
 * already, the oldest is freed. Returns NULL and sets *err on failure.
 */
struct lab_assoc *lab_assoc_new(
    struct lab_sip_conn *c, const char *address, const char *endpoint, struct err *err);
void lab_assoc_free(struct lab_assoc *a); /* NULL is allowed */
/* Removes an association from its connection and frees it. */
void lab_assoc_forget(struct lab_assoc *a);
/* Finds an association by its opaque. Returns NULL if there is none. */
struct lab_assoc *lab_assoc_find(const struct lab_sip_conn *c, struct str opaque);

/*
 * Processes a flight of the handshake and appends the answering flight to out. Returns
 * false and sets *err if the client is refused; out may then contain an alert.
 */
bool lab_assoc_leg(
    struct lab_assoc *a, struct str flight, struct buf *out, struct err *err);
bool lab_assoc_ready(const struct lab_assoc *a);
/* Verifies the signature and the number of a request. */
bool lab_assoc_verify(struct lab_assoc *a, const struct sip_msg *m, struct err *err);
/* Appends the value of Authentication-Info, with a wrong signature if spoil is set. */
bool lab_assoc_sign(
    struct lab_assoc *a, const struct sip_signed *v, bool spoil, struct buf *out);

#endif
