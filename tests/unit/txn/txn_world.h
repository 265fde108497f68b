/*
 * txn_world - a transaction in a world of its own: the clock stands still until a test
 * moves it, no name server is asked, and what the observer hears is kept.
 */
#ifndef CSWATCH_TESTS_TXN_WORLD_H
#define CSWATCH_TESTS_TXN_WORLD_H
#include <stdbool.h>
#include <stdint.h>

#include "auth/account.h"
#include "base/buf.h"
#include "base/clock.h"
#include "vocab/result.h"
#include "txn/txn.h"

struct worker;

#define WORLD_USER "alice@lab.example"
#define WORLD_EPID "STEpidtest"
#define WORLD_HOST "pool.lab.example"

struct txn_world {
	struct env env;
	struct clock clock;
	uint64_t mono_us;
	int64_t wall_ms;
	struct worker *worker;
	struct account account;
	struct txn_spec spec;
	struct txn_observer observer;
	struct txn *txn;  /* NULL once it is over */
	struct buf notes; /* "step kind text\n", kind one of ? = + - */
	unsigned done;
	struct result result;
	unsigned cancel_at_note; /* cancels inside that note; 0: never */
	unsigned hook_at_note;	 /* calls hook inside that note; 0: never */
	void (*hook)(struct txn_world *w);
	unsigned nnotes;
};

/* A key for WORLD_USER lies ready in a file, made once. */
void txn_world_open(struct txn_world *w);
/* Opens the gate, too: fakes/gate.h. */
void txn_world_close(struct txn_world *w);
/* Runs the loop until done(); aborts when that never comes. */
void txn_world_wait(struct txn_world *w);

#endif
