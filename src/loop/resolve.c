#include "loop/resolve.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "loop/loop.h"
#include "vocab/code.h"
#include "vocab/err.h"

/* At first. The caller has a budget of its own. */
#define TRY_MS	   2000
#define TRIES	   3
#define TRY_MS_MAX 60000
#define TRIES_MAX  10
#define HOST_MAX   255 /* octets of a name, RFC 1035 section 2.3.4 */

struct resolver {
	struct loop *loop;
	char *servers; /* NULL: the system's */
	unsigned try_ms, tries;
	struct lookup *lookups;
};

/* A socket of c-ares. */
struct sock {
	struct sock *next;
	struct lookup *lookup;
	ares_socket_t fd;
	struct watch *watch;
};

/*
 * One channel for each look-up: it can be dropped at any time by ares_destroy(), and
 * resolv.conf is read when it is needed, so that a change of it reaches a daemon that
 * runs for years.
 */
struct lookup {
	struct resolver *resolver;
	struct lookup *next, **link; /* *link is this one */
	ares_channel channel;
	bool open;     /* channel is */
	bool answered; /* addrs or err is; the timer hands it over */
	struct timer *timer;
	struct sock *socks;
	uint64_t started_us;
	uint16_t port;
	struct addrs addrs;
	struct err err;
	void (*cb)(void *arg, const struct addrs *addrs, const struct err *err);
	void *arg;
	struct srvs *srvs; /* SRV records are wanted, not addresses */
	void (*srv_cb)(void *arg, const struct srvs *srvs, const struct err *err);
	char host[HOST_MAX + 1];
};

bool
addr_parse(const char *literal, uint16_t port, struct addr *ret)
{
	struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (inet_pton(AF_INET, literal, &in4.sin_addr) == 1) {
		*ret = (struct addr){ .len = sizeof(in4) };
		memcpy(&ret->ss, &in4, sizeof(in4));
		return true;
	}
	if (inet_pton(AF_INET6, literal, &in6.sin6_addr) == 1) {
		*ret = (struct addr){ .len = sizeof(in6) };
		memcpy(&ret->ss, &in6, sizeof(in6));
		return true;
	}
	return false;
}

void
addr_text(const struct addr *a, char dst[ADDR_TEXT_SIZE])
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	snprintf(dst, ADDR_TEXT_SIZE, "?");
	if (a->ss.ss_family == AF_INET) {
		memcpy(&in4, &a->ss, sizeof(in4));
		inet_ntop(AF_INET, &in4.sin_addr, dst, ADDR_TEXT_SIZE);
	} else if (a->ss.ss_family == AF_INET6) {
		memcpy(&in6, &a->ss, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, dst, ADDR_TEXT_SIZE);
	}
}

uint16_t
addr_port(const struct addr *a)
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	if (a->ss.ss_family == AF_INET) {
		memcpy(&in4, &a->ss, sizeof(in4));
		return ntohs(in4.sin_port);
	}
	if (a->ss.ss_family == AF_INET6) {
		memcpy(&in6, &a->ss, sizeof(in6));
		return ntohs(in6.sin6_port);
	}
	return 0;
}

/*
 * Whatever is known is handed over from the loop, never from inside a call of ours or
 * c-ares.
 */
static void
answer(struct lookup *l)
{
	l->answered = true;
	timer_set(l->timer, 0);
}

/* c-ares calls a server dead when no socket could be made to ask it. 0: one can be. */
static int
own_trouble(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_is_own(errno) ? errno : 0;
	close(fd);
	return 0;
}

static const char *
wanted(const struct lookup *l)
{
	return l->srvs != NULL ? "SRV record" : "address";
}

/*
 * Translates a status of c-ares into a number of ours. Of servers that refuse or fail
 * c-ares tells more or less, depending on its version; here all of that is one thing.
 */
static enum dns_code
dns_code_of(int status)
{
	switch (status) {
	case ARES_ENODATA:
		return DNS_NO_RECORD;
	case ARES_ENOTFOUND:
		return DNS_NO_NAME;
	case ARES_EBADNAME:
		return DNS_BAD_NAME;
	case ARES_EBADRESP:
		return DNS_BAD_ANSWER;
	default:
		return DNS_FAILED;
	}
}

static void
refused(struct lookup *l)
{
	int errnum = own_trouble();

	if (errnum != 0)
		err_local(&l->err, errnum, "no socket to look up %s", l->host);
	else
		err_set(&l->err, CAUSE_DNS, DNS_FAILED,
		    "%s has no %s: name servers refused or failed", l->host, wanted(l));
}

static void
set_error(struct lookup *l, int status)
{
	const char *why = ares_strerror(status);

	switch (status) {
	case ARES_ETIMEOUT:
		err_set(&l->err, CAUSE_TIMEOUT,
		    (long)((clock_mono_us(&clock_system) - l->started_us) / 1000),
		    "no name server answered for %s: %s", l->host, why);
		break;
	/* This is what c-ares makes of servers that answer SERVFAIL or REFUSED, too. */
	case ARES_ECONNREFUSED:
		refused(l);
		break;
	case ARES_ENOMEM:
		err_local(&l->err, 0, "looking up %s: %s", l->host, why);
		break;
	default:
		err_set(&l->err, CAUSE_DNS, dns_code_of(status), "%s has no %s: %s",
		    l->host, wanted(l), why);
		break;
	}
}

static bool
add_node(struct addrs *addrs, const struct ares_addrinfo_node *node, uint16_t port)
{
	struct addr a = { .len = node->ai_addrlen };
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	if (addrs->n == ADDRS_MAX)
		return false;
	if (node->ai_family == AF_INET && node->ai_addrlen == sizeof(in4)) {
		memcpy(&in4, node->ai_addr, sizeof(in4));
		in4.sin_port = htons(port);
		memcpy(&a.ss, &in4, sizeof(in4));
	} else if (node->ai_family == AF_INET6 && node->ai_addrlen == sizeof(in6)) {
		memcpy(&in6, node->ai_addr, sizeof(in6));
		in6.sin6_port = htons(port);
		memcpy(&a.ss, &in6, sizeof(in6));
	} else {
		return true;
	}
	addrs->a[addrs->n++] = a;
	return true;
}

static void
on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct lookup *l = arg;

	(void)timeouts;
	if (status == ARES_EDESTRUCTION)
		return;
	if (info != NULL) {
		const struct ares_addrinfo_node *n = info->nodes;

		while (n != NULL && add_node(&l->addrs, n, l->port))
			n = n->ai_next;
		ares_freeaddrinfo(info);
	}
	if (l->addrs.n == 0)
		set_error(l, status == ARES_SUCCESS ? ARES_ENODATA : status);
	answer(l);
}

/* A target that is "." says that there is no such service: RFC 2782. */
static void
take_srvs(struct lookup *l, const struct ares_srv_reply *all)
{
	unsigned none = 0;

	for (; all != NULL && l->srvs->n < SRVS_MAX; all = all->next) {
		struct srv *s = &l->srvs->s[l->srvs->n];

		if (all->host[0] == '\0' || strcmp(all->host, ".") == 0) {
			none++;
			continue;
		}
		if (all->port == 0 || !text_is_host(str_of(all->host)) ||
		    !str_copy(s->target, sizeof(s->target), str_of(all->host)))
			continue;
		s->priority = all->priority;
		s->weight = all->weight;
		s->port = all->port;
		l->srvs->n++;
	}
	if (l->srvs->n > 0)
		return;
	if (none > 0)
		err_set(&l->err, CAUSE_DNS, DNS_NO_RECORD,
		    "%s has the SRV target \".\": there is no such service", l->host);
	else
		err_set(&l->err, CAUSE_PROTOCOL, 0,
		    "the SRV records of %s name no host and port", l->host);
}

static void
on_records(void *arg, int status, int timeouts, unsigned char *octets, int len)
{
	struct lookup *l = arg;
	struct ares_srv_reply *all = NULL;

	(void)timeouts;
	if (status == ARES_EDESTRUCTION)
		return;
	if (status == ARES_SUCCESS)
		status = ares_parse_srv_reply(octets, len, &all);
	if (status == ARES_SUCCESS && all != NULL)
		take_srvs(l, all);
	else
		set_error(l, status == ARES_SUCCESS ? ARES_ENODATA : status);
	ares_free_data(all);
	answer(l);
}

/* c-ares says when it wants to be called next; an answer that waits goes before that. */
static void
set_timer(struct lookup *l)
{
	struct timeval tv;

	if (l->answered)
		return;
	if (ares_timeout(l->channel, NULL, &tv) == NULL)
		timer_clear(l->timer);
	else
		timer_set(l->timer, (uint64_t)tv.tv_sec * 1000000 + (uint64_t)tv.tv_usec);
}

static void
on_ready(void *arg, unsigned what)
{
	struct sock *s = arg;
	struct lookup *l = s->lookup;
	ares_socket_t fd = s->fd;

	/* s may be gone after this. */
	ares_process_fd(l->channel, what & WATCH_READ ? fd : ARES_SOCKET_BAD,
	    what & WATCH_WRITE ? fd : ARES_SOCKET_BAD);
	set_timer(l);
}

static void
add_sock(struct lookup *l, ares_socket_t fd, unsigned what)
{
	struct sock *s = calloc(1, sizeof(*s));

	/* Out of memory shows as a server that does not answer. */
	if (s == NULL)
		return;
	*s = (struct sock){ .next = l->socks, .lookup = l, .fd = fd };
	s->watch = watch_fd(l->resolver->loop, fd, what, on_ready, s);
	if (s->watch == NULL) {
		free(s);
		return;
	}
	l->socks = s;
}

/*
 * Called by c-ares when what it waits for changes; with neither before it closes the
 * socket.
 */
static void
on_sock_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct lookup *l = arg;
	struct sock **at = &l->socks, *s;
	unsigned what = (readable ? WATCH_READ : 0) | (writable ? WATCH_WRITE : 0);

	while (*at != NULL && (*at)->fd != fd)
		at = &(*at)->next;
	s = *at;
	if (s != NULL && what != 0) {
		watch_set(s->watch, what);
	} else if (s != NULL) {
		*at = s->next;
		watch_free(s->watch);
		free(s);
	} else if (what != 0) {
		add_sock(l, fd, what);
	}
}

/* An ARES_ status. The state callback is left out when there is nobody to be told. */
static int
open_channel(const struct resolver *r, struct lookup *l, ares_channel *ret)
{
	char lookups[] = "fb"; /* files, then DNS */
	struct ares_options opts = {
		.timeout = (int)r->try_ms,
		.tries = (int)r->tries,
		.lookups = lookups,
		.sock_state_cb = on_sock_state,
		.sock_state_cb_data = l,
	};
	int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS;
	int status;
	ares_channel channel;

	if (l != NULL)
		mask |= ARES_OPT_SOCK_STATE_CB;
	/*
	 * A name with a dot is whole. Looked for in this machine's domains, too, a
	 * wildcard there would be an answer where users have none.
	 */
	if (l != NULL && strchr(l->host, '.') != NULL)
		mask |= ARES_OPT_DOMAINS;
	status = ares_init_options(&channel, &opts, mask);
	if (status != ARES_SUCCESS)
		return status;
	if (r->servers != NULL)
		status = ares_set_servers_ports_csv(channel, r->servers);
	if (status != ARES_SUCCESS) {
		ares_destroy(channel);
		return status;
	}
	*ret = channel;
	return ARES_SUCCESS;
}

/* An ARES_ status: whether look-ups can be made at all, and the servers be understood. */
static int
try_channel(const struct resolver *r)
{
	ares_channel channel;
	int status = open_channel(r, NULL, &channel);

	if (status == ARES_SUCCESS)
		ares_destroy(channel);
	return status;
}

static int
set_up(struct resolver *r, struct loop *l, const char *servers)
{
	*r = (struct resolver){ .loop = l, .try_ms = TRY_MS, .tries = TRIES };
	if (servers != NULL) {
		r->servers = str_dup(str_of(servers));
		if (r->servers == NULL)
			return ARES_ENOMEM;
	}
	return try_channel(r);
}

struct resolver *
resolver_new(struct loop *l, const char *servers, struct err *err)
{
	struct resolver *r = NULL;
	int status = ares_library_init(ARES_LIB_INIT_ALL);
	bool library = status == ARES_SUCCESS;

	if (library) {
		r = malloc(sizeof(*r));
		status = r == NULL ? ARES_ENOMEM : set_up(r, l, servers);
	}
	if (status == ARES_SUCCESS)
		return r;
	err_local(err, 0, "no resolver%s%s: %s", servers == NULL ? "" : " with servers ",
	    servers == NULL ? "" : servers, ares_strerror(status));
	if (r != NULL)
		free(r->servers);
	free(r);
	if (library)
		ares_library_cleanup();
	return NULL;
}

void
resolver_set_tries(struct resolver *r, unsigned try_ms, unsigned tries)
{
	r->try_ms = try_ms < TRY_MS_MAX ? try_ms : TRY_MS_MAX;
	r->tries = tries < TRIES_MAX ? tries : TRIES_MAX;
}

static void
free_lookup(struct lookup *l)
{
	free(l->srvs);
	free(l);
}

static void
unlink_lookup(struct lookup *l)
{
	*l->link = l->next;
	if (l->next != NULL)
		l->next->link = l->link;
}

/*
 * Everything but the answer. ares_destroy() still calls on_answer() and on_sock_state().
 */
static void
end_lookup(struct lookup *l)
{
	if (l->open)
		ares_destroy(l->channel);
	l->open = false;
	timer_free(l->timer);
	l->timer = NULL;
	unlink_lookup(l);
}

void
resolver_free(struct resolver *r)
{
	if (r == NULL)
		return;
	while (r->lookups != NULL)
		lookup_cancel(r->lookups);
	ares_library_cleanup();
	free(r->servers);
	free(r);
}

static void
on_timer(void *arg)
{
	struct lookup *l = arg;

	if (!l->answered) {
		ares_process_fd(l->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		set_timer(l);
		return;
	}
	end_lookup(l);
	if (l->srvs != NULL)
		l->srv_cb(l->arg, l->srvs->n > 0 ? l->srvs : NULL, &l->err);
	else
		l->cb(l->arg, l->addrs.n > 0 ? &l->addrs : NULL, &l->err);
	free_lookup(l);
}

/* False: the answer is an error, and on its way. */
static bool
open_lookup(struct lookup *l, const char *host)
{
	int status = ARES_EBADNAME;

	if (str_copy(l->host, sizeof(l->host), str_of(host)) && host[0] != '\0')
		status = open_channel(l->resolver, l, &l->channel);
	else
		snprintf(l->host, sizeof(l->host), "\"%.60s\"", host);
	l->open = status == ARES_SUCCESS;
	if (l->open)
		return true;
	set_error(l, status);
	answer(l);
	return false;
}

/* Begins to ask, or knows already. */
static void
start(struct lookup *l, const char *host)
{
	const struct ares_addrinfo_hints hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};

	if (l->srvs == NULL && addr_parse(host, l->port, &l->addrs.a[0])) {
		l->addrs.n = 1;
		answer(l);
		return;
	}
	if (!open_lookup(l, host))
		return;
	if (l->srvs != NULL)
		ares_query(l->channel, host, C_IN, T_SRV, on_records, l);
	else
		ares_getaddrinfo(l->channel, host, NULL, &hints, on_answer, l);
	set_timer(l);
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
	struct srvs *srvs = calloc(1, sizeof(*srvs));
	struct lookup *l = srvs == NULL ? NULL : new_lookup(r, arg);

	if (l == NULL) {
		free(srvs);
		return NULL;
	}
	l->srvs = srvs;
	l->srv_cb = cb;
	start(l, name);
	return l;
}

void
lookup_cancel(struct lookup *l)
{
	if (l == NULL)
		return;
	end_lookup(l);
	free_lookup(l);
}
