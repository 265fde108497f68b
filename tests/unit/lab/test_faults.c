#include "tests/unit/cases.h"

#include <string.h>

#include "lab/faults.h"

static const struct good_case {
	const char *name; /* also the words */
	enum step_id step;
	struct lab_fault want;
} good[] = {
	{ "sip-connect=refuse", STEP_SIP_CONNECT, { .kind = LAB_FAULT_REFUSE } },
	{ "sip-connect=wrong-name", STEP_SIP_CONNECT, { .kind = LAB_FAULT_WRONG_NAME } },
	{ "challenge=not-offered", STEP_CHALLENGE, { .kind = LAB_FAULT_NOT_OFFERED } },
	{ "challenge=skew:600", STEP_CHALLENGE,
	    { .kind = LAB_FAULT_SKEW, .skew_s = 600 } },
	{ "challenge=skew:+600", STEP_CHALLENGE,
	    { .kind = LAB_FAULT_SKEW, .skew_s = 600 } },
	{ "web-ticket=skew:-86400", STEP_WEB_TICKET,
	    { .kind = LAB_FAULT_SKEW, .skew_s = -86400 } },
	{ "web-ticket=http-503", STEP_WEB_TICKET,
	    { .kind = LAB_FAULT_HTTP, .status = 503 } },
	{ "web-ticket=http-403:28000", STEP_WEB_TICKET,
	    { .kind = LAB_FAULT_HTTP, .status = 403, .id = 28000 } },
	{ "web-ticket=expired", STEP_WEB_TICKET, { .kind = LAB_FAULT_EXPIRED } },
	{ "web-ticket=expired:content", STEP_WEB_TICKET,
	    { .kind = LAB_FAULT_CONTENT_EXPIRED } },
	{ "certificate=bad-signature:content", STEP_CERTIFICATE,
	    { .kind = LAB_FAULT_CONTENT_SIGNATURE } },
	{ "tls-dsk=garbage:content", STEP_TLS_DSK,
	    { .kind = LAB_FAULT_CONTENT_GARBAGE } },
	{ "register=sip-404:4005", STEP_REGISTER,
	    { .kind = LAB_FAULT_SIP, .status = 404, .id = 4005 } },
	{ "register=unsigned", STEP_REGISTER, { .kind = LAB_FAULT_UNSIGNED } },
	{ "register=redirect:pool02.lab.example:5061", STEP_REGISTER,
	    { .kind = LAB_FAULT_REDIRECT, .target = "pool02.lab.example:5061" } },
	{ "certprov-metadata=redirect:[::1]:443", STEP_CERTPROV_METADATA,
	    { .kind = LAB_FAULT_REDIRECT, .target = "[::1]:443" } },
	{ "log-off=stall", STEP_LOG_OFF, { .kind = LAB_FAULT_STALL } },
};

static void
check_good(void **state)
{
	const struct good_case *c = *state;
	struct lab_faults t;
	char why[320] = "";

	lab_faults_clear(&t);
	assert_true(lab_faults_add(&t, str_of(c->name), why, sizeof(why)));
	assert_int_equal(t.at[c->step].kind, c->want.kind);
	assert_int_equal(t.at[c->step].status, c->want.status);
	assert_int_equal(t.at[c->step].id, c->want.id);
	assert_int_equal(t.at[c->step].skew_s, c->want.skew_s);
	assert_string_equal(t.at[c->step].target, c->want.target);
	for (int i = 0; i < STEP_COUNT; i++)
		if (i != (int)c->step)
			assert_int_equal(t.at[i].kind, LAB_FAULT_NONE);
}

static const struct bad_case {
	const char *name, *why;
} bad[] = {
	{ "", "STEP=KIND" },
	{ "web-ticket", "STEP=KIND" },
	{ "webticket=drop", "no step" },
	{ "resolve=drop", "not looked up" },
	{ "discover=expired:content", "no meaning" },
	{ "discover=sip-403", "no meaning" },
	{ "web-ticket=", "no kind" },
	{ "web-ticket=explode", "no kind" },
	{ "web-ticket=drop:5", "no kind" },
	{ "web-ticket=drop:content", "no kind" },
	{ "web-ticket=expired:", "no kind" },
	{ "web-ticket=http-", "no kind" },
	{ "web-ticket=http-99", "no kind" },
	{ "web-ticket=http-600", "no kind" },
	{ "web-ticket=http-503:", "no kind" },
	{ "web-ticket=http-503:0", "no kind" },
	{ "web-ticket=http-503:100000", "no kind" },
	{ "register=sip-700", "no kind" },
	{ "register=sip-100", "no kind" },
	{ "challenge=skew", "no kind" },
	{ "challenge=skew:0", "no kind" },
	{ "challenge=skew:--5", "no kind" },
	{ "challenge=skew:99999999", "no kind" },
	{ "register=redirect", "no kind" },
	{ "register=redirect:host", "no kind" },
	{ "register=redirect:host:0", "no kind" },
	{ "register=redirect:host:65536", "no kind" },
	{ "register=redirect::5061", "no kind" },
	{ "register=redirect:a>b:5061", "no kind" },
	{ "sip-connect=http-503", "no meaning" },
	{ "sip-connect=sip-503", "no meaning" },
	{ "sip-connect=oversize", "no meaning" },
	{ "challenge=bad-signature", "no meaning" },
	{ "challenge=http-503", "no meaning" },
	{ "web-ticket=sip-403", "no meaning" },
	{ "web-ticket=unsigned", "no meaning" },
	{ "tls-dsk=redirect:h:1", "no meaning" },
	{ "tls-dsk=expired:content", "no meaning" },
	{ "register=expired", "no meaning" },
	{ "log-off=redirect:h:1", "no meaning" },
};

static void
check_bad(void **state)
{
	const struct bad_case *c = *state;
	struct lab_faults t;
	char why[320] = "";

	lab_faults_clear(&t);
	assert_true(lab_faults_add(&t, STR_LIT("web-ticket=http-404"), why, sizeof(why)));
	assert_false(lab_faults_add(&t, str_of(c->name), why, sizeof(why)));
	assert_non_null(strstr(why, c->why));
	assert_int_equal(t.at[STEP_WEB_TICKET].status, 404);
	assert_int_equal(t.at[STEP_REGISTER].kind, LAB_FAULT_NONE);
}

/* From the first octet to the last every step must be able to fail in these ways. */
static void
every_step_has_the_basic_kinds(void **state)
{
	static const char *const basic[] = { "refuse", "drop", "stall", "garbage" };

	(void)state;
	for (int step = 0; step < STEP_COUNT; step++) {
		for (size_t i = 0; i < NROWS(basic) && step != STEP_RESOLVE; i++) {
			struct lab_faults t;
			char words[80], why[320];

			lab_faults_clear(&t);
			snprintf(words, sizeof(words), "%s=%s",
			    step_name((enum step_id)step), basic[i]);
			assert_true(lab_faults_add(&t, str_of(words), why, sizeof(why)));
		}
	}
}

static void
the_last_word_counts_until_cleared(void **state)
{
	struct lab_faults t;
	char why[320];

	(void)state;
	lab_faults_clear(&t);
	assert_true(lab_faults_add(&t, STR_LIT("challenge=skew:600"), why, sizeof(why)));
	assert_int_equal(lab_faults_skew(&t, STEP_CHALLENGE), 600);
	assert_int_equal(lab_faults_skew(&t, STEP_REGISTER), 0);
	assert_int_equal(lab_faults_skew(&t, STEP_COUNT), 0);
	assert_true(lab_faults_add(&t, STR_LIT("challenge=drop"), why, sizeof(why)));
	assert_int_equal(lab_faults_skew(&t, STEP_CHALLENGE), 0);
	assert_true(faults_is(&t, STEP_CHALLENGE, LAB_FAULT_DROP));
	lab_faults_clear(&t);
	assert_true(faults_is(&t, STEP_CHALLENGE, LAB_FAULT_NONE));
}

RUN_CASES(ROWS("good", good, check_good), ROWS("bad", bad, check_bad),
    TEST(every_step_has_the_basic_kinds), TEST(the_last_word_counts_until_cleared));
