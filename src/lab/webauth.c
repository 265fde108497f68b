#include "lab/webauth.h"

#include <strings.h>

#include "vocab/err.h"
#include "crypto/crypto.h"
#include "lab/soapfault.h"
#include "lab/web.h"

#define HEADER_MAX (2 * NTLM_TOKEN_MAX)

static void
refuse_request(struct lab_web_request *rq)
{
	lab_web_page(rq, 401, "You are not authorized to view this page.");
	if (faults_is(&rq->pool->faults, STEP_WEB_TICKET, LAB_FAULT_NOT_OFFERED))
		return;
	if (lab_acceptor_has_negotiate(rq->pool->acceptor))
		lab_web_add_header(rq, "WWW-Authenticate", "Negotiate");
	lab_web_add_header(rq, "WWW-Authenticate", "NTLM");
}

static void
add_token(struct lab_web_request *rq, const char *scheme, const struct buf *token)
{
	struct buf b;

	buf_init(&b, HEADER_MAX);
	buf_printf(&b, "%s ", scheme);
	crypto_base64(&b, token->data, token->len);
	if (!b.failed)
		lab_web_add_header(rq, "WWW-Authenticate", b.data);
	buf_free(&b);
}

/*
 * Processes a leg. Returns whether the connection is authenticated; otherwise fills in
 * the answer.
 */
static bool
process_leg(struct lab_web_request *rq, const char *scheme, struct str token)
{
	struct lab_web_conn *c = rq->conn;
	struct buf out;
	struct err err;
	enum lab_ntlm_state state;

	buf_init(&out, NTLM_TOKEN_MAX);
	c->account[0] = '\0';
	state = lab_acceptor_step(
	    rq->pool->acceptor, &c->negotiation, token, &out, c->account, &err);
	if (state != NTLM_ACCEPTED) {
		c->account[0] = '\0';
		if (state == NTLM_CONTINUE)
			lab_web_page(rq, 401, "One more leg, please.");
		else
			refuse_request(rq);
	}
	if (state != NTLM_REFUSED && out.len > 0)
		add_token(rq, scheme, &out);
	buf_free(&out);
	return state == NTLM_ACCEPTED;
}

static bool
authenticate(struct lab_web_request *rq)
{
	const char *header = lab_web_request_header(rq, "Authorization");
	struct str scheme, token;
	struct buf raw;
	bool ntlm, ok = false;

	if (header == NULL) {
		/*
		 * As on Windows, an authenticated connection stays authenticated (spec 02
		 * 4.1).
		 */
		if (rq->conn->account[0] != '\0')
			return true;
		refuse_request(rq);
		return false;
	}
	token = str_split(str_trim(str_of(header)), ' ', &scheme);
	ntlm = str_caseeq(scheme, "NTLM");
	buf_init(&raw, NTLM_TOKEN_MAX);
	if (token.p != NULL &&
	    (ntlm || (str_caseeq(scheme, "Negotiate") &&
			 lab_acceptor_has_negotiate(rq->pool->acceptor))) &&
	    crypto_unbase64(str_trim(token), &raw) && raw.len > 0)
		ok = process_leg(rq, ntlm ? "NTLM" : "Negotiate", buf_view(&raw));
	else
		refuse_request(rq);
	buf_free(&raw);
	return ok;
}

/*
 * Sets *ret to the account that a front end has authenticated. Returns false if there is
 * none.
 */
static bool
front_end_account(struct lab_web_request *rq, struct str *ret)
{
	const char *account = lab_web_request_header(rq, rq->pool->front_end);

	if (account != NULL && *account != '\0') {
		*ret = str_of(account);
		return true;
	}
	lab_web_page(rq, 401, "The front end vouches for nobody.");
	return false;
}

static bool
find_account(struct lab_web_request *rq, struct str *ret)
{
	if (rq->pool->front_end != NULL)
		return front_end_account(rq, ret);
	if (!authenticate(rq))
		return false;
	*ret = str_of(rq->conn->account);
	return true;
}

const struct lab_user *
lab_webauth_account(struct lab_web_request *rq)
{
	const struct lab_user *u;
	struct str account;
	struct buf text;

	if (!find_account(rq, &account))
		return NULL;
	u = lab_users_by_account(&rq->pool->users, account);
	if (u != NULL && u->enabled)
		return u;
	lab_web_page(rq, 403, "Forbidden.");
	buf_init(&text, HEADER_MAX);
	lab_soapfault_not_enabled(rq->pool->fqdn, &text);
	if (!text.failed)
		lab_web_add_header(rq, "X-Ms-diagnostics", text.data);
	buf_free(&text);
	return NULL;
}
