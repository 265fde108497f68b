/*
 * txn/step_challenge and sip_leg: one REGISTER, and everything that a registrar may say
 * to it. Each row is a script; the transaction ends with the challenge.
 */
#include <string.h>

#include "../cases.h"
#include "vocab/err.h"
#include "registrar.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "txn_world.h"

#define R401 "SIP/2.0 401 Unauthorized\r\n" SIP_COMMON
#define DSK                                                                              \
	"WWW-Authenticate: TLS-DSK opaque=\"1\", realm=\"SIP Communications Service\", " \
	"targetname=\"fe1.lab.example\", version=4, "                                    \
	"sts-uri=\"https://web.lab.example/x.svc\"\r\n"
#define DSK_PARAMS(params)     R401 "WWW-Authenticate: TLS-DSK " params "\r\n" SIP_END
#define REPLY(status, headers) "SIP/2.0 " status "\r\n" SIP_COMMON headers SIP_END
#define MOVED(contact)	       REPLY("301 Moved", "Contact: " contact "\r\n")
#define OTHER                                                                            \
	"SIP/2.0 200 OK\r\nVia: $VIA$\r\nFrom: $FROM$\r\nTo: $TO$;tag=t1\r\n"            \
	"Call-ID: another\r\nCSeq: $CSEQ$\r\n" SIP_END
#define OTHER4	OTHER OTHER OTHER OTHER
#define OTHER16 OTHER4 OTHER4 OTHER4 OTHER4
#define OTHER64 OTHER16 OTHER16 OTHER16 OTHER16
#define NOTIFY                                                                           \
	"BENOTIFY sip:alice@lab.example SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1\r\n"       \
	"From: <sip:x@y>;tag=1\r\nTo: $FROM$\r\nCall-ID: $CALL-ID$\r\n"                  \
	"CSeq: 1 BENOTIFY\r\n" SIP_END
#define LOOP "<sip:127.0.0.1:$PORT$;transport=tls>"

static const struct challenge_case {
	const char *name;
	const char *reply; /* to each request */
	enum cause cause;  /* CAUSE_NONE: a challenge as it should be */
	long code;
	const char *says; /* in the error's detail, or in the account */
	const char *said; /* what the registrar said */
	unsigned warnings;
	unsigned requests; /* 0: one */
} challenge_cases[] = {
	{ "a challenge", R401 DSK SIP_END,
	    .says = "TLS-DSK offered by fe1.lab.example, version 4, certificates from "
		    "https://web.lab.example/x.svc" },
	{ "of a proxy",
	    "SIP/2.0 407 Authenticate\r\n" SIP_COMMON
	    "Proxy-Authenticate: TLS-DSK realm=\"r\", targetname=\"t\"\r\n" SIP_END,
	    .says = "TLS-DSK offered by t, version 2" },
	{ "among other schemes",
	    R401 "WWW-Authenticate: NTLM realm=\"r\"\r\n"
		 "WWW-Authenticate: Kerberos realm=\"r\"\r\n" DSK SIP_END,
	    .says = "version 4" },
	{ "after provisional answers",
	    REPLY("100 Trying", "") REPLY("183 Wait", "") R401 DSK SIP_END,
	    .says = "version 4" },
	{ "after others' answers",
	    OTHER NOTIFY
	    "SIP/2.0 200 OK\r\nVia: $VIA$\r\nFrom: $FROM$\r\nTo: $TO$\r\n"
	    "Call-ID: $CALL-ID$\r\nCSeq: $CSEQ-1$\r\n" SIP_END R401 DSK SIP_END,
	    .says = "version 4" },
	{ "after as many others as may be", OTHER64 R401 DSK SIP_END,
	    .says = "version 4" },
	{ "after one more", OTHER64 OTHER R401 DSK SIP_END, .cause = CAUSE_PROTOCOL,
	    .code = 0, .says = "none of them the answer" },

	{ "an older version", DSK_PARAMS("realm=\"r\", targetname=\"t\", version=3"),
	    .says = "version 3" },
	{ "a version of the future",
	    DSK_PARAMS("realm=\"r\", targetname=\"t\", version=9"), .says = "version 4" },
	{ "a version of the past", DSK_PARAMS("realm=\"r\", targetname=\"t\", version=1"),
	    .says = "version 2" },
	{ "a version that is no number",
	    DSK_PARAMS("realm=\"r\", targetname=\"t\", version=x"),
	    .cause = CAUSE_PROTOCOL, .code = 0, .says = "version" },
	{ "no realm", DSK_PARAMS("targetname=\"t\""), .cause = CAUSE_PROTOCOL, .code = 0,
	    .says = "realm is missing" },
	{ "no targetname", DSK_PARAMS("realm=\"r\""), .cause = CAUSE_PROTOCOL, .code = 0,
	    .says = "targetname is missing" },
	{ "a targetname that is too long",
	    DSK_PARAMS("realm=\"r\", targetname=\"$10000$\""), .cause = CAUSE_PROTOCOL,
	    .code = 0, .says = "targetname is too long" },
	{ "a realm that would be read as two fields",
	    DSK_PARAMS("realm=\"a><b\", targetname=\"t\""), .cause = CAUSE_PROTOCOL,
	    .code = 0, .says = "realm holds a character" },
	{ "a realm that ends its quotes",
	    DSK_PARAMS("realm=\"a\\\"b\", targetname=\"t\""), .cause = CAUSE_PROTOCOL,
	    .code = 0, .says = "realm holds a character" },

	{ "no TLS-DSK",
	    R401 "WWW-Authenticate: NTLM realm=\"r\"\r\n"
		 "WWW-Authenticate: Kerberos realm=\"r\"\r\n" SIP_END,
	    .cause = CAUSE_NOT_OFFERED, .code = 401, .says = "offers NTLM Kerberos" },
	{ "no scheme", R401 SIP_END, .cause = CAUSE_NOT_OFFERED, .code = 401,
	    .says = "no scheme" },
	{ "let in without a question", REPLY("200 OK", ""), .cause = CAUSE_NOT_OFFERED,
	    .code = 200, .says = "without asking" },
	{ "refused", REPLY("403 Forbidden", ""), .cause = CAUSE_SIP, .code = 403,
	    .says = "403 Forbidden" },
	{ "refused with a reason",
	    REPLY("403 Forbidden",
		"ms-diagnostics: 4003;source=\"fe1\";reason=\"no remote access\"\r\n"),
	    .cause = CAUSE_SIP, .code = 403, .says = "403 Forbidden", .said = "4003" },
	{ "not found", REPLY("404 Not Found", ""), .cause = CAUSE_DISABLED, .code = 404,
	    .says = "404" },
	{ "not enabled",
	    REPLY("480 Gone", "ms-diagnostics: 4005;reason=\"not enabled for SIP\"\r\n"),
	    .cause = CAUSE_DISABLED, .code = 480, .says = "480 Gone", .said = "4005" },
	{ "out of service", REPLY("503 Service Unavailable", ""), .cause = CAUSE_SIP,
	    .code = 503, .says = "503" },
	{ "a status of the far end", REPLY("699 ", ""), .cause = CAUSE_SIP, .code = 699,
	    .says = "699" },
	{ "a phrase with an escape", REPLY("500 a\x1b[31mb", ""), .cause = CAUSE_SIP,
	    .code = 500, .says = "500 a.[31mb" },
	{ "an end instead of an answer", "", .cause = CAUSE_CLOSED, .code = 0,
	    .says = "" },
	{ "not SIP", "HTTP/1.1 200 OK\r\n\r\n", .cause = CAUSE_PROTOCOL, .code = 0,
	    .says = "" },

	{ "redirected for ever", MOVED(LOOP), .cause = CAUSE_REDIRECT, .code = 301,
	    .says = "more than 3 times", .warnings = 1u << WARNING_REDIRECT,
	    .requests = TXN_REDIRECTS_MAX + 1 },
	{ "redirected by another status", REPLY("302 Moved", "Contact: " LOOP "\r\n"),
	    .cause = CAUSE_REDIRECT, .code = 302, .says = "more than 3 times",
	    .warnings = 1u << WARNING_REDIRECT, .requests = TXN_REDIRECTS_MAX + 1 },
	{ "redirected as a user", MOVED("<sip:alice@127.0.0.1:$PORT$>"),
	    .cause = CAUSE_REDIRECT, .code = 301, .says = "more than 3",
	    .warnings = 1u << WARNING_REDIRECT, .requests = TXN_REDIRECTS_MAX + 1 },
	{ "redirected to nowhere", REPLY("301 Moved", ""), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "no usable address" },
	{ "redirected to a telephone", MOVED("<tel:+1425>"), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "tel:+1425" },
	{ "redirected to sips", MOVED("<sips:127.0.0.1>"), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "sips:" },
	{ "redirected without TLS", MOVED("<sip:127.0.0.1:$PORT$;transport=tcp>"),
	    .cause = CAUSE_REDIRECT, .code = 301, .says = "no usable address" },
	{ "redirected without TLS, said late",
	    MOVED("<sip:127.0.0.1:$PORT$;lr;transport=tcp>"), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "no usable address" },
	{ "redirected by something like TLS",
	    MOVED("<sip:127.0.0.1:$PORT$;transport=tls-sctp>"), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "no usable address" },
	{ "redirected to port 0", MOVED("<sip:127.0.0.1:0>"), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "no usable address" },
	{ "redirected to port 65536", MOVED("<sip:127.0.0.1:65536>"),
	    .cause = CAUSE_REDIRECT, .code = 301, .says = "no usable address" },
	{ "redirected to no host", MOVED("<sip:;transport=tls>"), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "no usable address" },
	{ "redirected to a long host", MOVED("<sip:$10000$>"), .cause = CAUSE_REDIRECT,
	    .code = 301, .says = "no usable address" },

	{ "a clock ten minutes ahead",
	    REPLY("200 OK", "Date: Tue, 14 Nov 2023 22:23:20 GMT\r\n"),
	    .cause = CAUSE_NOT_OFFERED, .code = 200, .says = "",
	    .warnings = 1u << WARNING_CLOCK_SKEW },
	{ "a clock that is right",
	    REPLY("200 OK", "Date: Tue, 14 Nov 2023 22:13:21 GMT\r\n"),
	    .cause = CAUSE_NOT_OFFERED, .code = 200, .says = "" },
	{ "a clock that is none", REPLY("200 OK", "Date: x\r\n"),
	    .cause = CAUSE_NOT_OFFERED, .code = 200, .says = "" },
};

static const char *
script(void *arg, unsigned n)
{
	const struct challenge_case *tc = arg;

	(void)n;
	return tc->reply;
}

static void
check_challenge(void **state)
{
	static const struct step *const plan[] = { &step_resolve, &step_sip_connect,
		&step_challenge, NULL };
	union {
		const void *in;
		void *out;
	} arg = { *state };
	const struct challenge_case *tc = *state;
	struct txn_world w;
	struct registrar *r;
	struct err err;

	txn_world_open(&w);
	/* The certificates of this test are new by the real clock. */
	w.spec.certificate_warning_days = 0;
	r = registrar_new(w.env.loop, script, arg.out);
	w.spec.registrar_port = registrar_port(r);
	w.txn = txn_start_plan(&w.env, &w.spec, plan, &w.observer, &err);
	assert_non_null(w.txn);
	txn_world_wait(&w);
	if (w.result.err.cause != tc->cause || w.result.err.code != tc->code)
		fail_msg("%s %ld: %s", cause_name(w.result.err.cause), w.result.err.code,
		    w.result.err.detail);
	if (tc->cause == CAUSE_NONE)
		assert_non_null(strstr(w.notes.data, tc->says));
	else if (strstr(w.result.err.detail, tc->says) == NULL)
		fail_msg("%s", w.result.err.detail);
	if (tc->said != NULL)
		assert_non_null(strstr(w.result.err.said, tc->said));
	assert_int_equal(w.result.warnings, tc->warnings);
	assert_int_equal(registrar_requests(r), tc->requests != 0 ? tc->requests : 1);
	registrar_free(r);
	txn_world_close(&w);
}

RUN_CASES(ROWS("challenge", challenge_cases, check_challenge));
