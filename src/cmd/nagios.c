#include "cmd/nagios.h"

#include <stdbool.h>
#include <stdio.h>

static const char *
text_of(const json_t *record, const char *key)
{
	const char *s = json_string_value(json_object_get(record, key));

	return s == NULL ? "" : s;
}

/* Appends text without '|', which begins the performance data, and without line feeds. */
static void
put_plain(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		buf_putc(out, *s == '|' ? '/' : (unsigned char)*s < ' ' ? ' ' : *s);
}

/* Appends a label in quotes, which may contain neither quotes nor '='. */
static void
put_label(struct buf *out, const char *name, const char *step)
{
	buf_puts(out, out->len == 0 ? "'" : " '");
	for (const char *s = name; s != NULL && *s != '\0'; s++)
		buf_putc(out, *s == '\'' || *s == '=' ? '_' : *s);
	buf_printf(out, "%s%s'=", name == NULL ? "" : " ", step);
}

void
nagios_init(struct nagios *n)
{
	*n = (struct nagios){ .tests = 0 };
	buf_init(&n->text, NAGIOS_MAX);
	buf_init(&n->perf, NAGIOS_MAX);
}

static void
add_warnings(struct nagios *n, const json_t *warnings)
{
	size_t count = json_array_size(warnings);

	n->warned += count > 0;
	for (size_t i = 0; i < count; i++) {
		const char *w = json_string_value(json_array_get(warnings, i));

		buf_printf(
		    &n->text, "%s%s", i == 0 ? ", warnings: " : ",", w == NULL ? "" : w);
	}
}

void
nagios_add(struct nagios *n, const char *name, const json_t *record)
{
	const json_t *steps = json_object_get(record, "steps");
	double latency = json_number_value(json_object_get(record, "latency"));
	bool ok = text_of(record, "result")[0] == 'S';

	if (n->tests++ > 0)
		buf_puts(&n->text, "; ");
	put_plain(&n->text, name == NULL ? text_of(record, "target_fqdn") : name);
	buf_printf(&n->text, " %s in %.3fs", ok ? "Success" : "Failure", latency);
	if (!ok) {
		n->failed++;
		buf_printf(&n->text, " at %s, %s: ", text_of(record, "step"),
		    text_of(record, "diag"));
		put_plain(&n->text, text_of(record, "error"));
	}
	add_warnings(n, json_object_get(record, "warnings"));
	put_label(&n->perf, name, "latency");
	buf_printf(&n->perf, "%.3fs;;;0", latency);
	for (size_t i = 0; i < json_array_size(steps); i++) {
		const json_t *step = json_array_get(steps, i);
		double ms = json_number_value(json_object_get(step, "ms"));

		put_label(&n->perf, name, text_of(step, "step"));
		buf_printf(&n->perf, "%.4fs;;;0", ms / 1000);
	}
}

enum nagios_status
nagios_finish(struct nagios *n, struct buf *out)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	enum nagios_status status = n->failed > 0   ? NAGIOS_CRITICAL
				    : n->warned > 0 ? NAGIOS_WARNING
						    : NAGIOS_OK;

	if (n->tests == 0 || n->text.failed)
		status = NAGIOS_UNKNOWN;
	buf_printf(out, "CSWATCH %s - ", words[status]);
	if (status != NAGIOS_UNKNOWN) {
		buf_str(out, buf_view(&n->text));
		if (!n->perf.failed) {
			buf_puts(out, " | ");
			buf_str(out, buf_view(&n->perf));
		}
	} else {
		buf_puts(out, "no result");
	}
	buf_putc(out, '\n');
	buf_free(&n->text);
	buf_free(&n->perf);
	return status;
}

enum nagios_status
nagios_unknown(const char *why)
{
	struct buf b;

	buf_init(&b, NAGIOS_MAX);
	put_plain(&b, why);
	printf("CSWATCH UNKNOWN - %s\n", b.len == 0 ? "" : b.data);
	buf_free(&b);
	return NAGIOS_UNKNOWN;
}
