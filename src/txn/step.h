/*
 * step - what a step of a transaction is, and what the driver offers to it. For txn/
 * only.
 *
 * Each step_*.c exports one const struct step; txn/plan.c puts them in order. start()
 * launches something and never waits; finish() judges the event that it waited for.
 * Deadlines and cancelling enter through the driver, so a step has no code for them. What
 * steps know of each other is in txn/facts.h; what they share is in txn/sip_leg.h,
 * txn/web_leg.h and txn/ticket_leg.h.
 */
#ifndef CSWATCH_TXN_STEP_H
#define CSWATCH_TXN_STEP_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "vocab/err.h"
#include "vocab/result.h"
#include "txn/spec.h"

struct facts;
struct https;
struct secret_words;
struct tls_peer;
struct txn;
struct wire_tap;

/* ---- a step ---- */

/* Where a transaction goes from here. */
enum step_move {
	MOVE_WAIT,    /* an event will come; finish() is called then */
	MOVE_AGAIN,   /* same step, another leg: start() again, on the same budget */
	MOVE_NEXT,    /* satisfied */
	MOVE_RESTART, /* the whole plan again, for the registrar that the facts name now
		       */
	MOVE_FAIL     /* txn_err(t) says why */
};

/* Where an event comes from; a step is resumed only by those that it waits for. */
enum source { SOURCE_LOOKUP, SOURCE_SIP, SOURCE_WEB };
#define FROM(source) (1u << (source))

struct step {
	enum step_id id;
	unsigned budget_ms; /* all legs together, not per read */
	unsigned wakes;	    /* FROM() bits */
	enum step_move (*start)(struct txn *t);
	enum step_move (*finish)(struct txn *t); /* NULL: never waits */
	/* runs after a failure, too; its own failure is a warning */
	bool always;
	/* needs the user's RSA key: the transaction does not begin before it is there */
	bool key;
	/*
	 * The later step of that name has failed, as txn_err(t) says: whether this one
	 * can come to another result, so that the plan begins again. NULL: no.
	 */
	bool (*reconsider)(struct txn *t, enum step_id failed);
};

/* ---- what the driver offers ---- */

const struct txn_spec *txn_spec(const struct txn *t);
const struct env *txn_env(const struct txn *t);
struct facts *txn_facts(struct txn *t);
struct result *txn_result(struct txn *t);
struct err *txn_err(struct txn *t); /* of the step under way */
/* Returns the transaction's web session, made on first use. NULL: *txn_err(t). */
struct https *txn_web(struct txn *t);
/* Returns the tap that sees the messages of its connections, or NULL. */
const struct wire_tap *txn_tap(const struct txn *t);

/* Reports an event. Never called inside start() or finish(). */
void txn_wake(struct txn *t, enum source source);
/*
 * Inside start(): for a leg that the step can do without. When no event has come after so
 * many ms, finish() is called with txn_late(t). 0: the leg has what is left to the step.
 */
void txn_leg(struct txn *t, unsigned ms);
bool txn_late(const struct txn *t);

/*
 * What is tried and what is seen, for trace and observer. The driver itself writes the
 * closing line of each step.
 */
void txn_try(struct txn *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void txn_saw(struct txn *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void txn_warn(struct txn *t, enum warning w, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Warns when a server's clock (seconds since the epoch) is over five minutes off. */
void txn_check_clock(struct txn *t, const char *who, int64_t their_s);
/* Remembers a server's certificate; warns when it ends soon or old TLS was used. */
void txn_check_peer(
    struct txn *t, const char *who, const struct tls_peer *peer, struct cert_facts *ret);

/* The words that are shown nowhere: the password, and what the steps add. */
struct secret_words *txn_words(const struct txn *t);
/*
 * Takes what is secret out of a server's words (scrub.c). Returns false and empties the
 * text if there is no memory.
 */
bool txn_scrub(const struct txn *t, char *text, size_t size);
/* Like txn_scrub(), for an error: without memory it keeps its cause and code alone. */
void txn_scrub_err(const struct txn *t, struct err *e);

#endif
