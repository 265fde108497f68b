#include "state/statefile.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "report/resultjson.h"

#define FILE_MODE 0600

void
state_free(struct state *s)
{
	for (size_t i = 0; i < s->ntests; i++)
		test_state_free(&s->tests[i]);
	for (size_t i = 0; i < s->npools; i++)
		pool_state_free(&s->pools[i]);
	free(s->pools);
	free(s->tests);
	free(s->version);
	free(s->host);
	*s = (struct state){ .ntests = 0 };
}

static int
compare_name(const void *key, const void *test)
{
	return strcmp(key, ((const struct test_state *)test)->name);
}

struct test_state *
state_find(const struct state *s, const char *name)
{
	if (s->ntests == 0)
		return NULL;
	return bsearch(name, s->tests, s->ntests, sizeof(s->tests[0]), compare_name);
}

static void
put_time_ms(struct json *j, const char *key, int64_t wall_ms)
{
	char time[TEXT_TIME_SIZE];

	text_time_ms(time, wall_ms);
	jsonw_string(j, key, wall_ms == 0 ? NULL : time);
}

static void
put_failure(struct json *j, const struct failure_text *f)
{
	jsonw_string(j, "step", f == NULL ? NULL : step_name(f->step));
	jsonw_string(j, "cause", f == NULL ? NULL : cause_name(f->cause));
	if (f == NULL)
		jsonw_string(j, "code", NULL);
	else
		jsonw_int(j, "code", f->code);
	jsonw_string(j, "diag", f == NULL ? NULL : f->diag);
	jsonw_string(j, "error", f == NULL ? "" : f->error);
	jsonw_string(j, "diagnosis", f == NULL ? "" : f->diagnosis);
}

static void
put_last(struct json *j, const struct last_run *last)
{
	if (last->run[0] == '\0') {
		jsonw_string(j, "last", NULL);
		return;
	}
	jsonw_object(j, "last");
	jsonw_string(j, "run", last->run);
	put_time_ms(j, "started", last->started_ms);
	jsonw_string(j, "result", last->ok ? "Success" : "Failure");
	jsonw_fixed(j, "latency", (int64_t)((last->latency_us + 500) / 1000), 3);
	put_failure(j, last->ok ? NULL : last->failure);
	resultjson_warnings(j, last->warnings);
	resultjson_steps(j, last->steps, last->nsteps);
	jsonw_object_end(j);
}

static void
put_not_after(struct json *j, const char *key, int64_t not_after)
{
	if (not_after == 0) {
		jsonw_string(j, key, NULL);
		return;
	}
	jsonw_object(j, key);
	resultjson_time(j, "not_after", not_after);
	jsonw_object_end(j);
}

static void
put_remark(struct json *j, const char *key, const struct remark *r)
{
	if (r == NULL)
		return;
	jsonw_object(j, key);
	put_time_ms(j, "at", r->at_ms);
	put_time_ms(j, "until", r->until_ms);
	jsonw_string(j, "by", r->by);
	jsonw_string(j, "reason", r->reason);
	jsonw_object_end(j);
}

/* What an alert is made of beyond its state, so that it goes on after a restart. */
static void
put_alert(struct json *j, const struct alert *a)
{
	if (a->announced_ms != 0 || a->recent != 0 || a->flapping ||
	    a->announced_by != ALERT_BY_TEST) {
		jsonw_object(j, "alert");
		put_time_ms(j, "said", a->announced_ms);
		jsonw_int(j, "successes", a->successes);
		jsonw_int(j, "recent", a->recent);
		jsonw_bool(j, "flapping", a->flapping);
		if (a->announced_by != ALERT_BY_TEST)
			jsonw_string(j, "said_by", alert_announcer_name(a->announced_by));
		jsonw_object_end(j);
	}
	if (a->state != ALERT_PAUSED)
		return;
	jsonw_object(j, "held");
	jsonw_string(j, "state", alert_state_name(a->resume_state));
	put_time_ms(j, "since", a->resume_since_ms);
	jsonw_object_end(j);
}

void
statefile_test(struct json *j, const struct test_state *t)
{
	buf_putc(j->out, '\n'); /* a line for each test, for grep */
	jsonw_object(j, t->name);
	statefile_members(j, t);
	jsonw_object_end(j);
}

void
statefile_members(struct json *j, const struct test_state *t)
{
	const struct cert_summary *c = &t->certificate;

	jsonw_string(j, "pool", t->pool);
	jsonw_string(j, "user", t->user);
	jsonw_string(j, "transaction", "client-auth");
	jsonw_string(j, "state", alert_state_name(t->alert.state));
	put_time_ms(j, "since", t->alert.since_ms);
	jsonw_int(j, "failures", t->alert.failures);
	put_alert(j, &t->alert);
	put_remark(j, "pause", t->pause);
	put_remark(j, "acknowledged", t->acknowledged);
	jsonw_int(j, "runs", (int64_t)t->runs);
	jsonw_int(j, "failed_runs", (int64_t)t->failed_runs);
	put_time_ms(j, "next", t->next_ms);
	put_time_ms(j, "last_success", t->last_success_ms);
	put_time_ms(j, "last_failure", t->last_failure_ms);
	put_last(j, &t->last);
	resultjson_certificate(
	    j, c->subject, c->serial, c->sha1, c->not_before, c->not_after);
	jsonw_object(j, "server_certificates");
	put_not_after(j, "registrar", t->registrar_not_after);
	put_not_after(j, "web", t->web_not_after);
	jsonw_object_end(j);
}

void
statefile_begin(struct json *j, struct buf *out, int64_t written_ms, const char *host,
    const char *version)
{
	jsonw_init(j, out);
	jsonw_object(j, NULL);
	jsonw_int(j, "schema", STATEFILE_SCHEMA);
	put_time_ms(j, "written", written_ms);
	jsonw_string(j, "host", host);
	jsonw_string(j, "version", version);
	jsonw_object(j, "tests");
}

void
statefile_watcher_members(struct json *j, const struct isolation *w)
{
	jsonw_bool(j, "isolated", true);
	put_time_ms(j, "since", w->since_ms);
	put_time_ms(j, "said", w->announced_ms);
}

void
statefile_pool_members(struct json *j, const struct pool_state *p)
{
	jsonw_string(j, "state", alert_state_name(ALERT_ALERT));
	put_time_ms(j, "since", p->rollup.since_ms);
	put_time_ms(j, "said", p->rollup.announced_ms);
	jsonw_string(j, "diag", p->rollup.diag);
	put_remark(j, "acknowledged", p->acknowledged);
}

void
statefile_rest(struct json *j, const struct isolation *w)
{
	jsonw_object_end(j);
	if (w->state == ISOLATION_CUT_OFF) {
		jsonw_object(j, "watcher");
		statefile_watcher_members(j, w);
		jsonw_object_end(j);
	}
	jsonw_object(j, "pools");
}

void
statefile_pool(struct json *j, const struct pool_state *p)
{
	buf_putc(j->out, '\n');
	jsonw_object(j, p->fqdn);
	statefile_pool_members(j, p);
	jsonw_object_end(j);
}

void
statefile_end(struct json *j)
{
	jsonw_object_end(j);
	jsonw_object_end(j);
	buf_putc(j->out, '\n');
}

void
statefile_format(struct buf *out, const struct state *s)
{
	struct json j;

	statefile_begin(&j, out, s->written_ms, s->host == NULL ? "" : s->host,
	    s->version == NULL ? "" : s->version);
	for (size_t i = 0; i < s->ntests; i++)
		statefile_test(&j, &s->tests[i]);
	statefile_rest(&j, &s->watcher);
	for (size_t i = 0; i < s->npools; i++)
		statefile_pool(&j, &s->pools[i]);
	statefile_end(&j);
}

bool
statefile_write(const char *path, struct str content, struct err *err)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof(temporary), "%s.tmp", path);

	if (n < 0 || (size_t)n >= sizeof(temporary)) {
		err_local(err, ENAMETOOLONG, "%s", path);
		return false;
	}
	if (file_replace(path, temporary, FILE_MODE, true, content))
		return true;
	err_local(err, errno, "writing %s", temporary);
	return false;
}
