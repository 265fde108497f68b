/*
 * bench - what one client-auth transaction costs the process that runs it, beside the same cryptography
 * called straight from OpenSSL in the same run. Usage: bench LAB-DIRECTORY ROUNDS, with cswatch-lab serving
 * and its ready line on standard input. Prints ratios; asserts nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "bench/floor.h"
#include "cmd/credential_file.h"
#include "loop/loop.h"
#include "tls/trust.h"
#include "txn/world.h"

struct bench {
	struct world world;
	struct txn_spec spec;
	unsigned left, failed;
	struct err err;
	double start_us;
};

static double
process_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void next(struct bench *b);

static void
on_done(void *arg, const struct result *r)
{
	struct bench *b = arg;

	if (!r->ok) {
		b->failed++;
		b->err = r->err;
	}
	if (b->left-- == 0)
		loop_stop(b->world.env.loop);
	else
		next(b);
}

static void
next(struct bench *b)
{
	struct txn_observer observer = { .done = on_done, .arg = b };

	if (txn_start(&b->world.env, &b->spec, &observer, &b->err) == NULL) {
		b->failed++;
		loop_stop(b->world.env.loop);
	}
}

/* One more than rounds: the first makes the key and warms the caches, and is not counted. */
static double
measure(struct bench *b, unsigned rounds)
{
	b->left = 0;
	next(b);
	loop_run(b->world.env.loop);
	loop_measure(b->world.env.loop);
	b->start_us = process_us();
	b->left = rounds - 1;
	next(b);
	loop_run(b->world.env.loop);
	return (process_us() - b->start_us) / rounds;
}

static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

int
main(int argc, char **argv)
{
	struct tls_settings tls = { .min = TLS_1_2 };
	struct world_settings settings = { .dns_servers = NULL };
	struct floor floor = { .outer = 2, .rounds = 0 };
	struct secret *password = NULL;
	struct bench b = { .failed = 0 };
	char username[USERNAME_SIZE], cert[4096], key[4096];
	double txn_us, floor_us;
	json_error_t json_err;
	json_t *ready = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &json_err), *user;
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 200;

	if (ready == NULL || argc < 2 || rounds == 0) {
		fputs("usage: bench LAB-DIRECTORY ROUNDS <ready-line\n", stderr);
		return 2;
	}
	user = json_array_get(json_object_get(ready, "users"), 0);
	tls.ca_file = text(ready, "ca_file");
	b.spec = (struct txn_spec){
		.target_fqdn = text(ready, "fqdn"), .address = "127.0.0.1",
		.registrar_port = (uint16_t)json_integer_value(json_object_get(ready, "sip_port")),
		.user = text(user, "sip") + 4, .username = username, .epid = "STEpid", .user_agent = "bench",
		.timeout_ms = 30000, .certificate_warning_days = 1,
	};
	if (!world_open(&b.world, &settings, &b.err) ||
	    !credential_file_read(text(user, "credential_file"), username, &password, &b.err) ||
	    (b.spec.tls = tls_outer_new(&tls, &b.err)) == NULL) {
		fprintf(stderr, "bench: %s\n", b.err.detail);
		return 1;
	}
	b.spec.password = password;
	b.spec.inner = b.world.inner;
	txn_us = measure(&b, rounds);
	snprintf(cert, sizeof(cert), "%s/pki/server.pem", argv[1]);
	snprintf(key, sizeof(key), "%s/pki/server.key", argv[1]);
	if (b.failed > 0) {
		fprintf(stderr, "bench: %s\n", b.err.detail);
		return 1;
	}
	floor.ca = tls.ca_file;
	floor.cert = cert;
	floor.key = key;
	floor.rounds = rounds;
	if (!floor_measure(&floor, &floor_us))
		return 1;
	printf("CPU of one transaction        %8.0f us (user + system, mean of %u)\n", txn_us, rounds);
	printf("cryptography alone            %8.0f us (%u outer handshakes, the inner one mutual)\n",
	    floor_us, floor.outer);
	printf("ratio                         %8.2f (to reach: 2, later 1.5)\n", txn_us / floor_us);
	printf("longest turn of the event loop%8.1f ms (to reach: below 20)\n",
	    (double)loop_longest_turn_us(b.world.env.loop) / 1000);
	world_close(&b.world);
	tls_outer_free(b.spec.tls);
	secret_free(password);
	json_decref(ready);
	return 0;
}
