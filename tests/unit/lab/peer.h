/*
 * peer - a client at the lab's registrar, without a network: what it sends is served at
 * once.
 *
 * Takes the place of lab/registrar: a program with a peer in it links this instead.
 */
#ifndef CSWATCH_TESTS_LAB_PEER_H
#define CSWATCH_TESTS_LAB_PEER_H
#include <stdbool.h>

#include "lab/pool.h"
#include "lab/sipconn.h"
#include "sip/endpoint.h"
#include "tls/inner.h"

struct identity;
struct sip_sa;

#define PEER_USER "alice@lab.example"

struct peer {
	struct lab_pool pool;
	struct lab_sip_conn conn;
	struct sip_endpoint endpoint;
	struct identity *identity;
	struct tls_inner_ctx *inner;
	struct tls_inner_keys keys; /* of the last handshake */
	char opaque[16];
	struct sip_sa *sa;     /* NULL before a handshake */
	struct sip_msg *reply; /* the last answer; NULL when there was none */
	char text[256 * 1024]; /* the same as it was sent */
	unsigned status;       /* of it; 0 when there was none, or it was no SIP */
};

/* A pool with alice, and bob who is disabled; its directory is scratch_dir(). Once. */
void peer_open(struct peer *p);
void peer_close(struct peer *p);
/* As with cswatch-lab --fault. */
void peer_fault(struct peer *p, const char *words);
/* A new connection of that user's; keys, users, stores and faults stay. */
void peer_connect(struct peer *p, const char *address);

/* Publishes a certificate for the connection's user; stranger: not of the pool's issuer.
 */
void peer_publish(struct peer *p, bool stranger);

/* One request as it is. */
void peer_send(struct peer *p, const char *text);
/* A REGISTER. expires: NULL or "0"; authorization: NULL or the header's value. */
void peer_register(struct peer *p, const char *expires, const char *authorization);
/* All legs with the certificate last published; true when keys came of it. */
bool peer_handshake(struct peer *p);
/* A new association with the keys of the last handshake: its numbers begin at 1 again. */
struct sip_sa *peer_new_sa(const struct peer *p);
/* A signed REGISTER. */
void peer_signed(struct peer *p, struct sip_sa *sa, const char *expires);
/* Is the last answer signed rightly? */
bool peer_answer_verifies(struct peer *p);

#endif
