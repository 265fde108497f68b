#include "serve/timing.h"

#include "base/calendar.h"
#include "base/json.h"
#include "base/zone.h"
#include "config/config.h"

/* null: there are none. */
static void
put_calendar(struct json *j, const char *key, const struct calendar *c)
{
	char text[CALENDAR_TEXT_SIZE];

	if (c == NULL) {
		jsonw_string(j, key, NULL);
		return;
	}
	jsonw_array(j, key);
	for (unsigned i = 0; i < c->n; i++) {
		calendar_span_text(text, &c->spans[i]);
		jsonw_string(j, NULL, text);
	}
	jsonw_array_end(j);
}

void
timing_put(struct json *j, const struct config_test *t)
{
	const struct config_timing *s = &t->timing;
	const struct calendar *c = s->at != NULL ? s->at : s->active;

	jsonw_object(j, "where");
	jsonw_string(j, "file", t->at.file);
	jsonw_int(j, "line", t->at.line);
	jsonw_object_end(j);
	jsonw_object(j, "schedule");
	if (s->at != NULL)
		jsonw_string(j, "every_ms", NULL);
	else
		jsonw_int(j, "every_ms", (int64_t)s->every_ms);
	put_calendar(j, "at", s->at);
	put_calendar(j, "active", s->active);
	jsonw_string(j, "timezone", c == NULL ? NULL : zone_name(c->zone));
	jsonw_int(j, "jitter_ms", (int64_t)s->jitter_ms);
	jsonw_bool(j, "run_on_start", s->run_on_start);
	jsonw_int(j, "retry_ms", (int64_t)t->retry_ms);
	jsonw_object_end(j);
}
