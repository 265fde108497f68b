#include "report/diagnose.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "report/diagnosis_table.h"
#include "vocab/error_id.h"
#include "vocab/windows_status.h"

unsigned
diagnose_error_id(struct str said)
{
	static const char name[] = "ErrorCode=";
	unsigned id = 0;
	size_t i;

	if (str_caseprefix(said, name)) {
		said.p += sizeof(name) - 1;
		said.len -= sizeof(name) - 1;
	}
	for (i = 0; i < said.len && said.p[i] >= '0' && said.p[i] <= '9'; i++) {
		if (i == 6) /* ids have at most five digits */
			return 0;
		id = id * 10 + (unsigned)(said.p[i] - '0');
	}
	/* A sentence that merely begins with a number is not an id. */
	if (i < said.len && strchr(",;.", said.p[i]) == NULL)
		return 0;
	return id;
}

/* Returns what the step saw, or else what the number of the server speaks of. */
static enum evidence
evidence_of(const struct err *e)
{
	if (e->evidence != EVIDENCE_NONE)
		return e->evidence;
	return error_id_evidence(diagnose_error_id(str_of(e->said)));
}

static bool
matches(const struct diagnosis_row *r, const struct err *e)
{
	return (r->steps == 0 ||
		   (e->step < STEP_COUNT && (r->steps >> e->step & 1u) != 0)) &&
	       (r->cause == CAUSE_COUNT || r->cause == e->cause) &&
	       (r->code == DIAGNOSIS_ANY_CODE || r->code == e->code) &&
	       (r->evidence == EVIDENCE_NONE || r->evidence == evidence_of(e));
}

/* Writes a meaning with the step's texts for {who} and {request}. */
static void
complete_meaning(
    char *dst, size_t size, const char *meaning, const struct diagnosis_step *step)
{
	struct str rest = str_of(meaning), text, name;
	struct buf b;

	buf_init(&b, size);
	while (rest.len > 0) {
		rest = str_split(rest, '{', &text);
		buf_str(&b, text);
		if (rest.p == NULL)
			break;
		rest = str_split(rest, '}', &name);
		buf_puts(&b, str_eq(name, "who") ? step->who : step->request);
	}
	(void)str_copy(dst, size, buf_view(&b));
	buf_free(&b);
}

void
diagnosis_complete(
    const struct diagnosis_row *row, enum step_id at, struct diagnosis *ret)
{
	enum step_id step = row->steps == 0 ? STEP_COUNT : at;
	const struct diagnosis_step *s = &diagnosis_steps[step];

	*ret = (struct diagnosis){ .step = step,
		.cause = row->cause,
		.code = row->code,
		.evidence = row->evidence,
		.action = row->action };
	snprintf(ret->tag, sizeof(ret->tag), "%s%s", s->prefix, row->tag);
	complete_meaning(ret->meaning, sizeof(ret->meaning), row->meaning, s);
}

void
diagnose(const struct err *e, struct diagnosis *ret)
{
	const struct diagnosis_row *r = diagnosis_rows;

	while (!matches(r, e)) /* ends: the last row matches everything */
		r++;
	diagnosis_complete(r, e->step, ret);
}

void
diagnosis_tag(char dst[DIAGNOSIS_TAG_SIZE], const struct err *e)
{
	struct diagnosis d;

	diagnose(e, &d);
	(void)str_copy(dst, DIAGNOSIS_TAG_SIZE, str_of(d.tag));
}

static bool
is_sip_status(const struct err *e)
{
	bool sip = e->step == STEP_CHALLENGE || e->step == STEP_TLS_DSK ||
		   e->step == STEP_REGISTER || e->step == STEP_LOG_OFF;

	switch (e->cause) {
	case CAUSE_SIP:
		break;
	case CAUSE_AUTH:
	case CAUSE_DISABLED:
	case CAUSE_REDIRECT:
		if (!sip)
			return false;
		break;
	default:
		return false;
	}
	return e->code >= 300 && e->code <= 699;
}

/* Returns the phrase of RFC 3261 21, for servers that send none. */
static const char *
default_phrase(long status)
{
	switch (status) {
	case 301:
		return "Moved Permanently";
	case 302:
		return "Moved Temporarily";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 408:
		return "Request Timeout";
	case 480:
		return "Temporarily Unavailable";
	case 500:
		return "Server Internal Error";
	case 503:
		return "Service Unavailable";
	case 504:
		return "Server Time-out";
	default:
		return "Unexpected Status";
	}
}

static void
own_error(struct buf *out, const struct err *e)
{
	struct diagnosis d;

	diagnose(e, &d);
	buf_putc(out, (char)toupper((unsigned char)d.meaning[0]));
	buf_puts(out, d.meaning + 1);
	if (e->detail[0] != '\0')
		buf_printf(out, " (%s)", e->detail);
	buf_putc(out, '.');
}

void
error_text(struct buf *out, const struct err *e)
{
	bool download = e->step >= STEP_CERTPROV_METADATA && e->step <= STEP_CERTIFICATE;

	if (e->cause == CAUSE_NONE)
		return;
	if (download && e->cause != CAUSE_CANCELLED)
		buf_puts(out, "Could not download a CS Certificate for the given user. "
			      "Check if provided uri and credentials are correct.");
	else if (is_sip_status(e))
		buf_printf(out, "%ld, %s", e->code,
		    e->phrase[0] != '\0' ? e->phrase : default_phrase(e->code));
	else
		own_error(out, e);
}

static void
add_said(struct buf *out, const char *said)
{
	size_t len = strlen(said);

	buf_printf(out, " The server said: %s", said);
	if (strchr(".!?", said[len - 1]) == NULL)
		buf_putc(out, '.');
}

/* Returns the advice of the server's number, or of what was seen, or of the row. */
static const char *
advice_of(const struct err *e, const struct diagnosis *d)
{
	unsigned number = diagnose_error_id(str_of(e->said));
	const struct error_id *id = number == 0 ? NULL : error_id_find(number);
	const char *seen = diagnosis_evidence[evidence_of(e)].action;

	if ((id == NULL || id->advice == NULL) && e->code > 0 &&
	    (e->cause == CAUSE_FAULT || e->cause == CAUSE_DISABLED))
		id = error_id_find((unsigned)e->code);
	if (id != NULL && id->advice != NULL)
		return id->advice;
	return seen != NULL ? seen : d->action;
}

/*
 * Appends the meaning of a parameter such as "HRESULT=0x8009030C(SEC_E_LOGON_DENIED)" in
 * what the server said.
 */
static void
add_status(struct buf *out, const char *said)
{
	uint32_t status;
	const char *meaning = windows_status_find(str_of(said), &status);

	if (meaning != NULL)
		buf_printf(out, " 0x%08X means: %s.", (unsigned)status, meaning);
}

void
diagnosis_text(struct buf *out, const struct err *e)
{
	struct diagnosis d;

	if (e->cause == CAUSE_NONE)
		return;
	diagnose(e, &d);
	buf_printf(out, "%s: %s", d.tag, d.meaning);
	if (e->detail[0] != '\0')
		buf_printf(out, " (%s)", e->detail);
	buf_putc(out, '.');
	if (e->said[0] != '\0')
		add_said(out, e->said);
	add_status(out, e->said);
	buf_printf(out, " %s", advice_of(e, &d));
}
