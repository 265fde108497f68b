/*
 * transport/https_judge: causes of transfers that ended without an answer, beside those
 * that test_https.c sees happen.
 */
#include <errno.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include "../cases.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "tls/outer.h"
#include "transport/https.h"
#include "transport/https_judge.h"

#define ALERT_HANDSHAKE_FAILURE 40

static const struct judge_case {
	const char *name;
	struct https_ending e;
	struct tls_peer peer;
	enum cause cause;
	long code;
	const char *says;
} judge_cases[] = {
	{ "no route", { .code = CURLE_COULDNT_CONNECT, .errnum = EHOSTUNREACH },
	    .cause = CAUSE_CONNECT, .code = EHOSTUNREACH, .says = "No route" },
	{ "no socket", { .code = CURLE_COULDNT_CONNECT, .own_errnum = ENOBUFS },
	    .cause = CAUSE_LOCAL, .code = ENOBUFS, .says = "no socket" },
	{ "no connection, and no word why", { .code = CURLE_COULDNT_CONNECT },
	    .cause = CAUSE_CONNECT, .says = "not reachable" },
	{ "an expired certificate", { .code = CURLE_PEER_FAILED_VERIFICATION },
	    { .verify_error = X509_V_ERR_CERT_HAS_EXPIRED }, CAUSE_TRUST, CERT_EXPIRED,
	    "ended on" },
	{ "an alert of the server", { .code = CURLE_SSL_CONNECT_ERROR },
	    { .alert = ALERT_HANDSHAKE_FAILURE, .foreign = true }, CAUSE_TLS,
	    ALERT_HANDSHAKE_FAILURE, "handshake failure" },
	{ "an alert while receiving", { .code = CURLE_RECV_ERROR, .text = "x" },
	    { .alert = ALERT_HANDSHAKE_FAILURE, .foreign = true }, CAUSE_TLS,
	    ALERT_HANDSHAKE_FAILURE, "handshake failure" },
	{ "an end in the handshake", { .code = CURLE_SSL_CONNECT_ERROR, .text = "x" },
	    { .foreign = true }, CAUSE_CLOSED, 0, "during the TLS handshake" },
	{ "an objection of libcurl", { .code = CURLE_SSL_CIPHER }, .cause = CAUSE_TLS,
	    .says = "cipher" },
	{ "a reset while receiving",
	    { .code = CURLE_RECV_ERROR,
		.text = "OpenSSL SSL_read: Connection reset by peer, errno 104" },
	    .cause = CAUSE_CLOSED, .says = "reset by peer" },
	{ "a head without its end", { .code = CURLE_OK, .heard = true },
	    .cause = CAUSE_CLOSED, .says = "in the head" },
	{ "too many legs", { .code = CURLE_WRITE_ERROR, .too_many_legs = true },
	    .cause = CAUSE_AUTH, .code = 401, .says = "no end" },
	{ "too large a head", { .code = CURLE_WRITE_ERROR, .head_full = true },
	    .cause = CAUSE_LIMIT, .code = HTTPS_HEAD_MAX, .says = "head" },
	{ "too large a body", { .code = CURLE_WRITE_ERROR, .body_full = true },
	    .cause = CAUSE_LIMIT, .code = HTTPS_BODY_MAX, .says = "body" },
	{ "too long a line", { .code = CURLE_OUT_OF_MEMORY, .heard = true },
	    .cause = CAUSE_LIMIT, .code = HTTPS_HEAD_MAX, .says = "head" },
	{ "too long a first line", { .code = CURLE_OUT_OF_MEMORY, .answering = true },
	    .cause = CAUSE_LIMIT, .code = HTTPS_HEAD_MAX, .says = "head" },
	{ "out of memory", { .code = CURLE_OUT_OF_MEMORY }, .cause = CAUSE_LOCAL },
	{ "libcurl does not work", { .code = CURLE_FAILED_INIT }, .cause = CAUSE_LOCAL },
	{ "authentication fails", { .code = CURLE_AUTH_ERROR }, .cause = CAUSE_AUTH },
	{ "login denied", { .code = CURLE_LOGIN_DENIED }, .cause = CAUSE_AUTH },
	{ "a strange answer",
	    { .code = CURLE_WEIRD_SERVER_REPLY, .text = "odd\r\nthing" },
	    .cause = CAUSE_PROTOCOL, .says = "odd..thing" },
};

static void
check_judge(void **state)
{
	const struct judge_case *tc = *state;
	struct https_ending e = tc->e;
	struct err err;

	e.host = "web.lab.example";
	e.port = 4443;
	e.peer = &tc->peer;
	if (e.text == NULL)
		e.text = "";
	https_judge(&e, &err);
	if (err.cause != tc->cause || err.code != tc->code)
		fail_msg("%s %ld: %s", cause_name(err.cause), err.code, err.detail);
	if (tc->says != NULL && strstr(err.detail, tc->says) == NULL)
		fail_msg("%s", err.detail);
}

RUN_CASES(ROWS("judge", judge_cases, check_judge));
