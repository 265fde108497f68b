/*
 * inner_peers - who a memtls talks to in tests: another memtls, or OpenSSL driven by
 * hand.
 */
#ifndef CSWATCH_TESTS_INNER_PEERS_H
#define CSWATCH_TESTS_INNER_PEERS_H
#include <stdbool.h>

#include <openssl/ssl.h>

#include "base/str.h"
#include "tls/credential.h"
#include "tls/identity.h"
#include "tls/inner.h"

#define PEERS_ALICE  "alice@lab.example"
#define PEERS_SERVER "pool.lab.example"
#define PEERS_LABEL  "client EAP encryption"

enum peers_key { CA_KEY, SERVER_KEY, OTHER_KEY };
enum record { CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22 };

/* What all tests share: making keys takes longer than all the rest. Lives until exit. */
struct peers {
	struct credential *alice;
	X509 *ca, *server;
	/* pool: server.pem and server.key */
	struct tls_inner_ctx *client, *legacy, *pool;
};
const struct peers *peers(void);

/* A certificate for alice and the key of id. */
struct credential *peers_issue(struct identity *id, bool sha1);
struct tls_inner *peers_client(bool legacy);
/* Accepts alice's certificate alone; counts in *asked. */
struct tls_inner *peers_server(unsigned *asked);

/* The other end, made of OpenSSL alone. version 0: any up to 1.2. */
struct raw_spec {
	bool server;
	int version;
	const char *suites;
	bool no_cert, no_ems;
};
SSL *raw_new(const struct raw_spec *s);
/* Ours and the raw end, until ours is not MORE any longer; number of our legs. */
unsigned raw_converse(struct tls_inner *m, SSL *raw, bool raw_first,
    enum tls_inner_state *ret, struct err *err);

/*
 * A flight is of that version and has records of these types, and these messages in the
 * plaintext ones that it begins with.
 */
void assert_flight(
    struct str s, unsigned version, struct str records, struct str messages);

#endif
