#include "trace/html.h"

#include "build_config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "trace/pretty.h"
#include "trace/trace.h"

#define SHOWN_MAX   (16 * 1024) /* octets of a line; no kept one is longer */
#define SUMMARY_MAX 160		/* of a message's first line */

/* Its digest stands in the policy, so nothing else is a style of this page. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1f24;--faint:#59636e;--paper:#fff;"
    "--panel:#f6f8fa;--line:#d1d9e0;--good:#1a7f37;--bad:#cf222e;--bar:#0969da}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9198a1;"
    "--paper:#0d1117;--panel:#151b23;--line:#3d444d;--good:#3fb950;--bad:#f85149;"
    "--bar:#4493f8}}"
    "body{margin:2rem auto;max-width:76rem;padding:0 1rem;background:var(--paper);"
    "color:var(--ink);font:15px/1.5 system-ui,sans-serif}"
    "h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "article+article{border-top:3px solid var(--line);margin-top:3rem;"
    "padding-top:2rem}"
    "pre,code,td.t,summary,.n time{font-family:ui-monospace,monospace;font-size:13px}"
    "pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".record{background:var(--panel);border:1px solid var(--line);"
    "border-left:4px solid var(--good);padding:.75rem 1rem;border-radius:6px}"
    ".bad .record{border-left-color:var(--bad)}"
    ".badge{color:#fff;background:var(--good);border-radius:1rem;padding:.1rem .7rem;"
    "font-size:.9rem;vertical-align:middle}.bad .badge{background:#cf222e}"
    ".facts{color:var(--faint);margin:0 0 1rem}"
    "table{border-collapse:collapse;width:100%}th.t{text-align:right}"
    "th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line)}"
    "th{color:var(--faint);font-weight:600}td.t{text-align:right;white-space:nowrap}"
    "td.b{width:45%}svg{display:block;width:100%;height:.7rem;background:var(--panel)}"
    "rect{fill:var(--bar)}.f rect{fill:var(--bad)}.ok{color:var(--good)}"
    ".f,.f a{color:var(--bad);font-weight:600}"
    ".n{display:flex;gap:.8rem;padding:.05rem 0}.n span{overflow-wrap:anywhere}"
    ".n time,summary time{color:var(--faint);min-width:6.5rem;text-align:right;"
    "flex:none;display:inline-block}"
    ".s span{padding-left:1.5rem;color:var(--faint)}"
    "h3{font-size:1rem;margin:1.5rem 0 .3rem;padding-bottom:.2rem;"
    "border-bottom:1px solid var(--line)}"
    "details{margin:.25rem 0}summary{cursor:pointer;overflow-wrap:anywhere}"
    "summary time{min-width:5.6rem}summary b{padding:0 .6rem}"
    "details pre{background:var(--panel);border:1px solid var(--line);"
    "border-radius:6px;padding:.6rem .8rem;margin:.25rem 0 .75rem 6.5rem}"
    "footer{color:var(--faint);margin-top:3rem;font-size:.85rem}"
    "@media(max-width:45rem){details pre{margin-left:0}td.b,th.b{display:none}}";

/* One line: nothing in it turns the direction of reading, or is invisible. */
static void
put_line(struct buf *out, struct str line)
{
	char shown[SHOWN_MAX];

	text_printable(shown, sizeof(shown), line);
	for (size_t i = 0; i < line.len && i < sizeof(shown) && shown[i] != '\0'; i++)
		if (line.p[i] == '\t' && shown[i] == '.')
			shown[i] = ' ';
	text_xml(out, str_of(shown));
}

void
html_begin(struct buf *out, const char *title)
{
	uint8_t digest[CRYPTO_DIGEST_MAX];
	size_t n = crypto_digest_size(DIGEST_SHA256);

	buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		      "<meta charset=\"utf-8\">\n<meta http-equiv=\""
		      "Content-Security-Policy\" content=\"default-src 'none'; base-uri "
		      "'none'; form-action 'none'; style-src ");
	if (crypto_hash(DIGEST_SHA256, str_of(style), digest)) {
		buf_puts(out, "'sha256-");
		crypto_base64(out, digest, n);
		buf_puts(out, "'");
	} else {
		buf_puts(out, "'unsafe-inline'");
	}
	buf_puts(out, "\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	put_line(out, str_of(title));
	buf_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
}

void
html_end(struct buf *out)
{
	buf_puts(out, "<footer>" PACKAGE_STRING ". Passwords, credentials, tickets, "
		      "signatures and cookies were masked (***) before anything was "
		      "kept. Times are since the run began.</footer>\n"
		      "</body>\n</html>\n");
}

static void
put_lines(struct buf *out, struct str text)
{
	struct str line;

	while (text.p != NULL && text.len > 0) {
		text = str_split(text, '\n', &line);
		if (line.len > 0 && line.p[line.len - 1] == '\r')
			line.len--;
		put_line(out, line);
		buf_putc(out, '\n');
	}
}

static void
put_ms(struct buf *out, uint64_t us)
{
	buf_printf(out, "%.1f ms", (double)us / 1000);
}

/* ---- what it came to ---- */

static void
put_summary(struct buf *out, const struct trace_head *h)
{
	char when[TEXT_TIME_SIZE];

	text_time_ms(when, h->started_ms);
	buf_puts(out, "<h1>");
	put_line(out, str_of(h->test[0] != '\0' ? h->test : h->pool));
	buf_printf(out, " <span class=\"badge\">%s</span></h1>\n<p class=\"facts\">",
	    h->ok ? "Success" : "Failure");
	buf_puts(out, "Run ");
	put_line(out, str_of(h->run));
	buf_printf(out, " on %s, %.3f s, ", when, (double)h->latency_us / 1e6);
	put_line(out, str_of(h->user));
	buf_puts(out, " on ");
	put_line(out, str_of(h->pool));
	if (!h->ok) {
		buf_puts(out, ", failed at ");
		put_line(out, str_of(h->step));
		buf_puts(out, ": ");
		put_line(out, str_of(h->diag));
	}
	buf_puts(out, "</p>\n<div class=\"record\"><pre>");
	put_lines(out, str_of(h->record));
	buf_puts(out, "</pre></div>\n");
}

static bool
is_end(const struct trace_entry *e)
{
	return e->kind == TRACE_OK || e->kind == TRACE_FAILED;
}

static uint64_t
begin_of(const struct trace_entry *e)
{
	return e->at_us > e->step_us ? e->at_us - e->step_us : 0;
}

static void
put_step(struct buf *out, const struct trace_entry *e, unsigned n, uint64_t all_us)
{
	double share = 100.0 / (double)(all_us == 0 ? 1 : all_us);
	double width = (double)e->step_us * share;

	buf_printf(out,
	    "<tr%s><td class=\"t\">%u</td><td>%s</td><td>%s</td>"
	    "<td class=\"t\">",
	    e->kind == TRACE_FAILED ? " class=\"f\"" : "", n, step_name(e->step),
	    e->kind == TRACE_FAILED ? "FAILED" : "ok");
	put_ms(out, begin_of(e));
	buf_puts(out, "</td><td class=\"t\">");
	put_ms(out, e->step_us);
	buf_printf(out,
	    "</td><td class=\"b\"><svg><rect x=\"%.2f%%\" width=\"%.2f%%\" "
	    "height=\"100%%\"/></svg></td></tr>\n",
	    (double)begin_of(e) * share, width < 0.3 ? 0.3 : width);
}

static void
put_steps(struct buf *out, const struct trace *t)
{
	uint64_t all_us = 0;
	unsigned n = 0;

	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e))
		if (is_end(e) && e->at_us > all_us)
			all_us = e->at_us;
	buf_puts(out, "<h2>Steps</h2>\n<table>\n<tr><th></th><th>Step</th><th>Result</th>"
		      "<th class=\"t\">Begins</th><th class=\"t\">Takes</th>"
		      "<th class=\"b\"></th></tr>\n");
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e))
		if (is_end(e))
			put_step(out, e, ++n, all_us);
	buf_puts(out, "</table>\n");
}

/* ---- what happened ---- */

static void
put_note(struct buf *out, const struct trace_entry *e)
{
	static const char *const classes[TRACE_KINDS] = { [TRACE_TRYING] = "n",
		[TRACE_SAW] = "n s",
		[TRACE_OK] = "n ok",
		[TRACE_FAILED] = "n f" };

	buf_printf(out, "<div class=\"%s\"><time>", classes[e->kind]);
	put_ms(out, e->at_us);
	buf_puts(out, "</time><span>");
	if (is_end(e)) {
		buf_printf(out, "%s: %s (", step_name(e->step),
		    e->kind == TRACE_OK ? "ok" : "FAILED");
		put_ms(out, e->step_us);
		buf_puts(out, ") ");
	}
	if (e->kind != TRACE_OK)
		put_line(out, e->text);
	buf_puts(out, "</span></div>\n");
}

static void
put_body(struct buf *out, const struct trace_entry *e)
{
	struct buf body;

	buf_init(&body, HTML_PART_MAX);
	pretty_body(e->body, &body);
	if (e->body.len > 0) {
		buf_putc(out, '\n');
		put_lines(out, body.failed ? e->body : buf_view(&body));
	}
	buf_free(&body);
	if (e->again)
		buf_puts(out, "\n[the same body as before]\n");
	if (e->left_out > 0)
		buf_printf(out, "\n[%" PRIu64 " %soctets left out%s]\n", e->left_out,
		    e->body.len > 0 ? "more " : "", e->binary ? ": no text" : "");
}

/* open: those of the step that failed, which is what one looks for. */
static void
put_message(struct buf *out, const struct trace_entry *e, bool open)
{
	struct str first;

	(void)str_split(e->text, '\n', &first);
	if (first.len > SUMMARY_MAX)
		first.len = SUMMARY_MAX;
	buf_printf(out, "<details%s><summary><time>", open ? " open" : "");
	put_ms(out, e->at_us);
	buf_printf(
	    out, "</time><b>%s</b>", e->kind == TRACE_SENT ? "&#x2192;" : "&#x2190;");
	put_line(out, first);
	buf_printf(out, " <small>%s %s ", e->http ? "HTTP" : "SIP",
	    e->kind == TRACE_SENT ? "to" : "from");
	put_line(out, e->peer);
	buf_printf(out, "%s</small></summary><pre>", e->broken ? ", not whole" : "");
	put_lines(out, e->text);
	put_body(out, e);
	buf_puts(out, "</pre></details>\n");
}

static bool
is_failing(const struct trace_head *h, const struct trace_entry *e)
{
	return !h->ok && str_eq(str_of(h->step), step_name(e->step));
}

static void
put_account(struct buf *out, const struct trace *t)
{
	const struct trace_head *h = trace_head(t);
	enum step_id step = STEP_COUNT;

	buf_puts(out, "<h2>Account</h2>\n");
	if (trace_lost(t) > 0)
		buf_printf(out,
		    "<p>%zu messages and lines were left out here: the "
		    "account was longer than what is kept.</p>\n",
		    trace_lost(t));
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e)) {
		if (e->step != step)
			buf_printf(out, "<h3%s>%s</h3>\n",
			    is_failing(h, e) ? " class=\"f\"" : "", step_name(e->step));
		step = e->step;
		if (trace_is_message(e))
			put_message(out, e, is_failing(h, e));
		else
			put_note(out, e);
	}
}

void
html_trace(struct buf *out, const struct trace *t)
{
	buf_printf(out, "<article%s>\n", trace_head(t)->ok ? "" : " class=\"bad\"");
	put_summary(out, trace_head(t));
	put_steps(out, t);
	put_account(out, t);
	buf_puts(out, "</article>\n");
}
