/*
 * discover - the registrar of a SIP domain, by the ways that clients have: autodiscover,
 * then SRV records, then host names; the first that leads to one counts. Spec 05 sections
 * 1 to 3.
 *
 * A way that fails is remembered, told, and the next one is tried. Only when there is
 * none left the step has failed, with the failure that tells most.
 */
#include <stdio.h>
#include <string.h>

#include "vocab/code.h"
#include "base/text.h"
#include "txn/discover/autodiscover.h"
#include "txn/domains.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"
#include "transport/https.h"
#include "vocab/err.h"

/* autodiscover at one host: two must not keep DNS from being asked */
#define WAY_MS 9000
/* what is silent for so long is not there, as long as there are others to ask */
#define LEG_MS	  5000
#define PORT_TLS  5061
#define PORT_EDGE 443

static const char *
domain_of(struct txn *t)
{
	return sip_address_domain(txn_spec(t)->user).p;
}

static void
begin_to_look(struct txn *t)
{
	struct discover *d = &txn_facts(t)->discover;

	*d = (struct discover){ .way = WAY_LYNCDISCOVERINTERNAL };
	if (txn_spec(t)->discovery_uri != NULL)
		d->way = WAY_URI;
	err_clear(&d->worst);
}

/* How much a failure says: names that are not there least, a refused account most. */
static unsigned
weight(enum cause cause, long code)
{
	switch (cause) {
	case CAUSE_NONE:
		return 0;
	case CAUSE_DNS:
		return code == DNS_NO_NAME || code == DNS_NO_RECORD ? 1 : 2;
	case CAUSE_CONNECT:
	case CAUSE_TIMEOUT:
		return 3;
	case CAUSE_PROTOCOL:
		/* One that never named a registrar: clients look on, too. */
		return code == PROTOCOL_OLD ? 1 : 4;
	case CAUSE_AUTH:
	case CAUSE_DISABLED:
	case CAUSE_ONLINE:
		return 5;
	default:
		return 4;
	}
}

/* A service that clients find, too, and that fails them. */
static void
warn_of_failures(struct txn *t)
{
	const struct discovery *r = &txn_result(t)->discovery;

	for (unsigned i = 0; i < r->ntries; i++) {
		const struct discovery_try *y = &r->tries[i];

		/* Over https only for the names in its certificate; http is meant. */
		if (!y->dead && y->way != r->way && weight(y->cause, y->code) >= 2)
			txn_warn(t, WARNING_DISCOVERY,
			    "Warning: clients that look by %s fail: %s",
			    discovery_way_name(y->way), y->came);
	}
}

/* Whether there is another registrar to try when this one cannot be reached. */
static bool
has_another(struct txn *t)
{
	const struct discover *d = &txn_facts(t)->discover;

	return txn_result(t)->discovery.known || d->at_srv + 1 < d->nsrv;
}

static enum step_move
take_over(struct txn *t)
{
	const struct discovery *r = &txn_result(t)->discovery;
	struct facts *f = txn_facts(t);
	char when[TEXT_TIME_SIZE];

	str_copy(f->host, sizeof(f->host), str_of(r->host));
	f->port = r->port;
	f->reach_ms = has_another(t) ? LEG_MS : 0;
	text_time_ms(when, r->at_ms);
	txn_saw(t, "The registrar of %s is %s:%u, by %s%s%s%s%s", domain_of(t), f->host,
	    f->port, discovery_way_name(r->way), r->access[0] == '\0' ? "" : ", ",
	    r->access, r->known ? ", found at " : "", r->known ? when : "");
	if (!domains_has_user(txn_spec(t), f->host))
		txn_saw(t, "Note: that is outside the SIP domain; clients ask their "
			   "users whether they trust it");
	warn_of_failures(t);
	return MOVE_NEXT;
}

/* Found. */
static enum step_move
found(struct txn *t)
{
	struct discovery *r = &txn_result(t)->discovery;
	const struct discover *d = &txn_facts(t)->discover;

	r->found = true;
	r->way = d->way;
	r->clear_text = d->clear_text;
	return take_over(t);
}

static uint32_t
draw(void *arg, uint32_t n)
{
	uint32_t r;

	(void)arg;
	crypto_random(&r, sizeof(r));
	return (uint32_t)(((uint64_t)r * ((uint64_t)n + 1)) >> 32);
}

static void
on_srvs(void *arg, const struct srvs *srvs, const struct err *err)
{
	struct txn *t = arg;
	struct facts *f = txn_facts(t);
	struct discover *d = &f->discover;
	struct srvs ordered;

	f->lookup = NULL;
	err_clear(txn_err(t));
	if (srvs != NULL) {
		ordered = *srvs;
		srvs_order(&ordered, draw, NULL);
		d->at_srv = d->nsrv = 0;
		while (d->nsrv < ordered.n && d->nsrv < DISCOVERY_TARGETS_MAX) {
			d->srv[d->nsrv] = ordered.s[d->nsrv];
			d->nsrv++;
		}
		if (ordered.n > 1)
			txn_saw(t, "%u SRV records, of which %s:%u is first", ordered.n,
			    ordered.s[0].target, ordered.s[0].port);
	} else {
		*txn_err(t) = *err;
	}
	txn_wake(t, SOURCE_LOOKUP);
}

static void
on_addrs(void *arg, const struct addrs *addrs, const struct err *err)
{
	struct txn *t = arg;

	txn_facts(t)->lookup = NULL;
	err_clear(txn_err(t));
	if (addrs == NULL)
		*txn_err(t) = *err;
	txn_wake(t, SOURCE_LOOKUP);
}

static enum step_move
look_up(struct txn *t)
{
	struct facts *f = txn_facts(t);
	struct resolver *r = txn_env(t)->resolver;
	char name[DISCOVERY_ASKED_MAX];
	bool srv =
	    f->discover.way == WAY_SRV_INTERNAL || f->discover.way == WAY_SRV_EXTERNAL;

	discovery_asked(f->discover.way, false, domain_of(t), name, sizeof(name));
	txn_try(t, "Asking DNS for %s", name);
	lookup_cancel(f->lookup);
	f->lookup = srv ? resolver_srv(r, name + sizeof("SRV ") - 1, on_srvs, t)
			: resolver_lookup(r, name, 0, on_addrs, t);
	if (f->lookup != NULL)
		return MOVE_WAIT;
	err_local(txn_err(t), 0, "out of memory");
	return MOVE_FAIL;
}

/* The answer of DNS, or why there is none, is at hand. */
static enum step_move
look_up_answer(struct txn *t)
{
	struct discovery *r = &txn_result(t)->discovery;
	const struct discover *d = &txn_facts(t)->discover;

	if (txn_err(t)->cause != CAUSE_NONE)
		return MOVE_FAIL;
	switch (d->way) {
	case WAY_SRV_INTERNAL:
	case WAY_SRV_EXTERNAL:
		str_copy(r->host, sizeof(r->host), str_of(d->srv[0].target));
		r->port = d->srv[0].port;
		break;
	default:
		discovery_asked(d->way, false, domain_of(t), r->host, sizeof(r->host));
		r->port = d->way == WAY_SIPINTERNAL ? PORT_TLS : PORT_EDGE;
		break;
	}
	return MOVE_NEXT;
}

/* "lyncdiscoverinternal, lyncdiscover: no such name; ...", what fits of it. */
static void
list_tries(const struct discovery *r, struct buf *out)
{
	const char *last = NULL;

	for (unsigned i = 0; i < r->ntries; i++) {
		const struct discovery_try *y = &r->tries[i];
		const char *came = y->cause != CAUSE_DNS      ? cause_name(y->cause)
				   : y->code == DNS_NO_NAME   ? "no such name"
				   : y->code == DNS_NO_RECORD ? "no such record"
							      : "name servers failed";

		if (last != NULL && strcmp(last, came) != 0)
			buf_printf(out, ": %s; ", last);
		else if (last != NULL)
			buf_puts(out, ", ");
		buf_printf(out, "%s%s", discovery_way_name(y->way),
		    y->clear_text ? " (http)" : "");
		last = came;
	}
	if (last != NULL)
		buf_printf(out, ": %s", last);
}

/* No way is left: all of them are named, and the failure that tells most is told. */
static enum step_move
nothing_found(struct txn *t)
{
	const struct discovery *r = &txn_result(t)->discovery;
	const struct err *worst = &txn_facts(t)->discover.worst;
	struct buf tries;

	buf_init(&tries, 1024);
	list_tries(r, &tries);
	if (r->ntries == 1) {
		*txn_err(t) = *worst;
	} else if (worst->cause == CAUSE_DNS && weight(worst->cause, worst->code) == 1) {
		err_set(txn_err(t), CAUSE_DNS, DNS_NO_NAME, "%s: %s", domain_of(t),
		    tries.data);
	} else {
		err_set(txn_err(t), worst->cause, worst->code, "%s; tried: %s",
		    worst->detail, tries.data);
		err_said(txn_err(t), str_of(worst->said));
		err_evidence(txn_err(t), worst->evidence);
	}
	buf_free(&tries);
	return MOVE_FAIL;
}

static bool
is_rejection(enum cause cause)
{
	return cause == CAUSE_AUTH || cause == CAUSE_DISABLED;
}

/* On to the next way; false: there is none. */
static bool
next_way(struct txn *t, const struct err *why, bool late)
{
	struct discover *d = &txn_facts(t)->discover;
	bool web = discovery_is_autodiscover(d->way);

	if (d->way == WAY_URI)
		return false;
	/* Where https does not lead to a document, http may: to one redirect. */
	if (web && !d->clear_text && d->documents == 0 && d->links == 0 && !late &&
	    why->cause != CAUSE_DNS && why->cause != CAUSE_TIMEOUT) {
		d->clear_text = true;
		return true;
	}
	d->clear_text = false;
	/*
	 * Name servers that do not answer will not answer the next question, either;
	 * but some answer everything except for SRV.
	 */
	if (why->cause != CAUSE_TIMEOUT || d->documents > 0)
		d->answered = true;
	if (why->cause == CAUSE_TIMEOUT && !d->answered && !(web && late))
		return false;
	d->rejected = d->rejected || (web && is_rejection(why->cause));
	d->way++;
	if (d->rejected && d->way == WAY_LYNCDISCOVER)
		d->way++;
	return d->way != WAY_COUNT;
}

static void
remember(struct discovery *r, const struct discover *d, const struct err *why, bool dead)
{
	char came[DISCOVERY_CAME_MAX];
	struct discovery_try *y;

	if (r->ntries == DISCOVERY_TRIES_MAX)
		return;
	y = &r->tries[r->ntries++];
	*y = (struct discovery_try){ .way = d->way,
		.clear_text = d->clear_text,
		.dead = dead,
		.cause = why->cause,
		.code = why->code };
	if (dead)
		snprintf(came, sizeof(came), "%.80s:%u: %.100s", r->host, r->port,
		    why->detail);
	text_printable(y->came, sizeof(y->came), str_of(dead ? came : why->detail));
}

/* This way does not lead to a registrar: txn_err(t) says why. */
static enum step_move
way_failed(struct txn *t, bool late)
{
	struct discovery *r = &txn_result(t)->discovery;
	struct discover *d = &txn_facts(t)->discover;
	struct err why = *txn_err(t);

	if (why.cause == CAUSE_LOCAL)
		return MOVE_FAIL;
	txn_scrub_err(t, &why);
	txn_saw(t, "%s: %s", discovery_way_name(d->way), why.detail);
	remember(r, d, &why, false);
	if (weight(why.cause, why.code) > weight(d->worst.cause, d->worst.code))
		d->worst = why;
	return next_way(t, &why, late) ? MOVE_AGAIN : nothing_found(t);
}

/* What was asked last, as far as it is not the way itself. */
static const char *
asked_last(struct txn *t, char *dst, size_t size)
{
	const struct facts *f = txn_facts(t);
	const struct discover *d = &f->discover;

	discovery_asked(d->way, d->clear_text, domain_of(t), dst, size);
	if (!discovery_is_autodiscover(d->way))
		return dst;
	return d->leg == LEG_METADATA ? d->issuer
	       : d->leg == LEG_TICKET ? f->ticket_url
	       : d->documents > 0     ? d->url
				      : dst;
}

/* Nothing has come of the leg under way, or too little of all of them. */
static void
leave_way(struct txn *t, unsigned ms)
{
	struct facts *f = txn_facts(t);
	char asked[DISCOVERY_ASKED_MAX];

	lookup_cancel(f->lookup);
	f->lookup = NULL;
	if (discovery_is_autodiscover(f->discover.way) && txn_web(t) != NULL)
		https_cancel(txn_web(t));
	err_set(txn_err(t), CAUSE_TIMEOUT, ms, "no answer to %s within %u ms",
	    asked_last(t, asked, sizeof(asked)), ms);
	f->discover.under_way = false;
}

static uint64_t
way_ms(struct txn *t)
{
	uint64_t now = clock_mono_us(txn_env(t)->clock);

	return (now - txn_facts(t)->discover.since_us) / 1000;
}

static bool
is_spent(struct txn *t)
{
	enum discovery_way way = txn_facts(t)->discover.way;

	return discovery_is_autodiscover(way) && way != WAY_URI && way_ms(t) >= WAY_MS;
}

static enum step_move
leg_late(struct txn *t)
{
	leave_way(t, is_spent(t) ? WAY_MS : LEG_MS);
	return way_failed(t, true);
}

/* Autodiscover: in several legs, none of them late, it may still take too long. */
static enum step_move
ask_web(struct txn *t, bool *ret_spent)
{
	struct discover *d = &txn_facts(t)->discover;

	if (!d->under_way && !d->clear_text)
		d->since_us = clock_mono_us(txn_env(t)->clock);
	*ret_spent = is_spent(t);
	if (*ret_spent) {
		leave_way(t, WAY_MS);
		return MOVE_FAIL;
	}
	if (d->way != WAY_URI && way_ms(t) > WAY_MS - LEG_MS)
		txn_leg(t, (unsigned)(WAY_MS - way_ms(t)));
	return d->under_way ? autodiscover_leg(t)
			    : autodiscover_begin(t, txn_spec(t)->discovery_uri);
}

/* After the first: the leg under way, or the beginning of a way. */
static enum step_move
start(struct txn *t)
{
	struct discovery *r = &txn_result(t)->discovery;
	struct discover *d = &txn_facts(t)->discover;
	bool spent = false;
	enum step_move move;

	if (txn_facts(t)->host[0] != '\0') /* a redirect started the plan again */
		return MOVE_NEXT;
	if (r->found)
		return take_over(t);
	if (r->at_ms == 0) {
		begin_to_look(t);
		r->at_ms = clock_wall_ms(txn_env(t)->clock);
	}
	txn_leg(t, LEG_MS);
	move = discovery_is_autodiscover(d->way) ? ask_web(t, &spent) : look_up(t);
	d->under_way = move == MOVE_WAIT;
	return move == MOVE_FAIL ? way_failed(t, spent) : move;
}

static enum step_move
finish(struct txn *t)
{
	struct discover *d = &txn_facts(t)->discover;
	enum step_move move;

	if (txn_late(t))
		return leg_late(t);
	move = discovery_is_autodiscover(d->way) ? autodiscover_answer(t)
						 : look_up_answer(t);
	d->under_way = move == MOVE_AGAIN;
	if (move == MOVE_NEXT)
		return found(t);
	return move == MOVE_FAIL ? way_failed(t, false) : move;
}

/* The next target of the same SRV record: RFC 2782. False: there is none. */
static bool
next_target(struct txn *t)
{
	struct discovery *r = &txn_result(t)->discovery;
	struct discover *d = &txn_facts(t)->discover;

	if (!has_another(t))
		return false;
	remember(r, d, txn_err(t), true);
	txn_warn(t, WARNING_DISCOVERY,
	    "Warning: clients that look by %s meet %s:%u first, which cannot be reached",
	    discovery_way_name(d->way), r->host, r->port);
	d->at_srv++;
	str_copy(r->host, sizeof(r->host), str_of(d->srv[d->at_srv].target));
	r->port = d->srv[d->at_srv].port;
	return true;
}

static bool
is_unreachable(enum cause cause)
{
	return cause == CAUSE_DNS || cause == CAUSE_CONNECT || cause == CAUSE_TIMEOUT ||
	       cause == CAUSE_CLOSED;
}

/* The registrar cannot be reached: the next one, or a look again. */
static bool
reconsider(struct txn *t, enum step_id failed)
{
	struct discovery *r = &txn_result(t)->discovery;
	struct facts *f = txn_facts(t);

	/* Where a redirect led is the registrar's choice, not that of DNS. */
	if ((failed != STEP_RESOLVE && failed != STEP_SIP_CONNECT) || !r->found ||
	    f->redirects > 0 || !is_unreachable(txn_err(t)->cause))
		return false;
	if (r->known) {
		txn_saw(t, "%s was found by an earlier run: looking again", r->host);
		*r = (struct discovery){ .found = false };
	} else if (!next_target(t)) {
		return false;
	}
	f->host[0] = '\0'; /* discover has not had its turn yet */
	return true;
}

const struct step step_discover = {
	.id = STEP_DISCOVER,
	.budget_ms = 25000,
	.wakes = FROM(SOURCE_LOOKUP) | FROM(SOURCE_WEB),
	.start = start,
	.finish = finish,
	.reconsider = reconsider,
};
