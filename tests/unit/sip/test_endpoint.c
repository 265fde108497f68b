#include "support.h"

#include "sip/endpoint.h"
#include "sip/sa.h"

#define AGENT "UCCAPI/15.0.4569.1503 OC/15.0.4569.1503 (Microsoft Lync)"

/* Pairs of real captures, examples of [MS-SIPAE] and [MS-SIPREGE], and computed ones. */
static const struct epid_case {
	const char *name, *epid, *instance, *gruu;
} epids[] = {
	{ "OCS 2007 R2", "c8ca638a15", "34d859db-6585-5f91-a3b4-de853c15347d",
	    "21nYNIVlkV-jtN6FPBU0fQAA" },
	{ "SfB 2015 1", "451e9252b6", "e0de506b-a705-59cc-9bfa-d37593141231",
	    "a1De4AWnzFmb-tN1kxQSMQAA" },
	{ "[MS-SIPAE] 4.1", "8248ca9ebb", "4233fd41-093b-5fd6-b5d2-651ed55969e6", NULL },
	{ "[MS-SIPAE] 4.4", "2ebb6f264f", "124841e4-264d-52e8-96c5-d22aa8cdc316", NULL },
	{ "[MS-SIPREGE]", "a0ae9e6cb0", "c1589240-e660-594f-a8b3-4b55f358cbc1",
	    "QJJYwWDmT1mos0tV81jLwQAA" },
	{ "SfB 2015 2", "d2ff665153", "7901b724-cbf3-5299-bfd0-041827e50488",
	    "JLcBefPLmVK_0AQYJ-UEiAAA" },
	{ "SfB 2015 3", "48a4a25bb1", "950f16e0-967d-59bf-8241-2cb26295ec25",
	    "4BYPlX2Wv1mCQSyyYpXsJQAA" },
	{ "SfB 2015 4", "69eb994c65", "8c91b9ca-067e-5a41-89a2-bf8913d722a3",
	    "yrmRjH4GQVqJor-JE9ciowAA" },
	{ "other client", "9e33288b9e49", "6163cf37-8828-53c7-a429-d218f0c2aaf3",
	    "N89jYSiIx1OkKdIY8MKq8wAA" },
	{ "synthetic transactions", "STEpid", "4815e36e-4028-5c2f-99c6-7e95082e4fc8",
	    "buMVSChAL1yZxn6VCC5PyAAA" },
	{ "eight digits", "01010101", "4b1682a8-f968-5701-83fc-7c6741dc6697", NULL },
	{ "empty", "", "ce9661a5-5f7f-50e1-9b6e-e02f092fca91", NULL },
	{ "twelve digits", "0123456789ab", "8ca50061-9276-524f-a9b4-14011a2c5105", NULL },
};

static void
check_epid(void **state)
{
	const struct epid_case *tc = *state;
	char instance[CRYPTO_UUID_SIZE], gruu[SIP_GRUU_SIZE];

	sip_instance_from_epid(tc->epid, instance);
	assert_string_equal(instance, tc->instance);
	assert_true(sip_gruu_token(instance, gruu));
	if (tc->gruu != NULL)
		assert_string_equal(gruu, tc->gruu);
}

static const struct gruu_case {
	const char *name, *instance;
	bool ok;
} gruus[] = {
	{ "upper case", "E0DE506B-A705-59CC-9BFA-D37593141231", true },
	{ "empty", "", false },
	{ "braces", "{0de506b-a705-59cc-9bfa-d37593141231}", false },
	{ "too short", "e0de506b-a705-59cc-9bfa-d3759314123", false },
	{ "too long", "e0de506b-a705-59cc-9bfa-d375931412311", false },
	{ "no hex", "e0de506b-a705-59cc-9bfa-d3759314123g", false },
	{ "dash elsewhere", "e0de506ba-705-59cc-9bfa-d37593141231", false },
};

static void
check_gruu(void **state)
{
	const struct gruu_case *tc = *state;
	char gruu[SIP_GRUU_SIZE] = "untouched";

	assert_int_equal(sip_gruu_token(tc->instance, gruu), tc->ok);
	assert_string_equal(gruu, tc->ok ? "a1De4AWnzFmb-tN1kxQSMQAA" : "untouched");
}

static const struct address_case {
	const char *name;
	struct str in;
	const char *want; /* NULL: refused */
} addresses[] = {
	{ "with scheme", IN("sip:kenmyer@litwareinc.com"), "kenmyer@litwareinc.com" },
	{ "without scheme", IN("kenmyer@litwareinc.com"), "kenmyer@litwareinc.com" },
	{ "domain in lower case", IN("SIP:Ken.Myer@LitwareInc.COM"),
	    "Ken.Myer@litwareinc.com" },
	{ "marks in the user", IN("a-b_c.d!e~f*'g&h=i+j$k/l%20@d"),
	    "a-b_c.d!e~f*'g&h=i+j$k/l%20@d" },
	{ "one label", IN("a@localhost"), "a@localhost" },
	{ "empty", IN(""), NULL },
	{ "scheme only", IN("sip:"), NULL },
	{ "no user", IN("@d"), NULL },
	{ "no domain", IN("a@"), NULL },
	{ "no at sign", IN("litwareinc.com"), NULL },
	{ "two at signs", IN("a@b@c"), NULL },
	{ "other scheme", IN("tel:+15550100"), NULL },
	{ "sips", IN("sips:a@b"), NULL },
	{ "port", IN("a@b:5061"), NULL },
	{ "parameter", IN("a@b;transport=tls"), NULL },
	{ "password", IN("a:secret@b"), NULL },
	{ "brackets", IN("<sip:a@b>"), NULL },
	{ "space", IN("a b@c"), NULL },
	{ "space behind", IN("a@b "), NULL },
	{ "CR LF", IN("a@b\r\nX: y"), NULL },
	{ "NUL", IN("a@b\0c"), NULL },
	{ "NUL in the user", IN("a\0@b"), NULL },
	{ "8 bit", IN("\xc3\xa4@b"), NULL },
	{ "dot at the end", IN("a@b."), NULL },
	{ "two dots", IN("a@b..c"), NULL },
};

static void
check_address(void **state)
{
	const struct address_case *tc = *state;
	char got[SIP_ADDRESS_MAX] = "untouched";
	struct str in = exact_copy(tc->in);

	assert_int_equal(sip_address_parse(in, got), tc->want != NULL);
	assert_string_equal(got, tc->want != NULL ? tc->want : "untouched");
	free_copy(in);
}

static void
address_at_and_over_the_limit(void **state)
{
	char text[SIP_ADDRESS_MAX + 2], got[SIP_ADDRESS_MAX];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[1] = '@';
	assert_true(sip_address_parse((struct str){ text, SIP_ADDRESS_MAX - 1 }, got));
	assert_int_equal(strlen(got), SIP_ADDRESS_MAX - 1);
	assert_false(sip_address_parse((struct str){ text, SIP_ADDRESS_MAX }, got));
}

static void
domain_of_address(void **state)
{
	(void)state;
	assert_str(sip_address_domain("a@lab.example"), "lab.example");
}

static const struct init_case {
	const char *name, *epid, *agent;
	bool ok;
} inits[] = {
	{ "usual", "STEpid", AGENT, true },
	{ "suffix", "STEpid-watch.1_a", "x", true },
	{ "empty epid", "", "x", false },
	{ "epid of 17", "12345678901234567", "x", false },
	{ "epid ends the header", "a\r\nX: y", "x", false },
	{ "epid adds a parameter", "a;tag=1", "x", false },
	{ "agent ends the header", "a", "x\r\nX: y", false },
	{ "agent of 96", "a",
	    "123456789012345678901234567890123456789012345678"
	    "901234567890123456789012345678901234567890123456",
	    false },
};

static void
check_init(void **state)
{
	const struct init_case *tc = *state;
	struct sip_endpoint e = { .cseq = 42, .epid = "untouched" };

	assert_int_equal(sip_endpoint_init(&e, "a@b", tc->epid, tc->agent), tc->ok);
	assert_int_equal(e.cseq, tc->ok ? 0 : 42);
	assert_string_equal(e.epid, tc->ok ? tc->epid : "untouched");
	if (tc->ok)
		assert_int_equal(strlen(e.call_id), 32);
}

static void
assert_same(struct str a, struct str b)
{
	assert_int_equal(a.len, b.len);
	if (a.len > 0)
		assert_memory_equal(a.p, b.p, a.len);
}

/* What next() says is signed is what a receiver reads in the message. */
static void
next_moves_and_matches_the_message(void **state)
{
	struct sip_endpoint e;
	struct sip_signed said, read;
	struct sip_msg *m;
	struct buf out;
	char tag[sizeof(e.tag)];

	(void)state;
	buf_init(&out, 8192);
	assert_true(sip_endpoint_init(&e, "alice@lab.example", "STEpid", AGENT));
	str_copy(e.local, sizeof(e.local), STR_LIT("192.0.2.1:1"));
	sip_endpoint_next(&e, NULL, &said);
	assert_int_equal(e.cseq, 1);
	str_copy(tag, sizeof(tag), str_of(e.tag));
	sip_endpoint_next(&e, "0", &said);
	assert_int_equal(e.cseq, 2);
	assert_string_not_equal(tag, e.tag);
	sip_endpoint_register(&e, "0", STR_NULL, &out);
	m = parsed(buf_view(&out));
	sip_signed_from(m, &read);
	assert_same(read.call_id, said.call_id);
	assert_same(read.cseq, said.cseq);
	assert_same(read.method, said.method);
	assert_same(read.from_uri, said.from_uri);
	assert_same(read.from_tag, said.from_tag);
	assert_same(read.to_uri, said.to_uri);
	assert_same(read.to_tag, said.to_tag);
	assert_same(read.expires, said.expires);
	assert_int_equal(read.status, 0);
	sip_msg_free(m);
	buf_free(&out);
}

static void
sign_ins_differ(void **state)
{
	struct sip_endpoint a, b;

	(void)state;
	assert_true(sip_endpoint_init(&a, "a@b", "x", "y"));
	assert_true(sip_endpoint_init(&b, "a@b", "x", "y"));
	assert_string_not_equal(a.call_id, b.call_id);
	assert_string_equal(a.instance, b.instance);
}

RUN_CASES(ROWS("epid", epids, check_epid), ROWS("gruu", gruus, check_gruu),
    ROWS("address", addresses, check_address), ROWS("init", inits, check_init),
    TEST(address_at_and_over_the_limit), TEST(domain_of_address),
    TEST(next_moves_and_matches_the_message), TEST(sign_ins_differ));
