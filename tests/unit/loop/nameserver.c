#include "nameserver.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"

#define HEADER	  12
#define PACKET	  512
#define SRVS	  4
#define TYPE_SRV  33
#define TYPE_A	  1
#define TYPE_AAAA 28

enum manner {
	ANSWERS,
	SILENT,
	GARBAGE, /* not DNS at all */
	FOREIGN, /* the answer to another question */
};

static const char REGISTRAR[] = "_sipinternaltls";

static const struct reply {
	const char *label;
	unsigned rcode, a, aaaa; /* a, aaaa: how many addresses */
	enum manner manner;
	/* Labels, each with a '/' behind it; "": the root. A label may hold anything. */
	struct {
		unsigned priority, weight, port;
		const char *target;
	} srv[SRVS];
} replies[] = {
	{ "_one", 0, 0, 0, ANSWERS, { { 1, 2, 5061, "pool01/example/" } } },
	{ "_three", 0, 0, 0, ANSWERS,
	    { { 30, 0, 1, "c/example/" }, { 10, 0, 65535, "a/example/" },
		{ 20, 9, 3, "b/example/" } } },
	{ "_root", 0, 0, 0, ANSWERS, { { 0, 0, 0, "" } } },
	{ "_partly", 0, 0, 0, ANSWERS,
	    { { 0, 0, 0, "" }, { 1, 0, 4, "bad host/example/" },
		{ 2, 0, 5, "good/example/" } } },
	{ REGISTRAR, 0, 0, 0, ANSWERS,
	    { { 0, 0, 1, "localhost/" }, { 1, 0, 2, "localhost/" } } },
	{ "_nowhere", 0, 0, 0, ANSWERS, { { 0, 0, 0, "zero/example/" } } },
	{ "_evil", 0, 0, 0, ANSWERS,
	    { { 1, 0, 4, "a\r\nVia: x/example/" }, { 1, 0, 4, "a@b/example/" },
		{ 1, 0, 4, "\xff\xfe/" } } },
	{ "_v4", 0, 1, 0, ANSWERS, { { 0, 0, 0, NULL } } },
	{ "v4", 0, 1, 0, ANSWERS, { { 0, 0, 0, NULL } } },
	{ "v6", 0, 0, 1, ANSWERS, { { 0, 0, 0, NULL } } },
	{ "both", 0, 2, 1, ANSWERS, { { 0, 0, 0, NULL } } },
	{ "many", 0, 12, 0, ANSWERS, { { 0, 0, 0, NULL } } },
	{ "empty", 0, 0, 0, ANSWERS, { { 0, 0, 0, NULL } } },
	{ "failing", 2, 0, 0, ANSWERS, { { 0, 0, 0, NULL } } }, /* SERVFAIL */
	{ "refused", 5, 0, 0, ANSWERS, { { 0, 0, 0, NULL } } },
	{ "silent", 0, 0, 0, SILENT, { { 0, 0, 0, NULL } } },
	{ "garbage", 0, 0, 0, GARBAGE, { { 0, 0, 0, NULL } } },
	{ "foreign", 0, 1, 1, FOREIGN, { { 0, 0, 0, NULL } } },
	/* any other: NXDOMAIN */
	{ NULL, 3, 0, 0, ANSWERS, { { 0, 0, 0, NULL } } },
};

struct nameserver {
	struct loop *loop;
	struct sockaddr_in in;
	int fd;
	struct watch *watch;
	unsigned asked;
	bool silent, registrar;
	char address[32];
};

static const struct reply *
find_reply(const uint8_t *label)
{
	const struct reply *r = replies;

	while (r->label != NULL && (strlen(r->label) != label[0] ||
				       memcmp(label + 1, r->label, label[0]) != 0))
		r++;
	return r;
}

/*
 * Octets of header and question; 0 if there is no question. The rest (EDNS) is dropped.
 */
static size_t
question_end(const uint8_t *p, size_t n)
{
	size_t at = HEADER;

	while (at < n && p[at] != 0)
		at += p[at] + (size_t)1;
	return at + 5 <= n ? at + 5 : 0;
}

static size_t
add_address(uint8_t *p, size_t at, unsigned type, unsigned number)
{
	/* Name: that of the question; class IN; 60 seconds. */
	const uint8_t fixed[] = { 0xc0, HEADER, 0, (uint8_t)type, 0, 1, 0, 0, 0, 60, 0 };
	const uint8_t v4[] = { 192, 0, 2, (uint8_t)number };
	const uint8_t v6[] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		(uint8_t)number };
	size_t len = type == TYPE_A ? sizeof(v4) : sizeof(v6);

	memcpy(p + at, fixed, sizeof(fixed));
	p[at + sizeof(fixed)] = (uint8_t)len;
	memcpy(p + at + sizeof(fixed) + 1, type == TYPE_A ? v4 : v6, len);
	return at + sizeof(fixed) + 1 + len;
}

static size_t
add_name(uint8_t *p, size_t at, const char *labels)
{
	const char *end;

	while ((end = strchr(labels, '/')) != NULL) {
		p[at] = (uint8_t)(end - labels);
		memcpy(p + at + 1, labels, p[at]);
		at += (size_t)1 + p[at];
		labels = end + 1;
	}
	p[at] = 0;
	return at + 1;
}

static size_t
add_srv(const struct reply *r, uint8_t *p, size_t at, unsigned i)
{
	const uint8_t fixed[] = { 0xc0, HEADER, 0, TYPE_SRV, 0, 1, 0, 0, 0, 60, 0, 0, 0,
		(uint8_t)r->srv[i].priority, 0, (uint8_t)r->srv[i].weight,
		(uint8_t)(r->srv[i].port >> 8), (uint8_t)r->srv[i].port };
	size_t end;

	memcpy(p + at, fixed, sizeof(fixed));
	end = add_name(p, at + sizeof(fixed), r->srv[i].target);
	p[at + 11] = (uint8_t)(end - at - 12);
	return end;
}

static size_t
make_reply(const struct reply *r, uint8_t *p, size_t n)
{
	unsigned type = p[n - 3];
	unsigned count = type == TYPE_A ? r->a : type == TYPE_AAAA ? r->aaaa : 0;

	p[2] = 0x81; /* a response, recursion was desired */
	p[3] = (uint8_t)(0x80 | r->rcode);
	memset(p + 4, 0, 8);
	p[5] = 1;
	p[7] = (uint8_t)count;
	for (unsigned i = 1; i <= count; i++)
		n = add_address(p, n, type, i);
	for (unsigned i = 0; type == TYPE_SRV && i < SRVS && r->srv[i].target != NULL;
	    i++) {
		n = add_srv(r, p, n, i);
		p[7]++;
	}
	if (r->manner == FOREIGN)
		p[HEADER + 1] ^= 1; /* first letter of the name */
	if (r->manner == GARBAGE)
		memset(p + 2, 0xff, n - 2);
	return n;
}

static void
on_question(void *arg, unsigned what)
{
	struct nameserver *ns = arg;
	struct sockaddr_in peer;
	socklen_t peer_len = sizeof(peer);
	uint8_t p[PACKET];
	const struct reply *r;
	ssize_t got;
	size_t n;

	(void)what;
	got = recvfrom(ns->fd, p, sizeof(p), 0, (struct sockaddr *)&peer, &peer_len);
	n = got < HEADER ? 0 : question_end(p, (size_t)got);
	if (n == 0)
		return;
	ns->asked++;
	r = find_reply(p + HEADER);
	if (r->label == REGISTRAR && !ns->registrar)
		r = &replies[sizeof(replies) / sizeof(replies[0]) - 1];
	if (ns->silent || r->manner == SILENT)
		return;
	n = make_reply(r, p, n);
	(void)sendto(ns->fd, p, n, 0, (struct sockaddr *)&peer, peer_len);
}

bool
nameserver_start(struct nameserver *ns)
{
	struct sockaddr *in = (struct sockaddr *)&ns->in;
	socklen_t len = sizeof(ns->in);

	ns->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ns->fd >= 0 && bind(ns->fd, in, len) == 0 &&
	    getsockname(ns->fd, in, &len) == 0)
		ns->watch = watch_fd(ns->loop, ns->fd, WATCH_READ, on_question, ns);
	return ns->watch != NULL;
}

void
nameserver_stop(struct nameserver *ns)
{
	watch_free(ns->watch);
	ns->watch = NULL;
	if (ns->fd >= 0)
		close(ns->fd);
	ns->fd = -1;
}

struct nameserver *
nameserver_new(struct loop *l)
{
	struct nameserver *ns = calloc(1, sizeof(*ns));

	if (ns == NULL)
		return NULL;
	ns->loop = l;
	ns->in.sin_family = AF_INET;
	ns->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!nameserver_start(ns)) {
		nameserver_free(ns);
		return NULL;
	}
	snprintf(
	    ns->address, sizeof(ns->address), "127.0.0.1:%u", ntohs(ns->in.sin_port));
	return ns;
}

void
nameserver_free(struct nameserver *ns)
{
	if (ns == NULL)
		return;
	nameserver_stop(ns);
	free(ns);
}

const char *
nameserver_address(const struct nameserver *ns)
{
	return ns->address;
}

unsigned
nameserver_asked(const struct nameserver *ns)
{
	return ns->asked;
}

void
nameserver_keep_silent(struct nameserver *ns)
{
	ns->silent = true;
}

void
nameserver_name_registrar(struct nameserver *ns)
{
	ns->registrar = true;
}
