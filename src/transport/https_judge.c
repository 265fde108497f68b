#include "transport/https_judge.h"

#include <string.h>

#include "build_config.h"
#include "vocab/err.h"
#include "tls/outer.h"
#include "transport/https_message.h"

static const char *
text_of(const struct https_ending *e)
{
	return e->text[0] != '\0' ? e->text : curl_easy_strerror(e->code);
}

static void
judge_tls(const struct https_ending *e, struct err *err)
{
	if (e->code == CURLE_SSL_CONNECT_ERROR || e->peer->verify_error != 0)
		tls_outer_error(e->peer, e->host, "web service", err);
	else /* an objection of libcurl's own */
		err_set(err, CAUSE_TLS, 0, "TLS with the web service %s:%u failed: %s",
		    e->host, e->port, text_of(e));
}

static void
judge_connect(const struct https_ending *e, struct err *err)
{
	if (e->own_errnum != 0)
		err_local(err, e->own_errnum, "no socket to call the web service %s:%u",
		    e->host, e->port);
	else
		err_set(err, CAUSE_CONNECT, e->errnum,
		    "no connection to the web service %s:%u: %s", e->host, e->port,
		    e->errnum != 0 ? strerror((int)e->errnum) : "not reachable");
}

static void
judge_limit(const struct https_ending *e, struct err *err)
{
	long limit = e->body_full ? HTTPS_BODY_MAX : HTTPS_HEAD_MAX;

	err_set(err, CAUSE_LIMIT, limit,
	    "the %s of %s:%u's answer is larger than %ld octets",
	    e->body_full ? "body" : "head", e->host, e->port, limit);
}

/*
 * An alert tells more than the end of the connection that it announces; but a server that
 * closes right behind it may reset the connection, and the alert is lost.
 */
static void
judge_closed(const struct https_ending *e, struct err *err)
{
	const char *asked = e->peer->wants_certificate && !e->heard
				? ", after it asked for a client certificate"
				: "";

	if (e->peer->alert != 0)
		tls_outer_error(e->peer, e->host, "web service", err);
	else
		err_set(err, CAUSE_CLOSED, 0,
		    "the web service %s:%u ended the connection%s: %s", e->host, e->port,
		    asked,
		    e->code == CURLE_OK ? "in the head of its answer" : text_of(e));
}

static void
judge_protocol(const struct https_ending *e, struct err *err)
{
	err_set(err, CAUSE_PROTOCOL, 0, "the answer of %s:%u is not HTTP as expected: %s",
	    e->host, e->port, text_of(e));
}

/* What this program itself refused to take; libcurl then speaks of a write error. */
static bool
judge_own(const struct https_ending *e, struct err *err)
{
	if (e->too_many_legs)
		err_set(err, CAUSE_AUTH, 401,
		    "HTTP authentication with %s:%u has no end after %d legs", e->host,
		    e->port, HTTPS_LEGS_MAX);
	else if (e->body_full || e->head_full)
		judge_limit(e, err);
	else
		return false;
	return true;
}

void
https_judge(const struct https_ending *e, struct err *err)
{
	if (judge_own(e, err))
		return;
	switch (e->code) {
	case CURLE_COULDNT_CONNECT:
		judge_connect(e, err);
		break;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		judge_tls(e, err);
		break;
	case CURLE_RECV_ERROR:
		/* Also what a chunk without a length gets. */
		if (strstr(e->text, "chunk") != NULL)
			judge_protocol(e, err);
		else
			judge_closed(e, err);
		break;
	case CURLE_OK:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_SEND_FAIL_REWIND:
	case CURLE_PARTIAL_FILE:
		judge_closed(e, err);
		break;
	case CURLE_AUTH_ERROR:
	case CURLE_LOGIN_DENIED:
		err_set(err, CAUSE_AUTH, 0, "HTTP authentication with %s:%u failed: %s",
		    e->host, e->port, curl_easy_strerror(e->code));
		break;
#if HAVE_DECL_CURLE_TOO_LARGE
	case CURLE_TOO_LARGE:
		judge_limit(e, err);
		break;
#endif
	case CURLE_OUT_OF_MEMORY:
		/* Before libcurl had CURLE_TOO_LARGE: a line of more than 100 KiB, too.
		 */
		if (e->heard || e->answering)
			judge_limit(e, err);
		else
			err_local(err, 0, "libcurl: %s", curl_easy_strerror(e->code));
		break;
	case CURLE_FAILED_INIT:
		err_local(err, 0, "libcurl: %s", curl_easy_strerror(e->code));
		break;
	default:
		judge_protocol(e, err);
	}
}
