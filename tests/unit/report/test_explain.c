/* report/explain: every tag and number is explained, in lines that fit. */
#include "report/explain.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "report/diagnosis_table.h"

static struct buf out;

static int
open_buf(void **state)
{
	(void)state;
	buf_init(&out, EXPLAIN_MAX);
	return 0;
}

static int
close_buf(void **state)
{
	(void)state;
	buf_free(&out);
	return 0;
}

/* ---- entries ---- */

static const struct tag_case {
	const char *name;
	const char *want;
} tag_cases[] = {
	{ "WT-CRED",
	    "Tag          : WT-CRED\n"
	    "Step         : web-ticket\n"
	    "Appears with : cause auth\n"
	    "Meaning      : The web ticket service rejected the test account.\n"
	    "What to do   : Check user name and password of the test account, whether "
	    "the\n"
	    "               password has expired and whether the account is locked. If "
	    "they\n"
	    "               are right, the server may demand Extended Protection, a "
	    "policy\n"
	    "               may forbid NTLM, or a load balancer may part the legs of "
	    "one\n"
	    "               logon.\n"
	    "The step     : The test account authenticates and gets a web ticket.\n" },
	{ "reg-refused", /* in any case; an errno by its name */
	    "Tag          : REG-REFUSED\n"
	    "Step         : sip-connect\n"
	    "Appears with : cause connect, code ECONNREFUSED\n"
	    "Meaning      : The registrar refuses TCP connections.\n"
	    "What to do   : Check that the service is started and listens on this port.\n"
	    "The step     : A TCP connection and a TLS session with the registrar are\n"
	    "               opened.\n" },
	{ "STOPPED", "Tag          : STOPPED\n"
		     "Step         : any step\n"
		     "Appears with : cause cancelled\n"
		     "Meaning      : The run was given up because the watcher was "
		     "stopped or asked\n"
		     "               to.\n"
		     "What to do   : Run the test again.\n" },
	{ "UNKNOWN", "Tag          : UNKNOWN\n"
		     "Step         : any step\n"
		     "Appears with : cause any\n"
		     "Meaning      : Not seen before.\n"
		     "What to do   : Run the test by hand with `cswatch test --verbose`: "
		     "it shows\n"
		     "               step by step what came back.\n" },
};

static void
check_tag(void **state)
{
	const struct tag_case *c = *state;
	struct diagnosis d;

	assert_true(explain_find(c->name, &d));
	(void)open_buf(NULL);
	explain_tag(&out, &d);
	assert_string_equal(buf_view(&out).p, c->want);
	(void)close_buf(NULL);
}

static void
there_is_no_such_tag(void **state)
{
	static const char *const names[] = { "", "WT", "WT-", "WT-CRE", "WT-CREDS",
		"CRED", "{who}" };
	struct diagnosis d = { .tag = "as before" };

	(void)state;
	for (size_t i = 0; i < NROWS(names); i++)
		assert_false(explain_find(names[i], &d));
	assert_string_equal(d.tag, "as before");
}

static const struct id_case {
	const char *name;
	unsigned id;
	const char *want;
} id_cases[] = {
	{ "with advice", 4005,
	    "Number       : 4005\n"
	    "Sent by      : a registrar, in ms-diagnostics; usually with status 404\n"
	    "Meaning      : The user is not enabled for SIP or does not exist; also said "
	    "of\n"
	    "               a new user until the front end servers have replicated.\n"
	    "What to do   : Check with Get-CsUser that the test user exists and is "
	    "Enabled;\n"
	    "               a new user is known only when the front end servers have\n"
	    "               replicated.\n"
	    "Usual tag    : LOGON-DISABLED\n"
	    "Source       : [MS-OCER]\n" },
	{ "of a tag of its own", 1012,
	    "Number       : 1012\n"
	    "Sent by      : a registrar, in ms-diagnostics; usually with status 403\n"
	    "Meaning      : The user may not communicate outside the enterprise.\n"
	    "What to do   : A policy forbids access from outside to the test user.\n"
	    "Usual tag    : LOGON-REMOTE\n"
	    "Source       : [MS-OCER]\n" },
	{ "with no usual status", 25008,
	    "Number       : 25008\n"
	    "Sent by      : a registrar, in ms-diagnostics\n"
	    "Meaning      : The server is trying the primary pool of the user: progress, "
	    "no\n"
	    "               failure.\n"
	    "Source       : captures\n" },
	{ "of a web service", 28020,
	    "Number       : 28020\n"
	    "Sent by      : a web service, in X-Ms-diagnostics or a fault; usually with\n"
	    "               status 500\n"
	    "Meaning      : There is no valid security token: credentials are missing "
	    "or\n"
	    "               wrong, or the ticket has expired.\n"
	    "What to do   : Check the credential and the authentication methods of the "
	    "web\n"
	    "               service, and compare the clocks of the front end servers:\n"
	    "               tickets are short-lived.\n"
	    "Usual tag    : WT-TOKEN\n"
	    "Source       : captures\n" },
};

static void
check_id(void **state)
{
	const struct id_case *c = *state;

	(void)open_buf(NULL);
	explain_id(&out, error_id_find(c->id));
	assert_string_equal(buf_view(&out).p, c->want);
	(void)close_buf(NULL);
}

static void
json_is_one_object_a_line(void **state)
{
	struct diagnosis d;
	json_t *line;

	(void)state;
	assert_true(explain_find("REG-EXPIRED", &d));
	explain_tag_json(&out, &d);
	assert_string_equal(buf_view(&out).p,
	    "{\"tag\":\"REG-EXPIRED\",\"step\":\"sip-connect\",\"cause\":\"trust\","
	    "\"code\":10,\"seen\":null,\"meaning\":\"The server certificate of the "
	    "registrar has "
	    "expired.\",\"action\":\"Renew the certificate and assign it to the "
	    "service.\"}\n");
	buf_clear(&out);
	assert_true(explain_find("UNKNOWN", &d));
	explain_tag_json(&out, &d);
	line = json_loads(buf_view(&out).p, 0, NULL);
	assert_true(json_is_null(json_object_get(line, "step")));
	assert_true(json_is_null(json_object_get(line, "cause")));
	assert_true(json_is_null(json_object_get(line, "code")));
	json_decref(line);
	buf_clear(&out);
	explain_id_json(&out, error_id_find(4010));
	assert_string_equal(buf_view(&out).p,
	    "{\"error_id\":4010,\"carrier\":\"sip\",\"status\":400,\"meaning\":\"The "
	    "request names no endpoint.\",\"action\":\"A device between watcher and "
	    "registrar may change SIP messages.\",\"tag\":\"LOGON-SIP\","
	    "\"source\":\"[MS-OCER]\"}\n");
}

/* ---- whatever the program can say is explained ---- */

static void
expect_explained(enum step_id step, enum cause cause, long code)
{
	char tag[DIAGNOSIS_TAG_SIZE];
	struct diagnosis d;
	struct err e;

	err_set(&e, cause, code, "%s", "");
	e.step = step;
	diagnosis_tag(tag, &e);
	if (!explain_find(tag, &d))
		fail_msg("%s is not explained", tag);
}

static void
every_tag_is_explained(void **state)
{
	static const long codes[] = { 0, ENOMEM, EMFILE, ECONNREFUSED, 401, 403, 404, 480,
		503, 504, 28001, 28020, 987654 };

	(void)state;
	for (enum step_id s = 0; s <= STEP_COUNT; s++) {
		for (enum cause c = 0; c < CAUSE_COUNT; c++) {
			for (size_t i = 0; i < NROWS(codes); i++)
				expect_explained(s, c, codes[i]);
			for (long alert = 0; alert < 256; alert++)
				expect_explained(s, c, alert);
		}
	}
}

static void
usual_tags_exist(void **state)
{
	const struct error_id *id;
	const char *tag;
	struct diagnosis d;
	json_t *line;

	(void)state;
	for (size_t n = 0; (id = error_id_nth(n)) != NULL; n++) {
		buf_clear(&out);
		explain_id_json(&out, id);
		line = json_loads(buf_view(&out).p, 0, NULL);
		assert_non_null(line);
		tag = json_string_value(json_object_get(line, "tag"));
		assert_true(tag == NULL || explain_find(tag, &d));
		json_decref(line);
	}
}

/* ---- the document ---- */

static void
the_document_fits(void **state)
{
	struct str rest, line;

	(void)state;
	explain_document(&out);
	assert_false(out.failed);
	for (rest = buf_view(&out); rest.p != NULL;) {
		rest = str_split(rest, '\n', &line);
		assert_true(line.len <= EXPLAIN_COLUMNS);
		assert_true(line.len == 0 || line.p[line.len - 1] != ' ');
		for (size_t i = 0; i < line.len; i++)
			assert_true(line.p[i] >= ' ' && line.p[i] <= '~');
	}
	assert_int_equal(out.data[out.len - 1], '\n');
	assert_int_not_equal(out.data[out.len - 2], '\n');
}

static void
expect_entry(void *arg, const struct diagnosis *d)
{
	char entry[DIAGNOSIS_TAG_SIZE + 8];
	const char *at;

	snprintf(entry, sizeof(entry), "\n\n%s\n    ", d->tag);
	at = strstr(arg, entry);
	if (at == NULL || strstr(at + 1, entry) != NULL)
		fail_msg("%s is not in the document once", d->tag);
}

static void
the_document_has_every_entry_once(void **state)
{
	const struct error_id *id;
	char entry[32];

	(void)state;
	explain_document(&out);
	explain_each(expect_entry, out.data);
	for (enum step_id s = 0; s < STEP_COUNT; s++) {
		snprintf(entry, sizeof(entry), "\n\n%s\n---", step_name(s));
		assert_non_null(strstr(out.data, entry));
	}
	for (size_t n = 0; (id = error_id_nth(n)) != NULL; n++) {
		snprintf(entry, sizeof(entry), "\n\n%u\n    ", id->id);
		assert_non_null(strstr(out.data, entry));
	}
}

#define WITH_BUF(function) TEST_WITH(function, open_buf, close_buf)

RUN_CASES(ROWS("tag", tag_cases, check_tag), TEST(there_is_no_such_tag),
    ROWS("id", id_cases, check_id), WITH_BUF(json_is_one_object_a_line),
    TEST(every_tag_is_explained), WITH_BUF(usual_tags_exist), WITH_BUF(the_document_fits),
    WITH_BUF(the_document_has_every_entry_once));
