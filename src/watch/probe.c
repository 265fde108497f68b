#include "watch/probe.h"

#include <stdio.h>
#include <stdlib.h>

#include "vocab/err.h"
#include "config/config.h"
#include "watch/traces.h"
#include "tls/memtls.h"
#include "trace/trace.h"
#include "keys/keyring.h"

struct run {
	LIST_ENTRY(run) link;
	struct probe *probe;
	struct config *config; /* what spec points into */
	struct memtls_ctx *inner;
	struct txn_spec spec;
	struct txn *txn;
	void (*over)(struct probe *p, const struct result *result);
	void (*note)(struct probe *p, const struct txn_note *note);
};

struct probe *
probe_new(const struct config_test *test, void *owner)
{
	struct probe *p = calloc(1, sizeof(*p));
	char user[SIP_ADDRESS_MAX + 4];

	if (p == NULL)
		return NULL;
	p->test = test;
	p->alert_from = ALERT_FAILING;
	p->owner = owner;
	snprintf(user, sizeof(user), "sip:%s", test->user->address);
	if (!test_state_init(&p->state, test->name, test->pool->fqdn, user)) {
		free(p);
		return NULL;
	}
	return p;
}

void
probe_free(struct probe *p)
{
	if (p == NULL)
		return;
	traces_drop(p->kept);
	trace_free(p->tracing);
	key_wait_cancel(p->key_wait);
	test_state_free(&p->state);
	free(p->discovery);
	free(p);
}

static void
run_free(struct run *r)
{
	memtls_ctx_free(r->inner);
	config_unref(r->config);
	free(r);
}

static void
on_done(void *arg, const struct result *result)
{
	struct run *r = arg;
	struct probe *p = r->probe;
	void (*over)(struct probe *, const struct result *) = r->over;

	p->run = NULL;
	LIST_REMOVE(r, link);
	run_free(r);
	over(p, result);
}

static void
on_note(void *arg, const struct txn_note *note)
{
	const struct run *r = arg;

	r->note(r->probe, note);
}

/* One that the same way names, and names first, could not be reached. */
static bool
passed_over(const struct discovery *d)
{
	for (unsigned i = 0; i < d->ntries; i++)
		if (d->tries[i].dead)
			return true;
	return false;
}

/*
 * A registrar that did not let itself be reached may be another one by now; whether one
 * that was dead is back, only a look can tell.
 */
static bool
disproves(const struct result *r)
{
	return r->discovery.moved_on || passed_over(&r->discovery) ||
	       (!r->ok &&
		   (r->err.step == STEP_DISCOVER || r->err.step == STEP_RESOLVE ||
		       r->err.step == STEP_SIP_CONNECT || r->err.step == STEP_CHALLENGE));
}

void
probe_note_discovery(struct probe *p, const struct result *r)
{
	bool stale = p->forget_run;

	p->forget_run = false;
	p->look_again = disproves(r);
	if (stale || r->discovery.at_ms == 0 || r->discovery.known ||
	    r->err.cause == CAUSE_CANCELLED)
		return;
	if (p->discovery == NULL)
		p->discovery = malloc(sizeof(*p->discovery));
	if (p->discovery != NULL) /* else the next run looks again */
		*p->discovery = r->discovery;
}

void
probe_forget_discovery(struct probe *p)
{
	free(p->discovery);
	p->discovery = NULL;
	p->forget_run = p->run != NULL;
}

int64_t
probe_discovery_until(const struct probe *p)
{
	if (p->discovery == NULL || !p->discovery->found)
		return 0;
	return p->discovery->at_ms + (int64_t)p->test->pool->discovery_age_ms;
}

/* NULL: look. A clock that was set back makes nothing young. */
static const struct discovery *
known(const struct probe *p, int64_t now_ms)
{
	bool fresh = probe_discovery_until(p) > now_ms && p->discovery->at_ms <= now_ms;

	return fresh && !p->look_again ? p->discovery : NULL;
}

static struct txn_spec
spec_of(const struct config *c, const struct config_test *t, struct memtls_ctx *inner)
{
	return (struct txn_spec){
		.target_fqdn = t->pool->is_domain ? NULL : t->pool->fqdn,
		.discovery_uri = t->pool->discovery_uri,
		.registrar_port = t->pool->registrar_port,
		.address = t->pool->address,
		.provisioning_url = t->pool->cert_provisioning_uri,
		.web_domains = (const char *const *)t->pool->allowed_web_domains,
		.user = t->user->address,
		.account = &t->user->account,
		.epid = c->epid,
		.user_agent = c->user_agent,
		.tls = t->pool->tls,
		.inner = inner,
		.inner_check = t->pool->inner_check,
		.timeout_ms = t->timeout_ms,
		.certificate_warning_days = c->certificate_warning_days,
	};
}

bool
probe_start(struct probe *p, const struct env *env, struct config *config,
    struct memtls_ctx *inner, void (*over)(struct probe *p, const struct result *result),
    void (*note)(struct probe *p, const struct txn_note *note), struct run_list *runs,
    struct err *err)
{
	struct run *r = calloc(1, sizeof(*r));
	struct txn_observer observer = { note == NULL ? NULL : on_note, p->tracing,
		on_done, r };

	if (r == NULL) {
		err_local(err, 0, "out of memory");
		return false;
	}
	r->probe = p;
	r->config = config_ref(config);
	r->inner = memtls_ctx_ref(inner);
	r->spec = spec_of(config, p->test, inner);
	r->spec.known = known(p, clock_wall_ms(env->clock));
	r->over = over;
	r->note = note;
	r->txn = txn_start(env, &r->spec, &observer, err);
	if (r->txn == NULL) {
		run_free(r);
		return false;
	}
	p->run = r;
	LIST_INSERT_HEAD(runs, r, link);
	return true;
}

bool
probe_needs_key(const struct config *config, const struct probe *p)
{
	struct txn_spec spec = spec_of(config, p->test, NULL);

	return txn_needs_key(&spec);
}

void
probe_cancel(struct probe *p)
{
	if (p->run != NULL)
		txn_cancel(p->run->txn);
}

void
runs_cancel(struct run_list *runs)
{
	struct run *r;

	/* The end of each is reported later, so the list stands still here. */
	LIST_FOREACH(r, runs, link)
	txn_cancel(r->txn);
}

void
runs_abandon(struct run_list *runs)
{
	struct run *r;

	while ((r = LIST_FIRST(runs)) != NULL) {
		struct probe *p = r->probe;

		LIST_REMOVE(r, link);
		txn_abandon(r->txn);
		run_free(r);
		p->run = NULL;
		if (p->test == NULL)
			probe_free(p);
	}
}
