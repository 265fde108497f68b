#include "lab/faults.h"

#include <stdio.h>

#define BIT(kind) (1u << LAB_FAULT_##kind)

/* Faults of every step except the name look-up, which the lab has no part in. */
#define ALWAYS (BIT(REFUSE) | BIT(DROP) | BIT(STALL) | BIT(GARBAGE))
#define OUTER  (BIT(EXPIRED) | BIT(WRONG_NAME) | BIT(BAD_SIGNATURE))
#define WEB    (ALWAYS | OUTER | BIT(OVERSIZE) | BIT(HTTP) | BIT(REDIRECT) | BIT(SKEW))
#define SIP    (ALWAYS | BIT(OVERSIZE) | BIT(SIP) | BIT(SKEW))
#define SIGNED (BIT(BAD_SIGNATURE) | BIT(UNSIGNED))
#define ISSUED (BIT(CONTENT_EXPIRED) | BIT(CONTENT_NAME) | BIT(CONTENT_SIGNATURE))

static const unsigned allowed[STEP_COUNT] = {
	[STEP_DISCOVER] = WEB | BIT(NOT_OFFERED) | BIT(CONTENT_GARBAGE) |
			  BIT(CONTENT_NAME) | BIT(CONTENT_SIGNATURE),
	[STEP_RESOLVE] = 0,
	[STEP_SIP_CONNECT] = ALWAYS | OUTER,
	[STEP_CHALLENGE] = SIP | BIT(REDIRECT) | BIT(NOT_OFFERED),
	[STEP_CERTPROV_METADATA] = WEB | BIT(NOT_OFFERED),
	[STEP_TICKET_METADATA] = WEB | BIT(NOT_OFFERED),
	[STEP_WEB_TICKET] = WEB | BIT(NOT_OFFERED) | ISSUED,
	[STEP_CERTIFICATE] = WEB | ISSUED,
	[STEP_TLS_DSK] = SIP | OUTER | BIT(CONTENT_GARBAGE),
	[STEP_REGISTER] = SIP | SIGNED | BIT(REDIRECT),
	[STEP_LOG_OFF] = SIP | SIGNED,
};

/* The kinds whose argument is a word or nothing. */
static const struct {
	const char *word, *arg;
	enum lab_fault_kind kind;
} kinds[] = {
	{ "refuse", NULL, LAB_FAULT_REFUSE },
	{ "drop", NULL, LAB_FAULT_DROP },
	{ "stall", NULL, LAB_FAULT_STALL },
	{ "garbage", NULL, LAB_FAULT_GARBAGE },
	{ "oversize", NULL, LAB_FAULT_OVERSIZE },
	{ "bad-signature", NULL, LAB_FAULT_BAD_SIGNATURE },
	{ "expired", NULL, LAB_FAULT_EXPIRED },
	{ "wrong-name", NULL, LAB_FAULT_WRONG_NAME },
	{ "unsigned", NULL, LAB_FAULT_UNSIGNED },
	{ "not-offered", NULL, LAB_FAULT_NOT_OFFERED },
	{ "garbage", "content", LAB_FAULT_CONTENT_GARBAGE },
	{ "bad-signature", "content", LAB_FAULT_CONTENT_SIGNATURE },
	{ "expired", "content", LAB_FAULT_CONTENT_EXPIRED },
	{ "wrong-name", "content", LAB_FAULT_CONTENT_NAME },
};
#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

/*
 * Parses the status of "http-503" or "sip-403", and the argument, an ErrorId or nothing.
 */
static bool
parse_status(struct str digits, struct str arg, struct lab_fault *ret)
{
	uint64_t status, id = 0;
	uint64_t max = ret->kind == LAB_FAULT_SIP ? 699 : 599;

	if (!str_uint(digits, 200, max, &status))
		return false;
	if (arg.p != NULL && !str_uint(arg, 1, 99999, &id))
		return false;
	ret->status = (unsigned)status;
	ret->id = (unsigned)id;
	return true;
}

static bool
parse_skew(struct str arg, struct lab_fault *ret)
{
	bool behind = arg.len > 0 && arg.p[0] == '-';
	uint64_t s;

	if (arg.len > 0 && (arg.p[0] == '-' || arg.p[0] == '+')) {
		arg.p++;
		arg.len--;
	}
	if (!str_uint(arg, 1, LAB_FAULT_SKEW_MAX, &s))
		return false;
	ret->skew_s = behind ? -(int64_t)s : (int64_t)s;
	return true;
}

/*
 * Parses a target. It is written to a header or a URL as it is, so only characters that
 * may stand there are accepted.
 */
static bool
parse_target(struct str arg, struct lab_fault *ret)
{
	size_t colon = arg.len;
	uint64_t port;

	for (size_t i = 0; i < arg.len; i++) {
		unsigned char c = (unsigned char)arg.p[i];

		if (c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '"' ||
		    c == '&' || c == '/')
			return false;
		if (c == ':')
			colon = i;
	}
	if (colon == 0 || colon == arg.len)
		return false;
	return str_uint((struct str){ arg.p + colon + 1, arg.len - colon - 1 }, 1, 65535,
		   &port) &&
	       str_copy(ret->target, sizeof(ret->target), arg);
}

static bool
parse_plain(struct str word, struct str arg, struct lab_fault *ret)
{
	for (size_t i = 0; i < NKINDS; i++) {
		if (!str_eq(word, kinds[i].word) ||
		    (arg.p == NULL) != (kinds[i].arg == NULL) ||
		    (arg.p != NULL && !str_eq(arg, kinds[i].arg)))
			continue;
		ret->kind = kinds[i].kind;
		return true;
	}
	return false;
}

static bool
parse_kind(struct str words, struct lab_fault *ret)
{
	struct str word;
	struct str arg = str_split(words, ':', &word);

	if (str_caseprefix(word, "http-")) {
		ret->kind = LAB_FAULT_HTTP;
		return parse_status((struct str){ word.p + 5, word.len - 5 }, arg, ret);
	}
	if (str_caseprefix(word, "sip-")) {
		ret->kind = LAB_FAULT_SIP;
		return parse_status((struct str){ word.p + 4, word.len - 4 }, arg, ret);
	}
	if (str_eq(word, "redirect")) {
		ret->kind = LAB_FAULT_REDIRECT;
		return arg.p != NULL && parse_target(arg, ret);
	}
	if (str_eq(word, "skew")) {
		ret->kind = LAB_FAULT_SKEW;
		return arg.p != NULL && parse_skew(arg, ret);
	}
	return parse_plain(word, arg, ret);
}

bool
lab_faults_add(struct lab_faults *t, struct str words, char *why, size_t why_size)
{
	struct lab_fault f = { .kind = LAB_FAULT_NONE };
	enum step_id step;
	struct str name;
	struct str kind = str_split(words, '=', &name);

	if (kind.p == NULL) {
		snprintf(why, why_size,
		    "a fault is STEP=KIND[:ARG], such as web-ticket=http-503");
		return false;
	}
	if (!step_by_name(name, &step)) {
		snprintf(why, why_size, "there is no step called \"%.*s\"", (int)name.len,
		    name.p);
		return false;
	}
	if (step == STEP_RESOLVE) {
		snprintf(why, why_size,
		    "resolve: names are not looked up at the lab, "
		    "so it cannot make that step fail");
		return false;
	}
	if (!parse_kind(kind, &f)) {
		snprintf(why, why_size,
		    "\"%.*s\" is no kind of fault, or its argument is wrong; "
		    "see cswatch-lab(1)",
		    (int)kind.len, kind.p);
		return false;
	}
	if ((allowed[step] & (1u << f.kind)) == 0) {
		snprintf(why, why_size,
		    "%s=%.*s has no meaning; see cswatch-lab(1) for those "
		    "that have one",
		    step_name(step), (int)kind.len, kind.p);
		return false;
	}
	t->at[step] = f;
	return true;
}

void
lab_faults_clear(struct lab_faults *t)
{
	*t = (struct lab_faults){ .at = { { .kind = LAB_FAULT_NONE } } };
}

int64_t
lab_faults_skew(const struct lab_faults *t, enum step_id step)
{
	return step < STEP_COUNT && faults_is(t, step, LAB_FAULT_SKEW)
		   ? t->at[step].skew_s
		   : 0;
}
