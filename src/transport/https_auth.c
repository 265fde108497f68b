#include "transport/https_auth.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "crypto/crypto.h"
#include "transport/https_reply.h"
#include "auth/ntlm.h"

#define WORKSTATION_MAX 16 /* NetBIOS names have 15 characters and NUL */

/* The best first. */
static const char *const schemes[] = { "NTLM", "Negotiate" };

static const char *
choose(const struct https_reply *r)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (https_reply_offers(r, schemes[i]))
			return schemes[i];
	return NULL;
}

/* The first label in capitals, as Windows calls a machine. */
static void
name_workstation(char name[WORKSTATION_MAX])
{
	char host[256] = "";
	size_t i = 0;

	if (gethostname(host, sizeof(host) - 1) == 0)
		for (; i < WORKSTATION_MAX - 1 && isalnum((unsigned char)host[i]); i++)
			name[i] = (char)toupper((unsigned char)host[i]);
	name[i] = '\0';
}

static bool
prove(const char *username, const struct secret *password, struct str challenge,
    struct buf *token, struct err *err)
{
	char workstation[WORKSTATION_MAX];
	struct ntlm_login l = { .username = username,
		.password = secret_reveal(password),
		.workstation = workstation,
		.now_ms = clock_wall_ms(&clock_system) };
	struct buf raw;
	bool ok;

	name_workstation(workstation);
	crypto_random(l.nonce, sizeof(l.nonce));
	buf_init(&raw, NTLM_MESSAGE_MAX);
	ok = crypto_unbase64(challenge, &raw);
	if (ok)
		ok = ntlm_authenticate(&l, buf_view(&raw), token, err);
	else
		err_set(err, CAUSE_PROTOCOL, 0, "the server's challenge is not base64");
	buf_free(&raw);
	return ok;
}

static enum https_auth_next
say(struct https_auth *a, const struct buf *token, struct buf *out, struct err *err)
{
	buf_printf(out, "Authorization: %s ", a->scheme);
	crypto_base64(out, token->data, token->len);
	if (!out->failed)
		return HTTPS_AUTH_LEG;
	err_local(err, 0, "out of memory");
	return HTTPS_AUTH_FAILED;
}

static enum https_auth_next
begin(struct https_auth *a, struct buf *out, struct err *err)
{
	enum https_auth_next next;
	struct buf token;

	buf_init(&token, NTLM_MESSAGE_MAX);
	ntlm_negotiate(&token);
	next = say(a, &token, out, err);
	a->state = AUTH_BEGUN;
	buf_free(&token);
	return next;
}

static enum https_auth_next
go_on(struct https_auth *a, struct str challenge, const char *username,
    const struct secret *password, struct buf *out, struct err *err)
{
	enum https_auth_next next = HTTPS_AUTH_FAILED;
	struct buf token;

	buf_init(&token, NTLM_MESSAGE_MAX);
	if (prove(username, password, challenge, &token, err))
		next = say(a, &token, out, err);
	a->state = AUTH_PROVEN;
	buf_wipe_free(&token);
	return next;
}

/* The proof arrived at a connection that knew nothing of its challenge. */
static enum https_auth_next
begin_anew(struct https_auth *a, struct buf *out, struct err *err)
{
	if (a->lost) {
		err_set(err, CAUSE_CLOSED, 0,
		    "the server ends the connection between the legs of %s "
		    "authentication, which must go over one connection",
		    a->scheme);
		return HTTPS_AUTH_FAILED;
	}
	a->lost = true;
	return begin(a, out, err);
}

enum https_auth_next
https_auth_next(struct https_auth *a, const struct https_reply *r, bool anew,
    const char *username, const struct secret *password, struct buf *out, struct err *err)
{
	struct str challenge;

	switch (a->state) {
	case AUTH_IDLE:
		a->scheme = choose(r);
		return a->scheme == NULL ? HTTPS_AUTH_OVER : begin(a, out, err);
	case AUTH_BEGUN:
		challenge = https_reply_token(r, a->scheme);
		return challenge.len == 0
			   ? HTTPS_AUTH_OVER
			   : go_on(a, challenge, username, password, out, err);
	case AUTH_PROVEN:
		break;
	}
	return anew ? begin_anew(a, out, err) : HTTPS_AUTH_OVER;
}

bool
https_auth_proven(const struct https_auth *a)
{
	return a->state == AUTH_PROVEN;
}
