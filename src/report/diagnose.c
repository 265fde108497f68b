#include "report/diagnose.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static bool
matches(const struct diagnosis *d, const struct err *e)
{
	return (d->step == STEP_COUNT || d->step == e->step) &&
	       (d->cause == CAUSE_COUNT || d->cause == e->cause) &&
	       (d->code == DIAGNOSIS_ANY_CODE || d->code == e->code);
}

const struct diagnosis *
diagnose(const struct err *e)
{
	const struct diagnosis *d = diagnosis_table;

	while (!matches(d, e)) /* ends: the last row matches everything */
		d++;
	return d;
}

/* [MS-OCER] 2.2.1, and the codes' own tables there; what servers are known to send. */
static const struct id_hint {
	unsigned id;
	const char *hint;
} id_hints[] = {
	{ 2, "The reason is in the status itself: look at the path to the server "
	     "behind." },
	{ 1000, "The SIP stack refused certificate or credentials in the last leg: "
		"check that the certificate is published, its CA, and the clocks." },
	{ 1001, "A policy forbids public IM to the test user." },
	{ 1002, "A policy forbids federation to the test user." },
	{ 1003, "The server does not know the user: check the SIP address." },
	{ 1004, "The connection changed under way: run the test again." },
	{ 1005, "The server is not responsible for the domain of the SIP address: check "
		"the supported SIP domains." },
	{ 1006, "The server could not route on the client's connection: look at its "
		"load." },
	{ 1007, "The server cannot route for now: it is overloaded or shutting down." },
	{ 1008, "The server cannot find a DNS SRV record: check the server's own DNS." },
	{ 1009, "DNS SRV records contradict each other: check the server's own DNS." },
	{ 1010, "The server does not trust the next server's certificate: check "
		"certificates between the servers." },
	{ 1011, "The trouble is at the server before: look at its event log." },
	{ 1012, "A policy forbids access from outside to the test user." },
	{ 1013, "The server sees a time skew: compare the clocks." },
	{ 1014, "The server cannot resolve a host name: check the server's own DNS." },
	{ 4002, "Several users have the same phone number: clean up the directory." },
	{ 4003, "The test user is not enabled for remote access: check the external "
		"access policy." },
	{ 4004, "User name and SIP address do not belong together: check the test "
		"user's credential." },
	{ 4005, "The test user is not enabled for SIP or does not exist: check "
		"Get-CsUser." },
	{ 4006, "The test user is not in this pool: check RegistrarPool, or "
		"replication." },
	{ 4007, "This deployment does not know what was asked for." },
	{ 4009, "Several users have the same phone number: clean up the directory." },
	{ 4141, "The test user was disabled: enable it again." },
	{ 17000, "The client version filter is overloaded: look at the load of the "
		 "server." },
	{ 17001, "The client version filter did not understand the request: check its "
		 "rules." },
	{ 17002, "The client version filter refuses this client: change user_agent or "
		 "the filter." },
	{ 17003, "The client version filter refuses this client: change user_agent or "
		 "the filter." },
	{ 17004, "The client version filter lets this client pass with a notice: change "
		 "user_agent or the filter." },
	{ 28000, "The account was authenticated, but is not enabled for SIP: enable it, "
		 "or check that the credential belongs to the test user." },
	{ 28001, "The server failed inside Windows authentication: look at its event "
		 "log." },
	{ 28020, "The server saw no valid security token: check the credential, then the "
		 "clocks of the servers." },
};

const char *
diagnose_id_hint(unsigned id)
{
	for (size_t i = 0; i < sizeof(id_hints) / sizeof(id_hints[0]); i++) {
		if (id_hints[i].id == id)
			return id_hints[i].hint;
	}
	return NULL;
}

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

/* RFC 3261 21, for servers that leave the phrase out. */
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
	const char *sentence = diagnose(e)->sentence;

	buf_putc(out, (char)toupper((unsigned char)sentence[0]));
	buf_puts(out, sentence + 1);
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

void
diagnosis_text(struct buf *out, const struct err *e)
{
	const struct diagnosis *d = diagnose(e);
	const char *id_hint = diagnose_id_hint(diagnose_error_id(str_of(e->said)));

	if (e->cause == CAUSE_NONE)
		return;
	if (id_hint == NULL && e->code > 0 &&
	    (e->cause == CAUSE_FAULT || e->cause == CAUSE_DISABLED))
		id_hint = diagnose_id_hint((unsigned)e->code);
	buf_printf(out, "%s: %s", d->tag, d->sentence);
	if (e->detail[0] != '\0')
		buf_printf(out, " (%s)", e->detail);
	buf_putc(out, '.');
	if (e->said[0] != '\0')
		add_said(out, e->said);
	if (id_hint != NULL)
		buf_printf(out, " %s", id_hint);
	buf_printf(out, " %s", d->hint);
}
