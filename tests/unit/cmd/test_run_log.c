/* cmd/run_log: what --verbose prints, in the words of the cmdlet. */
#include <string.h>

#include "../cases.h"
#include "cmd/run_log.h"
#include "txn/txn.h"

#define WEB_CHECKLIST                                                                    \
	"Could not download a CS certificate from web service.\n"                        \
	"CHECK:\n"                                                                       \
	" - Web service url is valid and the web services are functional\n"              \
	" - If using PhoneNo\\Pin to authenticate, make sure they match the user uri\n"  \
	" - If using NTLM\\Kerberos auth, make sure you provided valid credentials\n"

static const struct note_case {
	const char *name;
	struct txn_note note;
	const char *want; /* or its beginning, when it ends with "..." */
} note_cases[] = {
	{ "what is tried",
	    { STEP_WEB_TICKET, TRACE_TRYING, 0, "Trying to get web ticket." },
	    "Trying to get web ticket.\n" },
	{ "what is seen", { STEP_WEB_TICKET, TRACE_SAW, 0, "Web ticket x" },
	    "    Web ticket x\n" },
	{ "a step is done", { STEP_RESOLVE, TRACE_OK, 1250, "resolve" },
	    "[8] resolve: ok (1.2 ms)\n" },
	{ "the ticket fails", { STEP_WEB_TICKET, TRACE_FAILED, 412000, "HTTP 401" },
	    "[8] web-ticket: FAILED (412.0 ms) HTTP 401\n" WEB_CHECKLIST },
	{ "the certificate fails", { STEP_CERTIFICATE, TRACE_FAILED, 0, "x" },
	    "[8] certificate: FAILED (0.0 ms) x\n" WEB_CHECKLIST },
	{ "the first metadata fail", { STEP_CERTPROV_METADATA, TRACE_FAILED, 0, "x" },
	    "[8] certprov-metadata: FAILED (0.0 ms) x\n" WEB_CHECKLIST },
	{ "the second metadata fail", { STEP_TICKET_METADATA, TRACE_FAILED, 0, "x" },
	    "[8] ticket-metadata: FAILED (0.0 ms) x\n" WEB_CHECKLIST },
	{ "the registration fails", { STEP_REGISTER, TRACE_FAILED, 0, "404" },
	    "[8] register: FAILED (0.0 ms) 404\nCHECK:\n - The name, the port..." },
};

static void
check_note(void **state)
{
	const struct note_case *tc = *state;
	char text[2048] = "";
	FILE *out = tmpfile();
	struct run_log l;
	size_t len = strlen(tc->want), n;

	assert_non_null(out);
	run_log_init(&l, out);
	l.steps = 7;
	run_log_note(&l, &tc->note);
	rewind(out);
	n = fread(text, 1, sizeof(text) - 1, out);
	text[n] = '\0';
	if (strcmp(tc->want + len - 3, "...") == 0) {
		assert_in_range(n, len, sizeof(text));
		text[len - 3] = '\0';
		assert_memory_equal(text, tc->want, len - 3);
	} else {
		assert_string_equal(text, tc->want);
	}
	fclose(out);
}

RUN_CASES(ROWS("note", note_cases, check_note));
