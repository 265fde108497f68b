/*
 * keyring - the kept RSA keys of the test users, one per (user, endpoint), made off the
 * event loop.
 *
 * A key lives in memory and, when a directory is given, in a file (mode 0600), and is
 * renewed when older than lifetime.
 */
#ifndef CSWATCH_TXN_KEYRING_H
#define CSWATCH_TXN_KEYRING_H
#include <stdint.h>

struct clock;
struct err;
struct identity;
struct key_wait;
struct keyring;
struct loop;
struct worker;

/*
 * directory: made if missing, mode 0700; NULL: memory only. lifetime_s: 0 keeps keys
 * for ever. Borrows the rest.
 */
struct keyring *keyring_new(struct loop *l, struct worker *w, const struct clock *clock,
    const char *directory, uint64_t lifetime_s, struct err *err);
/*
 * The key in the making is given up; its waiters learn that when the worker is freed.
 * Nothing is asked for any more. NULL is fine.
 */
void keyring_stop(struct keyring *k);
/* After worker_free(), which sees every job off. NULL is fine. */
void keyring_free(struct keyring *k);

/*
 * Asks for the key of address at epid. cb is called once, never inside: identity is
 * borrowed for the call (take a reference), or NULL with err. Waiters for one key share
 * one making of it. NULL when out of memory.
 */
struct key_wait *keyring_get(struct keyring *k, const char *address, const char *epid,
    void (*cb)(void *arg, struct identity *id, const struct err *err), void *arg);
void key_wait_cancel(struct key_wait *w);	/* not after cb; NULL is fine */

#endif
