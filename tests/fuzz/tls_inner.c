/*
 * The inner handshake, client and server both ours, with one leg altered on the way: the
 * first octet says which (0 to 3), and from 128 that the leg is replaced by the rest;
 * else the rest is a list of changes. Two ends that agree have the same keys.
 */
#include <time.h>

#include "../unit/tls/certs.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "issued.h"
#include "tls/credential.h"
#include "tls/inner.h"

static struct tls_inner_ctx *client_ctx, *server_ctx;
static struct credential *alice;

static void
free_all(void)
{
	tls_inner_ctx_free(client_ctx);
	tls_inner_ctx_free(server_ctx);
	credential_free(alice);
}

static void
make_all(void)
{
	struct cert_spec spec = { .cn = "pool.lab.example" };
	const char *cert_file = certs_path(0, "server.pem");
	const char *key_file = certs_path(1, "server.key");
	struct err err;
	X509 *cert;
	bool odd;

	if (alice != NULL)
		return;
	cert = certs_make(&spec, certs_key(1, 2048), NULL, NULL);
	certs_write_cert(cert_file, cert);
	certs_write_key(key_file, certs_key(1, 2048));
	X509_free(cert);
	client_ctx = tls_inner_client_ctx(false, &err);
	server_ctx = tls_inner_server_ctx(cert_file, key_file, &err);
	alice = credential_new(
	    issued_identity(), issued_certificate(), ISSUED_FOR, time(NULL), &odd, &err);
	CHECK(client_ctx != NULL && server_ctx != NULL && alice != NULL);
	atexit(free_all);
}

static bool
accept_any(void *arg, struct x509_st *cert)
{
	(void)arg;
	return cert != NULL;
}

/* The leg that is altered, in place. */
static void
alter(struct buf *leg, uint8_t first, struct str rest)
{
	struct buf altered;

	buf_init(&altered, 2 * TLS_INNER_LEG_MAX);
	if (first >= 128)
		buf_str(&altered, rest);
	else
		fuzz_edit(buf_view(leg), rest, &altered);
	buf_clear(leg);
	buf_str(leg, buf_view(&altered));
	buf_free(&altered);
}

static enum tls_inner_state
step(struct tls_inner *m, struct buf *in, struct buf *out)
{
	struct err err = { .cause = CAUSE_NONE };
	enum tls_inner_state s;

	buf_clear(out);
	s = tls_inner_leg(m, buf_view(in), out, &err);
	CHECK(out->len <= TLS_INNER_LEG_MAX);
	if (s == TLS_INNER_FAILED)
		CHECK(err.cause != CAUSE_NONE && fuzz_is_printable(str_of(err.detail)));
	return s;
}

static void
compare(const struct tls_inner *a, const struct tls_inner *b)
{
	struct tls_inner_keys one, other;
	struct err err;

	CHECK(tls_inner_keys(a, &one, &err) && tls_inner_keys(b, &other, &err));
	CHECK(memcmp(one.client, other.client, sizeof(one.client)) == 0);
	CHECK(memcmp(one.server, other.server, sizeof(one.server)) == 0);
	CHECK(one.mac == other.mac);
}

static void
converse(
    struct tls_inner *client, struct tls_inner *server, const uint8_t *data, size_t size)
{
	enum tls_inner_state c = TLS_INNER_MORE, s = TLS_INNER_MORE;
	struct str rest = { NULL, 0 };
	struct buf up, down;

	if (size > 0)
		rest = fuzz_str(data + 1, size - 1);
	buf_init(&up, 2 * TLS_INNER_LEG_MAX);
	buf_init(&down, 2 * TLS_INNER_LEG_MAX);
	for (unsigned leg = 0; leg < 2 * TLS_INNER_LEGS_MAX; leg++) {
		struct buf *said = leg % 2 == 0 ? &up : &down;

		if (leg % 2 == 0 && c == TLS_INNER_MORE)
			c = step(client, &down, &up);
		else if (leg % 2 == 1 && s == TLS_INNER_MORE)
			s = step(server, &up, &down);
		else
			break;
		if (size > 0 && (data[0] & 3) == leg && said->len > 0)
			alter(said, data[0], rest);
	}
	if (c == TLS_INNER_ESTABLISHED && s == TLS_INNER_ESTABLISHED)
		compare(client, server);
	CHECK(size > 0 || (c == TLS_INNER_ESTABLISHED && s == TLS_INNER_ESTABLISHED));
	buf_free(&down);
	buf_free(&up);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tls_inner *client, *server;
	struct err err;

	make_all();
	client = tls_inner_client(client_ctx, alice, &err);
	server = tls_inner_server(server_ctx, accept_any, NULL, &err);
	CHECK(client != NULL && server != NULL);
	converse(client, server, data, size);
	tls_inner_free(client);
	tls_inner_free(server);
	return 0;
}
