#include "tests/unit/cases.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/json.h"
#include "lab/control.h"
#include "lab/pool.h"
#include "lab/x509.h"

#define NOW 1704067200

static void
bindings_are_limited_per_user(void **state)
{
	struct lab_bindings b = { NULL, 0, 0, 0 };
	char name[16];

	(void)state;
	for (int i = 0; i < BINDINGS_PER_USER; i++) {
		snprintf(name, sizeof(name), "ep%d", i);
		assert_true(lab_bindings_add(&b, "a@lab.example", name, NOW, NOW + 600));
	}
	assert_false(lab_bindings_add(&b, "A@lab.example", "more", NOW, NOW + 600));
	/* A refresh is not one more, another user has a count of his own. */
	assert_true(lab_bindings_add(&b, "a@lab.example", "ep0", NOW, NOW + 900));
	assert_true(lab_bindings_add(&b, "b@lab.example", "ep0", NOW, NOW + 600));
	assert_int_equal(b.added, BINDINGS_PER_USER + 1);
	/* What has run out makes room. */
	assert_true(lab_bindings_add(&b, "a@lab.example", "more", NOW + 600, NOW + 1200));
	assert_int_equal(b.n, 2);
	assert_false(lab_bindings_remove(&b, "a@lab.example", "EP0"));
	assert_true(lab_bindings_remove(&b, "a@lab.example", "ep0"));
	assert_false(lab_bindings_remove(&b, "a@lab.example", "ep0"));
	assert_int_equal(b.removed, 1);
	lab_bindings_free(&b);
}

static X509 *
make_cert(const char *cn)
{
	struct lab_x509_wish w = {
		.subject = cn, .not_before = NOW, .not_after = NOW + 86400
	};
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct err err;
	X509 *cert = lab_x509_make(&w, key, NULL, key, &err);

	assert_non_null(cert);
	EVP_PKEY_free(key);
	return cert;
}

static void
one_certificate_per_user_and_device(void **state)
{
	struct lab_published p = { NULL, 0, 0 };
	X509 *first = make_cert("a"), *second = make_cert("a");
	uint8_t print1[PUBLISHED_PRINT], print2[PUBLISHED_PRINT];

	(void)state;
	assert_true(lab_published_print(first, print1));
	assert_true(lab_published_print(second, print2));
	assert_true(lab_published_add(&p, "a@lab.example", "d-1", first));
	assert_true(lab_published_has(&p, "A@LAB.example", print1));
	assert_false(lab_published_has(&p, "b@lab.example", print1));
	assert_false(lab_published_has(&p, "a@lab.example", print2));
	/* The same device: replaced. Another one: beside it. */
	assert_true(lab_published_add(&p, "A@lab.example", "D-1", second));
	assert_false(lab_published_has(&p, "a@lab.example", print1));
	assert_true(lab_published_has(&p, "a@lab.example", print2));
	assert_true(lab_published_add(&p, "a@lab.example", "d-2", first));
	assert_true(lab_published_add(&p, "b@lab.example", "d-1", first));
	assert_int_equal(p.n, 3);
	assert_int_equal(p.issued, 4);
	assert_int_equal(lab_published_revoke(&p, "a@lab.example"), 2);
	assert_false(lab_published_has(&p, "a@lab.example", print2));
	assert_true(lab_published_has(&p, "b@lab.example", print1));
	assert_int_equal(lab_published_revoke(&p, "a@lab.example"), 0);
	lab_published_free(&p);
	X509_free(first);
	X509_free(second);
}

static struct lab_user two[] = {
	{ .address = "a@lab.example", .account = "LAB\\a", .enabled = true },
	{ .address = "b@lab.example", .account = "LAB\\b", .enabled = true },
};

static const struct order_case {
	const char *name;   /* also the line */
	const char *answer; /* part of it */
	bool goes_on;
} orders[] = {
	{ "fault register=drop", "{\"ok\":true}", true },
	{ "  fault   register=drop \r", "{\"ok\":true}", true },
	{ "fault register=explode", "\"error\":\"\\\"explode\\\" is no kind", true },
	{ "fault", "\"ok\":false", true },
	{ "clear", "{\"ok\":true}", true },
	{ "disable b@lab.example", "{\"ok\":true}", true },
	{ "enable sip:B@lab.example", "{\"ok\":true}", true },
	{ "disable nobody@lab.example", "no user with that", true },
	{ "revoke a@lab.example", "{\"revoked\":0,\"ok\":true}", true },
	{ "show", "{\"bindings\":[],\"certificates\":[],\"registered\":0", true },
	{ "dance", "orders are", true },
	{ "", "orders are", true },
	{ "quit", "{\"ok\":true}", false },
};

static void
check_order(void **state)
{
	const struct order_case *c = *state;
	struct lab_pool p = { .users = { two, NROWS(two) } };
	struct buf out;

	buf_init(&out, 65536);
	assert_int_equal(lab_control_obey(&p, NULL, str_of(c->name), &out), c->goes_on);
	assert_non_null(strstr(out.data, c->answer));
	assert_null(strchr(out.data, '\n'));
	buf_free(&out);
}

static void
orders_take_effect(void **state)
{
	struct lab_pool p = { .users = { two, NROWS(two) } };
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	lab_control_obey(&p, NULL, STR_LIT("fault register=drop"), &out);
	assert_true(faults_is(&p.faults, STEP_REGISTER, LAB_FAULT_DROP));
	lab_control_obey(&p, NULL, STR_LIT("clear"), &out);
	assert_true(faults_is(&p.faults, STEP_REGISTER, LAB_FAULT_NONE));
	lab_control_obey(&p, NULL, STR_LIT("disable b@lab.example"), &out);
	assert_false(two[1].enabled);
	assert_true(two[0].enabled);
	lab_control_obey(&p, NULL, STR_LIT("enable b@lab.example"), &out);
	assert_true(two[1].enabled);
	buf_free(&out);
}

RUN_CASES(TEST(bindings_are_limited_per_user), TEST(one_certificate_per_user_and_device),
    ROWS("order", orders, check_order), TEST(orders_take_effect));
