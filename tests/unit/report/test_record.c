#include "report/record.h"

#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/result.h"
#include "base/text.h"

#define POOL "atl-cs-001.litwareinc.com"

static struct result
failure(void)
{
	struct result r = { .run = "4f2a91", .latency_us = 3364526, .nsteps = 2 };

	r.steps[0] = (struct step_time){ STEP_RESOLVE, 949 };
	r.steps[1] = (struct step_time){ STEP_WEB_TICKET, 3363577 };
	err_set(&r.err, CAUSE_AUTH, 401, "HTTP 401, NTLM");
	r.err.step = STEP_WEB_TICKET;
	return r;
}

static struct result
success(void)
{
	struct result r = {
		.run = "4f2a92", .ok = true, .latency_us = 412999, .nsteps = 1
	};

	err_clear(&r.err);
	r.steps[0] = (struct step_time){ STEP_RESOLVE, 50 };
	r.certificate = (struct cert_facts){ .known = true,
		.subject = "CN=kenmyer",
		.serial = "1A2B",
		.sha1 = "0123456789ABCDEF0123456789ABCDEF01234567",
		.not_before = 1795351451,
		.not_after = 1810903451 };
	return r;
}

static void
expect_text(const struct result *r, const char *want)
{
	struct buf b;

	buf_init(&b, RECORD_MAX);
	record_text(&b, POOL, r);
	assert_string_equal(buf_view(&b).p, want);
	buf_free(&b);
}

static void
a_failure_as_the_cmdlet_prints_it(void **state)
{
	struct result r = failure();

	(void)state;
	expect_text(&r,
	    "TargetFqdn : atl-cs-001.litwareinc.com\n"
	    "Result     : Failure\n"
	    "Latency    : 00:00:03.3645260\n"
	    "Error      : Could not download a CS Certificate for the given user. "
	    "Check if provided uri and credentials are correct.\n"
	    "Diagnosis  : WT-CRED: the web ticket service rejected the test account "
	    "(HTTP 401, NTLM). Check user name and password of the test account, "
	    "whether the password has expired and whether the account is locked. "
	    "If they are right, the server may demand Extended Protection, a policy may "
	    "forbid NTLM, or a load balancer may part the legs of one logon.\n");
}

static void
a_success_has_two_empty_fields(void **state)
{
	struct result r = success();

	(void)state;
	expect_text(&r, "TargetFqdn : atl-cs-001.litwareinc.com\n"
			"Result     : Success\n"
			"Latency    : 00:00:00.4129990\n"
			"Error      : \n"
			"Diagnosis  : \n");
}

static void
warnings_have_a_line_when_there_are_any(void **state)
{
	struct result r = success();

	(void)state;
	r.warnings = 1u << WARNING_CLOCK_SKEW | 1u << WARNING_LEGACY_TLS;
	expect_text(&r, "TargetFqdn : atl-cs-001.litwareinc.com\n"
			"Result     : Success\n"
			"Latency    : 00:00:00.4129990\n"
			"Error      : \n"
			"Diagnosis  : \n"
			"Warnings   : clock-skew, legacy-tls\n");
}

static struct result
discovered(void)
{
	struct result r = success();

	r.discovery = (struct discovery){ .found = true,
		.way = WAY_SRV_EXTERNAL,
		.host = "pool01.litwareinc.com",
		.port = 443,
		.at_ms = 1795352652103,
		.ntries = 1,
		.tries = { { .way = WAY_LYNCDISCOVER,
		    .clear_text = true,
		    .cause = CAUSE_HTTP,
		    .code = 404,
		    .came = "said \"no\"" } } };
	return r;
}

static void
a_registrar_that_was_found_has_a_line(void **state)
{
	struct result r = discovered();
	struct buf b;

	(void)state;
	buf_init(&b, RECORD_MAX);
	record_text(&b, "litwareinc.com", &r);
	assert_string_equal(buf_view(&b).p,
	    "TargetFqdn : litwareinc.com\n"
	    "Registrar  : pool01.litwareinc.com:443 (_sip._tls)\n"
	    "Result     : Success\n"
	    "Latency    : 00:00:00.4129990\n"
	    "Error      : \n"
	    "Diagnosis  : \n");
	buf_free(&b);
}

static void
the_way_to_a_registrar_as_json(void **state)
{
	struct result r = discovered();
	struct buf b;

	(void)state;
	buf_init(&b, RECORD_MAX);
	record_json(&b, "litwareinc.com", "kenmyer@litwareinc.com", &r);
	assert_non_null(strstr(buf_view(&b).p,
	    ",\"discovery\":{\"registrar\":\"pool01.litwareinc.com\",\"port\":443,"
	    "\"method\":\"_sip._tls\",\"asked\":\"SRV _sip._tls.litwareinc.com\","
	    "\"access\":null,\"looked\":\"2026-11-22T13:04:12.103Z\",\"tried\":["
	    "{\"method\":\"lyncdiscover\","
	    "\"asked\":\"http://lyncdiscover.litwareinc.com/\","
	    "\"cause\":\"http\",\"code\":404,\"came\":\"said \\\"no\\\"\"}]}}\n"));
	/* Found by nobody, but looked for. */
	r.discovery.found = false;
	buf_clear(&b);
	record_json(&b, "litwareinc.com", "kenmyer@litwareinc.com", &r);
	assert_non_null(
	    strstr(buf_view(&b).p, "\"discovery\":{\"registrar\":null,\"access\":null,"));
	buf_free(&b);
}

static void
the_longest_record_has_room(void **state)
{
	struct result r = failure();
	struct buf b;

	(void)state;
	memset(r.err.detail, '"', sizeof(r.err.detail) - 1);
	memset(r.err.said, '"', sizeof(r.err.said) - 1);
	r.nsteps = RESULT_STEPS_MAX;
	for (unsigned i = 0; i < RESULT_STEPS_MAX; i++)
		r.steps[i] = (struct step_time){ STEP_CERTPROV_METADATA, UINT32_MAX };
	r.discovery = (struct discovery){ .at_ms = 1, .ntries = DISCOVERY_TRIES_MAX };
	for (unsigned i = 0; i < DISCOVERY_TRIES_MAX; i++) {
		r.discovery.tries[i].way = WAY_SRV_INTERNAL;
		memset(r.discovery.tries[i].came, '"', DISCOVERY_CAME_MAX - 1);
	}
	buf_init(&b, RECORD_MAX);
	record_json(&b, POOL, "kenmyer@litwareinc.com", &r);
	assert_false(b.failed);
	buf_free(&b);
}

static void
no_server_can_add_a_line(void **state)
{
	struct result r = failure();
	struct buf b;
	unsigned lines = 0;

	(void)state;
	err_set(&r.err, CAUSE_SIP, 404, "a\nResult     : Success\r\n\x1b[2J");
	r.err.step = STEP_REGISTER;
	err_said(&r.err, STR_LIT("x\r\nTargetFqdn : forged\n"));
	err_phrase(&r.err, STR_LIT("Not\nFound\x80"));
	buf_init(&b, RECORD_MAX);
	record_text(&b, POOL, &r);
	for (size_t i = 0; i < b.len; i++) {
		lines += b.data[i] == '\n';
		assert_true(b.data[i] == '\n' || (b.data[i] >= ' ' && b.data[i] <= '~'));
	}
	assert_int_equal(lines, 5);
	buf_free(&b);
}

static void
expect_json(const struct result *r, const char *want)
{
	struct buf b;

	buf_init(&b, RECORD_MAX);
	record_json(&b, POOL, "kenmyer@litwareinc.com", r);
	assert_string_equal(buf_view(&b).p, want);
	buf_free(&b);
}

static void
a_failure_in_json(void **state)
{
	struct result r = failure();

	(void)state;
	expect_json(&r,
	    "{\"target_fqdn\":\"atl-cs-001.litwareinc.com\","
	    "\"user\":\"sip:kenmyer@litwareinc.com\",\"result\":\"Failure\","
	    "\"latency\":3.365,\"error\":\"Could not download a CS Certificate for the "
	    "given user. Check if provided uri and credentials are correct.\","
	    "\"diagnosis\":\"WT-CRED: the web ticket service rejected the test account "
	    "(HTTP 401, NTLM). Check user name and password of the test account, "
	    "whether the password has expired and whether the account is locked. "
	    "If they are right, the server may demand Extended Protection, a policy may "
	    "forbid NTLM, or a load balancer may part the legs of one logon.\","
	    "\"step\":\"web-ticket\",\"cause\":\"auth\",\"code\":401,"
	    "\"diag\":\"WT-CRED\",\"warnings\":[],\"certificate\":null,"
	    "\"steps\":[{\"step\":\"resolve\",\"ms\":0.9},{\"step\":\"web-ticket\","
	    "\"ms\":3363.6}]}\n");
}

static void
a_success_in_json(void **state)
{
	struct result r = success();

	(void)state;
	r.warnings = 1u << WARNING_LOG_OFF | 1u << WARNING_LIFETIME;
	expect_json(&r,
	    "{\"target_fqdn\":\"atl-cs-001.litwareinc.com\","
	    "\"user\":\"sip:kenmyer@litwareinc.com\",\"result\":\"Success\","
	    "\"latency\":0.413,\"error\":\"\",\"diagnosis\":\"\",\"step\":null,"
	    "\"cause\":null,\"code\":null,\"diag\":null,\"warnings\":[\"log-off\","
	    "\"lifetime\"],\"certificate\":{\"subject\":\"CN=kenmyer\","
	    "\"serial\":\"1A2B\","
	    "\"sha1\":\"0123456789ABCDEF0123456789ABCDEF01234567\","
	    "\"not_before\":\"2026-11-22T12:44:11Z\","
	    "\"not_after\":\"2027-05-21T12:44:11Z\"},\"steps\":[{\"step\":\"resolve\","
	    "\"ms\":0.1}]}\n");
}

static const struct seconds_case {
	const char *name;
	unsigned long long us;
	const char *want;
} seconds_cases[] = {
	{ "zero", 0, "0.000" },
	{ "rounds down", 1499, "0.001" },
	{ "rounds up", 1500, "0.002" },
	{ "carries", 999999, "1.000" },
	{ "days", 90061000000, "90061.000" },
	{ "largest", UINT64_MAX, "18446744073709.552" },
};

static void
check_seconds(void **state)
{
	const struct seconds_case *c = *state;
	char got[RECORD_SECONDS_SIZE];

	record_seconds(got, c->us);
	assert_string_equal(got, c->want);
}

static const struct user_case {
	const char *name;
	const char *in, *want;
} user_cases[] = {
	{ "without scheme", "a@b", "sip:a@b" },
	{ "with scheme", "sip:a@b", "sip:a@b" },
	{ "with scheme in capitals", "SIP:a@b", "SIP:a@b" },
	{ "user part like the scheme", "sip@b", "sip:sip@b" },
};

static void
check_user(void **state)
{
	const struct user_case *c = *state;
	struct buf b;

	buf_init(&b, RECORD_MAX);
	record_user(&b, c->in);
	assert_string_equal(buf_view(&b).p, c->want);
	buf_free(&b);
}

RUN_CASES(TEST(a_registrar_that_was_found_has_a_line),
    TEST(the_way_to_a_registrar_as_json), TEST(the_longest_record_has_room),
    TEST(a_failure_as_the_cmdlet_prints_it), TEST(a_success_has_two_empty_fields),
    TEST(warnings_have_a_line_when_there_are_any), TEST(no_server_can_add_a_line),
    TEST(a_failure_in_json), TEST(a_success_in_json),
    ROWS("seconds", seconds_cases, check_seconds), ROWS("user", user_cases, check_user));
