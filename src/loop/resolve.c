/*
 * How a look-up goes: start() answers what needs no asking, or lets ask() put the
 * question to the name servers; on_answer() judges what came. Without an answer the
 * question is asked again when the time of the try is up (await_next_try(), on_timer()),
 * as name servers that are being restarted refuse at once; when there is no further try,
 * the look-up has timed out. conclude() hands over.
 */
#include "loop/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "loop/dns.h"
#include "loop/loop.h"
#include "vocab/code.h"
#include "vocab/err.h"

/* At first. The caller has a budget of its own. */
#define TRY_MS	   2000
#define TRIES	   3
#define TRY_MS_MAX 60000
#define TRIES_MAX  10
#define HOST_MAX   255 /* bytes of a name, RFC 1035 section 2.3.4 */

struct resolver {
	struct loop *loop;
	char *servers; /* NULL: the system's */
	unsigned try_ms, tries;
	struct lookup *lookups;
};

struct lookup {
	struct resolver *resolver;
	struct lookup *next, **link; /* *link is this one */
	struct dns_query *query;     /* NULL: not asking */
	bool known;		     /* whether the timer hands over an answer */
	struct timer *timer;
	uint64_t started_us;
	unsigned try_ms, tries; /* those of the resolver when the look-up began */
	unsigned tried;		/* tries whose time is up */
	const char *why;	/* what the last answer was like */
	uint16_t port;
	struct addrs addrs; /* of a literal address */
	struct err err;
	/* One of them, by what is wanted. */
	void (*cb)(void *arg, const struct addrs *addrs, const struct err *err);
	void (*srv_cb)(void *arg, const struct srvs *srvs, const struct err *err);
	void *arg;
	char host[HOST_MAX + 1];
};

static const char *
wanted(const struct lookup *l)
{
	return l->srv_cb != NULL ? "SRV record" : "address";
}

static uint64_t
elapsed_us(const struct lookup *l)
{
	return clock_mono_us(&clock_system) - l->started_us;
}

/* Frees all but the memory of the look-up, and forgets the look-up. */
static void
release(struct lookup *l)
{
	timer_free(l->timer);
	*l->link = l->next;
	if (l->next != NULL)
		l->next->link = l->link;
}

/* Tells the caller, and ends the look-up. With neither addrs nor srvs, l->err is told. */
static void
conclude(struct lookup *l, const struct addrs *addrs, const struct srvs *srvs)
{
	release(l);
	if (l->srv_cb != NULL)
		l->srv_cb(l->arg, srvs, &l->err);
	else
		l->cb(l->arg, addrs, &l->err);
	/* What was told is borrowed from these. */
	dns_query_free(l->query);
	free(l);
}

/* Leaves it to the loop to tell, as that is never done inside the call that began it. */
static void
conclude_soon(struct lookup *l)
{
	l->known = true;
	timer_set(l->timer, 0);
}

static void
time_out(struct lookup *l)
{
	err_set(&l->err, CAUSE_TIMEOUT, (long)(elapsed_us(l) / 1000),
	    "no name server answered for %s: %s", l->host, l->why);
	conclude(l, NULL, NULL);
}

/* Of an answer that is one. */
static void
set_error(struct lookup *l, const struct dns_answer *a)
{
	switch (a->end) {
	case DNS_END_NO_RECORD:
		err_set(&l->err, CAUSE_DNS, DNS_NO_RECORD, "%s has no %s: %s", l->host,
		    wanted(l), a->why);
		break;
	case DNS_END_NO_NAME:
		err_set(&l->err, CAUSE_DNS, DNS_NO_NAME, "%s has no %s: %s", l->host,
		    wanted(l), a->why);
		break;
	case DNS_END_BAD_NAME:
		err_set(&l->err, CAUSE_DNS, DNS_BAD_NAME, "%s has no %s: %s", l->host,
		    wanted(l), a->why);
		break;
	case DNS_END_NO_SERVICE:
		err_set(&l->err, CAUSE_DNS, DNS_NO_RECORD,
		    "%s has the SRV target \".\": there is no such service", l->host);
		break;
	case DNS_END_NO_TARGET:
		err_set(&l->err, CAUSE_PROTOCOL, PROTOCOL_OTHER,
		    "the SRV records of %s name no host and port", l->host);
		break;
	case DNS_END_NO_SOCKET:
		err_local(&l->err, a->errnum, "no socket to look up %s", l->host);
		break;
	case DNS_END_NO_MEMORY:
		err_local(&l->err, 0, "looking up %s: %s", l->host, a->why);
		break;
	case DNS_END_REFUSED:
		err_set(&l->err, CAUSE_DNS, DNS_FAILED,
		    "%s has no %s: name servers refused or failed", l->host, wanted(l));
		break;
	default:
		err_set(&l->err, CAUSE_DNS, DNS_FAILED, "%s has no %s: %s", l->host,
		    wanted(l), a->why);
		break;
	}
}

/*
 * Returns the time from the start of the look-up at which to ask again. What sends
 * garbage gets the whole time of the try to send something better.
 */
static uint64_t
next_try_us(const struct lookup *l, enum dns_end end)
{
	uint64_t try_us = (uint64_t)l->try_ms * 1000;

	return end == DNS_END_DEAD ? try_us * (l->tried + 1)
				   : try_us * ((UINT64_C(2) << l->tried) - 1);
}

/* There was no answer, long before the time for one is up. */
static void
await_next_try(struct lookup *l, enum dns_end end)
{
	uint64_t now_us = elapsed_us(l);

	while (l->tried < l->tries && next_try_us(l, end) <= now_us)
		l->tried++;
	if (l->tried + (end == DNS_END_DEAD) < l->tries)
		timer_set(l->timer, next_try_us(l, end) - now_us);
	else
		time_out(l);
}

static void
on_answer(void *arg, const struct dns_answer *a)
{
	struct lookup *l = arg;

	l->why = a->why;
	switch (a->end) {
	case DNS_END_DEAD:
	case DNS_END_GARBAGE:
		await_next_try(l, a->end);
		break;
	case DNS_END_SILENT:
		time_out(l);
		break;
	case DNS_END_FOUND:
		conclude(l, a->addrs, a->srvs);
		break;
	default:
		set_error(l, a);
		conclude(l, NULL, NULL);
	}
}

/* Puts the question to the name servers, for the time that is left. */
static void
ask(struct lookup *l)
{
	const struct dns_question question = {
		.name = l->host,
		.servers = l->resolver->servers,
		.port = l->port,
		.srv = l->srv_cb != NULL,
		.try_ms = l->try_ms << l->tried,
		.tries = l->tries - l->tried,
	};

	dns_query_free(l->query);
	l->query = dns_query_new(l->resolver->loop, &question, on_answer, l);
	if (l->query != NULL)
		return;
	err_local(&l->err, 0, "looking up %s: out of memory", l->host);
	conclude_soon(l);
}

static void
on_timer(void *arg)
{
	struct lookup *l = arg;

	if (l->known) {
		conclude(l, l->addrs.n > 0 ? &l->addrs : NULL, NULL);
		return;
	}
	l->tried++;
	if (l->tried < l->tries)
		ask(l);
	else
		time_out(l);
}

/* Keeps the name, and finds out whether it is one. It may end with a dot. */
static bool
read_name(struct lookup *l, const char *host)
{
	struct str name = str_of(host);

	if (name.len == 0 || !str_copy(l->host, sizeof(l->host), name)) {
		snprintf(l->host, sizeof(l->host), "\"%.60s\"", host);
		return false;
	}
	if (name.p[name.len - 1] == '.')
		name.len--;
	return text_is_host(name);
}

/* Begins to ask, or knows already. */
static void
start(struct lookup *l, const char *host)
{
	if (l->srv_cb == NULL && addr_parse(host, l->port, &l->addrs.a[0])) {
		l->addrs.n = 1;
		conclude_soon(l);
	} else if (read_name(l, host)) {
		ask(l);
	} else {
		err_set(&l->err, CAUSE_DNS, DNS_BAD_NAME,
		    "%s has no %s: this is not a host name", l->host, wanted(l));
		conclude_soon(l);
	}
}

static struct lookup *
new_lookup(struct resolver *r, void *arg)
{
	struct lookup *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->timer = timer_new(r->loop, on_timer, l);
	if (l->timer == NULL) {
		free(l);
		return NULL;
	}
	l->resolver = r;
	l->arg = arg;
	l->started_us = clock_mono_us(&clock_system);
	l->try_ms = r->try_ms;
	l->tries = r->tries;
	err_clear(&l->err);
	l->next = r->lookups;
	l->link = &r->lookups;
	if (l->next != NULL)
		l->next->link = &l->next;
	r->lookups = l;
	return l;
}

struct lookup *
resolver_lookup(struct resolver *r, const char *host, uint16_t port,
    void (*cb)(void *arg, const struct addrs *addrs, const struct err *err), void *arg)
{
	struct lookup *l = new_lookup(r, arg);

	if (l == NULL)
		return NULL;
	l->port = port;
	l->cb = cb;
	start(l, host);
	return l;
}

struct lookup *
resolver_srv(struct resolver *r, const char *name,
    void (*cb)(void *arg, const struct srvs *srvs, const struct err *err), void *arg)
{
	struct lookup *l = new_lookup(r, arg);

	if (l == NULL)
		return NULL;
	l->srv_cb = cb;
	start(l, name);
	return l;
}

void
lookup_cancel(struct lookup *l)
{
	if (l == NULL)
		return;
	release(l);
	dns_query_free(l->query);
	free(l);
}

struct resolver *
resolver_new(struct loop *l, const char *servers, struct err *err)
{
	struct resolver *r = calloc(1, sizeof(*r));
	const char *why = "out of memory";

	if (r == NULL) {
		err_local(err, 0, "no resolver: %s", why);
		return NULL;
	}
	*r = (struct resolver){ .loop = l, .try_ms = TRY_MS, .tries = TRIES };
	r->servers = servers == NULL ? NULL : str_dup(str_of(servers));
	if (servers == NULL || r->servers != NULL)
		why = dns_open(servers);
	if (why == NULL)
		return r;
	err_local(err, 0, "no resolver%s%s: %s", servers == NULL ? "" : " with servers ",
	    servers == NULL ? "" : servers, why);
	free(r->servers);
	free(r);
	return NULL;
}

void
resolver_set_tries(struct resolver *r, unsigned try_ms, unsigned tries)
{
	r->try_ms = try_ms < TRY_MS_MAX ? try_ms : TRY_MS_MAX;
	r->tries = tries < TRIES_MAX ? tries : TRIES_MAX;
}

void
resolver_free(struct resolver *r)
{
	if (r == NULL)
		return;
	while (r->lookups != NULL)
		lookup_cancel(r->lookups);
	dns_close();
	free(r->servers);
	free(r);
}
