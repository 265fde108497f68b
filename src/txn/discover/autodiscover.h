/*
 * autodiscover - one way of discover, in as many legs as it takes: the service's root,
 * from there the user's document, which wants a web ticket, and in it the registrar.
 * [MS-OCDISCWS], spec 05 section 2. For the step discover only.
 */
#ifndef CSWATCH_TXN_DISCOVER_AUTODISCOVER_H
#define CSWATCH_TXN_DISCOVER_AUTODISCOVER_H
#include "txn/step.h"

/* Begins with the root: a URL, or NULL: that of the host that the way names. */
enum step_move autodiscover_begin(struct txn *t, const char *root);
/* Makes the next leg, after MOVE_AGAIN. */
enum step_move autodiscover_leg(struct txn *t);
/*
 * Judges the answer to a leg. MOVE_NEXT: the result's discovery has host, port and access
 * of the registrar.
 */
enum step_move autodiscover_answer(struct txn *t);

#endif
