#include "trace/trace_json.h"

#include "base/buf.h"
#include "vocab/err.h"
#include "base/json.h"
#include "base/text.h"
#include "trace/trace.h"

/* ---- writing ---- */

void
trace_json_put_head(struct json *j, const struct trace *t)
{
	const struct trace_head *h = trace_head(t);
	char time[TEXT_TIME_SIZE];

	text_time_ms(time, h->started_ms);
	jsonw_int(j, "schema", TRACE_SCHEMA);
	jsonw_string(j, "test", h->test);
	jsonw_string(j, "pool", h->pool);
	jsonw_string(j, "user", h->user);
	jsonw_string(j, "run", h->run);
	jsonw_string(j, "started", time);
	jsonw_string(j, "result", h->ok ? "Success" : "Failure");
	jsonw_fixed(j, "latency", (int64_t)((h->latency_us + 500) / 1000), 3);
	jsonw_string(j, "step", h->step);
	jsonw_string(j, "diag", h->diag);
	jsonw_string(j, "record", h->record);
	jsonw_int(j, "lost", (int64_t)trace_lost(t));
}

const char *
trace_json_kind(const struct trace_entry *e)
{
	if (e == NULL)
		return "trace";
	return trace_is_message(e) ? "message" : "note";
}

static void
put_message(struct json *j, const struct trace_entry *e)
{
	jsonw_string(j, "protocol", e->http ? "http" : "sip");
	jsonw_str(j, "peer", e->peer);
	jsonw_str(j, "head", e->text);
	jsonw_str(j, "body", e->body);
	if (e->left_out > 0)
		jsonw_int(j, "left_out", (int64_t)e->left_out);
	if (e->again)
		jsonw_bool(j, "again", true);
	if (e->broken)
		jsonw_bool(j, "broken", true);
	if (e->binary)
		jsonw_bool(j, "binary", true);
}

void
trace_json_put_entry(struct json *j, const struct trace_entry *e)
{
	jsonw_fixed(j, "at", (int64_t)e->at_us, 3); /* milliseconds */
	jsonw_string(j, "kind", trace_kind_name(e->kind));
	jsonw_string(j, "step", step_name(e->step));
	if (trace_is_message(e)) {
		put_message(j, e);
		return;
	}
	if (e->kind == TRACE_OK || e->kind == TRACE_FAILED)
		jsonw_fixed(j, "ms", (int64_t)e->step_us, 3);
	jsonw_str(j, "text", e->text);
}

static void
format_line(const struct trace *t, const struct trace_entry *e, struct buf *out)
{
	struct json j;

	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	jsonw_string(&j, "event", trace_json_kind(e));
	if (e == NULL)
		trace_json_put_head(&j, t);
	else
		trace_json_put_entry(&j, e);
	jsonw_object_end(&j);
	buf_putc(out, '\n');
}

void
trace_json_format(const struct trace *t, struct buf *out)
{
	format_line(t, NULL, out);
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e))
		format_line(t, e, out);
}

/* ---- reading ---- */

static const char *
text_of(const json_t *line, const char *key)
{
	const char *s = json_string_value(json_object_get(line, key));

	return s == NULL ? "" : s;
}

/* False: there is one, and it is longer than max. */
static bool
take_str(const json_t *line, const char *key, size_t max, struct str *ret)
{
	const json_t *v = json_object_get(line, key);

	*ret = STR_LIT("");
	if (!json_is_string(v))
		return v == NULL;
	*ret = (struct str){ json_string_value(v), json_string_length(v) };
	return ret->len <= max;
}

/* Milliseconds with a fraction. Nothing lasts for more than a year. */
static uint64_t
us_of(const json_t *line, const char *key)
{
	double ms = json_number_value(json_object_get(line, key));

	return ms > 0 && ms < 366.0 * 86400 * 1000 ? (uint64_t)(ms * 1000 + 0.5) : 0;
}

static size_t
count_of(const json_t *line, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(line, key));

	return n > 0 ? (size_t)n : 0;
}

static bool
take_time(const char *text, int64_t *ret_ms)
{
	const char *dot = strchr(text, '.');
	uint64_t ms = 0;
	int64_t s;

	if (!text_parse_time(str_of(text), &s))
		return false;
	if (dot != NULL)
		(void)str_uint(
		    (struct str){ dot + 1, strspn(dot + 1, "0123456789") }, 0, 999, &ms);
	*ret_ms = s * 1000 + (int64_t)ms;
	return true;
}

static bool
take_head(struct trace *t, const json_t *line)
{
	struct trace_head h = {
		.test = text_of(line, "test"),
		.pool = text_of(line, "pool"),
		.user = text_of(line, "user"),
		.run = text_of(line, "run"),
		.latency_us = us_of(line, "latency") * 1000,
		.ok = strcmp(text_of(line, "result"), "Success") == 0,
		.step = text_of(line, "step"),
		.diag = text_of(line, "diag"),
		.record = text_of(line, "record"),
	};

	return json_integer_value(json_object_get(line, "schema")) == TRACE_SCHEMA &&
	       take_time(text_of(line, "started"), &h.started_ms) &&
	       strlen(h.test) + strlen(h.pool) + strlen(h.user) + strlen(h.run) +
		       strlen(h.step) + strlen(h.diag) + strlen(h.record) <=
		   4 * TRACE_RECORD_MAX &&
	       trace_restore_head(t, &h, count_of(line, "lost"));
}

/*
 * What could not be kept as UTF-8 was written as U+FFFD: three octets for one.
 */
static bool
take_entry(struct trace *t, const json_t *line)
{
	struct trace_entry e = {
		.at_us = us_of(line, "at"),
		.step_us = us_of(line, "ms"),
		.http = strcmp(text_of(line, "protocol"), "http") == 0,
		.left_out = count_of(line, "left_out"),
		.again = json_is_true(json_object_get(line, "again")),
		.broken = json_is_true(json_object_get(line, "broken")),
		.binary = json_is_true(json_object_get(line, "binary")),
	};

	if (!trace_kind_by_name(str_of(text_of(line, "kind")), &e.kind) ||
	    !step_by_name(str_of(text_of(line, "step")), &e.step))
		return false;
	if (!trace_is_message(&e))
		return take_str(line, "text", 3 * TRACE_TEXT_MAX, &e.text) &&
		       trace_restore(t, &e);
	return take_str(line, "head", 3 * TRACE_HEAD_MAX, &e.text) &&
	       take_str(line, "body", 3 * TRACE_BODY_MAX, &e.body) &&
	       take_str(line, "peer", TRACE_TEXT_MAX, &e.peer) && trace_restore(t, &e);
}

bool
trace_json_take(struct trace *t, const json_t *line, struct err *err)
{
	const char *event = text_of(line, "event");
	bool ok = true;

	if (strcmp(event, "trace") == 0)
		ok = take_head(t, line);
	else if (strcmp(event, "note") == 0 || strcmp(event, "message") == 0)
		ok = take_entry(t, line);
	if (!ok)
		err_local(err, 0, "a line of the trace is not understood");
	return ok;
}

struct trace *
trace_json_parse(struct str text, struct err *err)
{
	struct trace *t = trace_new();
	struct str rest = text, one;
	bool ok = t != NULL;

	err_local(err, 0, "out of memory");
	while (ok && rest.p != NULL && rest.len > 0) {
		json_t *line;

		rest = str_split(rest, '\n', &one);
		line = json_loadb(one.p, one.len, 0, NULL);
		ok = line != NULL && trace_json_take(t, line, err);
		if (line == NULL)
			err_local(err, 0, "a line of the trace is no JSON");
		json_decref(line);
	}
	if (ok && trace_head(t)->run[0] == '\0') {
		err_local(err, 0, "the trace has no head");
		ok = false;
	}
	if (ok)
		return t;
	trace_free(t);
	return NULL;
}
