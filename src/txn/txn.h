/*
 * txn - one synthetic transaction: Test-CsClientAuth as a plan of steps on the event
 * loop.
 *
 * txn.c is the only place where a transaction moves; plan.c is the order of the steps;
 * each step has a file of its own (step_*.c). A transaction reaches the world only
 * through struct env. It logs nothing: the caller gets each step as it happens and one
 * struct result at the end.
 */
#ifndef CSWATCH_TXN_TXN_H
#define CSWATCH_TXN_TXN_H
#include <stdbool.h>

#include "txn/spec.h"

struct err;
struct txn;

/*
 * Starts a transaction, which frees itself after done(). Never calls the observer inside.
 * Has the account's secret masked in all that it tells, the trace included. Returns NULL
 * with *err if there is no memory.
 */
struct txn *txn_start(const struct env *env, const struct txn_spec *spec,
    const struct txn_observer *observer, struct err *err);
/* Makes an id for a run that is reported, but could not be started. */
void txn_make_run_id(char ret[RESULT_RUN_SIZE]);
/* Returns whether a transaction begins with waiting for the RSA key of its user. */
bool txn_needs_key(const struct txn_spec *spec);
/*
 * Ends a transaction early: what is registered is logged off first, within a bounded
 * time; done() is still called, later. Allowed inside note(), and more than once.
 */
void txn_cancel(struct txn *t);
/*
 * Frees a transaction at once, without log-off and without done(): when the time to stop
 * is over. Not inside the observer.
 */
void txn_abandon(struct txn *t);

#endif
