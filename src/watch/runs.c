#include "watch/runs.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "config/config.h"
#include "tls/inner.h"
#include "txn/txn.h"
#include "vocab/err.h"
#include "watch/probe.h"

struct run {
	LIST_ENTRY(run) link;
	struct runs *runs;
	struct probe *probe;
	struct config *config; /* what spec points into */
	struct tls_inner_ctx *inner;
	struct txn_spec spec;
	struct txn *txn;
};

LIST_HEAD(run_list, run);

struct runs {
	struct runs_settings set;
	struct run_list list;
	size_t n;
};

static void
run_free(struct run *r)
{
	tls_inner_ctx_free(r->inner);
	config_unref(r->config);
	free(r);
}

static void
forget_run(struct run *r)
{
	r->probe->run = NULL;
	LIST_REMOVE(r, link);
	r->runs->n--;
	run_free(r);
}

static void
on_done(void *arg, const struct result *result)
{
	struct run *r = arg;
	struct runs *rs = r->runs;
	struct probe *p = r->probe;

	forget_run(r);
	rs->set.over(rs->set.arg, p, result);
}

static void
on_note(void *arg, const struct txn_note *note)
{
	const struct run *r = arg;

	r->runs->set.note(r->runs->set.arg, r->probe, note);
}

static struct txn_spec
spec_of(const struct config *c, const struct config_test *t, struct tls_inner_ctx *inner)
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
runs_start(
    struct runs *rs, struct probe *p, struct config *config, bool notes, struct err *err)
{
	struct run *r = calloc(1, sizeof(*r));
	struct txn_observer observer = { notes ? on_note : NULL, p->tracing, on_done, r };
	bool legacy = p->test->pool->legacy_tls;

	if (r == NULL) {
		err_local(err, 0, "out of memory");
		return false;
	}
	r->runs = rs;
	r->probe = p;
	r->config = config_ref(config);
	r->inner = tls_inner_ctx_ref(legacy ? rs->set.inner_legacy : rs->set.inner);
	r->spec = spec_of(config, p->test, r->inner);
	r->spec.known = probe_known_discovery(p, clock_wall_ms(rs->set.env->clock));
	r->txn = txn_start(rs->set.env, &r->spec, &observer, err);
	if (r->txn == NULL) {
		run_free(r);
		return false;
	}
	p->run = r;
	LIST_INSERT_HEAD(&rs->list, r, link);
	rs->n++;
	return true;
}

bool
runs_need_key(const struct config *config, const struct probe *p)
{
	struct txn_spec spec = spec_of(config, p->test, NULL);

	return txn_needs_key(&spec);
}

size_t
runs_count(const struct runs *rs)
{
	return rs->n;
}

void
run_cancel(struct run *r)
{
	if (r != NULL)
		txn_cancel(r->txn);
}

void
runs_cancel(struct runs *rs)
{
	struct run *r;

	/* The end of each is reported later: the list does not change here. */
	LIST_FOREACH(r, &rs->list, link)
	run_cancel(r);
}

void
runs_abandon(struct runs *rs)
{
	struct run *r;

	while ((r = LIST_FIRST(&rs->list)) != NULL) {
		struct probe *p = r->probe;

		txn_abandon(r->txn);
		forget_run(r);
		if (p->test == NULL)
			probe_free(p);
	}
}

struct runs *
runs_new(const struct runs_settings *s)
{
	struct runs *rs = calloc(1, sizeof(*rs));

	if (rs == NULL)
		return NULL;
	rs->set = *s;
	LIST_INIT(&rs->list);
	return rs;
}

void
runs_free(struct runs *rs)
{
	free(rs);
}
