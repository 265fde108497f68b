#include "slow_method.h"

#include <stdlib.h>

#include "auth/account.h"
#include "loop/worker.h"
#include "must.h"
#include "vocab/err.h"

struct logon;

/* Belongs to the worker; outlives a logon that is given up. */
struct job {
	struct logon *logon; /* NULL: nobody waits any more */
};

struct logon {
	struct auth_logon told;
	struct job *job; /* NULL: it does not wait */
};

struct slow_method slow_method;

void
slow_method_open(struct worker *w, const enum auth_next *script, bool confirms)
{
	slow_method =
	    (struct slow_method){ .worker = w, .script = script, .confirms = confirms };
	buf_init(&slow_method.log, 4096);
}

void
slow_method_close(void)
{
	buf_free(&slow_method.log);
}

static void *
begin(const struct auth_logon *told, struct err *err)
{
	struct logon *l = calloc(1, sizeof(*l));

	(void)err;
	MUST(l != NULL);
	l->told = *told;
	buf_printf(&slow_method.log, "begin %s@%s ", told->account->username, told->host);
	return l;
}

static void
work(void *arg)
{
	(void)arg;
}

static void
on_worked(void *arg)
{
	struct job *job = arg;
	struct logon *l = job->logon;

	free(job);
	slow_method.late += l == NULL;
	if (l == NULL)
		return;
	l->job = NULL;
	l->told.ready(l->told.arg);
}

static void
wait(struct logon *l)
{
	MUST(l->job == NULL);
	l->job = malloc(sizeof(*l->job));
	MUST(l->job != NULL);
	l->job->logon = l;
	MUST(worker_submit(slow_method.worker, work, on_worked, l->job));
}

static enum auth_next
next(void *state, struct str challenge, struct buf *out, struct err *err)
{
	enum auth_next answer = *slow_method.script++;

	buf_printf(&slow_method.log, "next(%.*s) ", (int)challenge.len, challenge.p);
	switch (answer) {
	case AUTH_MORE:
		buf_puts(out, "more");
		break;
	case AUTH_PROOF:
		buf_puts(out, "proof");
		break;
	case AUTH_WAIT:
		wait(state);
		break;
	case AUTH_FAILED:
		err_set(err, CAUSE_TIMEOUT, 42, "the server of tickets is silent");
		break;
	}
	return answer;
}

static bool
confirm(void *state, struct str token)
{
	(void)state;
	buf_printf(&slow_method.log, "confirm(%.*s) ", (int)token.len, token.p);
	return slow_method.confirms;
}

static void
end(void *state)
{
	struct logon *l = state;

	buf_puts(&slow_method.log, "free ");
	if (l->job != NULL)
		l->job->logon = NULL;
	free(l);
}

const struct auth_method auth_slow = {
	.name = "slow",
	.title = "Slow",
	.schemes = (const char *const[]){ SLOW_SCHEME, NULL },
	.ports = (const char *const[]){ "WebTicketServiceSlow", NULL },
	.begin = begin,
	.next = next,
	.confirm = confirm,
	.free = end,
};
