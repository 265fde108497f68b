#include "txn_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "../await.h"
#include "../../fakes/accounts.h"
#include "../../fakes/gate.h"
#include "../../fakes/must.h"
#include "../tls/certs.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "loop/worker.h"
#include "tls/identity.h"
#include "tls/inner.h"
#include "tls/outer.h"
#include "transport/https.h"
#include "keys/keyring.h"

#define PATIENCE_US (120 * 1000000) /* an upper limit; nothing waits for it */
#define START_US    1000000
#define START_MS    1700000000000

static uint64_t
fake_mono(void *arg)
{
	const struct txn_world *w = arg;

	return w->mono_us;
}

static int64_t
fake_wall(void *arg)
{
	const struct txn_world *w = arg;

	return w->wall_ms;
}

static void
on_note(void *arg, const struct txn_note *n)
{
	struct txn_world *w = arg;

	buf_printf(
	    &w->notes, "%s %c %s\n", step_name(n->step), "?=+-"[n->kind], n -> text);
	w->nnotes++;
	if (w->nnotes == w->cancel_at_note)
		txn_cancel(w->txn);
	if (w->nnotes == w->hook_at_note)
		w->hook(w);
}

static void
on_done(void *arg, const struct result *result)
{
	struct txn_world *w = arg;

	w->done++;
	w->result = *result;
	w->txn = NULL;
	loop_stop(w->env.loop);
}

static struct tls_outer *
trust(void)
{
	struct tls_settings settings = { .min = TLS_1_2,
		.ca_file = certs_path(0, "ca.pem") };
	X509 *ca = certs_make(
	    &(struct cert_spec){ .cn = "Test CA", .ca = 1 }, certs_key(0, 0), NULL, NULL);
	struct tls_outer *o;
	struct err err;

	certs_write_cert(settings.ca_file, ca);
	X509_free(ca);
	o = tls_outer_new(&settings, &err);
	MUST(o != NULL);
	return o;
}

void
txn_world_open(struct txn_world *w)
{
	struct keyring_settings keys;
	struct err err;

	*w = (struct txn_world){ .mono_us = START_US, .wall_ms = START_MS };
	w->clock = (struct clock){ fake_mono, fake_wall, w };
	buf_init(&w->notes, 65536);
	MUST(https_global_init(&err));
	w->env.clock = &w->clock;
	w->env.loop = loop_new(&err);
	MUST(w->env.loop != NULL);
	w->worker = worker_new(w->env.loop, &err);
	MUST(w->worker != NULL);
	/* Port 1 of loopback: whoever asks a name server is refused. */
	w->env.resolver = resolver_new(w->env.loop, "127.0.0.1:1", &err);
	MUST(w->env.resolver != NULL);
	resolver_set_tries(w->env.resolver, 1, 1);
	keys = (struct keyring_settings){ w->worker, w->worker, &w->clock, certs_dir(), 0,
		NULL };
	w->env.keys = keyring_new(w->env.loop, &keys, &err);
	MUST(w->env.keys != NULL);
	w->account = accounts_ntlm("LAB\\alice", "secret");
	w->spec = (struct txn_spec){
		.target_fqdn = WORLD_HOST,
		.registrar_port = 5061,
		.address = "127.0.0.1",
		.user = WORLD_USER,
		.account = &w->account,
		.epid = WORLD_EPID,
		.user_agent = "test",
		.tls = trust(),
		.inner = tls_inner_client_ctx(false, &err),
		.timeout_ms = 60000,
		.certificate_warning_days = 21,
	};
	MUST(w->spec.inner != NULL);
	w->observer = (struct txn_observer){ on_note, NULL, on_done, w };
}

void
txn_world_close(struct txn_world *w)
{
	if (w->txn != NULL)
		txn_abandon(w->txn);
	gate_open();
	keyring_stop(w->env.keys);
	worker_free(w->worker);
	gate_free();
	keyring_free(w->env.keys);
	resolver_free(w->env.resolver);
	loop_free(w->env.loop);
	account_clear(&w->account);
	tls_outer_free(w->spec.tls);
	tls_inner_ctx_free(w->spec.inner);
	https_global_cleanup();
	buf_free(&w->notes);
}

static void
lose_patience(void *arg)
{
	const struct txn_world *w = arg;

	fprintf(stderr, "nothing happens any more:\n%s",
	    w->notes.data == NULL ? "" : w->notes.data);
	abort();
}

void
txn_world_wait(struct txn_world *w)
{
	struct timer *patience = timer_new(w->env.loop, lose_patience, w);

	MUST(patience != NULL);
	timer_set(patience, PATIENCE_US);
	while (w->done == 0)
		await_loop(w->env.loop, "the end of the transaction");
	timer_free(patience);
}
