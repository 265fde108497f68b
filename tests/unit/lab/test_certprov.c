#include "tests/unit/cases.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "edit.h"
#include "lab/certprov.h"
#include "lab/ns.h"
#include "lab/paths.h"
#include "lab/ticket.h"
#include "lab/users.h"
#include "lab/x509.h"
#include "lab/xmlsig.h"
#include "scratch.h"
#include "soap/certprov.h"
#include "soap/webticket.h"
#include "tls/identity.h"

#define SERVICE	 "https://pool01.lab.example:8443" PATH_PROOF
#define NOW	 1704067200
#define INSTANCE "4815e36e-4028-5c2f-99c6-7e95082e4fc8"

/* A pool's side of it, and a ticket of alice's with a call that uses it. */
static struct lab_tickets *tickets;
static struct lab_xmlsig *xmlsig;
static struct webticket ticket;
static struct identity *alice;
static struct lab_users users;

static const struct webticket_request ticket_request = { .context = "c-1",
	.applies_to = SERVICE,
	.claim = "sip:alice@lab.example",
	.entropy = { 9, 8, 7 } };

static void
get_ticket(void)
{
	struct lab_ticket_wish w = { .address = "alice@lab.example",
		.issuer = "https://x",
		.now = NOW,
		.life_s = TICKET_LIFE_S };
	struct lab_soapfault fault;
	struct lab_rst r;
	struct buf b;
	struct err err;

	buf_init(&b, 65536);
	webticket_build(&ticket_request, &b);
	assert_true(lab_rst_parse(TICKET_ACTION, buf_view(&b), &r, &fault));
	w.rst = &r;
	buf_clear(&b);
	assert_true(lab_tickets_issue(tickets, xmlsig, &w, &b, &err));
	assert_true(webticket_parse(buf_view(&b), &ticket_request, &ticket, &err));
	buf_free(&b);
}

static void
set_up(void **state)
{
	const char *path = scratch_path("ticket.key");
	struct err err;
	EVP_PKEY *key = lab_x509_make_key(&err);

	(void)state;
	assert_non_null(key);
	assert_true(lab_x509_write_key(path, key, &err));
	EVP_PKEY_free(key);
	xmlsig = lab_xmlsig_new(path, &err);
	tickets = lab_tickets_new();
	alice = identity_new("alice@lab.example", NULL, &err);
	assert_non_null(xmlsig);
	assert_non_null(alice);
	assert_true(lab_users_parse(STR_LIT("alice@lab.example,LAB\\alice,p\n"
					    "bob@lab.example,LAB\\bob,p,disabled\n"),
	    "users", &users, &err));
	get_ticket();
}

static void
tear_down(void **state)
{
	(void)state;
	webticket_clear(&ticket);
	lab_users_free(&users);
	identity_free(alice);
	lab_tickets_free(tickets);
	lab_xmlsig_free(xmlsig);
}

static void
build(struct buf *b, struct str pkcs10)
{
	struct certprov_request r = { .to = SERVICE,
		.message_id = "m-1",
		.request_id = "r-1",
		.device_id = INSTANCE,
		.entity = "alice@lab.example",
		.pkcs10 = pkcs10 };

	buf_init(b, 65536);
	assert_true(certprov_build(&r, &ticket, b));
}

static void
accepts_what_the_client_sends(void **state)
{
	struct lab_certprov_call c = { .entity = "" };
	struct lab_soapfault fault;
	EVP_PKEY *key = NULL;
	const char *address;
	struct buf b, der;

	(void)state;
	build(&b, identity_request(alice));
	buf_init(&der, 65536);
	c.pkcs10 = &der;
	assert_true(
	    lab_certprov_read("\"" CERTPROV_SOAP_ACTION "\"", buf_view(&b), &c, &fault));
	assert_string_equal(c.entity, "alice@lab.example");
	assert_string_equal(c.device, "{" INSTANCE "}");
	address =
	    lab_certprov_authenticate(buf_view(&b), tickets, xmlsig, NOW + 5, &fault);
	assert_non_null(address);
	assert_string_equal(address, "alice@lab.example");
	assert_int_equal(lab_certprov_check(&c, address, &users, &key), CERTPROV_OK);
	assert_int_equal(EVP_PKEY_get_bits(key), 2048);
	EVP_PKEY_free(key);
	buf_free(&b);
	buf_free(&der);
}

/* The message itself: a SOAP fault. */
static const struct read_case {
	const char *name, *action, *find, *replace, *code;
} reads[] = {
	{ "no SOAPAction", NULL, "m-1", "m-1", "ActionNotSupported" },
	{ "another SOAPAction", TICKET_ACTION, "m-1", "m-1", "ActionNotSupported" },
	{ "not XML", CERTPROV_SOAP_ACTION, "</", "<", "Client" },
	{ "no envelope", CERTPROV_SOAP_ACTION, "Envelope", "Letter", "Client" },
	{ "no MessageID", CERTPROV_SOAP_ACTION, "MessageID", "Message",
	    "MessageAddressingHeaderRequired" },
	{ "an empty MessageID", CERTPROV_SOAP_ACTION, "uuid:m-1", "",
	    "MessageAddressingHeaderRequired" },
	{ "another operation", CERTPROV_SOAP_ACTION, "GetAndPublishCert ", "GetCert ",
	    "Client" },
	{ "trust namespace without slash", CERTPROV_SOAP_ACTION, NS_WST_SLASH "\"",
	    NS_WST "\"", "Client" },
};

static void
check_read(void **state)
{
	const struct read_case *c = *state;
	struct lab_certprov_call call = { .entity = "" };
	struct lab_soapfault fault = { .code = "" };
	struct buf b, der;

	build(&b, identity_request(alice));
	if (strcmp(c->find, "GetAndPublishCert ") == 0)
		edit(&b, "GetAndPublishCert>", "GetCert>");
	edit(&b, c->find, c->replace);
	buf_init(&der, 65536);
	call.pkcs10 = &der;
	assert_false(lab_certprov_read(c->action, buf_view(&b), &call, &fault));
	assert_string_equal(fault.code, c->code);
	buf_free(&b);
	buf_free(&der);
}

/* The ticket: FailedAuthentication, always the same. */
static const struct ticket_case {
	const char *name, *find, *replace;
	int64_t now;
} ticket_cases[] = {
	{ "expired", "m-1", "m-1", NOW + TICKET_LIFE_S },
	{ "the user altered", "sip:alice@lab.example", "sip:carol@lab.example", NOW },
	{ "the version altered", "MinorVersion=\"1\"", "MinorVersion=\"0\"", NOW },
	{ "the id altered", "SamlSecurityToken-", "SamlSecurityTicket-", NOW },
	{ "a longer life", "<wsu:Expires>2024-01-01T08", "<wsu:Expires>2024-01-01T09",
	    NOW },
	{ "an earlier beginning", "<wsu:Created>2024-01-01T00",
	    "<wsu:Created>2023-01-01T00", NOW },
	{ "white space in the timestamp", "<wsu:Created>", " <wsu:Created>", NOW },
	{ "another digest", "<DigestValue>", "<DigestValue>AAAA", NOW },
	{ "another signature", "<SignatureValue>", "<SignatureValue>AAAA", NOW },
	{ "another algorithm", "#hmac-sha1", "#hmac-sha256", NOW },
	{ "no security header", "Security", "Safety", NOW },
};

static void
check_ticket(void **state)
{
	const struct ticket_case *c = *state;
	struct lab_soapfault fault = { .code = "" };
	struct buf b;

	build(&b, identity_request(alice));
	edit(&b, c->find, c->replace);
	assert_null(
	    lab_certprov_authenticate(buf_view(&b), tickets, xmlsig, c->now, &fault));
	assert_string_equal(fault.code, "FailedAuthentication");
	assert_int_equal(fault.id, 28020);
	buf_free(&b);
}

static void
refuses_a_ticket_of_another_pool(void **state)
{
	struct lab_tickets *other = lab_tickets_new();
	struct lab_soapfault fault;
	struct buf b;

	(void)state;
	build(&b, identity_request(alice));
	assert_null(lab_certprov_authenticate(buf_view(&b), other, xmlsig, NOW, &fault));
	lab_tickets_free(other);
	buf_free(&b);
}

/* The operation: ErrorInfo. */
static const struct check_case {
	const char *name, *entity, *device, *address;
	enum lab_certprov_error want;
} checks[] = {
	{ "all right", "alice@lab.example", "{" INSTANCE "}", "alice@lab.example",
	    CERTPROV_OK },
	{ "an entity with scheme", "sip:Alice@LAB.example", "{" INSTANCE "}",
	    "alice@lab.example", CERTPROV_OK },
	{ "another entity", "bob@lab.example", "{" INSTANCE "}", "alice@lab.example",
	    CERTPROV_ENTITY },
	{ "no entity", "", "{" INSTANCE "}", "alice@lab.example", CERTPROV_ENTITY },
	{ "a user who is gone", "zoe@lab.example", "{" INSTANCE "}", "zoe@lab.example",
	    CERTPROV_ENTITY },
	{ "a user who is disabled", "bob@lab.example", "{" INSTANCE "}",
	    "bob@lab.example", CERTPROV_DISABLED },
	{ "a device without braces", "alice@lab.example", INSTANCE, "alice@lab.example",
	    CERTPROV_DEVICE },
	{ "a device that is no UUID", "alice@lab.example",
	    "{4815e36e-4028-5c2f-99c6-7e95082e4fcg}", "alice@lab.example",
	    CERTPROV_DEVICE },
	{ "no device", "alice@lab.example", "", "alice@lab.example", CERTPROV_DEVICE },
};

static void
check_operation(void **state)
{
	const struct check_case *c = *state;
	struct lab_certprov_call call = { .entity = "" };
	EVP_PKEY *key = NULL;
	struct str request = identity_request(alice);
	struct buf der;

	buf_init(&der, 65536);
	buf_str(&der, request);
	call.pkcs10 = &der;
	assert_true(str_copy(call.entity, sizeof(call.entity), str_of(c->entity)));
	assert_true(str_copy(call.device, sizeof(call.device), str_of(c->device)));
	assert_int_equal(lab_certprov_check(&call, c->address, &users, &key), c->want);
	assert_int_equal(key != NULL, c->want == CERTPROV_OK);
	EVP_PKEY_free(key);
	buf_free(&der);
}

static EVP_PKEY *
make_key(int bits)
{
	return bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen((unsigned)bits);
}

/* A PKCS#10 in DER; spoil: its last octet, which is the signature's, altered. */
static void
make_request(int bits, const char *cn, const char *second_cn, bool spoil, struct buf *der)
{
	EVP_PKEY *key = make_key(bits);
	X509_REQ *req = X509_REQ_new();
	X509_NAME *name = X509_REQ_get_subject_name(req);
	unsigned char *out = NULL;
	int len;

	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	if (second_cn != NULL)
		X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		    (const unsigned char *)second_cn, -1, -1, 0);
	X509_REQ_set_pubkey(req, key);
	assert_true(X509_REQ_sign(req, key, EVP_sha256()) > 0);
	len = i2d_X509_REQ(req, &out);
	assert_true(len > 0);
	buf_add(der, out, (size_t)len);
	if (spoil)
		der->data[der->len - 1] ^= 1;
	OPENSSL_free(out);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
}

static const struct pkcs10_case {
	const char *name;
	int bits; /* 0: an EC key */
	const char *cn, *second_cn;
	bool spoil;
	enum lab_certprov_error want;
} requests[] = {
	{ "1024 bits will do", 1024, "alice@lab.example", NULL, false, CERTPROV_OK },
	{ "the name in another case", 1024, "Alice@lab.EXAMPLE", NULL, false,
	    CERTPROV_OK },
	{ "a short key", 768, "alice@lab.example", NULL, false, CERTPROV_KEY },
	{ "an EC key", 0, "alice@lab.example", NULL, false, CERTPROV_KEY },
	{ "a wrong signature", 1024, "alice@lab.example", NULL, true, CERTPROV_REQUEST },
	{ "another name", 1024, "bob@lab.example", NULL, false, CERTPROV_SUBJECT },
	{ "a name with scheme", 1024, "sip:alice@lab.example", NULL, false,
	    CERTPROV_SUBJECT },
	{ "two names", 1024, "alice@lab.example", "bob@lab.example", false,
	    CERTPROV_SUBJECT },
};

static void
check_request(void **state)
{
	const struct pkcs10_case *c = *state;
	struct lab_certprov_call call = { .entity = "alice@lab.example",
		.device = "{" INSTANCE "}" };
	EVP_PKEY *key = NULL;
	struct buf der;

	buf_init(&der, 65536);
	make_request(c->bits, c->cn, c->second_cn, c->spoil, &der);
	call.pkcs10 = &der;
	assert_int_equal(
	    lab_certprov_check(&call, "alice@lab.example", &users, &key), c->want);
	EVP_PKEY_free(key);
	/* Nor is anything cut off or empty. */
	key = NULL;
	buf_cut(&der, der.len / 2);
	assert_int_equal(lab_certprov_check(&call, "alice@lab.example", &users, &key),
	    CERTPROV_REQUEST);
	buf_clear(&der);
	assert_int_equal(lab_certprov_check(&call, "alice@lab.example", &users, &key),
	    CERTPROV_REQUEST);
	assert_null(key);
	buf_free(&der);
}

static void
answers_are_read_by_the_client(void **state)
{
	struct lab_certprov_call c = { .entity = "a<b@lab.example", .device = "{x}" };
	struct err err;
	struct buf b, der;

	(void)state;
	buf_init(&b, 65536);
	buf_init(&der, 65536);
	lab_certprov_answer(&c, STR_LIT("\x30\x03\x02\x01\x05"), 0, NULL, &b);
	assert_true(certprov_parse(buf_view(&b), &der, &err));
	assert_int_equal(der.len, 5);
	assert_memory_equal(der.data, "\x30\x03\x02\x01\x05", 5);
	buf_clear(&b);
	lab_certprov_answer(
	    &c, STR_NULL, CERTPROV_KEY, lab_certprov_error_text(CERTPROV_KEY), &b);
	assert_false(certprov_parse(buf_view(&b), &der, &err));
	assert_int_equal(err.cause, CAUSE_FAULT);
	assert_non_null(strstr(err.said, "key of the certificate request"));
	buf_free(&b);
	buf_free(&der);
}

RUN_CASES(TEST(set_up), TEST(accepts_what_the_client_sends),
    ROWS("read", reads, check_read), ROWS("ticket", ticket_cases, check_ticket),
    TEST(refuses_a_ticket_of_another_pool), ROWS("operation", checks, check_operation),
    ROWS("request", requests, check_request), TEST(answers_are_read_by_the_client),
    TEST(tear_down));
