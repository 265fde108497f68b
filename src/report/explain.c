#include "report/explain.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "report/diagnosis_table.h"

#define INDENT	   4  /* indentation of the document's entries */
#define LABEL	   15 /* columns of "What to do   : " */
#define TEXT_SIZE  512
#define WHERE_SIZE 160

static const char title[] = "What the diagnosis tags mean";

static const char *const introduction[] = {
	"Every failure that cswatch reports has a tag: in the log line (diag=), in the "
	"state file (\"diag\"), and at the start of the Diagnosis of a record. Tags are "
	"stable: alert rules and runbooks may name them. The first part of a tag names "
	"the step of the transaction at which the failure happened. `cswatch explain "
	"TAG` prints the entry of a tag, `cswatch explain NUMBER` that of a number that "
	"a server sent.",
	"The Diagnosis of a record consists of: the tag; its meaning; in parentheses "
	"what cswatch saw; what the server itself said (ms-diagnostics, "
	"X-MS-diagnostics, SOAP fault), with the meaning of a Windows status code in it; "
	"and "
	"what to do next, by the server's number if that is known and else by the tag.",
	"The messages that led to a failure are kept for the last 20 failed runs of each "
	"test, with secrets masked: `cswatch trace NAME` shows them, and `cswatch trace "
	"NAME --html FILE` makes a page of them for the people who run the pool "
	"(doc/TRACE).",
	"Each entry below has the tag; its meaning; what to do; and the cause and code "
	"that lead to it, as log line and state file name them. Where several entries "
	"fit a failure, the first one counts.",
};

static const char numbers_title[] = "Numbers that servers send";

static const char numbers_about[] =
    "A server that refuses a request often says why with a number (ErrorId): a "
    "registrar in the header ms-diagnostics, a web service in X-Ms-diagnostics or in a "
    "fault. cswatch quotes what the server sent in the Diagnosis, whether the number is "
    "listed here or not. Each entry below has the number; its meaning; for some, what "
    "to do; the status that it usually comes with, and the tag of the failure then; and "
    "where the meaning is from.";

/* ---- lines ---- */

/*
 * Appends text, broken at blanks so that no line is longer than EXPLAIN_COLUMNS (unless
 * by a single word). The first line has begun with `begun` columns; others are indented.
 */
static void
put_wrapped(struct buf *out, const char *text, size_t indent, size_t begun)
{
	struct str rest = str_of(text), word;
	size_t column = begun;

	while (rest.p != NULL) {
		rest = str_split(rest, ' ', &word);
		if (column > begun && column + 1 + word.len > EXPLAIN_COLUMNS) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = begun = indent;
		} else if (column > begun) {
			buf_putc(out, ' ');
			column++;
		}
		buf_str(out, word);
		column += word.len;
	}
	buf_putc(out, '\n');
}

static void
put_paragraph(struct buf *out, size_t indent, const char *text)
{
	buf_printf(out, "%*s", (int)indent, "");
	put_wrapped(out, text, indent, indent);
}

static void
put_labelled(struct buf *out, const char *label, const char *text)
{
	buf_printf(out, "%-*s: ", LABEL - 2, label);
	put_wrapped(out, text, LABEL, LABEL);
}

static void
put_heading(struct buf *out, const char *text, char underline)
{
	buf_printf(out, "%s\n", text);
	for (size_t i = strlen(text); i > 0; i--)
		buf_putc(out, underline);
	buf_putc(out, '\n');
}

/*
 * Writes a meaning as a sentence: "the name has no address" becomes "The name has no
 * address."
 */
static void
write_sentence(char dst[TEXT_SIZE], const char *text)
{
	snprintf(dst, TEXT_SIZE, "%c%s.", toupper((unsigned char)text[0]), text + 1);
}

/* ---- tags ---- */

static bool
is_of_step(const struct diagnosis_row *row, enum step_id step)
{
	return step == STEP_COUNT ? row->steps == 0 : (row->steps >> step & 1u) != 0;
}

static void
each_of_step(
    enum step_id step, void (*each)(void *arg, const struct diagnosis *d), void *arg)
{
	struct diagnosis d;

	for (size_t i = 0; i < diagnosis_nrows; i++) {
		if (!is_of_step(&diagnosis_rows[i], step))
			continue;
		diagnosis_complete(&diagnosis_rows[i], step, &d);
		each(arg, &d);
	}
}

void
explain_each(void (*each)(void *arg, const struct diagnosis *d), void *arg)
{
	for (enum step_id s = 0; s <= STEP_COUNT; s++)
		each_of_step(s, each, arg);
}

struct search {
	const char *tag;
	struct diagnosis *ret;
	bool found;
};

static void
compare(void *arg, const struct diagnosis *d)
{
	struct search *s = arg;

	if (str_caseeq(str_of(s->tag), d->tag)) {
		*s->ret = *d;
		s->found = true;
	}
}

bool
explain_find(const char *tag, struct diagnosis *ret)
{
	struct search s = { tag, ret, false };

	explain_each(compare, &s);
	return s.found;
}

static bool
is_errno(enum cause cause)
{
	return cause == CAUSE_CONNECT || cause == CAUSE_CLOSED || cause == CAUSE_LOCAL;
}

/*
 * Writes with which cause and code a tag appears, "cause trust, code 10". An errno is
 * written by its name, which is the same on every machine.
 */
static void
write_where(char dst[WHERE_SIZE], const struct diagnosis *d)
{
	const char *cause = d->cause == CAUSE_COUNT ? "any" : cause_name(d->cause);
	const char *name = is_errno(d->cause) ? strerrorname_np((int)d->code) : NULL;

	int n;

	if (d->code == DIAGNOSIS_ANY_CODE)
		n = snprintf(dst, WHERE_SIZE, "cause %s", cause);
	else if (name != NULL)
		n = snprintf(dst, WHERE_SIZE, "cause %s, code %s", cause, name);
	else
		n = snprintf(dst, WHERE_SIZE, "cause %s, code %ld", cause, d->code);
	if (d->evidence != EVIDENCE_NONE)
		snprintf(dst + n, WHERE_SIZE - (size_t)n, ", and %s",
		    diagnosis_evidence[d->evidence].seen);
}

void
explain_tag(struct buf *out, const struct diagnosis *d)
{
	char text[TEXT_SIZE], where[WHERE_SIZE];

	put_labelled(out, "Tag", d->tag);
	put_labelled(
	    out, "Step", d->step == STEP_COUNT ? "any step" : step_name(d->step));
	write_where(where, d);
	put_labelled(out, "Appears with", where);
	write_sentence(text, d->meaning);
	put_labelled(out, "Meaning", text);
	put_labelled(out, "What to do", d->action);
	if (d->step != STEP_COUNT)
		put_labelled(out, "The step", diagnosis_steps[d->step].about);
}

void
explain_tag_json(struct buf *out, const struct diagnosis *d)
{
	char meaning[TEXT_SIZE];
	struct json j;

	write_sentence(meaning, d->meaning);
	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	jsonw_string(&j, "tag", d->tag);
	jsonw_string(&j, "step", d->step == STEP_COUNT ? NULL : step_name(d->step));
	jsonw_string(&j, "cause", d->cause == CAUSE_COUNT ? NULL : cause_name(d->cause));
	if (d->code == DIAGNOSIS_ANY_CODE)
		jsonw_string(&j, "code", NULL);
	else
		jsonw_int(&j, "code", d->code);
	jsonw_string(&j, "seen",
	    d->evidence == EVIDENCE_NONE ? NULL : diagnosis_evidence[d->evidence].seen);
	jsonw_string(&j, "meaning", meaning);
	jsonw_string(&j, "action", d->action);
	jsonw_object_end(&j);
	buf_putc(out, '\n');
}

static void
document_tag(void *arg, const struct diagnosis *d)
{
	char text[TEXT_SIZE], where[WHERE_SIZE];
	struct buf *out = arg;

	buf_printf(out, "\n%s\n", d->tag);
	write_sentence(text, d->meaning);
	put_paragraph(out, INDENT, text);
	put_paragraph(out, INDENT, d->action);
	write_where(where, d);
	snprintf(text, sizeof(text), "(%s)", where);
	put_paragraph(out, INDENT, text);
}

/* ---- numbers ---- */

/*
 * Sets *ret to the failure that a number usually comes with. Returns false if that
 * depends on the status.
 */
static bool
usual_failure(const struct error_id *id, struct err *ret)
{
	bool sip = id->carrier == ERROR_OF_SIP;
	unsigned status = id->status;
	enum cause cause = id->cause;

	if (cause == CAUSE_NONE && status == 0)
		return false;
	if (cause == CAUSE_NONE && sip)
		cause = status == 401	? CAUSE_AUTH
			: status == 404 ? CAUSE_DISABLED
					: CAUSE_SIP;
	else if (cause == CAUSE_NONE)
		cause = status >= 500 ? CAUSE_FAULT : CAUSE_HTTP;
	err_set(ret, cause, cause == CAUSE_FAULT ? (long)id->id : (long)status, "%s", "");
	err_evidence(ret, id->evidence);
	ret->step = sip ? STEP_REGISTER : STEP_WEB_TICKET;
	return true;
}

static void
write_carrier(char dst[WHERE_SIZE], const struct error_id *id)
{
	const char *sip = "a registrar, in ms-diagnostics";
	const char *web = "a web service, in X-Ms-diagnostics or a fault";
	size_t n;

	n = (size_t)snprintf(
	    dst, WHERE_SIZE, "%s", id->carrier == ERROR_OF_SIP ? sip : web);
	if (id->status != 0)
		snprintf(dst + n, WHERE_SIZE - n, "; usually with status %u", id->status);
}

void
explain_id(struct buf *out, const struct error_id *id)
{
	char text[TEXT_SIZE], carrier[WHERE_SIZE], tag[DIAGNOSIS_TAG_SIZE];
	struct err e;

	buf_printf(out, "%-*s: %u\n", LABEL - 2, "Number", id->id);
	write_carrier(carrier, id);
	put_labelled(out, "Sent by", carrier);
	write_sentence(text, id->meaning);
	put_labelled(out, "Meaning", text);
	if (id->advice != NULL)
		put_labelled(out, "What to do", id->advice);
	if (usual_failure(id, &e)) {
		diagnosis_tag(tag, &e);
		put_labelled(out, "Usual tag", tag);
	}
	put_labelled(out, "Source", id->source);
}

void
explain_id_json(struct buf *out, const struct error_id *id)
{
	char meaning[TEXT_SIZE], tag[DIAGNOSIS_TAG_SIZE];
	struct err e;
	struct json j;

	write_sentence(meaning, id->meaning);
	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	jsonw_int(&j, "error_id", id->id);
	jsonw_string(&j, "carrier", id->carrier == ERROR_OF_SIP ? "sip" : "web");
	if (id->status == 0)
		jsonw_string(&j, "status", NULL);
	else
		jsonw_int(&j, "status", id->status);
	jsonw_string(&j, "meaning", meaning);
	jsonw_string(&j, "action", id->advice);
	if (usual_failure(id, &e))
		diagnosis_tag(tag, &e);
	else
		tag[0] = '\0';
	jsonw_string(&j, "tag", tag[0] == '\0' ? NULL : tag);
	jsonw_string(&j, "source", id->source);
	jsonw_object_end(&j);
	buf_putc(out, '\n');
}

static void
document_id(struct buf *out, const struct error_id *id)
{
	char text[TEXT_SIZE], tag[DIAGNOSIS_TAG_SIZE];
	struct err e;
	int n;

	buf_printf(out, "\n%u\n", id->id);
	write_sentence(text, id->meaning);
	put_paragraph(out, INDENT, text);
	if (id->advice != NULL)
		put_paragraph(out, INDENT, id->advice);
	n = snprintf(
	    text, sizeof(text), "(%s", id->carrier == ERROR_OF_SIP ? "sip" : "web");
	if (id->status != 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %u", id->status);
	if (usual_failure(id, &e)) {
		diagnosis_tag(tag, &e);
		n += snprintf(text + n, sizeof(text) - (size_t)n, ", %s", tag);
	}
	snprintf(text + n, sizeof(text) - (size_t)n, "; %s)", id->source);
	put_paragraph(out, INDENT, text);
}

/* ---- the document ---- */

void
explain_document(struct buf *out)
{
	const struct error_id *id;

	put_heading(out, title, '=');
	for (size_t i = 0; i < sizeof(introduction) / sizeof(introduction[0]); i++) {
		buf_putc(out, '\n');
		put_paragraph(out, 0, introduction[i]);
	}
	for (enum step_id s = 0; s <= STEP_COUNT; s++) {
		buf_putc(out, '\n');
		put_heading(out, s == STEP_COUNT ? "Any step" : step_name(s), '-');
		put_paragraph(out, 0, diagnosis_steps[s].about);
		each_of_step(s, document_tag, out);
	}
	buf_putc(out, '\n');
	put_heading(out, numbers_title, '-');
	put_paragraph(out, 0, numbers_about);
	for (size_t n = 0; (id = error_id_nth(n)) != NULL; n++)
		document_id(out, id);
}
