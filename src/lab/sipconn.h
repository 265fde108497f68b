/*
 * sipconn - one client's connection to the registrar, as those see it who
 * answer its requests.
 */
#ifndef CSWATCH_LAB_SIPCONN_H
#define CSWATCH_LAB_SIPCONN_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "lab/pool.h"

struct lab_assoc;
struct bufferevent;
struct memtls_ctx;
struct sip_msg;

#define SIPCONN_ASSOCS	4 /* security associations, half-open ones included */
#define SIPCONN_CALL_ID 256

struct lab_sip_conn {
	struct lab_pool *pool;
	struct memtls_ctx *const *inner; /* by pki_face; the registrar's */
	struct bufferevent *bev;
	unsigned id;
	char host[POOL_HOST_MAX]; /* the name the client reached us by */
	uint16_t peer_port;
	char tag[33]; /* our To tag on this connection */
	struct lab_assoc *assoc[SIPCONN_ASSOCS];
	unsigned next_assoc;
	char call_id[SIPCONN_CALL_ID]; /* of the last REGISTER */
	uint32_t cseq;
	bool doomed; /* closed as soon as what is queued has been sent */
	bool silent; /* stalled: nothing is read or said any more */
	bool reset;  /* dropped at the client's first octet */
	struct lab_sip_conn *next, **link;
};

/* Into the transcript: one whole message, ours or the client's. */
void lab_sip_conn_record(const struct lab_sip_conn *c, bool out, struct str message);
/* Queues octets as they are; a whole message goes into the transcript. */
void lab_sip_conn_send(struct lab_sip_conn *c, struct str message);
/* Ends the connection; flush: after what is queued. */
void lab_sip_conn_doom(struct lab_sip_conn *c, bool flush);
/* Inner handshake settings, with the certificate that the faults ask for. */
struct memtls_ctx *lab_sip_conn_inner(const struct lab_sip_conn *c);

#endif
