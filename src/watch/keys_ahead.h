/*
 * keys - the RSA keys of the tests' users: a run does not begin before its key is there,
 * and keys are made ahead, those first that are needed first.
 *
 * Making one takes as long as a hundred transactions. Meanwhile its test is put off
 * without taking up room, so that no other test is later for it.
 */
#ifndef CSWATCH_WATCH_KEYS_AHEAD_H
#define CSWATCH_WATCH_KEYS_AHEAD_H
#include <stdbool.h>

struct daemon;
struct keys;
struct probe;

/* NULL: out of memory. */
struct keys *keys_new(struct daemon *d);
void keys_free(struct keys *k); /* NULL is fine */

/*
 * The tests or their times are other ones: makes their keys ahead, in due order, and from
 * now on renews them before they are too old.
 */
void keys_ahead(struct keys *k);
/*
 * Inside the schedule's start(): whether the run of p may begin. False: it is put off
 * with sched_defer(), until sched_ready() says that the key is there, or cannot be made.
 */
bool keys_at_hand(struct daemon *d, struct probe *p);

#endif
