/* resolve - the registrar's name to addresses; a configured address is taken as it is. */
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "vocab/err.h"

static void
on_lookup(void *arg, const struct addrs *addrs, const struct err *err)
{
	struct txn *t = arg;
	struct facts *f = txn_facts(t);

	f->lookup = NULL;
	f->addrs.n = 0;
	if (addrs != NULL)
		f->addrs = *addrs;
	else
		*txn_err(t) = *err;
	txn_wake(t, SOURCE_LOOKUP);
}

static enum step_move
start(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);
	/* A redirect may lead back to the same name on another port. */
	bool pinned = s->address != NULL && str_caseeq(str_of(f->host), s->target_fqdn);

	txn_leg(t, f->reach_ms);
	txn_try(t, "Resolving %s%s%s", f->host, pinned ? ", configured to be at " : "",
	    pinned ? s->address : "");
	lookup_cancel(f->lookup);
	f->lookup = resolver_lookup(
	    txn_env(t)->resolver, pinned ? s->address : f->host, f->port, on_lookup, t);
	if (f->lookup != NULL)
		return MOVE_WAIT;
	err_local(txn_err(t), 0, "out of memory");
	return MOVE_FAIL;
}

static enum step_move
finish(struct txn *t)
{
	struct facts *f = txn_facts(t);
	char text[ADDR_TEXT_SIZE];

	if (txn_late(t))
		err_set(txn_err(t), CAUSE_TIMEOUT, f->reach_ms,
		    "no name server answered for %s within %u ms", f->host, f->reach_ms);
	if (txn_late(t) || f->addrs.n == 0)
		return MOVE_FAIL;
	addr_text(&f->addrs.a[0], text);
	txn_saw(t, "%s is at %s (%u address%s)", f->host, text, f->addrs.n,
	    f->addrs.n == 1 ? "" : "es");
	return MOVE_NEXT;
}

const struct step step_resolve = {
	.id = STEP_RESOLVE,
	.budget_ms = 10000,
	.wakes = FROM(SOURCE_LOOKUP),
	.start = start,
	.finish = finish,
};
