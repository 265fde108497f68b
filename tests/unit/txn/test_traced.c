/*
 * What is kept of whole transactions, well and at fault, against what went over the
 * wire: every secret in the messages is looked for in the trace and may not be there.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "../cases.h"
#include "vocab/err.h"
#include "pool.h"
#include "trace/trace_json.h"
#include "trace/trace.h"

#define SECRETS_MAX 512
#define SECRET_MIN  8 /* octets; less may stand there for other reasons */

static struct txn_world world;
static char *secrets[SECRETS_MAX];
static size_t nsecrets, messages;

/* What the one group of each catches is a secret. */
static const char *const patterns[] = {
	"^(WWW-|Proxy-)?Auth[a-z]*: (NTLM|Negotiate) ([A-Za-z0-9+/]{8,})",
	"(gssapi-data|response|rspauth)(=)\"([^\"]+)\"",
	"^(Set-)?Cookie(): ([^\r\n]+)",
	"<([a-z]*:?)(BinarySecret|CipherValue|SignatureValue|Password)[^>]*>([^<]+)<",
	/* how it begins: of the rest some is masked by itself */
	"<([a-z]+:)(Assertion) [^>]*>(<.{40})",
	"BinarySecurityToken()()[^>]*>([^<]+)<",
};

static void
add_secret(const char *text, size_t n)
{
	/* Lines of base64 one by one: they may be laid out in another way. */
	size_t line = strcspn(text, "\r\n");

	if (line < n) {
		add_secret(text, line);
		while (line < n && strchr("\r\n", text[line]) != NULL)
			line++;
		if (line < n)
			add_secret(text + line, n - line);
		return;
	}
	if (n < SECRET_MIN)
		return;
	assert_in_range(nsecrets, 0, SECRETS_MAX - 1);
	secrets[nsecrets++] = strndup(text, n);
}

static void
find_secrets(struct str s)
{
	char *text = strndup(s.p, s.len);
	regex_t re;
	regmatch_t m[4];

	for (size_t i = 0; i < NROWS(patterns); i++) {
		const char *at = text;

		assert_int_equal(
		    regcomp(&re, patterns[i], REG_EXTENDED | REG_NEWLINE), 0);
		while (regexec(&re, at, 4, m, 0) == 0) {
			add_secret(at + m[3].rm_so, (size_t)(m[3].rm_eo - m[3].rm_so));
			at += m[3].rm_eo;
		}
		regfree(&re);
	}
	free(text);
}

void __real_trace_message(struct trace *t, const struct trace_entry *m);
void __wrap_trace_message(struct trace *t, const struct trace_entry *m);

/* The linker puts this in front: a message as it was on the wire. */
void
__wrap_trace_message(struct trace *t, const struct trace_entry *m)
{
	messages++;
	find_secrets(m->text);
	if (m->body.len > 0)
		find_secrets(m->body);
	__real_trace_message(t, m);
}

static void
assert_without(struct str s, const char *secret)
{
	if (s.len > 0 && memmem(s.p, s.len, secret, strlen(secret)) != NULL)
		fail_msg("%s is in\n%.*s", secret, (int)s.len, s.p);
}

static void
assert_clean(const struct trace *t)
{
	for (const struct trace_entry *e = trace_first(t); e != NULL; e = trace_next(e))
		for (size_t i = 0; i < nsecrets; i++) {
			assert_without(e->text, secrets[i]);
			assert_without(e->body, secrets[i]);
			assert_without(str_of(trace_head(t)->record), secrets[i]);
		}
}

static const struct fault_case {
	const char *name; /* the lab's */
	bool ok;
	size_t secrets; /* at least; less: the test does not look */
} faults[] = {
	{ "none", true, 20 },
	{ "challenge=garbage", false, 0 },
	{ "certprov-metadata=http-503", false, 0 },
	{ "ticket-metadata=garbage", false, 0 },
	{ "web-ticket=http-500", false, 0 },
	{ "web-ticket=garbage", false, 2 },
	{ "web-ticket=drop", false, 0 },
	{ "certificate=http-500:28020", false, 8 },
	{ "certificate=garbage", false, 8 },
	{ "certificate=oversize", false, 8 },
	{ "tls-dsk=garbage", false, 15 },
	{ "tls-dsk=drop", false, 15 },
	{ "register=sip-403:4004", false, 20 },
	{ "register=unsigned", false, 20 },
	{ "register=oversize", false, 20 },
	{ "log-off=garbage", true, 20 },
};

static void
check_fault(void **state)
{
	const struct fault_case *c = *state;
	struct trace_head h = { "a", "b", "c", "0a1b2c", 1700000000123, 0, false, "", "",
		"" };
	struct trace *again;
	struct buf text;
	struct err err;

	if (strchr(c->name, '=') != NULL)
		pool_order("fault %s", c->name);
	pool_open_world(&world, false);
	world.observer.trace = trace_new();
	world.txn = txn_start(&world.env, &world.spec, &world.observer, &err);
	assert_non_null(world.txn);
	txn_world_wait(&world);
	if (strchr(c->name, '=') != NULL)
		pool_order("clear");
	if (world.result.ok != c->ok)
		fail_msg("%s", world.result.err.detail);
	h.record = world.result.err.detail;
	trace_end(world.observer.trace, &h);
	assert_true(messages > 1);
	if (nsecrets < c->secrets)
		fail_msg("only %zu secrets", nsecrets);
	assert_clean(world.observer.trace);
	/* And that is what files and answers are made of. */
	buf_init(&text, TRACE_FILE_MAX);
	trace_json_format(world.observer.trace, &text);
	again = trace_json_parse(buf_view(&text), &err);
	assert_non_null(again);
	assert_clean(again);
	buf_free(&text);
	trace_free(again);
	trace_free(world.observer.trace);
	txn_world_close(&world);
}

static int
forget(void **state)
{
	(void)state;
	while (nsecrets > 0)
		free(secrets[--nsecrets]);
	messages = 0;
	return 0;
}

/* The state goes on to the test. */
static int
begin(void **state)
{
	return pool_start(state);
}

RUN_CASES(ROWS_WITH("secrets", faults, check_fault, begin, forget));
