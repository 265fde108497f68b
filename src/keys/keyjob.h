/*
 * keyjob - what is done about one key in a worker thread: looking for its file, reading
 * it, making the key and saving it. For keyring.c only.
 *
 * A job gets all that it needs and holds what it found; in the meantime nothing is
 * shared but the flag that ends it early.
 */
#ifndef CSWATCH_KEYS_KEYJOB_H
#define CSWATCH_KEYS_KEYJOB_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "vocab/err.h"
#include "sip/endpoint.h"

#define KEYJOB_PATH_SIZE 512

struct identity;
struct slot;

typedef struct identity *keyjob_maker(
    const char *address, atomic_bool *stop, struct err *err);

struct keyjob {
	struct slot *slot; /* keyring.c's */
	enum { KEYJOB_LOOK, KEYJOB_READ, KEYJOB_MAKE } what;
	char address[SIP_ADDRESS_MAX];
	char path[KEYJOB_PATH_SIZE]; /* "" when memory is all there is */
	int64_t oldest_s;   /* LOOK, READ: a file made before it does not count */
	keyjob_maker *make; /* MAKE */
	atomic_bool *stop;

	bool found;	     /* LOOK */
	struct identity *id; /* READ, MAKE: owned by the caller; NULL: err */
	int64_t made_s;	     /* READ: time when the key was made */
	struct err err;
	bool unsaved; /* MAKE: the key cannot be kept, for save_err */
	struct err save_err;
};

/* Does a struct keyjob, in the thread of a worker. */
void keyjob_work(void *arg);

#endif
