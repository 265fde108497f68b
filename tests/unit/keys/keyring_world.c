#include "keyring_world.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../await.h"
#include "../../fakes/gate.h"
#include "../tls/certs.h"
#include "crypto/crypto.h"
#include "loop/loop.h"
#include "loop/worker.h"

#define PATIENCE_US (120 * 1000000) /* an upper limit; nothing waits for it */

struct loop *loop;
struct worker *worker, *reader;
struct keyring *ring;
int64_t now_s;
struct clock fake_clock;
char directory[128];
bool fake_keys;
char made[400];

static int64_t
wall_ms(void *arg)
{
	(void)arg;
	return now_s * 1000;
}

/* Two keys are enough for all: making one takes longer than all the rest. */
struct identity *
some_identity(const char *address)
{
	static struct identity *ids[2];
	unsigned n = strcmp(address, BOB) == 0;
	struct err err;

	if (ids[n] == NULL)
		ids[n] = identity_new(address, NULL, &err);
	assert_non_null(ids[n]);
	return ids[n];
}

const char *
key_path(const char *address)
{
	static char path[300];
	char name[128], hex[65];
	uint8_t digest[32];

	snprintf(name, sizeof(name), "%s|" EPID, address);
	assert_true(crypto_hash(DIGEST_SHA256, str_of(name), digest));
	crypto_hex(hex, digest, sizeof(digest));
	snprintf(path, sizeof(path), "%s/%s.pem", directory, hex);
	return path;
}

void
put_key(const char *address, int64_t made_s)
{
	struct timespec times[2] = { { .tv_sec = made_s }, { .tv_sec = made_s } };
	struct err err;

	assert_true(identity_save(some_identity(address), key_path(address), &err));
	assert_int_equal(utimensat(AT_FDCWD, key_path(address), times, 0), 0);
}

/* In the maker's thread. */
struct identity *
make_fake_key(const char *address, atomic_bool *stop, struct err *err)
{
	size_t len = strlen(made);

	snprintf(made + len, sizeof(made) - len, "%s ", address);
	if (!fake_keys)
		return identity_new(address, stop, err);
	return identity_ref(some_identity(address));
}

struct keyring *
make_ring(void)
{
	struct err err;
	struct keyring_settings s = { reader, worker, &fake_clock, directory, LIFETIME_S,
		make_fake_key };
	struct keyring *k = keyring_new(loop, &s, &err);

	if (k == NULL)
		fail_msg("%s", err.detail);
	return k;
}

int
open_ring(void **state)
{
	static unsigned number;
	struct err err;

	(void)state;
	now_s = NOW_S;
	fake_keys = false;
	made[0] = '\0';
	fake_clock = (struct clock){ .wall_ms = wall_ms };
	snprintf(directory, sizeof(directory), "%s/keys%u", certs_dir(), ++number);
	loop = loop_new(&err);
	assert_non_null(loop);
	worker = worker_new(loop, &err);
	assert_non_null(worker);
	reader = worker_new(loop, &err);
	assert_non_null(reader);
	ring = make_ring();
	return 0;
}

void
end_worker(void)
{
	gate_open();
	keyring_stop(ring);
	worker_free(reader);
	worker_free(worker);
	reader = worker = NULL;
	gate_free();
}

int
close_ring(void **state)
{
	(void)state;
	end_worker();
	keyring_free(ring);
	loop_free(loop);
	unlink(key_path(ALICE));
	unlink(key_path(BOB));
	rmdir(directory);
	return 0;
}

void
on_key(void *arg, struct identity *id, const struct err *err)
{
	struct waiter *w = arg;

	w->calls++;
	w->id = id;
	w->wait = NULL;
	if (err != NULL)
		w->err = *err;
	key_wait_cancel(w->cancels);
	w->cancels = NULL;
	if (w->again > 0) {
		w->again--;
		w->wait = keyring_get(ring, ALICE, EPID, on_key, w);
		assert_non_null(w->wait);
	} else {
		loop_stop(loop);
	}
}

void
ask(struct waiter *w, const char *address)
{
	*w = (struct waiter){ .again = w->again };
	w->wait = keyring_get(ring, address, EPID, on_key, w);
	assert_non_null(w->wait);
	assert_int_equal(w->calls, 0); /* never inside */
}

static void
lose_patience(void *arg)
{
	(void)arg;
	fputs("nothing happens any more\n", stderr);
	abort();
}

void
wait_calls(const struct waiter *w, unsigned calls)
{
	struct timer *patience = timer_new(loop, lose_patience, NULL);

	assert_non_null(patience);
	timer_set(patience, PATIENCE_US);
	while (w->calls < calls)
		await_loop(loop, "the key");
	timer_free(patience);
}

bool
same_key(const struct identity *a, const struct identity *b)
{
	struct str x = identity_request(a), y = identity_request(b);

	return x.len == y.len && memcmp(x.p, y.p, x.len) == 0;
}

int
open_fake(void **state)
{
	(void)some_identity(ALICE);
	(void)some_identity(BOB);
	open_ring(state);
	fake_keys = true;
	return 0;
}

void
free_identities(void)
{
	identity_free(some_identity(ALICE));
	identity_free(some_identity(BOB));
}
