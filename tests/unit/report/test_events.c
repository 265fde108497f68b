#include "vocab/result.h"
#include "report/events.h"

#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "report/log.h"
#include "report/logline.h"

/* A sink that keeps the last line. */
struct keep {
	struct log log;
	int priority;
	struct buf line;
};

static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	struct keep *k = (struct keep *)log;

	k->priority = priority;
	buf_clear(&k->line);
	logline_format(&k->line, event, kv, n);
}

static void
keep_init(struct keep *k)
{
	*k = (struct keep){ .log = { emit, NULL }, .priority = -1 };
	buf_init(&k->line, 1 << 20);
}

static struct result
failure(void)
{
	struct result r = { .run = "4f2a91", .latency_us = 3364526 };

	err_set(&r.err, CAUSE_AUTH, 401, "HTTP 401");
	r.err.step = STEP_WEB_TICKET;
	return r;
}

static void
expect_finished(const struct result *r, int priority, const char *want)
{
	struct keep k;

	keep_init(&k);
	report_finished(&k.log, "atl-cs-001/kenmyer", "atl-cs-001.litwareinc.com",
	    "kenmyer@litwareinc.com", r);
	assert_string_equal(buf_view(&k.line).p, want);
	assert_int_equal(k.priority, priority);
	buf_free(&k.line);
}

static void
a_failed_test(void **state)
{
	struct result r = failure();

	(void)state;
	expect_finished(&r, LOG_WARNING,
	    "test.finished test=atl-cs-001/kenmyer pool=atl-cs-001.litwareinc.com "
	    "user=sip:kenmyer@litwareinc.com result=Failure latency=3.365 "
	    "step=web-ticket cause=auth code=401 diag=WT-CRED run=4f2a91 error=\"Could "
	    "not download a CS Certificate for the given user. Check if provided uri "
	    "and credentials are correct.\"");
}

static void
a_failed_test_with_warnings(void **state)
{
	struct result r = failure();

	(void)state;
	r.warnings = 1u << WARNING_CLOCK_SKEW | 1u << WARNING_REDIRECT;
	r.err.step = STEP_REGISTER;
	r.err.cause = CAUSE_SIP;
	r.err.code = 503;
	expect_finished(&r, LOG_WARNING,
	    "test.finished test=atl-cs-001/kenmyer pool=atl-cs-001.litwareinc.com "
	    "user=sip:kenmyer@litwareinc.com result=Failure latency=3.365 "
	    "step=register cause=sip code=503 diag=LOGON-DOWN run=4f2a91 "
	    "warnings=clock-skew,redirect error=\"503, Service Unavailable\"");
}

static void
a_good_test(void **state)
{
	struct result r = { .run = "4f2a92", .ok = true, .latency_us = 412499 };

	(void)state;
	err_clear(&r.err);
	expect_finished(&r, LOG_INFO,
	    "test.finished test=atl-cs-001/kenmyer pool=atl-cs-001.litwareinc.com "
	    "user=sip:kenmyer@litwareinc.com result=Success latency=0.412 run=4f2a92");
	r.warnings = 1u << WARNING_SERVER_CERTIFICATE;
	expect_finished(&r, LOG_INFO,
	    "test.finished test=atl-cs-001/kenmyer pool=atl-cs-001.litwareinc.com "
	    "user=sip:kenmyer@litwareinc.com result=Success latency=0.412 run=4f2a92 "
	    "warnings=server-certificate");
}

static void
a_test_of_a_domain(void **state)
{
	struct result r = { .run = "4f2a92",
		.ok = true,
		.latency_us = 412499,
		.discovery = {
		    .found = true, .host = "pool01.litwareinc.com", .port = 5061 } };

	(void)state;
	err_clear(&r.err);
	expect_finished(&r, LOG_INFO,
	    "test.finished test=atl-cs-001/kenmyer pool=atl-cs-001.litwareinc.com "
	    "user=sip:kenmyer@litwareinc.com registrar=pool01.litwareinc.com:5061 "
	    "result=Success latency=0.412 run=4f2a92");
}

static void
a_server_cannot_forge_a_key(void **state)
{
	struct result r = failure();

	(void)state;
	err_set(&r.err, CAUSE_SIP, 403, " ");
	r.err.step = STEP_REGISTER;
	err_phrase(&r.err, STR_LIT("No\" diag=FINE\r\ntest.finished result=Success\\"));
	expect_finished(&r, LOG_WARNING,
	    "test.finished test=atl-cs-001/kenmyer pool=atl-cs-001.litwareinc.com "
	    "user=sip:kenmyer@litwareinc.com result=Failure latency=3.365 "
	    "step=register cause=sip code=403 diag=LOGON-FORBIDDEN run=4f2a91 "
	    "error=\"403, No\\\" diag=FINE..test.finished result=Success\\\\\"");
}

static const struct state_case {
	const char *name;
	enum alert_state from, to;
	unsigned failures;
	const char *diag, *rollup;
	int priority;
	const char *want;
} state_cases[] = {
	{ "alert", ALERT_FAILING, ALERT_ALERT, 2, "WT-CRED", NULL, LOG_ERR,
	    "from=failing to=alert failures=2 since=2026-11-22T13:04:11Z diag=WT-CRED" },
	{ "alert by its pool", ALERT_FAILING, ALERT_ALERT, 2, "WT-CRED", "pool",
	    LOG_WARNING,
	    "from=failing to=alert failures=2 since=2026-11-22T13:04:11Z "
	    "diag=WT-CRED rollup=pool" },
	{ "end of an alert that was held", ALERT_ALERT, ALERT_OK, 0, NULL, "held",
	    LOG_NOTICE,
	    "from=alert to=ok failures=0 since=2026-11-22T13:04:11Z rollup=held" },
	{ "first failure", ALERT_OK, ALERT_FAILING, 1, "DNS-NAME", NULL, LOG_WARNING,
	    "from=ok to=failing failures=1 since=2026-11-22T13:04:11Z diag=DNS-NAME" },
	{ "recovery", ALERT_ALERT, ALERT_OK, 0, NULL, NULL, LOG_NOTICE,
	    "from=alert to=ok failures=0 since=2026-11-22T13:04:11Z" },
	{ "recovery, tag empty", ALERT_ALERT, ALERT_OK, 0, "", NULL, LOG_NOTICE,
	    "from=alert to=ok failures=0 since=2026-11-22T13:04:11Z" },
	{ "pause", ALERT_OK, ALERT_PAUSED, 0, NULL, NULL, LOG_NOTICE,
	    "from=ok to=paused failures=0 since=2026-11-22T13:04:11Z" },
	{ "first run", ALERT_UNKNOWN, ALERT_OK, 0, NULL, NULL, LOG_NOTICE,
	    "from=unknown to=ok failures=0 since=2026-11-22T13:04:11Z" },
};

static void
check_state(void **state)
{
	const struct state_case *c = *state;
	const struct state_change change = { "atl-cs-001/kenmyer",
		"atl-cs-001.litwareinc.com", c->from, c->to, c->failures, 1795352651103,
		c->diag, c->rollup };
	const char *head =
	    "test.state test=atl-cs-001/kenmyer pool=atl-cs-001.litwareinc.com ";
	struct keep k;

	keep_init(&k);
	report_state(&k.log, &change);
	assert_int_equal(k.priority, c->priority);
	assert_memory_equal(buf_view(&k.line).p, head, strlen(head));
	assert_string_equal(buf_view(&k.line).p + strlen(head), c->want);
	buf_free(&k.line);
}

static struct {
	int priority;
	enum event_id event;
	size_t n;
	struct kv kv[2];
} seen;

static void
remember(
    struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	(void)log;
	seen.priority = priority;
	seen.event = event;
	seen.n = n;
	memcpy(seen.kv, kv, n * sizeof(*kv));
}

static void
log_event_hands_the_pairs_to_the_sink(void **state)
{
	struct log log = { remember, NULL };

	(void)state;
	LOG_EVENT(&log, LOG_WARNING, EVENT_TEST_STATE, KV_S("a", "b"), KV_I("n", -1));
	assert_int_equal(seen.priority, LOG_WARNING);
	assert_int_equal(seen.event, EVENT_TEST_STATE);
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.kv[0].key, "a");
	assert_string_equal(seen.kv[0].str, "b");
	assert_null(seen.kv[1].str);
	assert_true(seen.kv[1].num == -1);
}

RUN_CASES(TEST(a_failed_test), TEST(a_failed_test_with_warnings), TEST(a_good_test),
    TEST(a_test_of_a_domain), TEST(a_server_cannot_forge_a_key),
    ROWS("state", state_cases, check_state), TEST(log_event_hands_the_pairs_to_the_sink));
