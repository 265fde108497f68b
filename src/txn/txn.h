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
#include <stdint.h>

#include "base/clock.h"
#include "vocab/result.h"
#include "tls/inner.h"
#include "trace/trace.h"

struct account;
struct discovery;
struct err;
struct keyring;
struct loop;
struct resolver;
struct tls_outer;
struct txn;

#define TXN_REDIRECTS_MAX 3

/* The world, as far as a transaction sees it. Outlives every transaction. */
struct env {
	struct loop *loop;
	const struct clock *clock;
	struct resolver *resolver;
	struct keyring *keys;
};

/* What to test. Strings and objects are borrowed until the transaction is over. */
struct txn_spec {
	/* the pool; NULL: it is to be found by the user's SIP domain */
	const char *target_fqdn;
	uint16_t registrar_port; /* of target_fqdn */
	/* without target_fqdn: autodiscover's root, to ask it alone; or NULL */
	const char *discovery_uri;
	/* ... what an earlier run has found, or NULL: look. Until txn_start() returns. */
	const struct discovery *known;
	/* literal address of target_fqdn, or NULL: ask DNS */
	const char *address;
	/* cert_provisioning_uri / -TargetUri; NULL: learned from the challenge */
	const char *provisioning_url;
	/* allowed in addition to the target's and the user's, NULL-terminated; or NULL */
	const char *const *web_domains;
	const char *user; /* user@domain, as from sip_address_parse() */
	const struct account *account;
	const char *epid; /* stable per watcher */
	const char *user_agent;
	struct tls_outer *tls;
	struct tls_inner_ctx *inner;
	enum tls_inner_check inner_check;
	unsigned timeout_ms;
	unsigned certificate_warning_days;
};

/* One line about a run: what is tried, what came back, how a step has ended. */
struct txn_note {
	enum step_id step;
	enum trace_kind kind; /* of a line, not of a message */
	uint64_t step_us;     /* with the closing line of a step: how long it took */
	const char *text;     /* printable, no secrets; borrowed for the call */
};

struct txn_observer {
	void (*note)(void *arg, const struct txn_note *note); /* may be NULL */
	/* gets the same, and every message; borrowed until done(). May be NULL */
	struct trace *trace;
	/* last call; the transaction is freed after it */
	void (*done)(void *arg, const struct result *result);
	void *arg;
};

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
