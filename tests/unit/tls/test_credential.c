/*
 * tls/credential: the certificate that came back is ours, valid, and good for a logon -
 * or it is not.
 */
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "../cases.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "certs.h"
#include "tls/credential.h"
#include "tls/identity.h"

#define ALICE "alice@lab.example"
#define NOW   1700000000 /* the test's idea of now */
#define HOUR  3600
#define YEAR  (8760 * HOUR)

static struct identity *id;

static void
free_id(void)
{
	identity_free(id);
}

static struct identity *
get_id(void)
{
	struct err err;

	if (id == NULL) {
		id = identity_new(ALICE, NULL, &err);
		atexit(free_id);
	}
	assert_non_null(id);
	return id;
}

static const struct cert_case {
	const char *name, *cn, *san, *eku;
	/* seconds from NOW; both 0: two days either way */
	int64_t from, to;
	bool other_key;
	bool odd;
	enum cause cause; /* CAUSE_NONE: accepted */
	long code;
	const char *says;
} cert_cases[] = {
	{ "named by its CN", .cn = ALICE },
	{ "CN in another case", .cn = "Alice@LAB.Example" },
	{ "CN with the scheme", .cn = "sip:" ALICE },
	{ "for clients", .cn = ALICE, .eku = "clientAuth" },
	{ "for clients and servers", .cn = ALICE, .eku = "serverAuth,clientAuth" },
	{ "for anything", .cn = ALICE, .eku = "2.5.29.37.0" },
	{ "named by mail", .cn = "x", .san = "email:Alice@lab.example" },
	{ "named by URI", .cn = "x", .san = "URI:sip:" ALICE },
	{ "named by UPN", .cn = "x", .san = "otherName:msUPN;UTF8:" ALICE },
	{ "named by the last of many", .cn = "x",
	    .san = "DNS:a,email:b@c,URI:sip:" ALICE },
	{ "begins in five minutes", .cn = ALICE, .from = 300, .to = 10 * HOUR },
	{ "ends in an hour", .cn = ALICE, .from = -HOUR, .to = HOUR },
	{ "ends in less than an hour", .cn = ALICE, .from = -HOUR, .to = HOUR - 1,
	    .odd = true },
	{ "ends in a year", .cn = ALICE, .from = -HOUR, .to = YEAR },
	{ "ends after more than a year", .cn = ALICE, .from = -HOUR, .to = YEAR + 301,
	    .odd = true },

	{ "another key", .cn = ALICE, .other_key = true, .cause = CAUSE_CERTIFICATE,
	    .code = CERT_OTHER_KEY, .says = "not for the key" },
	{ "another user", .cn = "bob@lab.example", .cause = CAUSE_CERTIFICATE,
	    .code = CERT_OTHER_USER, .says = "CN=bob@lab.example" },
	{ "a longer name", .cn = ALICE ".org", .cause = CAUSE_CERTIFICATE,
	    .code = CERT_OTHER_USER },
	{ "a shorter name", .cn = "alice@lab", .cause = CAUSE_CERTIFICATE,
	    .code = CERT_OTHER_USER },
	{ "no name", .cn = NULL, .cause = CAUSE_CERTIFICATE, .code = CERT_OTHER_USER },
	{ "a DNS name does not count", .cn = "x", .san = "DNS:" ALICE,
	    .cause = CAUSE_CERTIFICATE, .code = CERT_OTHER_USER },
	{ "another URI scheme", .cn = "x", .san = "URI:sips:" ALICE,
	    .cause = CAUSE_CERTIFICATE, .code = CERT_OTHER_USER },
	{ "ended", .cn = ALICE, .from = -10 * HOUR, .to = -1, .cause = CAUSE_CERTIFICATE,
	    .code = CERT_EXPIRED, .says = "ended at 2023-11-14T22:13:19" },
	{ "ends now", .cn = ALICE, .from = -10 * HOUR, .to = 0,
	    .cause = CAUSE_CERTIFICATE, .code = CERT_EXPIRED },
	{ "begins in six minutes", .cn = ALICE, .from = 360, .to = 10 * HOUR,
	    .cause = CAUSE_CERTIFICATE, .code = CERT_NOT_YET,
	    .says = "compare the clocks" },
	{ "for servers only", .cn = ALICE, .eku = "serverAuth",
	    .cause = CAUSE_CERTIFICATE, .code = CERT_PURPOSE,
	    .says = "client authentication" },
};

static X509 *
make(const struct cert_case *c)
{
	int64_t from = c->from == 0 && c->to == 0 ? -2 * DAY : c->from;
	int64_t to = c->from == 0 && c->to == 0 ? 2 * DAY : c->to;
	struct cert_spec spec = { .cn = c->cn,
		.san = c->san,
		.eku = c->eku,
		.from_at = NOW + from,
		.to_at = NOW + to };

	/* Signed by another key, as the provisioning service does. */
	return certs_make(
	    &spec, c->other_key ? certs_key(1, 0) : identity_key(get_id()), NULL, NULL);
}

static struct str
encode(X509 *cert, unsigned char **ret_der)
{
	int n = i2d_X509(cert, ret_der);

	assert_true(n > 0);
	return (struct str){ (char *)*ret_der, (size_t)n };
}

static void
check_cert(void **state)
{
	const struct cert_case *c = *state;
	struct err err = { .cause = CAUSE_NONE };
	unsigned char *der = NULL;
	X509 *cert = make(c);
	struct str in = encode(cert, &der);
	bool odd = !c->odd;
	struct credential *got = credential_new(get_id(), in, ALICE, NOW, &odd, &err);

	if (err.cause != c->cause || err.code != c->code)
		fail_msg("%s %ld: %s", cause_name(err.cause), err.code, err.detail);
	assert_int_equal(got != NULL, c->cause == CAUSE_NONE);
	/* Untouched when refused. */
	assert_int_equal(odd, c->cause == CAUSE_NONE ? c->odd : !c->odd);
	if (c->says != NULL)
		assert_non_null(strstr(err.detail, c->says));
	if (got != NULL) {
		assert_int_equal(X509_cmp(credential_cert(got), cert), 0);
		assert_ptr_equal(credential_key(got), identity_key(get_id()));
	}
	assert_int_equal(ERR_peek_error(), 0);
	credential_free(got);
	X509_free(cert);
	OPENSSL_free(der);
}

static void
the_facts_are_those_of_the_certificate(void **state)
{
	const struct cert_case c = { "good", .cn = ALICE, .from = -HOUR,
		.to = 180 * DAY };
	struct err err;
	unsigned char *der = NULL, md[20];
	X509 *cert = make(&c);
	struct str in = encode(cert, &der);
	bool odd;
	struct credential *got = credential_new(get_id(), in, ALICE, NOW, &odd, &err);
	const struct cert_facts *f;
	char sha1[41];

	(void)state;
	assert_non_null(got);
	f = credential_facts(got);
	assert_true(f->known);
	assert_string_equal(f->subject, "CN=" ALICE);
	assert_int_equal(f->not_before, NOW - HOUR);
	assert_int_equal(f->not_after, NOW + 180 * DAY);
	assert_int_equal(EVP_Digest(der, in.len, md, NULL, EVP_sha1(), NULL), 1);
	for (unsigned i = 0; i < 20; i++)
		snprintf(sha1 + 2 * i, 3, "%02X", md[i]);
	assert_string_equal(f->sha1, sha1);
	assert_memory_equal(f->serial, "1A2B", 4);
	assert_ptr_equal(credential_ref(got), got);
	credential_free(got);
	assert_string_equal(credential_facts(got)->subject, "CN=" ALICE);
	credential_free(got);
	credential_free(NULL);
	X509_free(cert);
	OPENSSL_free(der);
}

/* [MS-OCAUTHWS] 1.5 speaks of PKCS#7; no real answer in that form is known. */
static struct str
package(X509 *const certs[], unsigned n, unsigned char **ret_der)
{
	PKCS7 *p7 = PKCS7_new();
	int len;

	assert_int_equal(PKCS7_set_type(p7, NID_pkcs7_signed), 1);
	assert_int_equal(PKCS7_content_new(p7, NID_pkcs7_data), 1);
	PKCS7_set_detached(p7, 1);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(PKCS7_add_certificate(p7, certs[i]), 1);
	len = i2d_PKCS7(p7, ret_der);
	assert_true(len > 0);
	PKCS7_free(p7);
	return (struct str){ (char *)*ret_der, (size_t)len };
}

static const struct package_case {
	const char *name;
	bool ours[3];
	unsigned n;
	enum cause cause;
} package_cases[] = {
	{ "ours alone", { true }, 1, CAUSE_NONE },
	{ "ours in the middle", { false, true, false }, 3, CAUSE_NONE },
	{ "ours last", { false, false, true }, 3, CAUSE_NONE },
	{ "none of ours", { false, false }, 2, CAUSE_CERTIFICATE },
	{ "empty", { false }, 0, CAUSE_PROTOCOL },
};

static void
check_package(void **state)
{
	const struct package_case *c = *state;
	const struct cert_case ours = { "ours", .cn = ALICE };
	const struct cert_case theirs = { "theirs", .cn = "Lab CA", .other_key = true };
	struct err err = { .cause = CAUSE_NONE };
	unsigned char *der = NULL;
	X509 *certs[3];
	struct credential *got;
	struct str in;
	bool odd;

	for (unsigned i = 0; i < c->n; i++)
		certs[i] = make(c->ours[i] ? &ours : &theirs);
	in = package(certs, c->n, &der);
	got = credential_new(get_id(), in, ALICE, NOW, &odd, &err);
	assert_int_equal(got != NULL, c->cause == CAUSE_NONE);
	assert_int_equal(err.cause, c->cause);
	if (got != NULL)
		assert_string_equal(credential_facts(got)->subject, "CN=" ALICE);
	credential_free(got);
	for (unsigned i = 0; i < c->n; i++)
		X509_free(certs[i]);
	OPENSSL_free(der);
}

static void
refuse(struct str in)
{
	struct err err = { .cause = CAUSE_NONE };
	bool odd;

	assert_null(credential_new(get_id(), in, ALICE, NOW, &odd, &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_int_equal(ERR_peek_error(), 0);
}

static void
what_is_no_certificate_is_refused(void **state)
{
	static char large[300 * 1024];

	(void)state;
	refuse(STR_NULL);
	refuse(STR_LIT(""));
	refuse(STR_LIT("-----BEGIN CERTIFICATE-----"));
	refuse(STR_LIT("\x30\x80\x00\x00"));
	refuse(STR_LIT("\x30\x84\xff\xff\xff\xff"));
	refuse((struct str){ large, sizeof(large) });
}

static void
every_cut_is_refused(void **state)
{
	const struct cert_case good = { "good", .cn = ALICE };
	unsigned char *der = NULL;
	X509 *cert = make(&good);
	struct str in = encode(cert, &der);
	char *longer = malloc(in.len + 1);

	(void)state;
	for (size_t n = 0; n < in.len; n++)
		refuse((struct str){ in.p, n });
	memcpy(longer, in.p, in.len);
	longer[in.len] = '\0';
	refuse((struct str){ longer, in.len + 1 });
	free(longer);
	X509_free(cert);
	OPENSSL_free(der);
}

/*
 * Every octet wrong once: anything but a crash, and never a certificate with another key
 * or name.
 */
static void
broken_octets_do_no_harm(void **state)
{
	const struct cert_case good = { "good", .cn = ALICE };
	unsigned char *der = NULL;
	X509 *cert = make(&good);
	struct str in = encode(cert, &der);

	(void)state;
	for (size_t i = 0; i < in.len; i++) {
		struct err err;
		struct credential *got;
		bool odd;

		der[i] ^= 0xff;
		got = credential_new(get_id(), in, ALICE, NOW, &odd, &err);
		if (got != NULL)
			assert_int_equal(
			    EVP_PKEY_eq(X509_get0_pubkey(credential_cert(got)),
				identity_key(get_id())),
			    1);
		credential_free(got);
		der[i] ^= 0xff;
	}
	X509_free(cert);
	OPENSSL_free(der);
}

RUN_CASES(ROWS("certificate", cert_cases, check_cert),
    TEST(the_facts_are_those_of_the_certificate),
    ROWS("package", package_cases, check_package),
    TEST(what_is_no_certificate_is_refused), TEST(every_cut_is_refused),
    TEST(broken_octets_do_no_harm));
