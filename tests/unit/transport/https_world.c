#include "https_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "../await.h"
#include "../../fakes/must.h"
#include "../tls/certs.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "tls/outer.h"

#define PATIENCE_US (120 * 1000000) /* an upper limit; nothing waits for it */

enum key_slot { CA_KEY, SERVER_KEY };

static X509 *
make_ca(void)
{
	return certs_make(&(struct cert_spec){ .cn = "Test CA", .ca = 1 },
	    certs_key(CA_KEY, 0), NULL, NULL);
}

X509 *
https_world_cert(bool good)
{
	struct cert_spec spec = { .cn = "web",
		.san = good ? "DNS:" WEB_HOST : "DNS:other.example",
		.eku = "serverAuth" };
	X509 *ca = make_ca();
	X509 *cert =
	    certs_make(&spec, certs_key(SERVER_KEY, 0), ca, certs_key(CA_KEY, 0));

	X509_free(ca);
	return cert;
}

EVP_PKEY *
https_world_key(void)
{
	return certs_key(SERVER_KEY, 0);
}

void
https_world_done(void *arg)
{
	struct https_world *w = arg;

	w->done++;
	loop_stop(w->loop);
}

void
https_world_open(struct https_world *w,
    void (*serve)(void *arg, struct tlsconn *c, const struct web_request *rq))
{
	struct tls_settings settings = { .min = TLS_1_2 };
	X509 *ca = make_ca(), *cert = https_world_cert(true);
	struct err err;

	*w = (struct https_world){ .done = 0 };
	settings.ca_file = certs_path(0, "ca.pem");
	certs_write_cert(settings.ca_file, ca);
	MUST(https_global_init(&err));
	w->loop = loop_new(&err);
	MUST(w->loop != NULL);
	/* Port 1 of loopback: whoever asks a name server is refused. */
	w->resolver = resolver_new(w->loop, "127.0.0.1:1", &err);
	w->tls = tls_outer_new(&settings, &err);
	MUST(w->resolver != NULL && w->tls != NULL);
	resolver_set_tries(w->resolver, 1, 1);
	w->server = webserver_new(w->loop, cert, https_world_key(), serve, w);
	snprintf(w->url, sizeof(w->url), "https://" WEB_HOST ":%u/",
	    webserver_port(w->server));
	w->https = https_new(
	    w->loop, w->resolver, w->tls, WEB_HOST, "127.0.0.1", https_world_done, w);
	MUST(w->https != NULL);
	X509_free(ca);
	X509_free(cert);
}

void
https_world_close(struct https_world *w)
{
	https_free(w->https);
	webserver_free(w->server);
	tls_outer_free(w->tls);
	resolver_free(w->resolver);
	loop_free(w->loop);
	https_global_cleanup();
}

static void
lose_patience(void *arg)
{
	(void)arg;
	fputs("nothing happens any more\n", stderr);
	abort();
}

void
https_world_wait(struct https_world *w, unsigned done)
{
	struct timer *patience = timer_new(w->loop, lose_patience, NULL);

	MUST(patience != NULL);
	timer_set(patience, PATIENCE_US);
	while (w->done < done)
		await_loop(w->loop, "the end of the request");
	timer_free(patience);
}

bool
https_world_ask(struct https_world *w, const struct https_request *rq,
    struct https_answer *ret, struct err *err)
{
	unsigned before = w->done;

	if (!https_start(w->https, rq, err))
		return false;
	MUST(w->done == before); /* never inside */
	https_world_wait(w, before + 1);
	return https_answer(w->https, ret, err);
}
