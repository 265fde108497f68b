#include "tests/unit/cases.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "config/config.h"
#include "lab/labconf.h"
#include "lab/pki.h"
#include "lab/pool.h"
#include "lab/x509.h"
#include "scratch.h"

static const struct lab_pki_names names = { "pool01.lab.example", NULL, "127.0.0.1" };
static struct lab_pki *pki;

static X509 *
read_face(enum lab_pki_face face)
{
	struct err err;
	X509 *cert = lab_x509_read(lab_pki_cert_file(pki, face), &err);

	assert_non_null(cert);
	return cert;
}

static void
makes_everything_once(void **state)
{
	struct err err;
	X509 *first, *second;

	(void)state;
	pki = lab_pki_open(scratch_dir(), &names, &err);
	assert_non_null(pki);
	first = read_face(PKI_RIGHT);
	lab_pki_free(pki);
	pki = lab_pki_open(scratch_dir(), &names, &err);
	assert_non_null(pki);
	second = read_face(PKI_RIGHT);
	assert_int_equal(X509_cmp(first, second), 0);
	X509_free(first);
	X509_free(second);
}

static void
keys_are_for_the_owner(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(lab_pki_key_file(pki), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(lab_pki_ticket_key_file(pki), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(lab_pki_ca_file(pki), &st), 0);
	assert_int_equal(st.st_mode & 0444, 0444);
}

/* What a client finds wrong with each certificate: 0 is nothing. */
static const struct face_case {
	const char *name;
	enum lab_pki_face face;
	const char *host;
	int want;
} faces[] = {
	{ "right", PKI_RIGHT, "pool01.lab.example", X509_V_OK },
	{ "right, by localhost", PKI_RIGHT, "localhost", X509_V_OK },
	{ "right, for another host", PKI_RIGHT, "pool02.lab.example",
	    X509_V_ERR_HOSTNAME_MISMATCH },
	{ "expired", PKI_EXPIRED, "pool01.lab.example", X509_V_ERR_CERT_HAS_EXPIRED },
	{ "wrong name", PKI_WRONG_NAME, "pool01.lab.example",
	    X509_V_ERR_HOSTNAME_MISMATCH },
	{ "stranger", PKI_STRANGER, "pool01.lab.example",
	    X509_V_ERR_CERT_SIGNATURE_FAILURE },
};

static void
check_face(void **state)
{
	const struct face_case *c = *state;
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509 *cert = read_face(c->face);

	assert_int_equal(X509_STORE_load_file(store, lab_pki_ca_file(pki)), 1);
	assert_int_equal(X509_STORE_CTX_init(ctx, store, cert, NULL), 1);
	X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(ctx), c->host, 0);
	assert_int_equal(X509_verify_cert(ctx) == 1, c->want == X509_V_OK);
	assert_int_equal(X509_STORE_CTX_get_error(ctx), c->want);
	X509_free(cert);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
}

static void
literals_are_named_too(void **state)
{
	X509 *cert = read_face(PKI_RIGHT);

	(void)state;
	assert_int_equal(X509_check_ip_asc(cert, "127.0.0.1", 0), 1);
	assert_int_equal(X509_check_ip_asc(cert, "::1", 0), 1);
	X509_free(cert);
}

static void
issues_client_certificates(void **state)
{
	/* Longer than the 64 characters that a CN should have. */
	static const char subject[] =
	    "somebody.with.a.rather.long.name.that.goes.on@a.domain."
	    "that.is.not.short.either.lab.example";
	int64_t now = (int64_t)time(NULL);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct lab_pki_issue w = {
		.subject = subject, .key = key, .not_before = now, .not_after = now + 60
	};
	char cn[200];
	struct err err;
	X509 *cert;

	(void)state;
	cert = lab_pki_issue(pki, &w, &err);
	assert_non_null(cert);
	assert_true(lab_pki_issued(pki, cert));
	X509_NAME_get_text_by_NID(
	    X509_get_subject_name(cert), NID_commonName, cn, sizeof(cn));
	assert_string_equal(cn, subject);
	assert_true((X509_get_extended_key_usage(cert) & XKU_SSL_CLIENT) != 0);
	X509_free(cert);
	w.stranger = true;
	cert = lab_pki_issue(pki, &w, &err);
	assert_non_null(cert);
	assert_false(lab_pki_issued(pki, cert));
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void
configuration_is_complete(void **state)
{
	struct lab_users users = { NULL, 0 };
	struct lab_pool p = {
		.fqdn = "pool01.lab.example", .address = "127.0.0.1", .sip_port = 5061
	};
	struct buf problems;
	struct config *config;
	struct err err;

	(void)state;
	p.pki = pki;
	assert_true(lab_users_parse(STR_LIT("alice@lab.example,LAB\\alice,p\\\"\n"
					    "bob@lab.example,LAB\\bob,p,disabled\n"),
	    "users", &users, &err));
	p.users = users;
	assert_true(lab_users_write(&users, scratch_dir(), &err));
	assert_true(lab_labconf_write(&p, scratch_dir(), &err));
	buf_init(&problems, 65536);
	config = config_load(scratch_path("lab.conf"), NULL, &problems);
	if (config == NULL)
		print_message("# %s", problems.data);
	assert_non_null(config);
	assert_int_equal(config->nusers, 2);
	assert_string_equal(config->users[0].account.username, "LAB\\alice");
	assert_int_equal(config->ntests, 1); /* bob is disabled */
	assert_string_equal(config->pools[0].address, "127.0.0.1");
	assert_int_equal(config->pools[0].registrar_port, 5061);
	config_unref(config);
	buf_free(&problems);
	lab_users_free(&users);
}

/* Another name: another certificate of the same CA, so that nobody has to trust anew. */
static void
follows_a_new_name(void **state)
{
	struct lab_pki_names other = { "pool02.lab.example", "web.lab.example",
		"127.0.0.1" };
	struct err err;
	X509 *cert;

	(void)state;
	lab_pki_free(pki);
	pki = lab_pki_open(scratch_dir(), &other, &err);
	assert_non_null(pki);
	cert = read_face(PKI_RIGHT);
	assert_int_equal(X509_check_host(cert, "pool02.lab.example", 0, 0, NULL), 1);
	assert_int_equal(X509_check_host(cert, "web.lab.example", 0, 0, NULL), 1);
	assert_int_equal(X509_check_host(cert, "pool01.lab.example", 0, 0, NULL), 0);
	X509_free(cert);
	lab_pki_free(pki);
	pki = NULL;
}

static void
refuses_a_damaged_key(void **state)
{
	struct err err;

	(void)state;
	assert_true(lab_files_write(
	    scratch_path("pki/issuer.key"), 0600, STR_LIT("no key\n"), &err));
	assert_null(lab_pki_open(scratch_dir(), &names, &err));
	assert_non_null(strstr(err.detail, "issuer.key"));
}

RUN_CASES(TEST(makes_everything_once), TEST(keys_are_for_the_owner),
    ROWS("face", faces, check_face), TEST(literals_are_named_too),
    TEST(issues_client_certificates), TEST(configuration_is_complete),
    TEST(follows_a_new_name), TEST(refuses_a_damaged_key));
