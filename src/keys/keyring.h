/*
 * keyring - the kept RSA keys of the test users, one per (user, endpoint), made off the
 * event loop.
 *
 * A key lives in memory and, when a directory is given, in a file (mode 0600). It is
 * renewed when older than lifetime, and ahead of that when it is asked for in its last
 * days. One key is made at a time: those with waiters first, then those that are made
 * ahead, in the order in which they were asked for. Reading a file never waits for a key
 * to be made.
 */
#ifndef CSWATCH_KEYS_KEYRING_H
#define CSWATCH_KEYS_KEYRING_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct clock;
struct err;
struct identity;
struct key_wait;
struct keyring;
struct loop;
struct worker;

struct keyring_settings {
	struct worker *reader; /* reads files */
	struct worker *maker;  /* makes keys; may be the same */
	const struct clock *clock;
	/* made if missing, mode 0700; NULL: memory only */
	const char *directory;
	uint64_t lifetime_s; /* 0: forever */
	/* NULL: identity_new() */
	struct identity *(*make)(const char *address, atomic_bool *stop, struct err *err);
};

/*
 * Creates a keyring. Borrows what the settings point to, but copies the directory.
 * Returns NULL with *err on failure.
 */
struct keyring *keyring_new(
    struct loop *l, const struct keyring_settings *s, struct err *err);
/*
 * Gives up the key in the making; its waiters, and those in line, learn that when the
 * workers are freed. No key may be asked for after it. NULL is allowed.
 */
void keyring_stop(struct keyring *k);
/* Call after worker_free() of both workers, which ends every job. NULL is allowed. */
void keyring_free(struct keyring *k);
/*
 * Has cb(arg, err) called from the loop when a key cannot be saved: once, and once more
 * with NULL when one can be saved again.
 */
void keyring_on_unsaved(
    struct keyring *k, void (*cb)(void *arg, const struct err *err), void *arg);

/*
 * Asks for the key of address at epid. cb is called once, never inside: identity is
 * borrowed for the call (take a reference), or NULL with err. A key is made once for all
 * its waiters. Returns NULL if there is no memory.
 */
struct key_wait *keyring_get(struct keyring *k, const char *address, const char *epid,
    void (*cb)(void *arg, struct identity *id, const struct err *err), void *arg);
/* Drops a waiter. Not after its cb; NULL is allowed. */
void key_wait_cancel(struct key_wait *w);

/* Returns whether the key is in memory: keyring_get() neither reads nor makes it first.
 */
bool keyring_ready(const struct keyring *k, const char *address, const char *epid);
/*
 * Has a key made that will be asked for, if there is none or it is in its last days, when
 * there is nothing more urgent. A file that is good stays unread.
 */
void keyring_ahead(struct keyring *k, const char *address, const char *epid);
/* Returns how long before the end of its life a key is renewed; 0: it has no end. */
uint64_t keyring_margin_s(const struct keyring *k);

#endif
