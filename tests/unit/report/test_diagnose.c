#include "report/diagnose.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "report/diagnosis_table.h"
#include "report/explain.h"
#include "vocab/code.h"
#include "../cases.h"

#define DOWNLOAD                                                                         \
	"Could not download a CS Certificate for the given user. "                       \
	"Check if provided uri and credentials are correct."

static struct err
make(enum step_id step, enum cause cause, long code, const char *detail, const char *said,
    const char *phrase)
{
	struct err e;

	err_set(&e, cause, code, "%s", detail);
	e.step = step;
	err_said(&e, str_of(said));
	err_phrase(&e, str_of(phrase));
	return e;
}

/* What each failure class of the transaction's steps is called. */
static const struct tag_case {
	const char *name;
	enum step_id step;
	enum cause cause;
	long code;
	const char *tag;
} tag_cases[] = {
	{ "no way to a registrar", STEP_DISCOVER, CAUSE_DNS, DNS_NO_NAME,
	    "DISC-NOTHING" },
	{ "name servers fail discovery", STEP_DISCOVER, CAUSE_DNS, DNS_FAILED,
	    "DISC-DNS" },
	{ "name servers are silent at discovery", STEP_DISCOVER, CAUSE_TIMEOUT, 9,
	    "DISC-SLOW" },
	{ "autodiscover refuses the account", STEP_DISCOVER, CAUSE_AUTH, 401,
	    "DISC-CRED" },
	{ "autodiscover refuses the ticket", STEP_DISCOVER, CAUSE_HTTP, 401,
	    "DISC-TICKET" },
	{ "autodiscover answers JSON", STEP_DISCOVER, CAUSE_PROTOCOL, PROTOCOL_JSON,
	    "DISC-JSON" },
	{ "autodiscover answers a page", STEP_DISCOVER, CAUSE_PROTOCOL, PROTOCOL_PAGE,
	    "DISC-PAGE" },
	{ "autodiscover's certificate", STEP_DISCOVER, CAUSE_TRUST, CERT_OTHER_NAME,
	    "DISC-NAME" },
	{ "autodiscover leads to strangers", STEP_DISCOVER, CAUSE_TRUST, CERT_OUTSIDE,
	    "DISC-FOREIGN" },
	{ "no such name", STEP_RESOLVE, CAUSE_DNS, DNS_NO_NAME, "DNS-NAME" },
	{ "no address", STEP_RESOLVE, CAUSE_DNS, DNS_NO_RECORD, "DNS-EMPTY" },
	{ "name servers fail", STEP_RESOLVE, CAUSE_DNS, DNS_FAILED, "DNS-FAILED" },
	{ "name servers are silent", STEP_RESOLVE, CAUSE_TIMEOUT, 10000, "DNS-SLOW" },
	{ "registrar refuses", STEP_SIP_CONNECT, CAUSE_CONNECT, ECONNREFUSED,
	    "REG-REFUSED" },
	{ "registrar unreachable", STEP_SIP_CONNECT, CAUSE_CONNECT, EHOSTUNREACH,
	    "REG-CONNECT" },
	{ "registrar's certificate expired", STEP_SIP_CONNECT, CAUSE_TRUST, CERT_EXPIRED,
	    "REG-EXPIRED" },
	{ "registrar's certificate not yet valid", STEP_SIP_CONNECT, CAUSE_TRUST,
	    CERT_NOT_YET, "REG-NOT-YET" },
	{ "registrar's certificate for another name", STEP_SIP_CONNECT, CAUSE_TRUST,
	    CERT_OTHER_NAME, "REG-NAME" },
	{ "registrar's certificate of unknown CA", STEP_SIP_CONNECT, CAUSE_TRUST,
	    CERT_NO_ISSUER, "REG-TRUST" },
	{ "registrar's key is short", STEP_SIP_CONNECT, CAUSE_TRUST, CERT_SHORT_KEY,
	    "REG-WEAK-KEY" },
	{ "SHA-1", STEP_WEB_TICKET, CAUSE_TRUST, CERT_OLD_DIGEST, "WT-WEAK-HASH" },
	{ "old TLS", STEP_SIP_CONNECT, CAUSE_TLS, TLS_ALERT_PROTOCOL_VERSION,
	    "REG-VERSION" },
	{ "no common cipher", STEP_SIP_CONNECT, CAUSE_TLS, TLS_ALERT_HANDSHAKE_FAILURE,
	    "REG-TLS" },
	{ "registrar wants a certificate", STEP_SIP_CONNECT, CAUSE_TLS,
	    TLS_ALERT_CERTIFICATE_REQUIRED, "REG-CLIENT-CERT" },
	{ "registrar wants a certificate, TLS 1.3", STEP_CHALLENGE, CAUSE_TLS,
	    TLS_ALERT_CERTIFICATE_REQUIRED, "CHAL-CLIENT-CERT" },
	{ "no TLS-DSK", STEP_CHALLENGE, CAUSE_NOT_OFFERED, 401, "CHAL-SCHEME" },
	{ "unknown to the registrar", STEP_CHALLENGE, CAUSE_DISABLED, 404,
	    "CHAL-DISABLED" },
	{ "registrar down", STEP_CHALLENGE, CAUSE_SIP, 503, "CHAL-DOWN" },
	{ "provisioning absent", STEP_CERTPROV_METADATA, CAUSE_HTTP, 404,
	    "CP-META-ABSENT" },
	{ "provisioning stopped", STEP_CERTPROV_METADATA, CAUSE_HTTP, 503,
	    "CP-META-DOWN" },
	{ "provisioning page asks who we are", STEP_CERTPROV_METADATA, CAUSE_HTTP, 401,
	    "CP-META-CRED" },
	{ "URL elsewhere", STEP_CERTPROV_METADATA, CAUSE_TRUST, CERT_OUTSIDE,
	    "CP-META-FOREIGN" },
	{ "no port for us", STEP_TICKET_METADATA, CAUSE_NOT_OFFERED, 0,
	    "WT-META-SCHEME" },
	{ "HTML instead of WSDL", STEP_TICKET_METADATA, CAUSE_PROTOCOL, 0,
	    "WT-META-GARBLED" },
	{ "credentials", STEP_WEB_TICKET, CAUSE_AUTH, 401, "WT-CRED" },
	{ "credentials, no status", STEP_WEB_TICKET, CAUSE_AUTH, 0, "WT-CRED" },
	{ "not enabled for SIP", STEP_WEB_TICKET, CAUSE_DISABLED, 403, "WT-DISABLED" },
	{ "web ticket service's own trouble", STEP_WEB_TICKET, CAUSE_FAULT, 28001,
	    "WT-BACKEND" },
	{ "no token", STEP_WEB_TICKET, CAUSE_FAULT, 28020, "WT-TOKEN" },
	{ "any other fault", STEP_WEB_TICKET, CAUSE_FAULT, 28999, "WT-FAULT" },
	{ "proxy in the way", STEP_WEB_TICKET, CAUSE_HTTP, 403, "WT-FORBIDDEN" },
	{ "no NTLM", STEP_WEB_TICKET, CAUSE_NOT_OFFERED, 401, "WT-SCHEME" },
	{ "ticket refused", STEP_CERTIFICATE, CAUSE_FAULT, 28020, "CERT-TOKEN" },
	{ "ErrorInfo", STEP_CERTIFICATE, CAUSE_FAULT, 0, "CERT-FAULT" },
	{ "issued certificate expired", STEP_CERTIFICATE, CAUSE_CERTIFICATE, CERT_EXPIRED,
	    "CERT-OLD" },
	{ "issued certificate for another", STEP_CERTIFICATE, CAUSE_CERTIFICATE,
	    CERT_OTHER_KEY, "CERT-UNUSABLE" },
	{ "certificate revoked", STEP_TLS_DSK, CAUSE_HANDSHAKE,
	    TLS_ALERT_CERTIFICATE_REVOKED, "DSK-REVOKED" },
	{ "inner TLS version", STEP_TLS_DSK, CAUSE_HANDSHAKE, TLS_ALERT_PROTOCOL_VERSION,
	    "DSK-VERSION" },
	{ "handshake ended", STEP_TLS_DSK, CAUSE_HANDSHAKE, 0, "DSK-HANDSHAKE" },
	{ "signature refused", STEP_REGISTER, CAUSE_AUTH, 401, "LOGON-CRED" },
	{ "server's signature", STEP_REGISTER, CAUSE_SIGNATURE, 200, "LOGON-SIGNATURE" },
	{ "not enabled", STEP_REGISTER, CAUSE_DISABLED, 403, "LOGON-DISABLED" },
	{ "homed elsewhere", STEP_REGISTER, CAUSE_REDIRECT, 301, "LOGON-REDIRECT" },
	{ "back end", STEP_REGISTER, CAUSE_SIP, 504, "LOGON-BACKEND" },
	{ "log-off unanswered", STEP_LOG_OFF, CAUSE_TIMEOUT, 5000, "OFF-SLOW" },
	{ "out of memory anywhere", STEP_TLS_DSK, CAUSE_LOCAL, ENOMEM, "LOCAL-MEMORY" },
	{ "own files", STEP_CERTIFICATE, CAUSE_LOCAL, EACCES, "LOCAL" },
	{ "stopped", STEP_REGISTER, CAUSE_CANCELLED, 0, "STOPPED" },
	{ "no step at all", STEP_COUNT, CAUSE_TIMEOUT, 1, "ANY-SLOW" },
	{ "a pair that nobody expects", STEP_RESOLVE, CAUSE_SIGNATURE, 1,
	    "ANY-SIGNATURE" },
	{ "not a failure", STEP_COUNT, CAUSE_NONE, 0, "UNKNOWN" },
};

static void
check_tag(void **state)
{
	const struct tag_case *c = *state;
	struct err e = make(c->step, c->cause, c->code, "", "", "");
	char tag[DIAGNOSIS_TAG_SIZE];

	diagnosis_tag(tag, &e);
	assert_string_equal(tag, c->tag);
}

/* What the server's number, or what else was seen, makes of it; and the one advice. */
static const struct evidence_case {
	const char *name;
	enum step_id step;
	enum cause cause;
	long code;
	enum evidence evidence;
	const char *said;
	const char *tag, *advice; /* NULL: of the row */
} evidence_cases[] = {
	{ "remote access", STEP_REGISTER, CAUSE_SIP, 403, EVIDENCE_NONE, "ErrorCode=4003",
	    "LOGON-REMOTE", "external access policy" },
	{ "not outside the enterprise", STEP_REGISTER, CAUSE_SIP, 403, EVIDENCE_NONE,
	    "ErrorCode=1012", "LOGON-REMOTE", NULL },
	{ "client version", STEP_REGISTER, CAUSE_SIP, 403, EVIDENCE_NONE,
	    "ErrorCode=17002", "LOGON-VERSION", "user_agent" },
	{ "client version at the first REGISTER", STEP_CHALLENGE, CAUSE_SIP, 403,
	    EVIDENCE_NONE, "ErrorCode=17003", "CHAL-VERSION", NULL },
	{ "client version at the handshake", STEP_TLS_DSK, CAUSE_SIP, 403, EVIDENCE_NONE,
	    "ErrorCode=17001", "DSK-CLIENT", NULL },
	{ "another policy", STEP_REGISTER, CAUSE_SIP, 403, EVIDENCE_NONE,
	    "ErrorCode=1002", "LOGON-POLICY", NULL },
	{ "another account", STEP_REGISTER, CAUSE_AUTH, 403, EVIDENCE_NONE,
	    "ErrorCode=4004", "LOGON-MISMATCH", "belong to one account" },
	{ "403 without a number", STEP_REGISTER, CAUSE_SIP, 403, EVIDENCE_NONE, "",
	    "LOGON-FORBIDDEN", NULL },
	{ "403 with a number that nobody knows", STEP_REGISTER, CAUSE_SIP, 403,
	    EVIDENCE_NONE, "ErrorCode=4999", "LOGON-FORBIDDEN", NULL },
	{ "a domain that is not served", STEP_REGISTER, CAUSE_SIP, 404, EVIDENCE_NONE,
	    "ErrorCode=1005", "LOGON-DOMAIN", "Get-CsSipDomain" },
	{ "DNS of the server", STEP_CHALLENGE, CAUSE_SIP, 404, EVIDENCE_NONE,
	    "ErrorCode=1008", "CHAL-ROUTE", "DNS" },
	{ "DNS of the server, with 504", STEP_CHALLENGE, CAUSE_SIP, 504, EVIDENCE_NONE,
	    "ErrorCode=1014", "CHAL-BACKEND", "DNS" },
	{ "another pool", STEP_REGISTER, CAUSE_DISABLED, 404, EVIDENCE_NONE,
	    "ErrorCode=4006", "LOGON-POOL", "RegistrarPool" },
	{ "clocks", STEP_TLS_DSK, CAUSE_AUTH, 401, EVIDENCE_NONE, "ErrorCode=1013",
	    "DSK-CLOCK", "clocks" },
	{ "a critical application", STEP_REGISTER, CAUSE_SIP, 503, EVIDENCE_NONE,
	    "ErrorCode=5000", "LOGON-DOWN", "Get-CsServerApplication" },
	{ "what was seen goes before the number", STEP_REGISTER, CAUSE_SIP, 401,
	    EVIDENCE_ASSOCIATION, "ErrorCode=4003", "LOGON-LOST", NULL },
	{ "a fresh challenge", STEP_REGISTER, CAUSE_SIP, 401, EVIDENCE_ASSOCIATION, "",
	    "LOGON-LOST", "load balancer" },
	{ "homed online", STEP_REGISTER, CAUSE_ONLINE, 301, EVIDENCE_NONE, "",
	    "LOGON-ONLINE", "HostingProvider" },
	{ "a domain that is online", STEP_DISCOVER, CAUSE_ONLINE, 0, EVIDENCE_NONE, "",
	    "DISC-ONLINE", NULL },
	{ "the claim is not the account's", STEP_WEB_TICKET, CAUSE_AUTH, 500,
	    EVIDENCE_MISMATCH, "a:RequestFailed: The SIP URI ...", "WT-MISMATCH",
	    "SipAddress" },
	{ "the same when looking for the registrar", STEP_DISCOVER, CAUSE_AUTH, 500,
	    EVIDENCE_MISMATCH, "", "DISC-MISMATCH", NULL },
	{ "an expired ticket", STEP_CERTIFICATE, CAUSE_AUTH, 500, EVIDENCE_NONE,
	    "28033;reason=x", "CERT-TICKET", "Compare the clocks" },
	{ "an OAuth token is wanted", STEP_WEB_TICKET, CAUSE_NOT_OFFERED, 403,
	    EVIDENCE_NONE, "28055;reason=x", "WT-SCHEME", "modern authentication" },
	{ "only OAuth is offered", STEP_WEB_TICKET, CAUSE_NOT_OFFERED, 401,
	    EVIDENCE_OAUTH, "", "WT-SCHEME", "modern authentication" },
	{ "only Kerberos", STEP_WEB_TICKET, CAUSE_NOT_OFFERED, 401, EVIDENCE_KERBEROS, "",
	    "WT-SCHEME", "speaks NTLM only" },
	{ "a proxy that waits", STEP_CERTPROV_METADATA, CAUSE_HTTP, 502, EVIDENCE_GATEWAY,
	    "", "CP-META-PROXY", "4443" },
	{ "headers too long", STEP_DISCOVER, CAUSE_HTTP, 400, EVIDENCE_TOO_LONG, "",
	    "DISC-HEADER", "MaxFieldLength" },
	{ "a page", STEP_CERTIFICATE, CAUSE_PROTOCOL, PROTOCOL_PAGE, EVIDENCE_NONE, "",
	    "CERT-PAGE", "pre-authentication" },
	{ "a UCWA resource", STEP_DISCOVER, CAUSE_PROTOCOL, PROTOCOL_UCWA, EVIDENCE_NONE,
	    "", "DISC-UCWA", "Accept" },
	{ "IIS wants a certificate", STEP_WEB_TICKET, CAUSE_HTTP, 403,
	    EVIDENCE_IIS_CERTIFICATE, "", "WT-FORBIDDEN", "root store" },
	{ "no site", STEP_WEB_TICKET, CAUSE_HTTP, 503, EVIDENCE_HTTP_SYS, "", "WT-DOWN",
	    "application pool" },
	{ "an end of TLS", STEP_SIP_CONNECT, CAUSE_CLOSED, 0, EVIDENCE_HELLO, "",
	    "REG-CLOSED", "TLS versions and ciphers" },
	{ "the message went elsewhere", STEP_CERTIFICATE, CAUSE_FAULT, 0,
	    EVIDENCE_ADDRESS, "", "CERT-FAULT", "web URLs of the topology" },
};

static void
check_evidence(void **state)
{
	const struct evidence_case *c = *state;
	struct err e = make(c->step, c->cause, c->code, "", c->said, "");
	char tag[DIAGNOSIS_TAG_SIZE];
	struct diagnosis d;
	const char *at;
	struct buf b;

	err_evidence(&e, c->evidence);
	diagnosis_tag(tag, &e);
	assert_string_equal(tag, c->tag);
	diagnose(&e, &d);
	buf_init(&b, DIAGNOSIS_TEXT_MAX);
	diagnosis_text(&b, &e);
	if (c->advice == NULL)
		return buf_free(&b);
	assert_non_null(strstr(b.data, c->advice));
	/* One advice only. */
	at = strstr(b.data, d.action);
	assert_true(at == NULL || strstr(d.action, c->advice) != NULL);
	buf_free(&b);
}

static void
no_pair_is_left_to_the_last_row(void **state)
{
	(void)state;
	for (enum step_id s = 0; s <= STEP_COUNT; s++) {
		for (enum cause c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++) {
			struct err e = make(s, c, 987654, "", "", "");
			char tag[DIAGNOSIS_TAG_SIZE];

			diagnosis_tag(tag, &e);
			assert_string_not_equal(tag, "UNKNOWN");
		}
	}
}

/* All entries, in the order of the steps. */
static struct diagnosis entries[1000];
static size_t nentries;

static void
add_entry(void *arg, const struct diagnosis *d)
{
	(void)arg;
	assert_true(nentries < NROWS(entries));
	entries[nentries++] = *d;
}

static int
read_entries(void **state)
{
	(void)state;
	nentries = 0;
	explain_each(add_entry, NULL);
	return nentries > 200 ? 0 : -1;
}

/* The failure of an entry. */
static struct err
failure_of(const struct diagnosis *d)
{
	struct err e = make(d->step, d->cause == CAUSE_COUNT ? CAUSE_NONE : d->cause,
	    d->code == DIAGNOSIS_ANY_CODE ? 987654 : d->code, "", "", "");

	err_evidence(&e, d->evidence);
	return e;
}

static void
every_row_can_be_reached(void **state)
{
	(void)state;
	for (size_t i = 0; i < nentries; i++) {
		struct err e = failure_of(&entries[i]);
		struct diagnosis d;

		diagnose(&e, &d);
		assert_string_equal(d.tag, entries[i].tag);
		assert_string_equal(d.meaning, entries[i].meaning);
	}
}

static void
tags_are_unique_and_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < nentries; i++) {
		const char *tag = entries[i].tag;

		assert_true(strlen(tag) < DIAGNOSIS_TAG_SIZE - 1); /* not cut */
		assert_int_equal(strspn(tag, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"), strlen(tag));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(tag, entries[j].tag);
	}
}

static void
tags_start_with_their_step(void **state)
{
	static const char *const prefix[STEP_COUNT] = {
		[STEP_DISCOVER] = "DISC-",
		[STEP_RESOLVE] = "DNS-",
		[STEP_SIP_CONNECT] = "REG-",
		[STEP_CHALLENGE] = "CHAL-",
		[STEP_CERTPROV_METADATA] = "CP-META-",
		[STEP_TICKET_METADATA] = "WT-META-",
		[STEP_WEB_TICKET] = "WT-",
		[STEP_CERTIFICATE] = "CERT-",
		[STEP_TLS_DSK] = "DSK-",
		[STEP_REGISTER] = "LOGON-",
		[STEP_LOG_OFF] = "OFF-",
	};

	(void)state;
	for (size_t i = 0; i < nentries; i++) {
		const struct diagnosis *d = &entries[i];

		if (d->step != STEP_COUNT)
			assert_memory_equal(
			    d->tag, prefix[d->step], strlen(prefix[d->step]));
	}
}

/* What is put in for {who} and {request} is there at every step that has the row. */
static void
sentences_fit_into_a_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < nentries; i++) {
		const struct diagnosis *d = &entries[i];
		size_t len = strlen(d->meaning);

		assert_true(len > 0 && len < DIAGNOSIS_MEANING_SIZE - 1); /* not cut */
		assert_int_not_equal(d->meaning[len - 1], '.');
		assert_null(strpbrk(d->meaning, "{}"));
		assert_true(d->action[0] != '\0');
		assert_int_equal(d->action[strlen(d->action) - 1], '.');
	}
}

static const struct text_case {
	const char *name;
	enum step_id step;
	enum cause cause;
	long code;
	const char *detail, *said, *phrase;
	const char *error, *diagnosis;
} text_cases[] = {
	{ "credentials", STEP_WEB_TICKET, CAUSE_AUTH, 401, "HTTP 401, NTLM", "", "",
	    DOWNLOAD,
	    "WT-CRED: the web ticket service rejected the test account (HTTP 401, "
	    "NTLM). Check user name and password of the test account, whether the "
	    "password has expired and whether the account is locked. If they are right, "
	    "the server may demand Extended Protection, a policy may forbid NTLM, or a "
	    "load balancer may part the legs of one logon." },
	{ "not enabled for SIP", STEP_WEB_TICKET, CAUSE_DISABLED, 403, "HTTP 403",
	    "28000;source=\"fe1\";reason=\"User is not SIP enabled.\"", "", DOWNLOAD,
	    "WT-DISABLED: the web ticket service knows the test account, but it is "
	    "not enabled (HTTP 403). The server said: "
	    "28000;source=\"fe1\";reason=\"User is not SIP enabled.\". The account "
	    "was authenticated, but is not enabled for SIP: enable it, or check that "
	    "the credential belongs to the test user." },
	{ "not found", STEP_REGISTER, CAUSE_DISABLED, 404, "",
	    "ErrorCode=4005,Source=fe1,Reason=Destination URI either not enabled for SIP "
	    "or does not exist.",
	    "Not Found", "404, Not Found",
	    "LOGON-DISABLED: the registrar says at the signed REGISTER that the test "
	    "user does not exist or is not enabled. The server said: ErrorCode=4005,"
	    "Source=fe1,Reason=Destination URI either not enabled for SIP or does not "
	    "exist. Check with Get-CsUser that the test user exists and is Enabled; a "
	    "new user is known only when the front end servers have replicated." },
	{ "id only in the code", STEP_CERTIFICATE, CAUSE_FAULT, 28001, "", "", "",
	    DOWNLOAD,
	    "CERT-FAULT: the certificate provisioning service answered with a fault. "
	    "The trouble is at the server: check that it reaches domain controllers and "
	    "the user store, and look at its event log." },
	{ "a status of Windows", STEP_REGISTER, CAUSE_SIP, 504, "",
	    "ErrorCode=1010,Source=fe01,Reason=r,HRESULT=0x80090325(SEC_E_UNTRUSTED_"
	    "ROOT)",
	    "Server time-out", "504, Server time-out",
	    "LOGON-BACKEND: the registrar got no answer of a server behind it (504) at "
	    "the "
	    "signed REGISTER. The server said: ErrorCode=1010,Source=fe01,Reason=r,"
	    "HRESULT=0x80090325(SEC_E_UNTRUSTED_ROOT). 0x80090325 means: a certificate "
	    "is "
	    "not chained to a trusted root. Check the certificates between the servers: "
	    "name, issuer and validity of that of the next server (tls-target), and the "
	    "root store of the one that says so (source)." },
	{ "phrase of the server's own", STEP_CHALLENGE, CAUSE_SIP, 504, "", "",
	    "Server time-out", "504, Server time-out", NULL },
	{ "phrase left out", STEP_CHALLENGE, CAUSE_SIP, 480, "", "", "",
	    "480, Temporarily Unavailable", NULL },
	{ "phrase left out, status unheard of", STEP_REGISTER, CAUSE_SIP, 699, "", "", "",
	    "699, Unexpected Status", NULL },
	{ "redirect", STEP_REGISTER, CAUSE_REDIRECT, 301, "", "", "Moved", "301, Moved",
	    NULL },
	{ "signature refused", STEP_REGISTER, CAUSE_AUTH, 401, "", "", "",
	    "401, Unauthorized", NULL },
	{ "200 that is not signed is no status", STEP_REGISTER, CAUSE_SIGNATURE, 200,
	    "not signed", "", "OK",
	    "The signature of the registrar's answer to the signed REGISTER is "
	    "wrong or missing (not signed).",
	    NULL },
	{ "own sentence, no evidence", STEP_SIP_CONNECT, CAUSE_CONNECT, ECONNREFUSED, "",
	    "", "", "The registrar refuses TCP connections.",
	    "REG-REFUSED: the registrar refuses TCP connections. Check that the "
	    "service is started and listens on this port." },
	{ "first step of the download", STEP_CERTPROV_METADATA, CAUSE_TIMEOUT, 20000, "",
	    "", "", DOWNLOAD, NULL },
	{ "step before the download", STEP_CHALLENGE, CAUSE_TIMEOUT, 15000, "15000 ms",
	    "", "",
	    "The registrar, at the first REGISTER, did not answer in time (15000 ms).",
	    NULL },
	{ "stopped during the download", STEP_WEB_TICKET, CAUSE_CANCELLED, 0, "", "", "",
	    "The run was given up because the watcher was stopped or asked to.", NULL },
	{ "no failure", STEP_COUNT, CAUSE_NONE, 0, "", "", "", "", "" },
};

static void
check_text(void **state)
{
	const struct text_case *c = *state;
	struct err e = make(c->step, c->cause, c->code, c->detail, c->said, c->phrase);
	struct buf b;

	buf_init(&b, DIAGNOSIS_TEXT_MAX);
	error_text(&b, &e);
	assert_string_equal(buf_view(&b).p, c->error);
	buf_clear(&b);
	diagnosis_text(&b, &e);
	if (c->diagnosis != NULL)
		assert_string_equal(buf_view(&b).p, c->diagnosis);
	buf_free(&b);
}

static void
the_longest_text_fits(void **state)
{
	char big[1024];
	struct buf b;
	struct err e;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	for (size_t i = 0; i < nentries; i++) {
		const struct diagnosis *d = &entries[i];

		e = make(d->step, d->cause == CAUSE_COUNT ? CAUSE_NONE + 1 : d->cause,
		    28000, big, big, big);
		memcpy(e.said, "28000;", 6);
		buf_init(&b, DIAGNOSIS_TEXT_MAX);
		diagnosis_text(&b, &e);
		assert_false(b.failed);
		buf_free(&b);
	}
}

static const struct id_case {
	const char *name;
	const char *said;
	unsigned id;
} id_cases[] = {
	{ "SIP form", "ErrorCode=4005,Source=a,Reason=b", 4005 },
	{ "case does not matter", "errorcode=1000", 1000 },
	{ "web form", "28020;source=\"x\"", 28020 },
	{ "with sub-code", "17002.1;source=x", 17002 },
	{ "alone", "1013", 1013 },
	{ "none", "", 0 },
	{ "a sentence", "500 Internal Server Error", 0 },
	{ "words", "FailedAuthentication: no", 0 },
	{ "name without number", "ErrorCode=,Source=a", 0 },
	{ "too many digits", "ErrorCode=4294967297", 0 },
	{ "negative", "ErrorCode=-4005", 0 },
};

static void
check_id(void **state)
{
	const struct id_case *c = *state;

	assert_int_equal(diagnose_error_id(str_of(c->said)), c->id);
}

#define WITH_ENTRIES(function) TEST_WITH(function, read_entries, NULL)

RUN_CASES(ROWS("tag", tag_cases, check_tag),
    ROWS("evidence", evidence_cases, check_evidence),
    TEST(no_pair_is_left_to_the_last_row), WITH_ENTRIES(every_row_can_be_reached),
    WITH_ENTRIES(tags_are_unique_and_well_formed),
    WITH_ENTRIES(tags_start_with_their_step), WITH_ENTRIES(sentences_fit_into_a_text),
    ROWS("text", text_cases, check_text), WITH_ENTRIES(the_longest_text_fits),
    ROWS("id", id_cases, check_id));
