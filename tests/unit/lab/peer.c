#include "peer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "crypto/crypto.h"
#include "lab/assoc.h"
#include "lab/pki.h"
#include "lab/requests.h"
#include "scratch.h"
#include "sip/auth.h"
#include "sip/msg.h"
#include "sip/sa.h"
#include "tests/fakes/must.h"
#include "tls/credential.h"
#include "tls/identity.h"

static struct tls_inner_ctx *server_ctx;
static struct peer *current;
static struct credential *credential;

/* What lab/registrar would do. */
void
lab_sip_conn_send(struct lab_sip_conn *c, struct str message)
{
	struct err err;

	(void)c;
	MUST(str_copy(current->text, sizeof(current->text), message));
	sip_msg_free(current->reply);
	current->reply = sip_msg_parse(message, &err);
	current->status = current->reply == NULL ? 0 : sip_msg_status(current->reply);
}

void
lab_sip_conn_doom(struct lab_sip_conn *c, bool flush)
{
	(void)flush;
	c->doomed = true;
}

struct tls_inner_ctx *
lab_sip_conn_inner(const struct lab_sip_conn *c)
{
	(void)c;
	return server_ctx;
}

void
peer_open(struct peer *p)
{
	static const struct lab_pki_names names = { "pool01.lab.example", NULL,
		"127.0.0.1" };
	struct err err;

	*p = (struct peer){ .pool = { .fqdn = names.fqdn, .address = names.address } };
	current = p;
	p->pool.pki = lab_pki_open(scratch_dir(), &names, &err);
	MUST(p->pool.pki != NULL);
	MUST(lab_users_parse(STR_LIT("alice@lab.example,LAB\\alice,p\n"
				     "bob@lab.example,LAB\\bob,p,disabled\n"),
	    "users", &p->pool.users, &err));
	p->pool.face_port[PKI_RIGHT] = p->pool.https_port = 8443;
	p->pool.dead_port = 9;
	server_ctx = tls_inner_server_ctx(lab_pki_cert_file(p->pool.pki, PKI_RIGHT),
	    lab_pki_key_file(p->pool.pki), &err);
	p->inner = tls_inner_client_ctx(false, &err);
	MUST(server_ctx != NULL && p->inner != NULL);
	peer_connect(p, PEER_USER);
}

static void
hang_up(struct peer *p)
{
	for (unsigned i = 0; i < SIPCONN_ASSOCS; i++)
		lab_assoc_free(p->conn.assoc[i]);
	sip_sa_free(p->sa);
	p->sa = NULL;
	sip_msg_free(p->reply);
	p->reply = NULL;
	p->opaque[0] = '\0';
}

void
peer_close(struct peer *p)
{
	hang_up(p);
	credential_free(credential);
	credential = NULL;
	identity_free(p->identity);
	tls_inner_ctx_free(p->inner);
	tls_inner_ctx_free(server_ctx);
	lab_bindings_free(&p->pool.bindings);
	lab_published_free(&p->pool.published);
	lab_users_free(&p->pool.users);
	lab_pki_free(p->pool.pki);
}

void
peer_connect(struct peer *p, const char *address)
{
	hang_up(p);
	p->conn = (struct lab_sip_conn){ .pool = &p->pool,
		.id = 1,
		.peer_port = 40000,
		.host = "localhost",
		.tag = "0123456789abcdef" };
	MUST(sip_endpoint_init(&p->endpoint, address, "STEpid", "test"));
	str_copy(
	    p->endpoint.local, sizeof(p->endpoint.local), STR_LIT("127.0.0.1:40000"));
}

void
peer_publish(struct peer *p, bool stranger)
{
	int64_t now = (int64_t)time(NULL);
	struct lab_pki_issue w = { .subject = p->endpoint.address,
		.not_before = now - 60,
		.not_after = now + 86400,
		.stranger = stranger };
	const unsigned char *der;
	unsigned char *out = NULL;
	struct err err;
	X509_REQ *req;
	X509 *cert;
	bool odd;
	int len;

	identity_free(p->identity);
	p->identity = identity_new(p->endpoint.address, NULL, &err);
	MUST(p->identity != NULL);
	der = (const unsigned char *)identity_request(p->identity).p;
	req = d2i_X509_REQ(NULL, &der, (long)identity_request(p->identity).len);
	w.key = X509_REQ_get_pubkey(req);
	cert = lab_pki_issue(p->pool.pki, &w, &err);
	MUST(cert != NULL);
	MUST(lab_published_add(
	    &p->pool.published, p->endpoint.address, p->endpoint.instance, cert));
	len = i2d_X509(cert, &out);
	credential_free(credential);
	credential = credential_new(p->identity, (struct str){ (char *)out, (size_t)len },
	    p->endpoint.address, now, &odd, &err);
	MUST(credential != NULL);
	OPENSSL_free(out);
	X509_free(cert);
	EVP_PKEY_free(w.key);
	X509_REQ_free(req);
}

void
peer_send(struct peer *p, const char *text)
{
	struct err err;
	struct sip_msg *m = sip_msg_parse(str_of(text), &err);

	MUST(m != NULL);
	sip_msg_free(p->reply);
	p->reply = NULL;
	p->status = 0;
	p->text[0] = '\0';
	lab_requests_serve(&p->conn, m);
	sip_msg_free(m);
}

/* The one that the endpoint is at. */
static void
send_register(struct peer *p, const char *expires, struct str authorization)
{
	struct buf b;

	buf_init(&b, 65536);
	sip_endpoint_register(&p->endpoint, expires, authorization, &b);
	MUST(!b.failed);
	peer_send(p, b.data);
	buf_free(&b);
}

void
peer_register(struct peer *p, const char *expires, const char *authorization)
{
	struct sip_signed ignored;

	sip_endpoint_next(&p->endpoint, expires, &ignored);
	send_register(p, expires, str_of(authorization));
}

static void
send_leg(struct peer *p, struct str records)
{
	struct buf b;

	buf_init(&b, 4 * TLS_INNER_LEG_MAX);
	buf_printf(&b,
	    "TLS-DSK qop=\"auth\", %s%s%srealm=\"" ASSOC_REALM
	    "\", targetname=\"pool01.lab.example\", gssapi-data=\"",
	    p->opaque[0] == '\0' ? "" : "opaque=\"", p->opaque,
	    p->opaque[0] == '\0' ? "" : "\", ");
	crypto_base64(&b, records.p, records.len);
	buf_puts(&b, "\", version=4");
	peer_register(p, NULL, b.data);
	buf_free(&b);
}

/* The flight in the last answer; false when it has none. */
static bool
take_flight(struct peer *p, struct buf *records)
{
	struct sip_auth auth;
	struct str data;

	buf_clear(records);
	if (p->status != 401 ||
	    !sip_auth_find(p->reply, "WWW-Authenticate", "TLS-DSK", &auth))
		return false;
	data = sip_auth_param(&auth, "gssapi-data");
	return data.p != NULL && crypto_unbase64(data, records) &&
	       str_copy(p->opaque, sizeof(p->opaque), sip_auth_param(&auth, "opaque"));
}

bool
peer_handshake(struct peer *p)
{
	struct err err;
	struct tls_inner *m = tls_inner_client(p->inner, credential, &err);
	struct buf in, out;
	enum tls_inner_state s;

	MUST(m != NULL);
	buf_init(&in, TLS_INNER_LEG_MAX);
	buf_init(&out, TLS_INNER_LEG_MAX);
	p->opaque[0] = '\0';
	while ((s = tls_inner_leg(m, buf_view(&in), &out, &err)) == TLS_INNER_MORE) {
		send_leg(p, buf_view(&out));
		buf_clear(&out);
		if (!take_flight(p, &in))
			break;
	}
	if (s == TLS_INNER_ESTABLISHED) {
		MUST(tls_inner_keys(m, &p->keys, &err));
		sip_sa_free(p->sa);
		p->sa = peer_new_sa(p);
	}
	buf_free(&in);
	buf_free(&out);
	tls_inner_free(m);
	return s == TLS_INNER_ESTABLISHED;
}

struct sip_sa *
peer_new_sa(const struct peer *p)
{
	struct sip_sa_settings s = { .realm = ASSOC_REALM,
		.targetname = p->pool.fqdn,
		.opaque = p->opaque,
		.version = ASSOC_VERSION,
		.mac = p->keys.mac };

	memcpy(s.send_key, p->keys.client, sizeof(s.send_key));
	memcpy(s.recv_key, p->keys.server, sizeof(s.recv_key));
	return sip_sa_new(&s);
}

void
peer_signed(struct peer *p, struct sip_sa *sa, const char *expires)
{
	struct sip_signed v;
	struct buf b;

	buf_init(&b, 4096);
	sip_endpoint_next(&p->endpoint, expires, &v);
	MUST(sip_sa_sign(sa, &v, true, NULL, &b));
	send_register(p, expires, buf_view(&b));
	buf_free(&b);
}

bool
peer_answer_verifies(struct peer *p)
{
	struct err err;

	return p->reply != NULL && sip_sa_verify(p->sa, p->reply, &err);
}

void
peer_fault(struct peer *p, const char *words)
{
	char why[320];

	MUST(lab_faults_add(&p->pool.faults, str_of(words), why, sizeof(why)));
}
