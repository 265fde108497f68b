#include "report/record.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "vocab/result.h"
#include "base/text.h"
#include "report/diagnose.h"
#include "report/resultjson.h"

void
record_warnings(struct buf *out, unsigned warnings, const char *separator)
{
	bool more = false;

	for (enum warning w = 0; w < WARNING_COUNT; w++) {
		if ((warnings & 1u << w) == 0)
			continue;
		if (more)
			buf_puts(out, separator);
		buf_puts(out, warning_name(w));
		more = true;
	}
}

void
record_user(struct buf *out, const char *user)
{
	if (!str_caseprefix(str_of(user), "sip:"))
		buf_puts(out, "sip:");
	buf_puts(out, user);
}

void
record_seconds(char dst[RECORD_SECONDS_SIZE], unsigned long long us)
{
	unsigned long long ms = us / 1000 + (us % 1000 >= 500);

	snprintf(dst, RECORD_SECONDS_SIZE, "%llu.%03llu", ms / 1000, ms % 1000);
}

void
record_text(struct buf *out, const char *target_fqdn, const struct result *r)
{
	char latency[TEXT_TIME_SIZE];

	text_timespan(latency, r->latency_us);
	buf_printf(out, "TargetFqdn : %s\n", target_fqdn);
	if (r->discovery.found)
		buf_printf(out, "Registrar  : %s:%u (%s)\n", r->discovery.host,
		    r->discovery.port, discovery_way_name(r->discovery.way));
	buf_printf(out, "Result     : %s\n", r->ok ? "Success" : "Failure");
	buf_printf(out, "Latency    : %s\n", latency);
	buf_puts(out, "Error      : ");
	if (!r->ok)
		error_text(out, &r->err);
	buf_puts(out, "\nDiagnosis  : ");
	if (!r->ok)
		diagnosis_text(out, &r->err);
	buf_putc(out, '\n');
	if (r->warnings == 0)
		return;
	buf_puts(out, "Warnings   : ");
	record_warnings(out, r->warnings, ", ");
	buf_putc(out, '\n');
}

static void
json_text(struct json *j, const char *key, void (*text)(struct buf *, const struct err *),
    const struct err *e)
{
	struct buf b;

	buf_init(&b, DIAGNOSIS_TEXT_MAX);
	if (e != NULL)
		text(&b, e);
	jsonw_str(j, key, buf_view(&b));
	buf_free(&b);
}

static void
json_failure(struct json *j, const struct err *e)
{
	char diag[DIAGNOSIS_TAG_SIZE];

	json_text(j, "error", error_text, e);
	json_text(j, "diagnosis", diagnosis_text, e);
	jsonw_string(j, "step", e == NULL ? NULL : step_name(e->step));
	jsonw_string(j, "cause", e == NULL ? NULL : cause_name(e->cause));
	if (e == NULL)
		jsonw_string(j, "code", NULL);
	else
		jsonw_int(j, "code", e->code);
	if (e != NULL)
		diagnosis_tag(diag, e);
	jsonw_string(j, "diag", e == NULL ? NULL : diag);
}

void
record_json(
    struct buf *out, const char *target_fqdn, const char *user, const struct result *r)
{
	const struct cert_facts *c = &r->certificate;
	struct buf sip;
	struct json j;

	buf_init(&sip, RECORD_MAX);
	record_user(&sip, user);
	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	jsonw_string(&j, "target_fqdn", target_fqdn);
	jsonw_str(&j, "user", buf_view(&sip));
	jsonw_string(&j, "result", r->ok ? "Success" : "Failure");
	jsonw_fixed(&j, "latency", (int64_t)((r->latency_us + 500) / 1000), 3);
	json_failure(&j, r->ok ? NULL : &r->err);
	resultjson_warnings(&j, r->warnings);
	resultjson_certificate(&j, c->subject, c->known ? c->serial : "", c->sha1,
	    c->not_before, c->not_after);
	resultjson_steps(&j, r->steps, r->nsteps);
	if (r->discovery.at_ms != 0)
		resultjson_discovery(&j, &r->discovery, target_fqdn, -1);
	jsonw_object_end(&j);
	buf_putc(out, '\n');
	buf_free(&sip);
}
