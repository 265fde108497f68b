#include "report/resultjson.h"

#include "base/json.h"
#include "vocab/result.h"
#include "base/text.h"

void
resultjson_warnings(struct json *j, unsigned warnings)
{
	jsonw_array(j, "warnings");
	for (enum warning w = 0; w < WARNING_COUNT; w++) {
		if ((warnings & 1u << w) != 0)
			jsonw_string(j, NULL, warning_name(w));
	}
	jsonw_array_end(j);
}

void
resultjson_steps(struct json *j, const struct step_time *steps, size_t n)
{
	jsonw_array(j, "steps");
	for (size_t i = 0; i < n; i++) {
		jsonw_object(j, NULL);
		jsonw_string(j, "step", step_name(steps[i].step));
		jsonw_fixed(j, "ms", ((int64_t)steps[i].us + 50) / 100, 1);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

void
resultjson_time(struct json *j, const char *key, int64_t wall_s)
{
	char time[TEXT_TIME_SIZE];

	text_time_s(time, wall_s);
	jsonw_string(j, key, wall_s == 0 ? NULL : time);
}

void
resultjson_certificate(struct json *j, const char *subject, const char *serial,
    const char *sha1, int64_t not_before, int64_t not_after)
{
	if (serial[0] == '\0') {
		jsonw_string(j, "certificate", NULL);
		return;
	}
	jsonw_object(j, "certificate");
	if (subject != NULL)
		jsonw_string(j, "subject", subject);
	jsonw_string(j, "serial", serial);
	jsonw_string(j, "sha1", sha1);
	resultjson_time(j, "not_before", not_before);
	resultjson_time(j, "not_after", not_after);
	jsonw_object_end(j);
}

static void
put_time_ms(struct json *j, const char *key, int64_t wall_ms)
{
	char time[TEXT_TIME_SIZE];

	text_time_ms(time, wall_ms);
	jsonw_string(j, key, wall_ms == 0 ? NULL : time);
}

/* Writes by which method the registrar was looked for, and what that method asks. */
static void
put_method(struct json *j, enum discovery_way way, bool clear_text, const char *domain)
{
	char asked[DISCOVERY_ASKED_MAX];

	discovery_asked(way, clear_text, domain, asked, sizeof(asked));
	jsonw_string(j, "method", discovery_way_name(way));
	jsonw_string(j, "asked", asked);
}

static void
put_tries(struct json *j, const struct discovery *d, const char *domain)
{
	jsonw_array(j, "tried");
	for (unsigned i = 0; i < d->ntries; i++) {
		const struct discovery_try *t = &d->tries[i];

		jsonw_object(j, NULL);
		put_method(j, t->way, t->clear_text, domain);
		jsonw_string(j, "cause", cause_name(t->cause));
		jsonw_int(j, "code", t->code);
		jsonw_string(j, "came", t->came);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

void
resultjson_discovery(
    struct json *j, const struct discovery *d, const char *domain, int64_t again_ms)
{
	if (d == NULL || d->at_ms == 0) {
		jsonw_string(j, "discovery", NULL);
		return;
	}
	jsonw_object(j, "discovery");
	jsonw_string(j, "registrar", d->found ? d->host : NULL);
	if (d->found) {
		jsonw_int(j, "port", d->port);
		put_method(j, d->way, d->clear_text, domain);
	}
	jsonw_string(j, "access", d->access[0] == '\0' ? NULL : d->access);
	put_time_ms(j, "looked", d->at_ms);
	if (again_ms >= 0)
		put_time_ms(j, "look_again", again_ms);
	put_tries(j, d, domain);
	jsonw_object_end(j);
}
