/* tls/identity: the key, the request made with it, and the file they are kept in. */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "../golden.h"
#include "vocab/err.h"
#include "certs.h"
#include "tls/identity.h"

#define ALICE "alice@lab.example"

/*
 * One for all tests that need no key of their own: making it takes the time of all the
 * rest.
 */
static struct identity *alice;

static void
free_alice(void)
{
	identity_free(alice);
}

static struct identity *
get_alice(void)
{
	struct err err;

	if (alice == NULL) {
		alice = identity_new(ALICE, NULL, &err);
		atexit(free_alice);
	}
	assert_non_null(alice);
	return alice;
}

static X509_REQ *
parse_request(const struct identity *id)
{
	struct str der = identity_request(id);
	const unsigned char *p = (const unsigned char *)der.p;
	X509_REQ *req = d2i_X509_REQ(NULL, &p, (long)der.len);

	assert_non_null(req);
	assert_ptr_equal(p, der.p + der.len);
	return req;
}

static void
the_request_is_as_the_real_client_makes_it(void **state)
{
	X509_REQ *req = parse_request(get_alice());
	X509_NAME *name = X509_REQ_get_subject_name(req);
	X509_NAME_ENTRY *cn = X509_NAME_get_entry(name, 0);
	ASN1_STRING *value = X509_NAME_ENTRY_get_data(cn);
	EVP_PKEY *key = X509_REQ_get0_pubkey(req);
	BIGNUM *e = NULL;

	(void)state;
	assert_int_equal(X509_REQ_get_version(req), 0);
	assert_int_equal(X509_NAME_entry_count(name), 1);
	assert_int_equal(OBJ_obj2nid(X509_NAME_ENTRY_get_object(cn)), NID_commonName);
	assert_int_equal(ASN1_STRING_type(value), V_ASN1_UTF8STRING);
	assert_int_equal(ASN1_STRING_length(value), strlen(ALICE));
	assert_memory_equal(ASN1_STRING_get0_data(value), ALICE, strlen(ALICE));
	assert_int_equal(X509_REQ_get_attr_count(req), 0);
	assert_int_equal(X509_REQ_get_signature_nid(req), NID_sha256WithRSAEncryption);
	assert_int_equal(X509_REQ_verify(req, key), 1);
	assert_int_equal(EVP_PKEY_get_bits(key), 2048);
	assert_int_equal(EVP_PKEY_get_bn_param(key, "e", &e), 1);
	assert_true(BN_is_word(e, 65537));
	BN_free(e);
	X509_REQ_free(req);
}

static void
the_request_is_golden(void **state)
{
	struct str der = identity_request(get_alice());

	(void)state;
	assert_golden_octets(der.p, der.len, "tls/pkcs10.hex");
}

/* The attribute set is there and empty: [0] of no length (spec 03 2.1). */
static void
the_attribute_set_is_present(void **state)
{
	X509_REQ *req = parse_request(get_alice());
	unsigned char *info = NULL;
	int n = i2d_re_X509_REQ_tbs(req, &info);

	(void)state;
	assert_true(n > 2);
	assert_int_equal(info[n - 2], 0xa0);
	assert_int_equal(info[n - 1], 0);
	OPENSSL_free(info);
	X509_REQ_free(req);
}

static void
every_identity_has_a_key_of_its_own(void **state)
{
	static const char longest[] =
	    "a-name-that-is-longer-than-the-64-characters-of-x520"
	    "@a-domain-with-a-long-name.lab.example";
	struct err err;
	struct identity *other = identity_new(longest, NULL, &err);
	X509_REQ *req;

	(void)state;
	assert_non_null(other);
	req = parse_request(other);
	assert_int_not_equal(
	    EVP_PKEY_eq(X509_REQ_get0_pubkey(req), identity_key(get_alice())), 1);
	assert_int_equal(EVP_PKEY_eq(X509_REQ_get0_pubkey(req), identity_key(other)), 1);
	X509_REQ_free(req);
	identity_free(other);
	identity_free(NULL);
}

static void *
take_and_drop(void *arg)
{
	for (unsigned i = 0; i < 20000; i++)
		identity_free(identity_ref(arg));
	return NULL;
}

static void
threads_may_count(void **state)
{
	pthread_t threads[4];

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, take_and_drop, get_alice()), 0);
	for (unsigned i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_true(identity_request(get_alice()).len > 0);
}

static unsigned
count_files(void)
{
	DIR *d = opendir(certs_dir());
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
a_saved_identity_loads_again(void **state)
{
	const char *path = certs_path(0, "alice.pem");
	struct identity *back;
	struct stat st;
	struct err err;
	mode_t mask = umask(0);
	unsigned files;

	(void)state;
	assert_true(identity_save(get_alice(), path, &err));
	umask(mask);
	files = count_files();
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	back = identity_load(path, "Alice@LAB.example", &err);
	assert_non_null(back);
	assert_int_equal(identity_request(back).len, identity_request(alice).len);
	assert_memory_equal(identity_request(back).p, identity_request(alice).p,
	    identity_request(alice).len);
	assert_int_equal(EVP_PKEY_eq(identity_key(back), identity_key(alice)), 1);
	/* Once more over the old one: nothing is left beside it. */
	assert_true(identity_save(back, path, &err));
	assert_int_equal(count_files(), files);
	identity_free(back);
}

static void
the_key_is_kept_as_pkcs8(void **state)
{
	const char *path = certs_path(0, "pkcs8.pem");
	char line[64];
	struct err err;
	FILE *f;

	(void)state;
	assert_true(identity_save(get_alice(), path, &err));
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	assert_string_equal(line, "-----BEGIN PRIVATE KEY-----\n");
}

static const struct unsaved_case {
	const char *name, *path;
	int errnum;
} unsaved_cases[] = {
	{ "no such directory", "no-such-directory/alice.pem", ENOENT },
	{ "a directory is in the way", "in-the-way", EISDIR },
};

static void
check_unsaved(void **state)
{
	const struct unsaved_case *c = *state;
	const char *path = certs_path(0, c->path);
	struct err err = { .cause = CAUSE_NONE };
	unsigned files;

	mkdir(certs_path(1, "in-the-way"), 0700);
	files = count_files();
	assert_false(identity_save(get_alice(), path, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(err.code, c->errnum);
	assert_non_null(strstr(err.detail, path));
	assert_int_equal(count_files(), files);
}

static const struct mode_case {
	const char *name;
	mode_t mode;
	bool ok;
} mode_cases[] = {
	{ "0600", 0600, true },
	{ "0400", 0400, true },
	{ "0640", 0640, false },
	{ "0620", 0620, false },
	{ "0604", 0604, false },
	{ "0601", 0601, false },
	{ "0666", 0666, false },
};

static void
check_mode(void **state)
{
	const struct mode_case *c = *state;
	const char *path = certs_path(0, "mode.pem");
	struct err err = { .cause = CAUSE_NONE };
	struct identity *id;

	assert_true(identity_save(get_alice(), path, &err));
	assert_int_equal(chmod(path, c->mode), 0);
	id = identity_load(path, ALICE, &err);
	assert_int_equal(id != NULL, c->ok);
	assert_int_equal(err.cause, c->ok ? CAUSE_NONE : CAUSE_LOCAL);
	if (!c->ok)
		assert_non_null(strstr(err.detail, "must be 0600"));
	identity_free(id);
}

enum content {
	NOTHING,
	NOISE,
	KEY_ONLY,
	REQUEST_ONLY,
	OTHER_REQUEST,
	SHORT_KEY,
	KEY_ON_CURVE,
	ENCRYPTED,
	HUGE_FILE,
	LINK,
	FIFO,
	MISSING
};

static const struct load_case {
	const char *name;
	enum content content;
	const char *address, *says;
} load_cases[] = {
	{ "missing", MISSING, ALICE, "No such file" },
	{ "empty", NOTHING, ALICE, "no RSA key" },
	{ "noise", NOISE, ALICE, "no RSA key" },
	{ "no request", KEY_ONLY, ALICE, "no certificate request" },
	{ "no key", REQUEST_ONLY, ALICE, "no RSA key" },
	{ "request of another key", OTHER_REQUEST, ALICE, "do not belong together" },
	{ "short key", SHORT_KEY, ALICE, "too short" },
	{ "EC key", KEY_ON_CURVE, ALICE, "no RSA key" },
	{ "encrypted, and nobody is asked", ENCRYPTED, ALICE, "no RSA key" },
	{ "too large", HUGE_FILE, ALICE, "larger than" },
	{ "a symbolic link", LINK, ALICE, "symbolic links" },
	{ "a FIFO does not hold us up", FIFO, ALICE, "not a file" },
};

static X509_REQ *
request_for(EVP_PKEY *key)
{
	X509_REQ *req = X509_REQ_new();
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
	    (const unsigned char *)ALICE, -1, -1, 0);
	X509_REQ_set_subject_name(req, name);
	X509_NAME_free(name);
	X509_REQ_set_pubkey(req, key);
	assert_true(X509_REQ_sign(req, key, EVP_sha256()) > 0);
	return req;
}

static void
write_pair(FILE *f, EVP_PKEY *key, EVP_PKEY *requested, const EVP_CIPHER *cipher)
{
	X509_REQ *req;

	if (key != NULL)
		assert_int_equal(
		    PEM_write_PKCS8PrivateKey(f, key, cipher, "secret", 6, NULL, NULL),
		    1);
	if (requested == NULL)
		return;
	req = request_for(requested);
	assert_int_equal(PEM_write_X509_REQ(f, req), 1);
	X509_REQ_free(req);
}

static void
write_content(FILE *f, enum content content)
{
	EVP_PKEY *good = identity_key(get_alice());

	switch (content) {
	case NOISE:
		fputs("-----BEGIN PRIVATE KEY-----\nxyz\n", f);
		break;
	case KEY_ONLY:
		write_pair(f, good, NULL, NULL);
		break;
	case REQUEST_ONLY:
		write_pair(f, NULL, good, NULL);
		break;
	case OTHER_REQUEST:
		write_pair(f, good, certs_key(0, 0), NULL);
		break;
	case SHORT_KEY:
		write_pair(f, certs_key(1, 1024), certs_key(1, 1024), NULL);
		break;
	case KEY_ON_CURVE:
		write_pair(f, certs_key(0, 0), certs_key(0, 0), NULL);
		break;
	case ENCRYPTED:
		write_pair(f, good, good, EVP_aes_128_cbc());
		break;
	case HUGE_FILE:
		for (unsigned i = 0; i < 20000; i++)
			fputc('\n', f);
		write_pair(f, good, good, NULL);
		break;
	default:
		break;
	}
}

static void
check_load(void **state)
{
	const struct load_case *c = *state;
	const char *path = certs_path(0, "load.pem"),
		   *target = certs_path(1, "target.pem");
	struct err err = { .cause = CAUSE_NONE };
	FILE *f;

	unlink(path);
	if (c->content == LINK) {
		assert_true(identity_save(get_alice(), target, &err));
		assert_int_equal(symlink(target, path), 0);
	} else if (c->content == FIFO) {
		assert_int_equal(mkfifo(path, 0600), 0);
	} else if (c->content != MISSING) {
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fchmod(fileno(f), 0600), 0);
		write_content(f, c->content);
		fclose(f);
	}
	assert_null(identity_load(path, c->address, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_non_null(strstr(err.detail, path));
	if (strstr(err.detail, c->says) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", c->says, err.detail);
	assert_int_equal(ERR_peek_error(), 0);
}

static const struct owner_case {
	const char *name, *address;
} owner_cases[] = {
	{ "another user", "bob@lab.example" },
	{ "a longer one", ALICE ".org" },
	{ "a shorter one", "alice@lab.exampl" },
	{ "nobody", "" },
};

static void
check_owner(void **state)
{
	const struct owner_case *c = *state;
	const char *path = certs_path(0, "owner.pem");
	struct err err = { .cause = CAUSE_NONE };

	assert_true(identity_save(get_alice(), path, &err));
	assert_null(identity_load(path, c->address, &err));
	assert_non_null(strstr(err.detail, "another address"));
}

static void
nobody_waits_for_a_key_when_all_is_over(void **state)
{
	atomic_bool stop = true;
	struct err err = { .cause = CAUSE_NONE };

	(void)state;
	assert_null(identity_new(ALICE, &stop, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	assert_int_equal(ERR_peek_error(), 0);
}

RUN_CASES(TEST(the_request_is_as_the_real_client_makes_it), TEST(the_request_is_golden),
    TEST(the_attribute_set_is_present), TEST(every_identity_has_a_key_of_its_own),
    TEST(nobody_waits_for_a_key_when_all_is_over), TEST(threads_may_count),
    TEST(a_saved_identity_loads_again), TEST(the_key_is_kept_as_pkcs8),
    ROWS("not saved", unsaved_cases, check_unsaved), ROWS("mode", mode_cases, check_mode),
    ROWS("not loaded", load_cases, check_load),
    ROWS("made for", owner_cases, check_owner));
