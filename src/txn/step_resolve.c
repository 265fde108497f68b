/* resolve - the registrar's name to addresses; a configured address is taken as it is. */
#include "vocab/err.h"
#include "txn/step.h"

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

static enum verdict
start(struct txn *t)
{
	const struct txn_spec *s = txn_spec(t);
	struct facts *f = txn_facts(t);
	/* A redirect may lead back to the same name on another port. */
	bool pinned = s->address != NULL && str_caseeq(str_of(f->host), s->target_fqdn);

	discover_hurry(t);
	txn_try(t, "Resolving %s%s%s", f->host, pinned ? ", configured to be at " : "",
	    pinned ? s->address : "");
	lookup_cancel(f->lookup);
	f->lookup = resolver_lookup(
	    txn_env(t)->resolver, pinned ? s->address : f->host, f->port, on_lookup, t);
	if (f->lookup != NULL)
		return VERDICT_WAIT;
	err_local(txn_err(t), 0, "out of memory");
	return VERDICT_FAIL;
}

static enum verdict
finish(struct txn *t)
{
	struct facts *f = txn_facts(t);
	char text[ADDR_TEXT_SIZE];

	if (f->addrs.n == 0)
		return VERDICT_FAIL;
	addr_text(&f->addrs.a[0], text);
	txn_saw(t, "%s is at %s (%u address%s)", f->host, text, f->addrs.n,
	    f->addrs.n == 1 ? "" : "es");
	return VERDICT_NEXT;
}

static enum verdict
late(struct txn *t)
{
	err_set(txn_err(t), CAUSE_TIMEOUT, DISCOVERY_LEG_MS,
	    "no name server answered for %s within %d ms", txn_facts(t)->host,
	    DISCOVERY_LEG_MS);
	return VERDICT_FAIL;
}

const struct step step_resolve = {
	.id = STEP_RESOLVE,
	.budget_ms = 10000,
	.wakes = FROM(SOURCE_LOOKUP),
	.start = start,
	.finish = finish,
	.late = late,
	.elsewhere = discover_elsewhere,
};
