#include "txn/ticket_leg.h"

#include <stdio.h>
#include <string.h>

#include "auth/account.h"
#include "auth/method.h"
#include "base/buf.h"
#include "trace/secret_words.h"
#include "txn/domains.h"
#include "txn/facts.h"
#include "txn/web_leg.h"
#include "txn/web_refusal.h"
#include "vocab/err.h"

#define REQUEST_MAX 16384 /* bytes */

enum step_move
ticket_leg_metadata(struct txn *t, const char *issuer)
{
	char url[URL_MAX + 4];

	txn_try(t, "Asking the web ticket service %s how to authenticate", issuer);
	snprintf(url, sizeof(url), "%s/mex", issuer);
	return web_leg_get(t, url);
}

static const struct auth_method *
method_of(const struct txn *t)
{
	return txn_spec(t)->account->method;
}

/* "WebTicketServiceWinNegotiate, ...WinNtlm": what they have in common is written once.
 */
static void
list_wanted(const char *const *ports, struct buf *out)
{
	static const char common[] = "WebTicketService";

	buf_puts(out, *ports);
	while (*++ports != NULL)
		buf_printf(out, ", ...%s",
		    str_caseprefix(str_of(*ports), common) ? *ports + strlen(common)
							   : *ports);
}

static enum step_move
no_port(struct txn *t, const struct mex_ticket *m)
{
	struct buf wanted;

	buf_init(&wanted, ERR_DETAIL_MAX);
	list_wanted(method_of(t)->ports, &wanted);
	err_set(txn_err(t), CAUSE_NOT_OFFERED, 0,
	    "no port for Windows authentication (%s) among: %s", buf_view(&wanted).p,
	    m->ports);
	buf_free(&wanted);
	return MOVE_FAIL;
}

enum step_move
ticket_leg_metadata_answer(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct mex_ticket ports;
	struct https_answer a;
	enum step_move move = web_leg_answer(t, "web ticket service", &a);

	if (move != MOVE_NEXT)
		return move;
	if (!mex_parse_ticket(a.body, method_of(t)->ports, &ports, txn_err(t)))
		return MOVE_FAIL;
	if (ports.url[0] == '\0')
		return no_port(t, &ports);
	if (!domains_allow_url(t, ports.url, "the web ticket service's port"))
		return MOVE_FAIL;
	str_copy(f->ticket_url, sizeof(f->ticket_url), str_of(ports.url));
	txn_saw(t, "Windows authentication at %s", f->ticket_url);
	return MOVE_NEXT;
}

/* Our half of the proof key, which the request carries. False: txn_err(t). */
static bool
hide_entropy(struct txn *t)
{
	struct facts *f = txn_facts(t);
	const struct str bytes = { (const char *)f->ticket_request.entropy,
		sizeof(f->ticket_request.entropy) };

	if (f->tickets == SECRET_KEYS_MAX)
		err_set(txn_err(t), CAUSE_LIMIT, SECRET_KEYS_MAX,
		    "more than %d web tickets would be needed", SECRET_KEYS_MAX);
	else if (!secret_words_add_key(txn_words(t), bytes))
		err_local(txn_err(t), 0, "out of memory");
	else
		return true;
	return false;
}

enum step_move
ticket_leg_issue(struct txn *t, const char *applies_to)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);
	struct https *web = txn_web(t);
	struct https_request rq = {
		.url = f->ticket_url,
		.soap_action = WEBTICKET_ACTION,
		.account = s->account,
	};
	char claim[SIP_ADDRESS_MAX + 4] = "sip:";

	if (web == NULL)
		return MOVE_FAIL;
	txn_try(t, "Trying to get web ticket.");
	txn_try(t, "Web Service url : %s", f->ticket_url);
	txn_try(t, "Using NTLM/Kerb auth. (%s, account %s)", method_of(t)->title,
	    s->account->username);
	str_copy(claim + 4, sizeof(claim) - 4, str_of(s->user));
	/* Any UUID would do; clients in the field say which endpoint asks. */
	sip_instance_from_epid(s->epid, f->ticket_context);
	crypto_random(f->ticket_request.entropy, sizeof(f->ticket_request.entropy));
	if (!hide_entropy(t))
		return MOVE_FAIL;
	f->tickets++;
	f->ticket_request.context = f->ticket_context;
	f->ticket_request.applies_to = applies_to;
	f->ticket_request.claim = claim;
	buf_free(&f->request);
	buf_init(&f->request, REQUEST_MAX);
	webticket_build(&f->ticket_request, &f->request);
	f->ticket_request.claim = NULL; /* they are not ours */
	f->ticket_request.applies_to = NULL;
	rq.body = buf_view(&f->request);
	if (f->request.failed) {
		err_set(txn_err(t), CAUSE_LIMIT, REQUEST_MAX,
		    "the ticket request is too large");
		return MOVE_FAIL;
	}
	return https_start(web, &rq, txn_err(t)) ? MOVE_WAIT : MOVE_FAIL;
}

/* "Bearer, MsRtcOAuth" */
static const char *
list_schemes(const struct https_answer *a, char *dst, size_t size)
{
	struct str rest = a->schemes, one;
	struct buf b;

	buf_init(&b, size - 1);
	while (rest.len > 0) {
		rest = str_split(rest, ' ', &one);
		buf_printf(&b, "%s%.*s", b.len > 0 ? ", " : "", (int)one.len, one.p);
	}
	(void)str_copy(dst, size, buf_view(&b));
	buf_free(&b);
	return dst;
}

/*
 * 401 means one of three things: our credentials were refused, no scheme of our method is
 * offered, or one is but not with that method in it (Negotiate for Kerberos alone).
 */
static enum step_move
judge_401(struct txn *t, const struct https_answer *a)
{
	struct str offer = a->schemes.len > 0 ? a->schemes : STR_LIT("nothing");
	bool by = a->server_fqdn.len > 0;
	char list[HTTPS_SCHEMES_SIZE];

	if (txn_err(t)->cause == CAUSE_DISABLED) /* its number says so */
		return MOVE_FAIL;
	if (a->proven)
		err_set(txn_err(t), CAUSE_AUTH, 401, "HTTP 401 after %s as %s%s%.*s",
		    a->scheme, txn_spec(t)->account->username, by ? ", by " : "",
		    (int)a->server_fqdn.len, a->server_fqdn.p);
	else if (a->scheme != NULL)
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "the web ticket service offers %s, but answers %s in it with "
		    "HTTP 401 and no challenge",
		    a->scheme, method_of(t)->title);
	else if (web_refusal_is_oauth(a))
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "the web ticket service offers %s: modern authentication only",
		    list_schemes(a, list, sizeof(list)));
	else
		err_set(txn_err(t), CAUSE_NOT_OFFERED, 401,
		    "the web ticket service offers %.*s, not %s", (int)offer.len, offer.p,
		    method_of(t)->title);
	if (web_refusal_is_oauth(a))
		err_evidence(txn_err(t), EVIDENCE_OAUTH);
	else if (!a->proven && a->scheme != NULL && strcmp(a->scheme, "Negotiate") == 0)
		err_evidence(txn_err(t), EVIDENCE_KERBEROS);
	if (a->diagnostics.len > 0)
		err_said(txn_err(t), a->diagnostics);
	return MOVE_FAIL;
}

enum step_move
ticket_leg_issue_answer(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct https_answer a = { .status = 0 };
	enum step_move move = web_leg_answer(t, "web ticket service", &a);
	int64_t now = clock_wall_ms(txn_env(t)->clock) / 1000;

	if (a.status == 401)
		return judge_401(t, &a);
	if (move != MOVE_NEXT)
		return move;
	webticket_clear(&f->ticket);
	if (!webticket_parse(a.body, &f->ticket_request, &f->ticket, txn_err(t)))
		return MOVE_FAIL;
	txn_saw(t, "Web ticket %s, valid %s to %s, %u HTTP legs", f->ticket.assertion_id,
	    f->ticket.created, f->ticket.expires, a.legs);
	if (f->ticket.expires_s <= now || f->ticket.created_s > now + 300)
		txn_warn(t, WARNING_LIFETIME,
		    "Warning: the web ticket is not valid now by our clock");
	return MOVE_NEXT;
}
