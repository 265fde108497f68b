#include "daemon/probe.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "config/config.h"
#include "daemon/traces.h"
#include "tls/memtls.h"
#include "trace/trace.h"

struct run {
	LIST_ENTRY(run) link;
	struct probe *probe;
	struct config *config;		/* what spec points into */
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
	test_state_free(&p->state);
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

static struct txn_spec
spec_of(const struct config *c, const struct config_test *t, struct memtls_ctx *inner)
{
	return (struct txn_spec){
		.target_fqdn = t->pool->fqdn,
		.registrar_port = t->pool->registrar_port,
		.address = t->pool->address,
		.provisioning_url = t->pool->cert_provisioning_uri,
		.web_domains = (const char *const *)t->pool->allowed_web_domains,
		.user = t->user->address,
		.username = t->user->username,
		.password = t->user->password,
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
