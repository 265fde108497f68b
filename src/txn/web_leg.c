#include "txn/web_leg.h"

#include <string.h>

#include "txn/domains.h"
#include "txn/web_refusal.h"

enum step_move
web_leg_get(struct txn *t, const char *url)
{
	struct https *web = txn_web(t);
	struct https_request rq = { .url = url, .stops_at = domains_is_online };

	if (web == NULL || !https_start(web, &rq, txn_err(t)))
		return MOVE_FAIL;
	return MOVE_WAIT;
}

bool
web_leg_done(struct txn *t)
{
	const struct facts *f = txn_facts(t);

	/*
	 * Real clients keep certificates by targetname; one from a given URL serves
	 * every registrar.
	 */
	return f->credential != NULL &&
	       (txn_spec(t)->provisioning_url != NULL ||
		   strcmp(f->credential_for, f->targetname) == 0);
}

enum step_move
web_leg_answer(struct txn *t, const char *who, struct https_answer *ret)
{
	struct https *web = txn_web(t);

	if (web == NULL)
		return MOVE_FAIL;
	if (!https_answer(web, ret, txn_err(t))) {
		txn_check_peer(t, who, https_peer(web), &txn_result(t)->web);
		return MOVE_FAIL;
	}
	txn_check_peer(t, who, https_peer(web), &txn_result(t)->web);
	txn_check_clock(t, who, ret->date);
	if (ret->redirected)
		txn_warn(
		    t, WARNING_REDIRECT, "Warning: the %s redirected the request", who);
	if (web_refusal_is_answer(ret))
		return MOVE_NEXT;
	web_refusal_explain(ret, who, txn_err(t));
	return MOVE_FAIL;
}
