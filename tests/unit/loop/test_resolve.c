/*
 * resolve: literal addresses, the hosts file, and a name server of our own that
 * misbehaves.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "../cases.h"
#include "../fds.h"
#include "vocab/code.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "nameserver.h"

#define X16	   "xxxxxxxxxxxxxxxx"
#define LONG_LABEL X16 X16 X16 X16
#define LONG_NAME  "aaaaaaaaa.bbbbbbbbb.ccccccccc.ddddddddd.eeeeeeeee."
#define SHORT_MS   20	 /* where the end of the server's time is waited for */
#define LONG_MS	   30000 /* where it is not to come */

static struct loop *loop;
static struct nameserver *server;
static struct resolver *resolver;

/* What callbacks were told. */
static struct outcome {
	unsigned calls;
	bool found;
	struct addrs addrs;
	struct err err;
} outcome;
static unsigned unfinished; /* look-ups; the loop is stopped when there are none */

static int
make_world(void **state)
{
	struct err err;

	(void)state;
	memset(&outcome, 0, sizeof(outcome));
	unfinished = 0;
	loop = loop_new(&err);
	server = nameserver_new(loop);
	if (server == NULL)
		return -1;
	resolver = resolver_new(loop, nameserver_address(server), &err);
	if (resolver == NULL)
		return -1;
	resolver_set_tries(resolver, LONG_MS, 1);
	return 0;
}

static int
drop_world(void **state)
{
	(void)state;
	resolver_free(resolver);
	nameserver_free(server);
	loop_free(loop);
	return 0;
}

static void
on_answer(void *arg, const struct addrs *addrs, const struct err *err)
{
	struct outcome *o = arg;

	o->calls++;
	o->found = addrs != NULL;
	if (addrs != NULL)
		o->addrs = *addrs;
	else
		o->err = *err;
	if (--unfinished == 0)
		loop_stop(loop);
}

static struct lookup *
start(const char *host, struct outcome *o)
{
	unsigned before = o->calls;
	struct lookup *l = resolver_lookup(resolver, host, 5061, on_answer, o);

	assert_non_null(l);
	assert_int_equal(o->calls, before); /* never inside the call */
	unfinished++;
	return l;
}

/* The addresses, sorted and with a space behind each. */
static void
list(const struct addrs *addrs, char *dst, size_t size)
{
	char text[ADDRS_MAX][ADDR_TEXT_SIZE];

	assert_true(addrs->n <= ADDRS_MAX);
	for (unsigned i = 0; i < addrs->n; i++) {
		addr_text(&addrs->a[i], text[i]);
		assert_int_equal(addr_port(&addrs->a[i]), 5061);
	}
	qsort(text, addrs->n, sizeof(text[0]),
	    (int (*)(const void *, const void *))(void (*)(void))strcmp);
	dst[0] = '\0';
	for (unsigned i = 0; i < addrs->n; i++) {
		size_t n = strlen(dst);

		snprintf(dst + n, size - n, "%s ", text[i]);
	}
}

static const struct found_case {
	const char *name, *host, *want;
	bool asks;
} found_cases[] = {
	{ "IPv4 literal", "192.0.2.7", "192.0.2.7 ", false },
	{ "IPv6 literal", "2001:db8::7", "2001:db8::7 ", false },
	{ "IPv4 in IPv6", "::ffff:192.0.2.7", "::ffff:192.0.2.7 ", false },
	{ "A", "v4.example", "192.0.2.1 ", true },
	{ "AAAA", "v6.example", "2001:db8::1 ", true },
	{ "A and AAAA", "both.example", "192.0.2.1 192.0.2.2 2001:db8::1 ", true },
	{ "dot at the end", "v4.example.", "192.0.2.1 ", true },
};

static void
check_found(void **state)
{
	const struct found_case *c = *state;
	char got[ADDRS_MAX * (ADDR_TEXT_SIZE + 1)];
	void *none = NULL;

	assert_int_equal(make_world(&none), 0);
	start(c->host, &outcome);
	await_loop(loop, "the end of the look-up");
	assert_int_equal(outcome.calls, 1);
	assert_true(outcome.found);
	list(&outcome.addrs, got, sizeof(got));
	assert_string_equal(got, c->want);
	assert_int_equal(nameserver_asked(server) > 0, c->asks);
	drop_world(&none);
}

static const struct failed_case {
	const char *name, *host;
	enum cause cause;
	enum dns_code code; /* of CAUSE_DNS */
	const char *detail; /* how it begins */
	bool asks;
} failed_cases[] = {
	{ "no such name", "atl-cs-001.example", CAUSE_DNS, DNS_NO_NAME,
	    "atl-cs-001.example has no address: Domain name not found", true },
	{ "name without address", "empty.example", CAUSE_DNS, DNS_NO_RECORD,
	    "empty.example has no address: ", true },
	{ "server fails", "failing.example", CAUSE_DNS, DNS_FAILED,
	    "failing.example has no address: name servers refused or failed", true },
	{ "server refuses", "refused.example", CAUSE_DNS, DNS_FAILED,
	    "refused.example has no address: name servers refused or failed", true },
	{ "server is silent", "silent.example", CAUSE_TIMEOUT, 0,
	    "no name server answered for silent.example: ", true },
	{ "answer to something else", "foreign.example", CAUSE_TIMEOUT, 0,
	    "no name server answered for foreign.example: ", true },
	{ "garbage", "garbage.example", CAUSE_TIMEOUT, 0,
	    "no name server answered for garbage.example: ", true },
	{ "empty", "", CAUSE_DNS, DNS_BAD_NAME, "\"\" has no address: ", false },
	{ "empty label", "a..example", CAUSE_DNS, DNS_BAD_NAME,
	    "a..example has no address: ", false },
	{ "long label", LONG_LABEL ".example", CAUSE_DNS, DNS_BAD_NAME, "xxxx", false },
	{ "long name",
	    LONG_NAME LONG_NAME LONG_NAME LONG_NAME LONG_NAME LONG_NAME "example",
	    CAUSE_DNS, DNS_BAD_NAME, "\"aaaaaaaaa.", false },
	{ "bracketed literal", "[2001:db8::7]", CAUSE_DNS, DNS_BAD_NAME,
	    "[2001:db8::7] has no address: ", false },
	{ "too many numbers", "192.0.2.1.7", CAUSE_DNS, DNS_NO_NAME,
	    "192.0.2.1.7 has no address: ", true },
	{ "forged line", "x\nresult=Success", CAUSE_DNS, DNS_BAD_NAME,
	    "x.result=Success has no", false },
	{ "nothing but a dot", ".", CAUSE_DNS, DNS_BAD_NAME,
	    ". has no address: ", false },
};

static void
check_failed(void **state)
{
	const struct failed_case *c = *state;
	void *none = NULL;

	assert_int_equal(make_world(&none), 0);
	if (c->cause == CAUSE_TIMEOUT)
		resolver_set_tries(resolver, SHORT_MS, 2);
	start(c->host, &outcome);
	await_loop(loop, "the end of the look-up");
	assert_int_equal(outcome.calls, 1);
	assert_false(outcome.found);
	if (strncmp(outcome.err.detail, c->detail, strlen(c->detail)) != 0)
		fail_msg("%s", outcome.err.detail);
	assert_string_equal(cause_name(outcome.err.cause), cause_name(c->cause));
	assert_int_equal(nameserver_asked(server) > 0, c->asks);
	if (c->cause == CAUSE_TIMEOUT)
		assert_true(outcome.err.code >= SHORT_MS);
	else
		assert_int_equal(outcome.err.code, c->code);
	drop_world(&none);
}

static void
localhost_needs_no_server(void **state)
{
	(void)state;
	start("localhost", &outcome);
	await_loop(loop, "the end of the look-up");
	assert_true(outcome.found);
	for (unsigned i = 0; i < outcome.addrs.n; i++) {
		char text[ADDR_TEXT_SIZE];

		addr_text(&outcome.addrs.a[i], text);
		assert_true(strncmp(text, "127.", 4) == 0 || strcmp(text, "::1") == 0);
	}
	assert_int_equal(nameserver_asked(server), 0);
}

static void
no_more_addresses_than_there_is_room_for(void **state)
{
	(void)state;
	start("many.example", &outcome);
	await_loop(loop, "the end of the look-up");
	assert_true(outcome.found);
	assert_int_equal(outcome.addrs.n, ADDRS_MAX);
}

static void
dead_server_is_a_timeout(void **state)
{
	(void)state;
	nameserver_stop(server);
	resolver_set_tries(resolver, SHORT_MS, 2);
	start("v4.example", &outcome);
	await_loop(loop, "the end of the look-up");
	assert_false(outcome.found);
	assert_int_equal(outcome.err.cause, CAUSE_TIMEOUT);
	assert_true(outcome.err.code >= SHORT_MS);
	assert_memory_equal(outcome.err.detail, "no name server answered for v4", 30);
}

static void
start_server(void *arg)
{
	assert_true(nameserver_start(arg));
}

/* What refuses at once, because it is being started, is asked again in time. */
static void
server_that_comes_back_is_heard(void **state)
{
	struct timer *timer = timer_new(loop, start_server, server);

	(void)state;
	assert_non_null(timer);
	nameserver_stop(server);
	resolver_set_tries(resolver, 10 * SHORT_MS, 4);
	start("v4.example", &outcome);
	timer_set(timer, (uint64_t)SHORT_MS * 1000);
	await_loop(loop, "the end of the look-up");
	assert_true(outcome.found);
	timer_free(timer);
}

/* Each try has twice the time of the one before, whatever ends it before its time. */
static void
tries_take_their_time(void **state)
{
	(void)state;
	resolver_set_tries(resolver, SHORT_MS, 3);
	start("garbage.example", &outcome);
	await_loop(loop, "the end of the look-up");
	assert_false(outcome.found);
	assert_int_equal(outcome.err.cause, CAUSE_TIMEOUT);
	assert_true(outcome.err.code >= (1 + 2 + 4) * SHORT_MS);
}

/* Neither the name nor its servers are to blame for it. */
static void
no_descriptor_is_left(void **state)
{
	rlim_t before = fds_none();

	(void)state;
	start("v4.example", &outcome);
	await_loop(loop, "the end of the look-up");
	fds_set_limit(before);
	assert_false(outcome.found);
	assert_int_equal(outcome.err.cause, CAUSE_LOCAL);
	assert_int_equal(outcome.err.code, EMFILE);
}

static void
a_second_server_is_asked_when_the_first_is_dead(void **state)
{
	struct nameserver *dead = nameserver_new(loop);
	char both[80];
	struct err err;

	(void)state;
	snprintf(both, sizeof(both), "%s,%s", nameserver_address(dead),
	    nameserver_address(server));
	nameserver_free(dead);
	resolver_free(resolver);
	resolver = resolver_new(loop, both, &err);
	assert_non_null(resolver);
	resolver_set_tries(resolver, 5 * SHORT_MS, 3);
	start("v4.example", &outcome);
	await_loop(loop, "the end of the look-up");
	assert_true(outcome.found);
}

static void
lookups_do_not_wait_for_each_other(void **state)
{
	struct outcome silent = { .calls = 0 }, quick = silent, literal = silent;

	(void)state;
	start("silent.example", &silent);
	start("v4.example", &quick);
	start("192.0.2.7", &literal);
	unfinished--; /* stop when two have come */
	await_loop(loop, "the end of the look-up");
	assert_int_equal(quick.calls, 1);
	assert_int_equal(literal.calls, 1);
	assert_int_equal(silent.calls, 0);
}

static void
cancelled_lookups_are_never_heard_of(void **state)
{
	struct outcome other = { .calls = 0 };
	struct lookup *silent, *asked, *literal, *bad;

	(void)state;
	silent = start("silent.example", &outcome);
	asked = start("both.example", &outcome);
	literal = start("192.0.2.7", &outcome);
	bad = start("", &outcome);
	start("v4.example", &other);
	lookup_cancel(asked);
	lookup_cancel(silent);
	lookup_cancel(bad);
	lookup_cancel(literal);
	lookup_cancel(NULL);
	unfinished = 1;
	await_loop(loop, "the end of the look-up");
	assert_int_equal(other.calls, 1);
	assert_int_equal(outcome.calls, 0);
}

static struct lookup *victim;

static void
cancel_victim(void *arg, const struct addrs *addrs, const struct err *err)
{
	lookup_cancel(victim);
	on_answer(arg, addrs, err);
}

static void
one_answer_may_cancel_another_lookup(void **state)
{
	(void)state;
	assert_non_null(
	    resolver_lookup(resolver, "192.0.2.7", 5061, cancel_victim, &outcome));
	unfinished++;
	victim = start("192.0.2.8", &outcome); /* its answer is already on the way */
	unfinished--;
	await_loop(loop, "the end of the look-up");
	assert_int_equal(outcome.calls, 1);
}

static void
ask_again(void *arg, const struct addrs *addrs, const struct err *err)
{
	(void)addrs;
	(void)err;
	start("v4.example", arg);
}

static void
an_answer_may_begin_another_lookup(void **state)
{
	(void)state;
	assert_non_null(
	    resolver_lookup(resolver, "both.example", 5061, ask_again, &outcome));
	await_loop(loop, "the end of the look-up");
	assert_int_equal(outcome.calls, 1);
	assert_true(outcome.found);
}

static void
pending_lookups_are_dropped_at_the_end(void **state)
{
	(void)state;
	start("silent.example", &outcome);
	start("v4.example", &outcome);
	start("192.0.2.7", &outcome);
	start("", &outcome);
	start("nosuch.example", &outcome);
	start("192.0.2.8", &outcome);
	unfinished -= 5; /* one answer, then the end with the rest on the way */
	await_loop(loop, "the end of the look-up");
	resolver_free(resolver);
	resolver = NULL;
	assert_true(outcome.calls >= 1);
	outcome.calls = 0;
	nameserver_free(server);
	server = NULL;
	await_loop(loop, "the end of the look-up"); /* nothing is left */
	assert_int_equal(outcome.calls, 0);
}

static const struct servers_case {
	const char *name, *servers;
	bool ok;
} servers_cases[] = {
	{ "the system's", NULL, true },
	{ "one", "127.0.0.1", true },
	{ "with port", "127.0.0.1:5353", true },
	{ "several", "127.0.0.1:5353,127.0.0.2,[::1]:5353", true },
	{ "a name", "ns.example", false },
	{ "a bad number", "127.0.0.300", false },
};

static void
check_servers(void **state)
{
	const struct servers_case *c = *state;
	struct err err;
	struct loop *l = loop_new(&err);
	struct resolver *r = resolver_new(l, c->servers, &err);

	assert_int_equal(r != NULL, c->ok);
	if (r == NULL) {
		assert_int_equal(err.cause, CAUSE_LOCAL);
		assert_non_null(strstr(err.detail, c->servers));
	}
	resolver_free(r);
	loop_free(l);
}

static const struct literal_case {
	const char *name, *in;
	const char *want; /* NULL: no literal */
	int family;
} literal_cases[] = {
	{ "IPv4", "127.0.0.1", "127.0.0.1", AF_INET },
	{ "all ones", "255.255.255.255", "255.255.255.255", AF_INET },
	{ "IPv6", "2001:DB8::1", "2001:db8::1", AF_INET6 },
	{ "unspecified", "::", "::", AF_INET6 },
	{ "longest", "1111:2222:3333:4444:5555:6666:7777:8888",
	    "1111:2222:3333:4444:5555:6666:7777:8888", AF_INET6 },
	{ "empty", "", NULL, 0 },
	{ "name", "localhost", NULL, 0 },
	{ "short form", "127.1", NULL, 0 },
	{ "one number", "2130706433", NULL, 0 },
	{ "hexadecimal", "0x7f.0.0.1", NULL, 0 },
	{ "too big", "127.0.0.256", NULL, 0 },
	{ "five numbers", "127.0.0.1.1", NULL, 0 },
	{ "port", "127.0.0.1:80", NULL, 0 },
	{ "space", " 127.0.0.1", NULL, 0 },
	{ "brackets", "[::1]", NULL, 0 },
	{ "scope", "fe80::1%lo", NULL, 0 },
	{ "two gaps", "1::2::3", NULL, 0 },
};

static void
check_literal(void **state)
{
	const struct literal_case *c = *state;
	struct addr got = { .len = 7 };
	char text[ADDR_TEXT_SIZE];

	assert_int_equal(addr_parse(c->in, 5061, &got), c->want != NULL);
	if (c->want == NULL) {
		assert_int_equal(got.len, 7);
		return;
	}
	assert_int_equal(got.ss.ss_family, c->family);
	assert_int_equal(got.len, c->family == AF_INET ? sizeof(struct sockaddr_in)
						       : sizeof(struct sockaddr_in6));
	addr_text(&got, text);
	assert_string_equal(text, c->want);
	assert_int_equal(addr_port(&got), 5061);
}

static void
other_families_have_no_text(void **state)
{
	struct addr a = { .len = 0 };
	char text[ADDR_TEXT_SIZE];

	(void)state;
	a.ss.ss_family = AF_UNIX;
	addr_text(&a, text);
	assert_string_equal(text, "?");
	assert_int_equal(addr_port(&a), 0);
}

#define WORLD_TEST(f) TEST_WITH(f, make_world, drop_world)

/* A name with a dot is whole: it is not looked for in the domains of this machine. */
static void
no_search_for_whole_names(void **state)
{
	(void)state;
	setenv("LOCALDOMAIN", "corp.example", 1);
	start("gone.example", &outcome);
	await_loop(loop, "the end of the look-up");
	assert_false(outcome.found);
	assert_int_equal(outcome.err.code, 4);
	assert_int_equal(nameserver_asked(server), 2); /* A, AAAA */
	start("v4", &outcome);
	await_loop(loop, "the end of the look-up");
	assert_true(outcome.found);
	unsetenv("LOCALDOMAIN");
}

/* ---- SRV records ---- */

static struct srvs srvs;

static void
on_srvs(void *arg, const struct srvs *found, const struct err *err)
{
	struct outcome *o = arg;

	o->calls++;
	o->found = found != NULL;
	if (found != NULL)
		srvs = *found;
	else
		o->err = *err;
	if (--unfinished == 0)
		loop_stop(loop);
}

static const struct srv_case {
	const char *name, *asked;
	const char *want; /* "priority weight port target; ..." */
	enum cause cause;
	long code; /* unless it is a time */
	const char *detail;
} srv_cases[] = {
	{ "one", "_one._tls.example", "1 2 5061 pool01.example; ", CAUSE_NONE, 0, "" },
	{ "three, as they come", "_three._tls.example",
	    "30 0 1 c.example; 10 0 65535 a.example; 20 9 3 b.example; ", CAUSE_NONE, 0,
	    "" },
	{ "the root", "_root._tls.example", NULL, CAUSE_DNS, DNS_NO_RECORD,
	    "_root._tls.example has the SRV target \".\": there is no such service" },
	{ "some that are of no use", "_partly._tls.example", "2 0 5 good.example; ",
	    CAUSE_NONE, 0, "" },
	{ "targets that are no names", "_evil._tls.example", NULL, CAUSE_PROTOCOL,
	    PROTOCOL_OTHER, "the SRV records of _evil._tls.example name no host" },
	{ "a port that is none", "_nowhere._tls.example", NULL, CAUSE_PROTOCOL,
	    PROTOCOL_OTHER,
	    "the SRV records of _nowhere._tls.example name no host and port" },
	{ "another type", "_v4._tls.example", NULL, CAUSE_DNS, DNS_NO_RECORD,
	    "_v4._tls.example has no SRV record: " },
	{ "no such name", "_other._tls.example", NULL, CAUSE_DNS, DNS_NO_NAME,
	    "_other._tls.example has no SRV record: Domain name not found" },
	{ "server refuses", "refused.example", NULL, CAUSE_DNS, DNS_FAILED,
	    "refused.example has no SRV record: name servers refused or failed" },
	{ "server is silent", "silent.example", NULL, CAUSE_TIMEOUT, 0,
	    "no name server answered for silent.example: " },
	{ "garbage", "garbage.example", NULL, CAUSE_TIMEOUT, 0,
	    "no name server answered for garbage.example: " },
	{ "no name", "", NULL, CAUSE_DNS, DNS_BAD_NAME, "\"\" has no SRV record: " },
	{ "an address is no name of a service", "127.0.0.1", NULL, CAUSE_DNS, DNS_NO_NAME,
	    "127.0.0.1 has no SRV record: " },
};

static void
check_srv(void **state)
{
	const struct srv_case *c = *state;
	char got[1024] = "";
	void *none = NULL;

	assert_int_equal(make_world(&none), 0);
	memset(&srvs, 0, sizeof(srvs));
	if (c->cause == CAUSE_TIMEOUT)
		resolver_set_tries(resolver, SHORT_MS, 2);
	unfinished = 1;
	assert_non_null(resolver_srv(resolver, c->asked, on_srvs, &outcome));
	assert_int_equal(outcome.calls, 0); /* never inside the call */
	await_loop(loop, "the end of the look-up");
	assert_int_equal(outcome.calls, 1);
	assert_int_equal(outcome.found, c->want != NULL);
	for (unsigned i = 0; i < srvs.n; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%u %u %u %s; ",
		    srvs.s[i].priority, srvs.s[i].weight, srvs.s[i].port,
		    srvs.s[i].target);
	assert_string_equal(got, c->want == NULL ? "" : c->want);
	if (strncmp(outcome.err.detail, c->detail, strlen(c->detail)) != 0)
		fail_msg("%s", outcome.err.detail);
	assert_string_equal(cause_name(outcome.err.cause), cause_name(c->cause));
	if (c->cause != CAUSE_TIMEOUT)
		assert_int_equal(outcome.err.code, c->code);
	drop_world(&none);
}

static void
dead_server_is_a_timeout_for_srv_too(void **state)
{
	(void)state;
	nameserver_stop(server);
	resolver_set_tries(resolver, SHORT_MS, 2);
	unfinished = 1;
	assert_non_null(resolver_srv(resolver, "_one._tls.example", on_srvs, &outcome));
	await_loop(loop, "the end of the look-up");
	assert_false(outcome.found);
	assert_int_equal(outcome.err.cause, CAUSE_TIMEOUT);
	assert_true(outcome.err.code >= SHORT_MS);
}

static void
srv_may_be_cancelled(void **state)
{
	struct lookup *l;

	(void)state;
	l = resolver_srv(resolver, "silent.example", on_srvs, &outcome);
	assert_non_null(l);
	lookup_cancel(l);
	assert_non_null(resolver_srv(resolver, "_one.example", on_srvs, &outcome));
	/* Dropped with the resolver, without a call. */
}

RUN_CASES(ROWS("found", found_cases, check_found),
    ROWS("failed", failed_cases, check_failed), WORLD_TEST(localhost_needs_no_server),
    WORLD_TEST(no_search_for_whole_names),
    WORLD_TEST(no_more_addresses_than_there_is_room_for),
    WORLD_TEST(dead_server_is_a_timeout), WORLD_TEST(server_that_comes_back_is_heard),
    WORLD_TEST(tries_take_their_time), WORLD_TEST(dead_server_is_a_timeout_for_srv_too),
    WORLD_TEST(no_descriptor_is_left),
    WORLD_TEST(a_second_server_is_asked_when_the_first_is_dead),
    WORLD_TEST(lookups_do_not_wait_for_each_other),
    WORLD_TEST(cancelled_lookups_are_never_heard_of),
    WORLD_TEST(one_answer_may_cancel_another_lookup),
    WORLD_TEST(an_answer_may_begin_another_lookup),
    WORLD_TEST(pending_lookups_are_dropped_at_the_end),
    ROWS("servers", servers_cases, check_servers),
    ROWS("literal", literal_cases, check_literal), TEST(other_families_have_no_text),
    ROWS("srv", srv_cases, check_srv),
    TEST_WITH(srv_may_be_cancelled, make_world, drop_world));
