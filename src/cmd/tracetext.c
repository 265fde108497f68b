#include "cmd/tracetext.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/text.h"
#include "trace/pretty.h"
#include "trace/trace.h"

#define BODY_MAX       (256 * 1024) /* bytes of a body that was formatted */
#define LINE_MAX_SHOWN 16384	    /* bytes; no line that is kept is longer */
#define MARGIN	       "              | "

struct page {
	FILE *out;
	bool color;
	unsigned steps;
};

static const char *
paint(const struct page *p, const char *escape)
{
	return p->color ? escape : "";
}

#define BOLD  "\033[1m"
#define RED   "\033[1;31m"
#define GREEN "\033[32m"
#define DIM   "\033[2m"
#define PLAIN "\033[0m"

static void
print_line(const struct page *p, const char *before, struct str line)
{
	char shown[LINE_MAX_SHOWN];
	char *tab;

	/* Tabs are shown as blanks. */
	text_printable(shown, sizeof(shown), line);
	for (size_t i = 0; i < line.len && i < sizeof(shown) && shown[i] != '\0'; i++)
		if (line.p[i] == '\t' && shown[i] == '.')
			shown[i] = ' ';
	tab = shown + strlen(shown);
	while (tab > shown && tab[-1] == ' ')
		*--tab = '\0';
	fprintf(p->out, "%s%s\n", before, shown);
}

static void
print_lines(const struct page *p, const char *before, struct str text)
{
	struct str line;

	while (text.p != NULL && text.len > 0) {
		text = str_split(text, '\n', &line);
		if (line.len > 0 && line.p[line.len - 1] == '\r')
			line.len--;
		print_line(p, before, line);
	}
}

static void
print_time(const struct page *p, uint64_t us)
{
	fprintf(p->out, "%10.1f ms  ", (double)us / 1000);
}

static void
print_note(struct page *p, const struct trace_entry *e)
{
	const char *step = step_name(e->step);
	double ms = (double)e->step_us / 1000;

	print_time(p, e->at_us);
	switch (e->kind) {
	case TRACE_OK:
		fprintf(p->out, "%s[%u] %s: ok%s (%.1f ms)\n", paint(p, GREEN),
		    ++p->steps, step, paint(p, PLAIN), ms);
		break;
	case TRACE_FAILED:
		fprintf(p->out, "%s[%u] %s: FAILED%s (%.1f ms) ", paint(p, RED),
		    ++p->steps, step, paint(p, PLAIN), ms);
		print_line(p, "", e->text);
		break;
	default:
		print_line(p, e->kind == TRACE_SAW ? "    " : "", e->text);
		break;
	}
}

static void
print_body(const struct page *p, const struct trace_entry *e)
{
	struct buf body;

	buf_init(&body, BODY_MAX);
	pretty_body(e->body, &body);
	if (e->body.len > 0)
		fprintf(p->out, "%s\n", "              |");
	print_lines(p, MARGIN, body.failed ? e->body : buf_view(&body));
	buf_free(&body);
}

static void
print_message(const struct page *p, const struct trace_entry *e)
{
	char peer[TRACE_TEXT_MAX];
	bool sent = e->kind == TRACE_SENT;

	text_printable(peer, sizeof(peer), e->peer);
	print_time(p, e->at_us);
	fprintf(p->out, "%s%s %s (%s)%s%s\n", paint(p, BOLD),
	    sent ? "==> sent to" : "<== received from", peer, e->http ? "HTTP" : "SIP",
	    e->broken ? ", incomplete" : "", paint(p, PLAIN));
	fputs(paint(p, DIM), p->out);
	print_lines(p, MARGIN, e->text);
	print_body(p, e);
	if (e->again)
		fputs("              |\n" MARGIN "[the same body as before]\n", p->out);
	if (e->left_out > 0)
		fprintf(p->out, MARGIN "[%" PRIu64 " %sbytes left out%s]\n", e->left_out,
		    e->body.len > 0 ? "more " : "", e->binary ? ": not text" : "");
	fputs(paint(p, PLAIN), p->out);
}

void
tracetext_print(FILE *out, const struct trace *t, bool color)
{
	const struct trace_head *h = trace_head(t);
	struct page p = { out, color, 0 };
	char when[TEXT_TIME_SIZE], name[TRACE_TEXT_MAX];

	text_time_ms(when, h->started_ms);
	text_printable(
	    name, sizeof(name), str_of(h->test[0] != '\0' ? h->test : h->pool));
	fprintf(out, "%sRun %.32s of %s, %s%s\n", paint(&p, BOLD), h->run, name, when,
	    paint(&p, PLAIN));
	print_lines(&p, "", str_of(h->record));
	fputc('\n', out);
	if (trace_lost(t) > 0)
		fprintf(out,
		    "%zu messages and lines were left out here: the account "
		    "was longer than what is kept.\n",
		    trace_lost(t));
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e)) {
		if (trace_is_message(e))
			print_message(&p, e);
		else
			print_note(&p, e);
	}
}
