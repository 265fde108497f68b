/*
 * How a question goes: open_channel() gives it a c-ares channel of its own; c-ares tells
 * by on_sock_state() which sockets it waits for and by ares_timeout() how long;
 * on_ready() and on_timer() call it back; its answer comes by on_addrs() or on_srvs(),
 * and the same timer then hands it over to the caller.
 */
#include "loop/dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/text.h"
#include "build_config.h"
#include "loop/addr.h"
#include "loop/loop.h"
#include "loop/srv.h"
#include "vocab/err.h"

/* A socket of c-ares. */
struct sock {
	struct sock *next;
	struct dns_query *query;
	ares_socket_t fd;
	struct watch *watch;
};

/*
 * One channel for each question: it can be dropped at any time by ares_destroy(), and
 * resolv.conf is read when it is needed, so that a change of it reaches a daemon that
 * runs for years.
 */
struct dns_query {
	struct loop *loop;
	ares_channel channel;
	bool open;     /* whether there is a channel */
	bool answered; /* whether the answer is known, and the timer hands it over */
	bool heard;    /* whether a packet came from a name server */
	struct timer *timer;
	struct sock *socks;
	uint16_t port;
	enum dns_end end;
	int status; /* of c-ares */
	int errnum;
	struct addrs addrs;
	struct srvs *srvs; /* NULL if addresses are wanted */
	void (*cb)(void *arg, const struct dns_answer *answer);
	void *arg;
};

/*
 * Marks the answer as known. It is handed over from the loop, never from inside a call of
 * the caller or of c-ares.
 */
static void
answer(struct dns_query *q, enum dns_end end, int status)
{
	q->end = end;
	q->status = status;
	q->answered = true;
	timer_set(q->timer, 0);
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

/*
 * Tells apart what c-ares has one status for: that no server could be talked to. Older
 * versions have it for servers that refuse or fail, too; those have been heard.
 */
static enum dns_end
end_unreached(struct dns_query *q)
{
	q->errnum = own_trouble();
	if (q->errnum != 0)
		return DNS_END_NO_SOCKET;
	return q->heard ? DNS_END_REFUSED : DNS_END_DEAD;
}

/* Ends a question that found nothing. */
static void
fail(struct dns_query *q, int status)
{
	enum dns_end end = DNS_END_OTHER;

	switch (status) {
	case ARES_SUCCESS:
		status = ARES_ENODATA;
		end = DNS_END_NO_RECORD;
		break;
	case ARES_ENODATA:
		end = DNS_END_NO_RECORD;
		break;
	case ARES_ENOTFOUND:
		end = DNS_END_NO_NAME;
		break;
	case ARES_EBADNAME:
		end = DNS_END_BAD_NAME;
		break;
	case ARES_ECONNREFUSED:
		end = end_unreached(q);
		break;
	case ARES_ESERVFAIL:
	case ARES_EREFUSED:
	case ARES_ENOTIMP:
		end = DNS_END_REFUSED;
		break;
	case ARES_ETIMEOUT:
		end = DNS_END_SILENT;
		break;
	/* Older versions rather wait for something better, and time out. */
	case ARES_EBADRESP:
		end = DNS_END_GARBAGE;
		break;
	case ARES_ENOMEM:
		end = DNS_END_NO_MEMORY;
		break;
	}
	answer(q, end, status);
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
on_addrs(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct dns_query *q = arg;

	(void)timeouts;
	if (status == ARES_EDESTRUCTION)
		return;
	if (info != NULL) {
		const struct ares_addrinfo_node *n = info->nodes;

		while (n != NULL && add_node(&q->addrs, n, q->port))
			n = n->ai_next;
		ares_freeaddrinfo(info);
	}
	if (q->addrs.n > 0)
		answer(q, DNS_END_FOUND, ARES_SUCCESS);
	else
		fail(q, status);
}

/*
 * Keeps a record that names a host and a port. Returns true if its target is ".", which
 * says that there is no such service: RFC 2782.
 */
static bool
add_srv(struct srvs *all, const struct srv *record, const char *target)
{
	struct srv *s = &all->s[all->n];

	if (target[0] == '\0' || strcmp(target, ".") == 0)
		return true;
	if (all->n == SRVS_MAX || record->port == 0 || !text_is_host(str_of(target)))
		return false;
	*s = *record;
	if (str_copy(s->target, sizeof(s->target), str_of(target)))
		all->n++;
	return false;
}

static void
conclude_srvs(struct dns_query *q, bool none)
{
	enum dns_end end = none ? DNS_END_NO_SERVICE : DNS_END_NO_TARGET;

	answer(q, q->srvs->n > 0 ? DNS_END_FOUND : end, ARES_SUCCESS);
}

#ifdef HAVE_ARES_QUERY_DNSREC

static void
on_srvs(void *arg, ares_status_t status, size_t timeouts, const ares_dns_record_t *reply)
{
	struct dns_query *q = arg;
	size_t n = reply == NULL ? 0 : ares_dns_record_rr_cnt(reply, ARES_SECTION_ANSWER);
	unsigned records = 0;
	bool none = false;

	(void)timeouts;
	if (status == ARES_EDESTRUCTION)
		return;
	for (size_t i = 0; status == ARES_SUCCESS && i < n; i++) {
		const ares_dns_rr_t *rr =
		    ares_dns_record_rr_get_const(reply, ARES_SECTION_ANSWER, i);
		struct srv record;
		const char *target;

		if (ares_dns_rr_get_type(rr) != ARES_REC_TYPE_SRV)
			continue;
		record = (struct srv){
			.priority = ares_dns_rr_get_u16(rr, ARES_RR_SRV_PRIORITY),
			.weight = ares_dns_rr_get_u16(rr, ARES_RR_SRV_WEIGHT),
			.port = ares_dns_rr_get_u16(rr, ARES_RR_SRV_PORT),
		};
		target = ares_dns_rr_get_str(rr, ARES_RR_SRV_TARGET);
		records++;
		if (target != NULL && add_srv(q->srvs, &record, target))
			none = true;
	}
	if (records > 0)
		conclude_srvs(q, none);
	else
		fail(q, (int)status);
}

static void
ask_srvs(struct dns_query *q, const char *name)
{
	(void)ares_query_dnsrec(
	    q->channel, name, ARES_CLASS_IN, ARES_REC_TYPE_SRV, on_srvs, q, NULL);
}

#else

static void
on_srvs(void *arg, int status, int timeouts, unsigned char *bytes, int len)
{
	struct dns_query *q = arg;
	struct ares_srv_reply *all = NULL;
	bool none = false;

	(void)timeouts;
	if (status == ARES_EDESTRUCTION)
		return;
	if (status == ARES_SUCCESS)
		status = ares_parse_srv_reply(bytes, len, &all);
	for (const struct ares_srv_reply *s = all; s != NULL; s = s->next) {
		const struct srv record = {
			.priority = s->priority,
			.weight = s->weight,
			.port = s->port,
		};

		if (add_srv(q->srvs, &record, s->host))
			none = true;
	}
	if (status == ARES_SUCCESS && all != NULL)
		conclude_srvs(q, none);
	else
		fail(q, status);
	ares_free_data(all);
}

static void
ask_srvs(struct dns_query *q, const char *name)
{
	ares_query(q->channel, name, C_IN, T_SRV, on_srvs, q);
}

#endif

/* c-ares says when it wants to be called next; an answer that waits goes before that. */
static void
set_timer(struct dns_query *q)
{
	struct timeval tv;

	if (q->answered)
		return;
	if (ares_timeout(q->channel, NULL, &tv) == NULL)
		timer_clear(q->timer);
	else
		timer_set(q->timer, (uint64_t)tv.tv_sec * 1000000 + (uint64_t)tv.tv_usec);
}

/* Whether bytes wait to be read; unlike a read, this leaves an error to c-ares. */
static bool
has_bytes(int fd)
{
	int n = 0;

	return ioctl(fd, FIONREAD, &n) == 0 && n > 0;
}

static void
on_ready(void *arg, unsigned what)
{
	struct sock *s = arg;
	struct dns_query *q = s->query;
	ares_socket_t fd = s->fd;

	if ((what & WATCH_READ) && has_bytes(fd))
		q->heard = true;
	/* s may be gone after this. */
	ares_process_fd(q->channel, what & WATCH_READ ? fd : ARES_SOCKET_BAD,
	    what & WATCH_WRITE ? fd : ARES_SOCKET_BAD);
	set_timer(q);
}

static void
add_sock(struct dns_query *q, ares_socket_t fd, unsigned what)
{
	struct sock *s = calloc(1, sizeof(*s));

	/* Out of memory shows as a server that does not answer. */
	if (s == NULL)
		return;
	*s = (struct sock){ .next = q->socks, .query = q, .fd = fd };
	s->watch = watch_fd(q->loop, fd, what, on_ready, s);
	if (s->watch == NULL) {
		free(s);
		return;
	}
	q->socks = s;
}

/*
 * Called by c-ares when what it waits for changes; with neither before it closes the
 * socket.
 */
static void
on_sock_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct dns_query *q = arg;
	struct sock **at = &q->socks, *s;
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
		add_sock(q, fd, what);
	}
}

/*
 * Opens a channel; returns an ARES_ status. q is told of its sockets; NULL: there will be
 * none.
 */
static int
open_channel(const struct dns_question *question, struct dns_query *q, ares_channel *ret)
{
	char lookups[] = "fb"; /* files, then DNS */
	struct ares_options opts = {
		.timeout = (int)question->try_ms,
		.tries = (int)question->tries,
		.lookups = lookups,
		.sock_state_cb = on_sock_state,
		.sock_state_cb_data = q,
	};
	int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS;
	int status;
	ares_channel channel;

	if (q != NULL)
		mask |= ARES_OPT_SOCK_STATE_CB;
	/*
	 * A name with a dot is whole. Looked for in this machine's domains, too, a
	 * wildcard there would be an answer where users have none.
	 */
	if (strchr(question->name, '.') != NULL)
		mask |= ARES_OPT_DOMAINS;
	status = ares_init_options(&channel, &opts, mask);
	if (status != ARES_SUCCESS)
		return status;
	if (question->servers != NULL)
		status = ares_set_servers_ports_csv(channel, question->servers);
	if (status != ARES_SUCCESS) {
		ares_destroy(channel);
		return status;
	}
	*ret = channel;
	return ARES_SUCCESS;
}

const char *
dns_open(const char *servers)
{
	const struct dns_question nothing = {
		.name = "", .servers = servers, .try_ms = 1, .tries = 1
	};
	int status = ares_library_init(ARES_LIB_INIT_ALL);
	ares_channel channel;

	if (status != ARES_SUCCESS)
		return ares_strerror(status);
	status = open_channel(&nothing, NULL, &channel);
	if (status == ARES_SUCCESS) {
		ares_destroy(channel);
		return NULL;
	}
	ares_library_cleanup();
	return ares_strerror(status);
}

void
dns_close(void)
{
	ares_library_cleanup();
}

/* Frees what the loop knows of. This still calls on_addrs() or on_srvs(). */
static void
release(struct dns_query *q)
{
	if (q->open)
		ares_destroy(q->channel);
	q->open = false;
	timer_free(q->timer);
	q->timer = NULL;
}

/* Hands over what is known; until then, c-ares has something to do. */
static void
on_timer(void *arg)
{
	struct dns_query *q = arg;
	bool found;

	if (!q->answered) {
		ares_process_fd(q->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		set_timer(q);
		return;
	}
	release(q);
	found = q->end == DNS_END_FOUND;
	/* q may be gone after this. */
	q->cb(q->arg, &(struct dns_answer){
			  .end = q->end,
			  .errnum = q->errnum,
			  .why = ares_strerror(q->status),
			  .addrs = found && q->srvs == NULL ? &q->addrs : NULL,
			  .srvs = found ? q->srvs : NULL,
		      });
}

static void
ask(struct dns_query *q, const struct dns_question *question)
{
	const struct ares_addrinfo_hints hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	int status = open_channel(question, q, &q->channel);

	q->open = status == ARES_SUCCESS;
	if (!q->open) {
		fail(q, status);
		return;
	}
	if (question->srv)
		ask_srvs(q, question->name);
	else
		ares_getaddrinfo(q->channel, question->name, NULL, &hints, on_addrs, q);
	set_timer(q);
}

struct dns_query *
dns_query_new(struct loop *l, const struct dns_question *question,
    void (*cb)(void *arg, const struct dns_answer *answer), void *arg)
{
	struct dns_query *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->loop = l;
	q->port = question->port;
	q->cb = cb;
	q->arg = arg;
	q->timer = timer_new(l, on_timer, q);
	q->srvs = question->srv ? calloc(1, sizeof(*q->srvs)) : NULL;
	if (q->timer == NULL || (question->srv && q->srvs == NULL)) {
		dns_query_free(q);
		return NULL;
	}
	ask(q, question);
	return q;
}

void
dns_query_free(struct dns_query *q)
{
	if (q == NULL)
		return;
	release(q);
	free(q->srvs);
	free(q);
}
