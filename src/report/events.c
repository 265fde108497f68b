#include "report/events.h"

#include <stdio.h>

#include "base/buf.h"
#include "report/log.h"
#include "vocab/result.h"
#include "base/text.h"
#include "report/diagnose.h"
#include "report/record.h"

#define PAIRS_MAX 16

void
report_finished(struct log *log, const char *test, const char *pool, const char *user,
    const struct result *r)
{
	char latency[RECORD_SECONDS_SIZE], diag[DIAGNOSIS_TAG_SIZE];
	char registrar[DISCOVERY_HOST_MAX + 8];
	struct buf sip, warnings, error;
	struct kv kv[PAIRS_MAX];
	size_t n = 0;

	buf_init(&sip, DIAGNOSIS_TEXT_MAX);
	buf_init(&warnings, DIAGNOSIS_TEXT_MAX);
	buf_init(&error, DIAGNOSIS_TEXT_MAX);
	record_user(&sip, user);
	record_warnings(&warnings, r->warnings, ",");
	record_seconds(latency, r->latency_us);

	kv[n++] = KV_S("test", test);
	kv[n++] = KV_S("pool", pool);
	kv[n++] = KV_S("user", buf_view(&sip).p);
	snprintf(
	    registrar, sizeof(registrar), "%s:%u", r->discovery.host, r->discovery.port);
	if (r->discovery.found)
		kv[n++] = KV_S("registrar", registrar);
	kv[n++] = KV_S("result", r->ok ? "Success" : "Failure");
	kv[n++] = KV_S("latency", latency);
	if (!r->ok) {
		kv[n++] = KV_S("step", step_name(r->err.step));
		kv[n++] = KV_S("cause", cause_name(r->err.cause));
		kv[n++] = KV_I("code", r->err.code);
		diagnosis_tag(diag, &r->err);
		kv[n++] = KV_S("diag", diag);
	}
	kv[n++] = KV_S("run", r->run);
	if (r->warnings != 0)
		kv[n++] = KV_S("warnings", buf_view(&warnings).p);
	if (!r->ok) {
		error_text(&error, &r->err);
		kv[n++] = KV_S("error", buf_view(&error).p);
	}
	log_event(log, r->ok ? LOG_INFO : LOG_WARNING, EVENT_TEST_FINISHED, kv, n);

	buf_free(&error);
	buf_free(&warnings);
	buf_free(&sip);
}

static int
state_priority(const struct state_change *change)
{
	switch (change->to) {
	case ALERT_ALERT:
		return change->rollup == NULL ? LOG_ERR : LOG_WARNING;
	case ALERT_FAILING:
		return LOG_WARNING;
	default:
		return LOG_NOTICE;
	}
}

static void
log_change(
    struct log *log, int priority, enum event_id event, const struct state_change *change)
{
	char since[TEXT_TIME_SIZE];
	struct kv kv[PAIRS_MAX];
	size_t n = 0;

	text_time_s(since, change->since_ms / 1000);
	kv[n++] = KV_S("test", change->test);
	kv[n++] = KV_S("pool", change->pool);
	if (event == EVENT_TEST_STATE) {
		kv[n++] = KV_S("from", alert_state_name(change->from));
		kv[n++] = KV_S("to", alert_state_name(change->to));
	}
	kv[n++] = KV_I("failures", change->failures);
	kv[n++] = KV_S("since", since);
	if (change->diag != NULL && change->diag[0] != '\0')
		kv[n++] = KV_S("diag", change->diag);
	if (change->rollup != NULL)
		kv[n++] = KV_S("rollup", change->rollup);
	log_event(log, priority, event, kv, n);
}

void
report_state(struct log *log, const struct state_change *change)
{
	log_change(log, state_priority(change), EVENT_TEST_STATE, change);
}

void
report_reminder(struct log *log, const struct state_change *change)
{
	log_change(log, LOG_ERR, EVENT_TEST_REMINDER, change);
}

void
report_flapping(struct log *log, const char *test, const char *pool, bool flapping,
    enum alert_state state)
{
	LOG_EVENT(log, flapping ? LOG_WARNING : LOG_NOTICE, EVENT_TEST_FLAPPING,
	    KV_S("test", test), KV_S("pool", pool),
	    KV_S("flapping", flapping ? "yes" : "no"),
	    KV_S("state", alert_state_name(state)));
}

void
report_pool(struct log *log, enum event_id event, const struct pool_line *line)
{
	char since[TEXT_TIME_SIZE];
	struct kv kv[PAIRS_MAX];
	size_t n = 0;

	text_time_s(since, line->since_ms / 1000);
	kv[n++] = KV_S("pool", line->pool);
	kv[n++] = KV_I("tests", line->tests);
	kv[n++] = KV_I("of", line->of);
	if (event != EVENT_POOL_RECOVERED) {
		kv[n++] = KV_S("users", line->users);
		kv[n++] = KV_S("diag", line->diag);
	}
	kv[n++] = KV_S("since", since);
	log_event(
	    log, event == EVENT_POOL_RECOVERED ? LOG_NOTICE : LOG_ERR, event, kv, n);
}

void
report_watcher(
    struct log *log, enum event_id event, size_t pools, size_t tests, int64_t since_ms)
{
	char since[TEXT_TIME_SIZE];

	text_time_s(since, since_ms / 1000);
	LOG_EVENT(log, event == EVENT_WATCHER_CONNECTED ? LOG_NOTICE : LOG_ERR, event,
	    KV_I("pools", pools), KV_I("tests", tests), KV_S("since", since));
}
