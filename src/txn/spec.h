/*
 * spec - what a transaction is given: the world it may use, what to test, and who is
 * told.
 */
#ifndef CSWATCH_TXN_SPEC_H
#define CSWATCH_TXN_SPEC_H
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "vocab/result.h"
#include "tls/inner.h"
#include "trace/trace.h"

struct account;
struct discovery;
struct keyring;
struct loop;
struct resolver;
struct tls_outer;

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

#endif
