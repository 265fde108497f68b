#include "soap/fault.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "soap/xml.h"

#define PART_MAX 1024 /* octets of one part of a fault that are looked at */

/* Servers put anything into these: namespaces are not looked at in this file. */
static const struct xml_node *
child(const struct xml_node *n, const char *name)
{
	return xml_child(n, NULL, name);
}

static const struct xml_node *
find_fault(const struct xml_doc *d)
{
	const struct xml_node *root = xml_root(d);

	if (!xml_is(root, NULL, "Envelope"))
		return NULL;
	return child(child(root, "Body"), "Fault");
}

/* SOAP 1.1 faultcode, or the innermost Subcode of SOAP 1.2. */
static const struct xml_node *
find_code(const struct xml_node *fault)
{
	const struct xml_node *code = child(fault, "Code"), *sub;

	if (code == NULL)
		return child(fault, "faultcode");
	while ((sub = child(code, "Subcode")) != NULL)
		code = sub;
	return child(code, "Value");
}

static const struct xml_node *
find_string(const struct xml_node *fault)
{
	const struct xml_node *reason = child(fault, "Reason");

	return reason == NULL ? child(fault, "faultstring") : child(reason, "Text");
}

/* [MS-OCAUTHWS] 2.2.4.1: OCSDiagnosticsFault / Ms-Diagnostics-Fault / ErrorId, Reason. */
static const struct xml_node *
find_diagnostics(const struct xml_node *fault)
{
	const struct xml_node *detail = child(fault, "detail"), *d;

	if (detail == NULL)
		detail = child(fault, "Detail");
	d = xml_find(detail, NULL, "Ms-Diagnostics-Fault");
	return d != NULL ? d : xml_find(detail, NULL, "OCSDiagnosticsFault");
}

/* [MS-OCER] 7.22, and what captures show. */
static bool
kind_of_id(unsigned id, enum fault_kind *ret)
{
	static const struct {
		unsigned id;
		enum fault_kind kind;
	} ids[] = { { 28000, FAULT_DISABLED }, { 28001, FAULT_OTHER },
		{ 28020, FAULT_TOKEN }, { 28032, FAULT_TOKEN }, { 28033, FAULT_TOKEN },
		{ 28055, FAULT_OAUTH } };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (ids[i].id == id) {
			*ret = ids[i].kind;
			return true;
		}
	}
	return false;
}

/* Some faults say it in words only. */
static bool
kind_of_text(const char *text, enum fault_kind *ret)
{
	if (strcasestr(text, "SIP URI") != NULL &&
	    strcasestr(text, "does not match") != NULL)
		*ret = FAULT_MISMATCH;
	else if (strcasestr(text, "account") != NULL &&
		 strcasestr(text, "disabled") != NULL)
		*ret = FAULT_DISABLED;
	else
		return false;
	return true;
}

/* Local names of WS-Security, WS-Trust and WS-Addressing, which are certain. */
static enum fault_kind
kind_of_code(struct str code)
{
	static const struct {
		const char *name;
		enum fault_kind kind;
	} names[] = { { "FailedAuthentication", FAULT_TOKEN },
		{ "InvalidSecurityToken", FAULT_TOKEN },
		{ "InvalidSecurity", FAULT_TOKEN }, { "FailedCheck", FAULT_TOKEN },
		{ "SecurityTokenUnavailable", FAULT_TOKEN },
		{ "MessageExpired", FAULT_CLOCK }, { "ExpiredData", FAULT_CLOCK },
		{ "DestinationUnreachable", FAULT_ADDRESS },
		{ "ActionNotSupported", FAULT_ACTION } };
	struct str prefix, local = str_split(code, ':', &prefix);

	if (local.p == NULL)
		local = code;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(local, names[i].name))
			return names[i].kind;
	return FAULT_OTHER;
}

static enum fault_kind
kind_of(unsigned id, const char *text, struct str code)
{
	enum fault_kind kind;

	if (kind_of_id(id, &kind) || kind_of_text(text, &kind))
		return kind;
	return kind_of_code(code);
}

/* Adds the text of n, but not if it is empty or stands at the end already. */
static void
add_text(struct buf *all, const char *separator, const struct xml_node *n)
{
	struct str have = buf_view(all), text;
	struct buf part;

	buf_init(&part, XML_SIZE_MAX);
	xml_text(n, &part);
	text = buf_view(&part);
	if (text.len > PART_MAX)
		text.len = PART_MAX;
	if (text.len > 0 && (have.len < text.len || memcmp(have.p + have.len - text.len,
							text.p, text.len) != 0)) {
		if (have.len > 0)
			buf_puts(all, separator);
		buf_str(all, text);
	}
	buf_free(&part);
}

/* 0 when there is none, or no number. */
static unsigned
error_id(const struct xml_node *diagnostics)
{
	struct buf digits;
	uint64_t id = 0;

	buf_init(&digits, PART_MAX);
	xml_text(xml_find(diagnostics, NULL, "ErrorId"), &digits);
	str_uint(buf_view(&digits), 1, INT_MAX, &id);
	buf_free(&digits);
	return (unsigned)id;
}

bool
fault_of(const struct xml_doc *d, struct fault *ret)
{
	const struct xml_node *fault = find_fault(d), *diagnostics;
	struct buf text, code;

	if (fault == NULL)
		return false;
	diagnostics = find_diagnostics(fault);
	buf_init(&text, 4 * PART_MAX);
	buf_init(&code, PART_MAX);
	add_text(&text, "", find_code(fault));
	buf_str(&code, buf_view(&text));
	add_text(&text, ": ", find_string(fault));
	add_text(&text, "; ", xml_find(diagnostics, NULL, "Reason"));
	text_printable(ret->text, sizeof(ret->text), buf_view(&text));
	ret->id = error_id(diagnostics);
	ret->kind = kind_of(ret->id, text.len > 0 ? text.data : "", buf_view(&code));
	buf_free(&code);
	buf_free(&text);
	return true;
}

bool
fault_parse(struct str body, struct fault *ret)
{
	struct err ignored;
	struct xml_doc *d = xml_parse(body, &ignored);
	bool ok;

	if (d == NULL)
		return false;
	ok = fault_of(d, ret);
	xml_free(d);
	return ok;
}

/* faultcode="wsse:FailedAuthentication" */
static struct str
fault_code_of(const char *header)
{
	static const char name[] = "faultcode=\"";
	const char *at = strcasestr(header, name);
	struct str code = STR_LIT("");

	if (at != NULL)
		str_split(str_of(at + sizeof(name) - 1), '"', &code);
	return code;
}

bool
fault_parse_diagnostics(struct str header, struct fault *ret)
{
	struct str all = str_trim(header);
	uint64_t id;
	size_t n = 0;

	while (n < all.len && all.p[n] >= '0' && all.p[n] <= '9')
		n++;
	if (!str_uint((struct str){ all.p, n }, 1, INT_MAX, &id))
		return false;
	*ret = (struct fault){ .id = (unsigned)id };
	text_printable(ret->text, sizeof(ret->text), all);
	ret->kind = kind_of(ret->id, ret->text, fault_code_of(ret->text));
	return true;
}

static void
set_cause(const struct fault *f, unsigned status, struct err *err, const char *detail)
{
	switch (f->kind) {
	case FAULT_MISMATCH:
		err_set(err, CAUSE_AUTH, status, "%s", detail);
		err_evidence(err, EVIDENCE_MISMATCH);
		break;
	case FAULT_DISABLED:
		err_set(err, CAUSE_DISABLED, status, "%s", detail);
		break;
	case FAULT_OAUTH:
		err_set(err, CAUSE_NOT_OFFERED, status, "%s", detail);
		err_evidence(err, EVIDENCE_OAUTH);
		break;
	default:
		err_set(err, CAUSE_FAULT, (long)f->id, "%s", detail);
		if (f->kind == FAULT_ADDRESS)
			err_evidence(err, EVIDENCE_ADDRESS);
		else if (f->kind == FAULT_ACTION)
			err_evidence(err, EVIDENCE_ACTION);
		break;
	}
}

void
fault_describe(
    const struct fault *f, unsigned status, struct err *err, const char *fmt, ...)
{
	char detail[ERR_DETAIL_MAX];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(detail, sizeof(detail), fmt, ap) < 0)
		detail[0] = '\0';
	va_end(ap);
	set_cause(f, status, err, detail);
	err_said(err, str_of(f->text));
}
