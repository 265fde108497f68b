#include "txn/runtime.h"

#include <malloc.h>
#include <sys/prctl.h>

#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "loop/worker.h"
#include "soap/xml.h"
#include "tls/inner.h"
#include "transport/https.h"
#include "keys/keyring.h"

static bool
open_keys(struct runtime *w, const struct runtime_settings *s, struct err *err)
{
	struct keyring_settings keys = {
		.clock = w->env.clock,
		.directory = s->key_directory,
		.lifetime_s = s->key_lifetime_s,
	};

	if ((w->reader = worker_new(w->env.loop, err)) == NULL ||
	    (w->maker = worker_new(w->env.loop, err)) == NULL)
		return false;
	keys.reader = w->reader;
	keys.maker = w->maker;
	w->env.keys = keyring_new(w->env.loop, &keys, err);
	return w->env.keys != NULL;
}

bool
runtime_open(struct runtime *w, const struct runtime_settings *s, struct err *err)
{
	*w = (struct runtime){ .env = { .clock = &clock_system } };
	/*
	 * What one transaction frees the next one needs: not worth giving back between.
	 */
	mallopt(M_TRIM_THRESHOLD, 1024 * 1024);
	prctl(PR_SET_DUMPABLE, 0); /* passwords and keys must not end up in a core */
	xml_init();
	return https_global_init(err) && (w->env.loop = loop_new(err)) != NULL &&
	       (w->env.resolver = resolver_new(w->env.loop, s->dns_servers, err)) !=
		   NULL &&
	       open_keys(w, s, err) &&
	       (w->inner = tls_inner_client_ctx(false, err)) != NULL &&
	       (w->inner_legacy = tls_inner_client_ctx(true, err)) != NULL;
}

void
runtime_stop_workers(struct runtime *w)
{
	keyring_stop(w->env.keys);
	worker_free(w->reader);
	worker_free(w->maker);
	w->reader = w->maker = NULL;
}

void
runtime_close(struct runtime *w)
{
	runtime_stop_workers(w);
	keyring_free(w->env.keys);
	resolver_free(w->env.resolver);
	loop_free(w->env.loop);
	tls_inner_ctx_free(w->inner);
	tls_inner_ctx_free(w->inner_legacy);
	https_global_cleanup();
	xml_cleanup();
}
