/*
 * tls/outer: CA files, host names and versions, before any handshake.
 */
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "../cases.h"
#include "vocab/err.h"
#include "certs.h"
#include "tls/store.h"
#include "tls/outer.h"

#define HOST "pool.lab.example"

static const struct ca_case {
	const char *name, *content; /* content NULL: no such file */
	const char *says;
} ca_cases[] = {
	{ "missing", NULL, "No such file" },
	{ "empty", "", "no readable PEM certificate" },
	{ "noise", "this is not a certificate\n", "no readable PEM certificate" },
	{ "broken", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
	    "no readable PEM certificate" },
	{ "a directory", "/", "not a file" },
};

static void
check_ca(void **state)
{
	const struct ca_case *c = *state;
	const char *path = certs_path(0, "bad-ca.pem");
	struct tls_settings settings = { path, TLS_1_2, false };
	struct err err = { .cause = CAUSE_NONE };
	const char *said;

	unlink(path);
	if (c->content != NULL && strcmp(c->content, "/") == 0)
		settings.ca_file = certs_dir();
	else if (c->content != NULL)
		certs_write_text(path, c->content);
	assert_null(tls_outer_new(&settings, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_non_null(strstr(err.detail, settings.ca_file));
	said = strstr(err.detail, c->says);
	assert_non_null(said);
	assert_null(strstr(said + 1, c->says)); /* once is enough */
	assert_int_equal(ERR_peek_error(), 0);
}

static void
a_key_is_no_ca_file(void **state)
{
	const char *path = certs_path(0, "key-ca.pem");
	struct tls_settings settings = { path, TLS_1_2, false };
	struct err err;

	(void)state;
	certs_write_key(path, certs_key(1, 0));
	assert_null(tls_outer_new(&settings, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
}

static void
write_root(const char *path, const char *cn)
{
	struct cert_spec spec = { .cn = cn, .ca = 1 };
	X509 *root = certs_make(&spec, certs_key(0, 0), NULL, NULL);

	certs_write_cert(path, root);
	X509_free(root);
}

static void
one_store_per_file_until_it_changes(void **state)
{
	const char *path = certs_path(0, "shared.pem"),
		   *other = certs_path(1, "other.pem");
	struct ca_store *a, *b, *c, *d;
	struct err err;

	(void)state;
	write_root(path, "A");
	write_root(other, "B");
	a = ca_store_get(path, &err);
	b = ca_store_get(path, &err);
	c = ca_store_get(other, &err);
	assert_non_null(a);
	assert_ptr_equal(a, b);
	assert_ptr_not_equal(a, c);
	write_root(path, "A root of another length");
	d = ca_store_get(path, &err);
	assert_ptr_not_equal(a, d);
	assert_int_equal(
	    sk_X509_OBJECT_num(X509_STORE_get0_objects(ca_store_x509(a))), 1);
	ca_store_put(a);
	ca_store_put(b);
	ca_store_put(c);
	ca_store_put(d);
	ca_store_put(NULL);
}

static void
the_system_has_a_store(void **state)
{
	struct tls_settings settings = { NULL, TLS_1_2, false };
	struct err err;
	struct tls_outer *o = tls_outer_new(&settings, &err);
	struct tls_outer *again = tls_outer_ref(o);

	(void)state;
	assert_non_null(o);
	assert_false(tls_outer_legacy(o));
	tls_outer_free(o);
	tls_outer_free(again);
	tls_outer_free(NULL);
}

static const struct host_case {
	const char *name, *host;
	bool ok;
} host_cases[] = {
	{ "name", HOST, true },
	{ "address", "127.0.0.1", true },
	{ "empty", "", false },
	{ "only a dot", ".", false },
	{ "too long", NULL, false },
};

static void
check_host(void **state)
{
	const struct host_case *c = *state;
	struct tls_settings settings = { NULL, TLS_1_2, true };
	struct err err = { .cause = CAUSE_NONE };
	struct tls_outer *o = tls_outer_new(&settings, &err);
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	char longest[400];
	struct tls_peer peer;
	SSL *ssl;

	assert_true(tls_outer_legacy(o));
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ssl = tls_outer_ssl(o, c->host != NULL ? c->host : longest, &peer, &err);
	assert_int_equal(ssl != NULL, c->ok);
	assert_int_equal(err.cause, c->ok ? CAUSE_NONE : CAUSE_LOCAL);
	assert_int_equal(
	    tls_outer_apply(o, ctx, c->host != NULL ? c->host : longest, &peer), c->ok);
	if (ssl != NULL) {
		const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

		/* RFC 6066 section 3: no literal addresses. */
		assert_int_equal(sni != NULL, strcmp(c->host, HOST) == 0);
	}
	assert_int_equal(ERR_peek_error(), 0);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	tls_outer_free(o);
}

static const struct version_case {
	const char *name;
	int want; /* -1: refused */
} version_cases[] = {
	{ "1.0", TLS_1_0 },
	{ "1.1", TLS_1_1 },
	{ "1.2", TLS_1_2 },
	{ "1.3", TLS_1_3 },
	{ "1.4", -1 },
	{ "1", -1 },
	{ "", -1 },
	{ "1.20", -1 },
	{ "TLS1.2", -1 },
};

static void
check_version(void **state)
{
	const struct version_case *c = *state;
	enum tls_version got = TLS_VERSION_COUNT;

	assert_int_equal(tls_version_by_name(str_of(c->name), &got), c->want >= 0);
	assert_int_equal(got, c->want >= 0 ? c->want : TLS_VERSION_COUNT);
}

/*
 * A certificate that is in the CA file itself, judged without a handshake. The second
 * name is the server's own word: it must be one name.
 */
static const struct judged_case {
	const char *name, *names[2];
	bool good;
} judged_cases[] = {
	{ "the name", { HOST, "other.example" }, true },
	{ "the second name", { "other.example", HOST }, true },
	{ "neither", { "other.example", "another.example" }, false },
	{ "any name of a domain", { "other.example", ".example" }, false },
	{ "any name below it", { "other.example", ".lab.example" }, false },
	{ "a pattern", { "other.example", "*.lab.example" }, false },
	{ "no second name", { "other.example", "" }, false },
	{ "an address", { "192.0.2.7", HOST }, false },
};

static void
check_judged(void **state)
{
	const struct judged_case *c = *state;
	const struct cert_spec spec = { .cn = HOST, .san = "DNS:" HOST };
	const char *path = certs_path(0, "one.pem");
	struct tls_settings settings = { path, TLS_1_2, false };
	X509 *cert = certs_make(&spec, certs_key(0, 0), NULL, NULL);
	struct tls_outer *o;
	struct err err = { .cause = CAUSE_NONE };

	certs_write_cert(path, cert);
	o = tls_outer_new(&settings, &err);
	assert_non_null(o);
	assert_int_equal(
	    tls_outer_judge(o, cert, NULL, c->names, "registrar", &err), c->good);
	assert_int_equal(err.cause, c->good ? CAUSE_NONE : CAUSE_TRUST);
	assert_int_equal(ERR_peek_error(), 0);
	tls_outer_free(o);
	X509_free(cert);
}

RUN_CASES(ROWS("CA file", ca_cases, check_ca), TEST(a_key_is_no_ca_file),
    ROWS("judged", judged_cases, check_judged), TEST(one_store_per_file_until_it_changes),
    TEST(the_system_has_a_store), ROWS("host", host_cases, check_host),
    ROWS("version", version_cases, check_version));
