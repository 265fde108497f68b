/*
 * bench - what one client-auth transaction costs the process that runs it, beside the
 * same handshakes called straight from OpenSSL in the same run.
 *
 * Usage: bench LAB-DIRECTORY ROUNDS, with cswatch-lab serving and its ready line on
 * standard input. Each of the lab's users has one transaction in flight, as under the
 * daemon. Prints ratios; asserts nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <jansson.h>

#include "auth/account.h"
#include "vocab/err.h"
#include "bench/floor.h"
#include "cmd/credential_file.h"
#include "loop/loop.h"
#include "tls/outer.h"
#include "trace/trace.h"
#include "txn/runtime.h"

#define USERS_MAX 8
#define BLOCKS	  10
/* registrar; web services, all requests on one connection */
#define OUTER_HANDSHAKES 2

struct bench;

struct user {
	struct bench *bench;
	struct txn_spec spec;
	struct account account;
	struct trace *trace;
};

struct bench {
	struct runtime world;
	struct tls_outer *tls;
	struct user users[USERS_MAX];
	size_t nusers;
	unsigned left; /* transactions to start */
	unsigned running, failed;
	size_t traced, ran; /* octets of accounts, and of how many */
	struct err err;
};

static double
process_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void next(struct user *u);

static void
on_done(void *arg, const struct result *r)
{
	struct user *u = arg;
	struct bench *b = u->bench;

	b->running--;
	b->traced += trace_size(u->trace);
	b->ran++;
	trace_free(u->trace);
	if (!r->ok) {
		b->failed++;
		b->err = r->err;
	}
	next(u);
	if (b->running == 0)
		loop_stop(b->world.env.loop);
}

static void
next(struct user *u)
{
	struct txn_observer observer = { .done = on_done, .arg = u };
	struct bench *b = u->bench;

	if (b->left == 0)
		return;
	/* As the daemon does: every run has its account. */
	observer.trace = u->trace = trace_new();
	b->left--;
	if (txn_start(&b->world.env, &u->spec, &observer, &b->err) != NULL)
		b->running++;
	else
		b->failed++;
}

static void
run(struct bench *b, unsigned rounds)
{
	b->left = rounds;
	for (size_t i = 0; i < b->nusers; i++)
		next(&b->users[i]);
	loop_run(b->world.env.loop);
}

static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

static bool
add_user(struct bench *b, const json_t *ready, const json_t *o)
{
	struct user *u = &b->users[b->nusers];

	if (b->nusers == USERS_MAX ||
	    !credential_file_read(text(o, "credential_file"), &u->account, &b->err))
		return false;
	u->bench = b;
	u->spec = (struct txn_spec){
		.target_fqdn = text(ready, "fqdn"),
		.address = "127.0.0.1",
		.registrar_port =
		    (uint16_t)json_integer_value(json_object_get(ready, "sip_port")),
		.user = text(o, "sip") + 4,
		.account = &u->account,
		.epid = "STEpid",
		.user_agent = "bench",
		.tls = b->tls,
		.inner = b->world.inner,
		.timeout_ms = 30000,
		.certificate_warning_days = 1,
	};
	b->nusers++;
	return true;
}

static bool
set_up(struct bench *b, const json_t *ready)
{
	struct tls_settings tls = { .ca_file = text(ready, "ca_file"), .min = TLS_1_2 };
	struct runtime_settings settings = { .dns_servers = NULL };
	const json_t *user;
	size_t i;

	if (!runtime_open(&b->world, &settings, &b->err) ||
	    (b->tls = tls_outer_new(&tls, &b->err)) == NULL)
		return false;
	json_array_foreach(json_object_get(ready, "users"), i,
	    user) if (!add_user(b, ready, user)) return false;
	return true;
}

/* Turn and turn about, so that what else the machine does falls on both. */
static bool
compare(struct bench *b, struct floor_run *floor, unsigned rounds, double *ret_txn_us,
    double *ret_floor_us)
{
	double start, one;

	*ret_txn_us = *ret_floor_us = 0;
	for (unsigned i = 0; i < BLOCKS; i++) {
		start = process_us();
		run(b, rounds);
		*ret_txn_us += (process_us() - start) / rounds / BLOCKS;
		if (!floor_measure(floor, OUTER_HANDSHAKES, rounds, &one))
			return false;
		*ret_floor_us += one / BLOCKS;
	}
	return true;
}

static bool
measure(struct bench *b, struct floor_run *floor, unsigned rounds)
{
	double txn_us, floor_us;

	run(b, (unsigned)b->nusers); /* makes the keys, and is not counted */
	if (!compare(b, floor, rounds / BLOCKS + 1, &txn_us, &floor_us))
		return false;
	/* costs something itself: apart from the rest */
	loop_measure(b->world.env.loop);
	run(b, rounds / 4 + 1);
	if (b->failed > 0) {
		fprintf(stderr, "bench: %s\n", b->err.detail);
		return false;
	}
	printf("CPU of one transaction        %8.0f us (user + system, mean of %u, %zu "
	       "in flight)\n",
	    txn_us, (rounds / BLOCKS + 1) * BLOCKS, b->nusers);
	printf("its cryptography alone        %8.0f us (%u outer handshakes, the inner "
	       "one)\n",
	    floor_us, OUTER_HANDSHAKES);
	printf("ratio                         %8.2f (to reach: 2, later 1.5)\n",
	    txn_us / floor_us);
	printf("longest turn of the event loop%8.1f ms (to reach: below 20)\n",
	    (double)loop_longest_turn_us(b->world.env.loop) / 1000);
	printf("account kept of each          %8.1f KiB (at most %d)\n",
	    (double)b->traced / (double)b->ran / 1024, TRACE_MAX / 1024);
	return true;
}

static struct floor_run *
open_floor(const json_t *ready, const char *lab)
{
	char cert[4096], key[4096];
	struct floor floor = { text(ready, "ca_file"), cert, key };

	snprintf(cert, sizeof(cert), "%s/pki/server.pem", lab);
	snprintf(key, sizeof(key), "%s/pki/server.key", lab);
	return floor_open(&floor);
}

int
main(int argc, char **argv)
{
	static struct bench b;
	json_error_t json_err;
	json_t *ready = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &json_err);
	unsigned rounds = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	struct floor_run *floor;
	bool ok = false;

	if (ready == NULL || rounds == 0) {
		fputs("usage: bench LAB-DIRECTORY ROUNDS <READY-LINE\n", stderr);
		return 2;
	}
	floor = open_floor(ready, argv[1]);
	if (floor != NULL && !set_up(&b, ready))
		fprintf(stderr, "bench: %s\n", b.err.detail);
	else if (floor != NULL)
		ok = measure(&b, floor, rounds);
	floor_close(floor);
	runtime_close(&b.world);
	tls_outer_free(b.tls);
	for (size_t i = 0; i < b.nusers; i++)
		account_clear(&b.users[i].account);
	json_decref(ready);
	return ok ? 0 : 1;
}
