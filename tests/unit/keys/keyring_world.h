/*
 * keyring_world - a keyring in a directory of its own, with a clock that stands still and
 * workers that can be held up.
 */
#ifndef CSWATCH_TESTS_KEYRING_WORLD_H
#define CSWATCH_TESTS_KEYRING_WORLD_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "../../fakes/gate.h"
#include "../cases.h"
#include "base/clock.h"
#include "vocab/err.h"
#include "tls/identity.h"
#include "keys/keyring.h"

#define ALICE	   "alice@lab.example"
#define BOB	   "bob@lab.example"
#define EPID	   "STEpidtest"
#define NOW_S	   1700000000
#define LIFETIME_S 1000

extern struct loop *loop;
extern struct worker *worker, *reader; /* worker makes keys */
extern struct keyring *ring;
extern int64_t now_s;
extern struct clock fake_clock;
extern char directory[128];
extern bool fake_keys; /* keys are not really made */
extern char made[400]; /* addresses, a blank behind each */

/* Set-up and tear-down; open_fake() with fake_keys. */
int open_ring(void **state);
int open_fake(void **state);
int close_ring(void **state);
struct keyring *make_ring(void);
/* For struct keyring_settings: notes the address in `made`. */
struct identity *make_fake_key(const char *address, atomic_bool *stop, struct err *err);
/* Lets go of what is blocked; no key can be made after it. */
void end_worker(void);

/* Two keys are enough for all; free_identities() in the very last test. */
struct identity *some_identity(const char *address);
void free_identities(void);
const char *key_path(const char *address);
/* A file with one of them, made then. */
void put_key(const char *address, int64_t made_s);
bool same_key(const struct identity *a, const struct identity *b);

struct waiter {
	unsigned calls;
	struct identity *id; /* borrowed, for comparing */
	struct err err;
	struct key_wait *wait, *cancels;
	unsigned again; /* asks so often for the same key inside cb */
};
void on_key(void *arg, struct identity *id, const struct err *err);
/* As set in w: again. */
void ask(struct waiter *w, const char *address);
/* Runs the loop until w was called so often. */
void wait_calls(const struct waiter *w, unsigned calls);

#endif
