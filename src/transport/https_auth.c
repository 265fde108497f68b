#include "transport/https_auth.h"

#include "auth/account.h"
#include "crypto/crypto.h"
#include "transport/https_reply.h"
#include "vocab/err.h"

void
https_auth_init(struct https_auth *a, const struct auth_logon *logon)
{
	*a = (struct https_auth){ .logon = *logon };
	buf_init(&a->challenge, AUTH_TOKEN_MAX);
}

static const struct auth_method *
method_of(const struct https_auth *a)
{
	return a->logon.account->method;
}

/* The logon is over; which scheme it had stays known. */
static void
end_logon(struct https_auth *a)
{
	if (a->state != NULL)
		method_of(a)->free(a->state);
	a->state = NULL;
	a->proven = false;
	buf_clear(&a->challenge);
}

void
https_auth_clear(struct https_auth *a)
{
	end_logon(a);
	buf_free(&a->challenge);
}

/* The best scheme of the method that the server offers, or NULL. */
static const char *
choose_scheme(const struct https_auth *a, const struct https_reply *r)
{
	const char *const *scheme = method_of(a)->schemes;

	while (*scheme != NULL && !https_reply_offers(r, *scheme))
		scheme++;
	return *scheme;
}

static enum https_auth_next
write_header(
    struct https_auth *a, const struct buf *token, struct buf *out, struct err *err)
{
	buf_printf(out, "Authorization: %s ", a->scheme);
	crypto_base64(out, token->data, token->len);
	if (!token->failed && !out->failed)
		return HTTPS_AUTH_LEG;
	err_local(err, 0, "out of memory");
	return HTTPS_AUTH_FAILED;
}

enum https_auth_next
https_auth_resume(struct https_auth *a, struct buf *out, struct err *err)
{
	enum https_auth_next ret = HTTPS_AUTH_FAILED;
	enum auth_next next;
	struct buf token;

	buf_init(&token, AUTH_TOKEN_MAX);
	next = method_of(a)->next(a->state, buf_view(&a->challenge), &token, err);
	if (next == AUTH_WAIT)
		ret = HTTPS_AUTH_WAIT;
	else if (next != AUTH_FAILED)
		ret = write_header(a, &token, out, err);
	a->proven = next == AUTH_PROOF;
	buf_wipe_free(&token);
	return ret;
}

static enum https_auth_next
begin_logon(struct https_auth *a, struct buf *out, struct err *err)
{
	a->state = method_of(a)->begin(&a->logon, err);
	return a->state == NULL ? HTTPS_AUTH_FAILED : https_auth_resume(a, out, err);
}

/* The server's token, for the scheme of our legs. */
static enum https_auth_next
go_on(struct https_auth *a, const struct https_reply *r, struct buf *out, struct err *err)
{
	struct str token = https_reply_token(r, a->scheme);

	if (token.len == 0)
		return HTTPS_AUTH_OVER;
	buf_clear(&a->challenge);
	if (crypto_unbase64(token, &a->challenge))
		return https_auth_resume(a, out, err);
	err_set(err, CAUSE_PROTOCOL, 0, "the server's challenge is not base64");
	return HTTPS_AUTH_FAILED;
}

/* The proof arrived at a connection that knew nothing of its challenge. */
static enum https_auth_next
begin_again(struct https_auth *a, struct buf *out, struct err *err)
{
	if (a->lost) {
		err_set(err, CAUSE_CLOSED, 0,
		    "the server ends the connection between the legs of %s "
		    "authentication, which must go over one connection",
		    a->scheme);
		return HTTPS_AUTH_FAILED;
	}
	a->lost = true;
	end_logon(a);
	return begin_logon(a, out, err);
}

enum https_auth_next
https_auth_next(struct https_auth *a, const struct https_reply *r, bool fresh,
    struct buf *out, struct err *err)
{
	if (a->scheme == NULL) {
		a->scheme = choose_scheme(a, r);
		return a->scheme == NULL ? HTTPS_AUTH_OVER : begin_logon(a, out, err);
	}
	if (!a->proven)
		return go_on(a, r, out, err);
	return fresh && method_of(a)->by_connection ? begin_again(a, out, err)
						    : HTTPS_AUTH_OVER;
}

bool
https_auth_confirmed(struct https_auth *a, const struct https_reply *r)
{
	struct buf token;
	bool confirmed;

	if (!a->proven)
		return false;
	if (method_of(a)->confirm == NULL)
		return true;
	buf_init(&token, AUTH_TOKEN_MAX);
	confirmed = crypto_unbase64(https_reply_token(r, a->scheme), &token) &&
		    method_of(a)->confirm(a->state, buf_view(&token));
	buf_free(&token);
	return confirmed;
}
