/*
 * sipconn - the connection of a client to the registrar, for the code that answers its
 * requests.
 */
#ifndef CSWATCH_LAB_SIPCONN_H
#define CSWATCH_LAB_SIPCONN_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "lab/pool.h"

struct lab_assoc;
struct bufferevent;
struct tls_inner_ctx;
struct sip_msg;

#define SIPCONN_ASSOCS	4 /* security associations, including half-open ones */
#define SIPCONN_CALL_ID 256

struct lab_sip_conn {
	struct lab_pool *pool;
	struct tls_inner_ctx *const
	    *inner; /* by enum lab_pki_face; owned by the registrar */
	struct bufferevent *bev;
	unsigned id;
	char host[POOL_HOST_MAX]; /* the name by which the client reached the pool */
	uint16_t peer_port;
	char tag[33]; /* the To tag of our answers on this connection */
	struct lab_assoc *assoc[SIPCONN_ASSOCS];
	unsigned next_assoc;
	char call_id[SIPCONN_CALL_ID]; /* Call-ID of the last REGISTER */
	uint32_t cseq;
	bool doomed; /* it is closed as soon as the queue has been sent */
	bool silent; /* stalled: nothing is read or sent any more */
	bool reset;  /* it is reset at the client's first byte */
	struct lab_sip_conn *next, **link;
};

/* Writes a whole message, ours or the client's, to the transcript. */
void lab_sip_conn_record(const struct lab_sip_conn *c, bool out, struct str message);
/* Queues bytes as they are; a whole message is also written to the transcript. */
void lab_sip_conn_send(struct lab_sip_conn *c, struct str message);
/* Ends the connection, after sending the queue if flush is set. */
void lab_sip_conn_doom(struct lab_sip_conn *c, bool flush);
/*
 * Returns the settings of the inner handshake, with the certificate that the faults
 * select.
 */
struct tls_inner_ctx *lab_sip_conn_inner(const struct lab_sip_conn *c);

#endif
