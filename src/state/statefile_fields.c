#include "state/statefile_fields.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alert/isolation.h"
#include "base/text.h"
#include "state/state.h"

#define SECONDS_MAX (366.0 * 24 * 3600) /* no run and no step took longer */

static const json_t *
member(struct fields *f, const char *key)
{
	const json_t *v = f->bad != NULL ? NULL : json_object_get(f->object, key);

	if (v == NULL && f->bad == NULL)
		f->bad = key;
	return v;
}

static void
wrong(struct fields *f, const char *key)
{
	if (f->bad == NULL)
		f->bad = key;
}

/* "" when it is not a string. */
static struct str
get_str(struct fields *f, const char *key)
{
	const json_t *v = member(f, key);

	if (!json_is_string(v)) {
		wrong(f, key);
		return STR_LIT("");
	}
	return (struct str){ json_string_value(v), json_string_length(v) };
}

static char *
get_copy(struct fields *f, const char *key)
{
	char *s = str_dup(get_str(f, key));

	if (s == NULL) {
		f->no_memory = true;
		wrong(f, key);
	}
	return s;
}

static void
get_fixed(struct fields *f, const char *key, char *dst, size_t size)
{
	struct str s = get_str(f, key);

	if (s.len == 0 || !str_copy(dst, size, s))
		wrong(f, key);
}

static uint64_t
get_uint(struct fields *f, const char *key, uint64_t max)
{
	const json_t *v = member(f, key);
	json_int_t n = json_is_integer(v) ? json_integer_value(v) : -1;

	if (n < 0 || (uint64_t)n > max) {
		wrong(f, key);
		return 0;
	}
	return (uint64_t)n;
}

static long
get_long(struct fields *f, const char *key)
{
	const json_t *v = member(f, key);

	if (!json_is_integer(v) || json_integer_value(v) < LONG_MIN ||
	    json_integer_value(v) > LONG_MAX) {
		wrong(f, key);
		return 0;
	}
	return (long)json_integer_value(v);
}

/* A number times scale, rounded. */
static uint64_t
get_scaled(struct fields *f, const char *key, double scale, double max)
{
	const json_t *v = member(f, key);
	double n = json_is_number(v) ? json_number_value(v) * scale : -1;

	if (!(n >= 0 && n <= max)) {
		wrong(f, key);
		return 0;
	}
	return (uint64_t)llround(n);
}

/* Of the one form that we write, so that what is read is written again alike. */
static bool
has_shape(const char *s, const char *shape)
{
	for (; *shape != '\0'; s++, shape++) {
		if (*shape == '0' ? *s < '0' || *s > '9' : *s != *shape)
			return false;
	}
	return *s == '\0';
}

bool
field_time_ms(const json_t *v, int64_t *ret)
{
	const char *s = json_string_value(v);
	int64_t wall_s;

	if (json_is_null(v)) {
		*ret = 0;
		return true;
	}
	if (s == NULL || !has_shape(s, "0000-00-00T00:00:00.000Z") ||
	    !text_parse_time(str_of(s), &wall_s) || wall_s < 0)
		return false;
	*ret = wall_s * 1000 + (s[20] - '0') * 100 + (s[21] - '0') * 10 + (s[22] - '0');
	return true;
}

static int64_t
get_time_ms(struct fields *f, const char *key)
{
	int64_t ms = 0;

	if (!field_time_ms(member(f, key), &ms))
		wrong(f, key);
	return ms;
}

static int64_t
get_time_s(struct fields *f, const char *key)
{
	const json_t *v = member(f, key);
	const char *s = json_string_value(v);
	int64_t wall_s = 0;

	if (!json_is_null(v) && (s == NULL || !has_shape(s, "0000-00-00T00:00:00Z") ||
				    !text_parse_time(str_of(s), &wall_s)))
		wrong(f, key);
	return wall_s;
}

/* The index of a name among count names; 0 and wrong if it is none of them. */
static unsigned
get_name(struct fields *f, const char *key, const char *(*name)(unsigned), unsigned count)
{
	struct str s = get_str(f, key);

	for (unsigned i = 0; i < count; i++) {
		if (str_eq(s, name(i)))
			return i;
	}
	wrong(f, key);
	return 0;
}

static const char *
step_at(unsigned i)
{
	return step_name((enum step_id)i); /* also STEP_COUNT, "none" */
}

static const char *
cause_at(unsigned i)
{
	return cause_name((enum cause)i);
}

static const char *
state_at(unsigned i)
{
	return alert_state_name((enum alert_state)i);
}

static const char *
voice_at(unsigned i)
{
	return alert_announcer_name((enum alert_announcer)i);
}

static const char *
result_at(unsigned i)
{
	return i == 0 ? "Success" : "Failure";
}

/* ---- members that files of earlier versions do not have ---- */

/* NULL when it is not there or null. */
static const json_t *
optional_object(struct fields *f, const char *key)
{
	const json_t *v = f->bad != NULL ? NULL : json_object_get(f->object, key);

	if (v == NULL || json_is_null(v))
		return NULL;
	if (!json_is_object(v))
		wrong(f, key);
	return json_is_object(v) ? v : NULL;
}

/* May be empty. */
static void
get_text(struct fields *f, const char *key, char *dst, size_t size)
{
	if (!str_copy(dst, size, get_str(f, key)))
		wrong(f, key);
}

static struct remark *
get_remark(struct fields *f, const char *key)
{
	struct fields r = { .object = optional_object(f, key) };
	struct remark *ret;

	if (r.object == NULL)
		return NULL;
	ret = calloc(1, sizeof(*ret));
	if (ret == NULL) {
		f->no_memory = true;
		wrong(f, key);
		return NULL;
	}
	ret->at_ms = get_time_ms(&r, "at");
	ret->until_ms = get_time_ms(&r, "until");
	get_text(&r, "by", ret->by, sizeof(ret->by));
	get_text(&r, "reason", ret->reason, sizeof(ret->reason));
	if (r.bad != NULL)
		wrong(f, key);
	return ret;
}

/* Of a file without it: the test itself. */
static enum alert_announcer
get_voice(struct fields *f)
{
	if (f->bad != NULL || json_object_get(f->object, "said_by") == NULL)
		return ALERT_BY_TEST;
	return (enum alert_announcer)get_name(f, "said_by", voice_at, ALERT_ANNOUNCERS);
}

static void
read_alert(struct fields *f, struct alert *a)
{
	struct fields h = { .object = optional_object(f, "held") };
	struct fields m = { .object = optional_object(f, "alert") };

	if (m.object != NULL) {
		a->announced_ms = get_time_ms(&m, "said");
		a->successes = (unsigned)get_uint(&m, "successes", UINT_MAX);
		a->recent = (uint16_t)get_uint(&m, "recent", UINT16_MAX);
		a->flapping = json_is_true(member(&m, "flapping"));
		if (!json_is_boolean(json_object_get(m.object, "flapping")))
			wrong(&m, "flapping");
		a->announced_by = get_voice(&m);
		if (m.bad != NULL)
			wrong(f, "alert");
	} else if (a->state == ALERT_ALERT) {
		a->announced_ms = a->since_ms;
	}
	if (a->state != ALERT_PAUSED || h.object == NULL)
		return;
	a->resume_state = (enum alert_state)get_name(&h, "state", state_at, ALERT_PAUSED);
	a->resume_since_ms = get_time_ms(&h, "since");
	if (h.bad != NULL)
		wrong(f, "held");
}

static uint8_t
get_warnings(struct fields *f)
{
	const json_t *array = member(f, "warnings"), *v;
	unsigned bits = 0;
	size_t i;

	if (!json_is_array(array))
		wrong(f, "warnings");
	json_array_foreach((json_t *)(uintptr_t)array, i, v)
	{
		enum warning w = 0;

		while (w < WARNING_COUNT &&
		       (!json_is_string(v) ||
			   strcmp(json_string_value(v), warning_name(w)) != 0))
			w++;
		if (w == WARNING_COUNT || (bits & 1u << w) != 0)
			wrong(f, "warnings");
		else
			bits |= 1u << w;
	}
	return (uint8_t)bits;
}

static void
read_steps(struct fields *f, struct last_run *last)
{
	const json_t *array = member(f, "steps");
	size_t n = json_array_size(array);

	if (!json_is_array(array) || n > RESULT_STEPS_MAX) {
		wrong(f, "steps");
		return;
	}
	if (n == 0)
		return;
	last->steps = calloc(n, sizeof(last->steps[0]));
	if (last->steps == NULL) {
		f->no_memory = true;
		wrong(f, "steps");
		return;
	}
	last->nsteps = (uint8_t)n;
	for (size_t i = 0; i < n; i++) {
		struct fields s = { .object = json_array_get(array, i) };

		last->steps[i].step =
		    (enum step_id)get_name(&s, "step", step_at, STEP_COUNT);
		/* ms with one decimal */
		last->steps[i].us =
		    100 * (uint32_t)get_scaled(&s, "ms", 10, UINT32_MAX / 100);
		if (s.bad != NULL)
			wrong(f, "steps");
	}
}

static void
read_failure(struct fields *f, struct last_run *last)
{
	struct failure_text *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		f->no_memory = true;
		wrong(f, "last");
		return;
	}
	last->failure = t;
	t->step = (enum step_id)get_name(f, "step", step_at, STEP_COUNT + 1);
	t->cause = (enum cause)get_name(f, "cause", cause_at, CAUSE_COUNT);
	t->code = get_long(f, "code");
	get_fixed(f, "diag", t->diag, sizeof(t->diag));
	t->error = get_copy(f, "error");
	t->diagnosis = get_copy(f, "diagnosis");
}

static void
read_last(struct fields *f, struct last_run *last)
{
	const json_t *v = member(f, "last");
	struct fields l = { .object = v };

	if (json_is_null(v))
		return;
	if (!json_is_object(v)) {
		wrong(f, "last");
		return;
	}
	get_fixed(&l, "run", last->run, sizeof(last->run));
	last->started_ms = get_time_ms(&l, "started");
	last->ok = get_name(&l, "result", result_at, 2) == 0;
	last->latency_us = 1000 * get_scaled(&l, "latency", 1e3, SECONDS_MAX * 1e3);
	if (!last->ok)
		read_failure(&l, last);
	last->warnings = get_warnings(&l);
	read_steps(&l, last);
	f->no_memory |= l.no_memory;
	if (l.bad != NULL)
		wrong(f, l.bad);
}

static void
read_certificate(struct fields *f, struct cert_summary *c)
{
	const json_t *v = member(f, "certificate");
	struct fields m = { .object = v };

	if (json_is_null(v))
		return;
	if (json_object_get(v, "subject") != NULL)
		c->subject = get_copy(&m, "subject");
	get_fixed(&m, "serial", c->serial, sizeof(c->serial));
	get_fixed(&m, "sha1", c->sha1, sizeof(c->sha1));
	c->not_before = get_time_s(&m, "not_before");
	c->not_after = get_time_s(&m, "not_after");
	f->no_memory = f->no_memory || m.no_memory;
	if (m.bad != NULL)
		wrong(f, "certificate");
}

static int64_t
get_not_after(struct fields *f, const char *key)
{
	const json_t *v = member(f, key);
	struct fields m = { .object = v };
	int64_t t;

	if (json_is_null(v))
		return 0;
	t = get_time_s(&m, "not_after");
	if (m.bad != NULL)
		wrong(f, key);
	return t;
}

bool
fields_read_test(const json_t *object, struct test_state *ret, const char **ret_bad)
{
	struct fields f = { .object = object }, server = { .object = NULL };

	ret->pool = get_copy(&f, "pool");
	ret->user = get_copy(&f, "user");
	if (!str_eq(get_str(&f, "transaction"), "client-auth"))
		wrong(&f, "transaction");
	ret->alert.state = (enum alert_state)get_name(&f, "state", state_at, ALERT_COUNT);
	ret->alert.since_ms = get_time_ms(&f, "since");
	ret->alert.failures = (unsigned)get_uint(&f, "failures", UINT_MAX);
	read_alert(&f, &ret->alert);
	ret->pause = get_remark(&f, "pause");
	ret->acknowledged = get_remark(&f, "acknowledged");
	ret->alert.acknowledged = ret->acknowledged != NULL;
	ret->runs = get_uint(&f, "runs", INT64_MAX);
	ret->failed_runs = get_uint(&f, "failed_runs", INT64_MAX);
	ret->next_ms = get_time_ms(&f, "next");
	ret->last_success_ms = get_time_ms(&f, "last_success");
	ret->last_failure_ms = get_time_ms(&f, "last_failure");
	read_last(&f, &ret->last);
	read_certificate(&f, &ret->certificate);
	server.object = member(&f, "server_certificates");
	ret->registrar_not_after = get_not_after(&server, "registrar");
	ret->web_not_after = get_not_after(&server, "web");
	if (server.bad != NULL)
		wrong(&f, "server_certificates");
	if (f.bad == NULL)
		return true;
	*ret_bad = f.no_memory ? NULL : f.bad;
	return false;
}

bool
fields_read_pool(const json_t *object, struct pool_state *ret, const char **ret_bad)
{
	struct fields f = { .object = object };
	struct rollup *r = &ret->rollup;

	if (!str_eq(get_str(&f, "state"), alert_state_name(ALERT_ALERT)))
		wrong(&f, "state");
	r->state = ROLLUP_ACTIVE;
	r->since_ms = get_time_ms(&f, "since");
	r->announced_ms = get_time_ms(&f, "said");
	get_fixed(&f, "diag", r->diag, sizeof(r->diag));
	ret->acknowledged = get_remark(&f, "acknowledged");
	r->acknowledged = ret->acknowledged != NULL;
	if (f.bad != NULL)
		*ret_bad = f.no_memory ? NULL : f.bad;
	return f.bad == NULL;
}

bool
fields_read_watcher(const json_t *object, struct isolation *ret, const char **ret_bad)
{
	struct fields f = { .object = object };
	const json_t *isolated = member(&f, "isolated");
	int64_t since = get_time_ms(&f, "since"), said = get_time_ms(&f, "said");

	if (!json_is_boolean(isolated))
		wrong(&f, "isolated");
	if (f.bad != NULL)
		*ret_bad = f.bad;
	else if (json_is_true(isolated))
		*ret = (struct isolation){ .state = ISOLATION_CUT_OFF,
			.since_ms = since,
			.announced_ms = said };
	return f.bad == NULL;
}
