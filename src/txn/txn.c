/*
 * txn - the driver: the only place where a transaction moves.
 *
 * Every event, deadline and cancel comes in through drive(). The end is reported from a
 * timer of its own, when no step, transport or libcurl function is on the stack:
 * cleanup first, report last, then hands off.
 */
#include "txn/txn.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/account.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "loop/loop.h"
#include "sip/sa.h"
#include "tls/credential.h"
#include "tls/identity.h"
#include "tls/inner.h"
#include "trace/secret_words.h"
#include "trace/trace.h"
#include "transport/https.h"
#include "transport/siptls.h"
#include "transport/wire.h"
#include "keys/keyring.h"
#include "txn/facts.h"
#include "txn/plan.h"
#include "txn/step.h"

#define NOTE_MAX 512 /* bytes of one line */

struct txn {
	struct env env;
	const struct txn_spec *spec;
	struct txn_observer observer;
	struct wire_tap tap; /* shows messages to observer.trace */
	struct secret_words *words;
	const struct step *const *plan;
	size_t at;	/* plan[at] is the step under way */
	bool begun;	/* the first step was entered */
	bool running;	/* a step is on the stack: no re-entry */
	bool cancelled; /* asked for while a step was on the stack */
	bool failed;	/* result.err is set */
	bool over;	/* nothing moves any more; the report is due */
	/* start, the step's deadline, and the end: one at a time */
	struct timer *timer;
	uint64_t started_us, step_us; /* when the transaction and the step began */
	uint64_t budget_us;	      /* of the step under way */
	bool last_budget;	      /* it is what is left of the transaction's */
	unsigned leg_ms;	      /* of the leg under way; 0: what the step has */
	bool leg_only;		      /* the timer ends a leg, not the step */
	bool late;		      /* it has: inside finish() */
	struct key_wait *key_wait;
	struct https *web;
	struct facts facts;
	struct err err; /* of the step under way */
	struct result result;
};

static void drive(struct txn *t, enum step_move move);

/* What is told */

static uint64_t
elapsed_us(const struct txn *t)
{
	return clock_mono_us(t->env.clock) - t->started_us;
}

__attribute__((format(printf, 4, 0))) static void
note(struct txn *t, enum trace_kind kind, uint64_t step_us, const char *fmt, va_list ap)
{
	char raw[NOTE_MAX], text[NOTE_MAX];
	struct txn_note n = {
		.step = t->plan[t->at]->id, .kind = kind, .step_us = step_us, .text = text
	};

	if (t->observer.note == NULL && t->observer.trace == NULL)
		return;
	vsnprintf(raw, sizeof(raw), fmt, ap);
	text_printable(text, sizeof(text), str_of(raw));
	trace_note(t->observer.trace, elapsed_us(t), kind, n.step, step_us, text);
	if (t->observer.note == NULL)
		return;
	if (txn_scrub(t, text, sizeof(text)))
		t->observer.note(t->observer.arg, &n);
}

static void
on_message(void *arg, const struct wire_message *m)
{
	const struct txn *t = arg;
	struct trace_entry e = { .at_us = elapsed_us(t),
		.kind = m->sent ? TRACE_SENT : TRACE_RECEIVED,
		.step = t->plan[t->at] != NULL ? t->plan[t->at]->id : STEP_LOG_OFF,
		.text = m->head,
		.body = m->body,
		.peer = str_of(m->peer),
		.http = m->http,
		.again = m->again,
		.broken = m->broken };

	trace_message(t->observer.trace, &e);
}

const struct wire_tap *
txn_tap(const struct txn *t)
{
	return t->observer.trace == NULL ? NULL : &t->tap;
}

struct secret_words *
txn_words(const struct txn *t)
{
	return t->words;
}

void
txn_try(struct txn *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(t, TRACE_TRYING, 0, fmt, ap);
	va_end(ap);
}

void
txn_saw(struct txn *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(t, TRACE_SAW, 0, fmt, ap);
	va_end(ap);
}

void
txn_warn(struct txn *t, enum warning w, const char *fmt, ...)
{
	va_list ap;

	if ((t->result.warnings & 1u << w) != 0)
		return;
	t->result.warnings |= 1u << w;
	va_start(ap, fmt);
	note(t, TRACE_SAW, 0, fmt, ap);
	va_end(ap);
}

static void close_step(struct txn *t, enum trace_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
close_step(struct txn *t, enum trace_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(t, kind, clock_mono_us(t->env.clock) - t->step_us, fmt, ap);
	va_end(ap);
}

/* What steps reach through the driver */

const struct txn_spec *
txn_spec(const struct txn *t)
{
	return t->spec;
}

const struct env *
txn_env(const struct txn *t)
{
	return &t->env;
}

struct facts *
txn_facts(struct txn *t)
{
	return &t->facts;
}

struct result *
txn_result(struct txn *t)
{
	return &t->result;
}

struct err *
txn_err(struct txn *t)
{
	return &t->err;
}

static void
on_web(void *arg)
{
	txn_wake(arg, SOURCE_WEB);
}

struct https *
txn_web(struct txn *t)
{
	if (t->web == NULL)
		t->web = https_new(t->env.loop, t->env.resolver, t->spec->tls,
		    t->spec->target_fqdn, t->spec->address, on_web, t);
	if (t->web == NULL)
		err_local(&t->err, 0, "out of memory");
	else
		https_listen(t->web, txn_tap(t));
	return t->web;
}

void
txn_leg(struct txn *t, unsigned ms)
{
	t->leg_ms = ms;
}

bool
txn_late(const struct txn *t)
{
	return t->late;
}

static void
on_key(void *arg, struct identity *id, const struct err *err)
{
	struct txn *t = arg;

	t->key_wait = NULL;
	if (id != NULL)
		t->facts.key = identity_ref(id);
	else
		t->facts.key_err = *err;
	if (!t->begun)
		timer_set(t->timer, 0);
}

/* Moving */

static void
enter(struct txn *t)
{
	const struct step *s = t->plan[t->at];
	uint64_t now = clock_mono_us(t->env.clock);
	uint64_t end = t->started_us + (uint64_t)t->spec->timeout_ms * 1000;

	t->step_us = now;
	t->budget_us = (uint64_t)s->budget_ms * 1000;
	/*
	 * The log-off after a failure has its own budget: what is registered must not
	 * stay.
	 */
	t->last_budget = !s->always && (end <= now || end - now < t->budget_us);
	if (t->last_budget)
		t->budget_us = end <= now ? 0 : end - now;
	timer_set(t->timer, t->budget_us);
	err_clear(&t->err);
}

static void
leave(struct txn *t)
{
	struct result *r = &t->result;

	timer_clear(t->timer);
	t->leg_only = false;
	lookup_cancel(t->facts.lookup);
	t->facts.lookup = NULL;
	if (t->web != NULL)
		https_cancel(t->web);
	if (r->nsteps < RESULT_STEPS_MAX)
		r->steps[r->nsteps++] = (struct step_time){ t->plan[t->at]->id,
			(uint32_t)(clock_mono_us(t->env.clock) - t->step_us) };
}

static void
note_outcome(struct txn *t, enum step_move move)
{
	const struct step *s = t->plan[t->at];

	if (move != MOVE_FAIL) {
		close_step(t, TRACE_OK, "%s", step_name(s->id));
	} else if (s->always) {
		txn_warn(t, WARNING_LOG_OFF, "Warning: log-off: %s", t->err.detail);
		close_step(t, TRACE_FAILED, "%s", t->err.detail);
	} else {
		t->failed = true;
		t->result.err = t->err;
		t->result.err.step = s->id;
		t->result.latency_us = clock_mono_us(t->env.clock) - t->started_us;
		close_step(t, TRACE_FAILED, "%s", t->err.detail);
	}
}

/* A failure that is not the end: an earlier step can come to another result. */
static bool
is_reconsidered(struct txn *t)
{
	enum step_id failed = t->plan[t->at]->id;

	if (t->err.cause == CAUSE_CANCELLED || t->err.cause == CAUSE_LOCAL ||
	    elapsed_us(t) >= (uint64_t)t->spec->timeout_ms * 1000)
		return false;
	for (size_t i = 0; i < t->at; i++)
		if (t->plan[i]->reconsider != NULL && t->plan[i]->reconsider(t, failed))
			return true;
	return false;
}

/* To the next step that is due; false at the end of the plan. */
static bool
advance(struct txn *t, enum step_move move)
{
	if (move == MOVE_FAIL)
		txn_scrub_err(t, &t->err);
	if (move == MOVE_FAIL && is_reconsidered(t)) {
		close_step(t, TRACE_FAILED, "%s", t->err.detail);
		move = MOVE_RESTART;
	} else {
		note_outcome(t, move);
	}
	leave(t);
	if (move == MOVE_RESTART)
		t->at = 0;
	else
		t->at++;
	while (t->plan[t->at] != NULL && t->failed &&
	       !(t->plan[t->at]->always && t->facts.registered))
		t->at++;
	if (t->plan[t->at] == NULL)
		return false;
	enter(t);
	return true;
}

/* The end of the plan. What is left to do is done from the timer. */
static void
end(struct txn *t)
{
	t->over = true;
	if (!t->failed) {
		t->result.ok = true;
		t->result.latency_us = clock_mono_us(t->env.clock) - t->started_us;
		err_clear(&t->result.err);
	}
	timer_set(t->timer, 0);
}

/* A cancel that came while the step was at work comes before what it has achieved. */
static enum step_move
heed_cancel(struct txn *t, enum step_move move)
{
	if (!t->cancelled || t->plan[t->at]->always)
		return move;
	t->cancelled = false;
	if (move != MOVE_FAIL)
		err_set(&t->err, CAUSE_CANCELLED, 0, "the watcher is stopping");
	return MOVE_FAIL;
}

/* What is left to the step, or to its leg if that is less. */
static void
time_leg(struct txn *t)
{
	uint64_t end = t->step_us + t->budget_us, now = clock_mono_us(t->env.clock);
	uint64_t left = end <= now ? 0 : end - now, leg = (uint64_t)t->leg_ms * 1000;

	t->leg_only = leg != 0 && leg < left;
	timer_set(t->timer, t->leg_only ? leg : left);
}

static enum step_move
start(struct txn *t)
{
	enum step_move move = heed_cancel(t, MOVE_WAIT);

	if (move == MOVE_FAIL)
		return move;
	t->leg_ms = 0;
	move = heed_cancel(t, t->plan[t->at]->start(t));
	if (move == MOVE_WAIT)
		time_leg(t);
	return move;
}

static void
drive(struct txn *t, enum step_move move)
{
	assert(!t->running && !t->over);
	t->running = true;
	while (move != MOVE_WAIT) {
		if (move != MOVE_AGAIN && !advance(t, move)) {
			end(t);
			break;
		}
		move = start(t);
	}
	t->running = false;
}

/* An event of the step under way, or the end of its leg's time. */
static void
resume(struct txn *t, bool late)
{
	enum step_move move;

	t->running = true;
	t->late = late;
	move = heed_cancel(t, t->plan[t->at]->finish(t));
	t->late = t->running = false;
	if (late && move == MOVE_WAIT) { /* for as long as the step has, then */
		t->leg_ms = 0;
		time_leg(t);
	}
	drive(t, move);
}

void
txn_wake(struct txn *t, enum source source)
{
	assert(!t->running);
	if (!t->over && t->begun && (t->plan[t->at]->wakes & FROM(source)) != 0)
		resume(t, false);
}

static void
free_txn(struct txn *t)
{
	struct facts *f = &t->facts;

	key_wait_cancel(t->key_wait);
	lookup_cancel(f->lookup);
	https_free(t->web);
	buf_wipe_free(&f->request);
	siptls_free(f->conn);
	tls_inner_free(f->handshake);
	sip_sa_free(f->sa);
	webticket_clear(&f->ticket);
	secret_wipe(&f->ticket_request, sizeof(f->ticket_request));
	credential_free(f->credential);
	identity_free(f->key);
	secret_words_free(t->words);
	timer_free(t->timer);
	free(t);
}

void
txn_abandon(struct txn *t)
{
	assert(!t->running);
	free_txn(t);
}

/* Cleanup first, report last: nothing of the transaction is left after it. */
static void
report(struct txn *t)
{
	struct txn_observer observer = t->observer;
	struct result result = t->result;

	free_txn(t);
	observer.done(observer.arg, &result);
}

static void
start_clocks(struct txn *t)
{
	t->begun = true;
	t->started_us = clock_mono_us(t->env.clock);
	t->result.started_ms = clock_wall_ms(t->env.clock);
	enter(t);
}

static bool
plan_needs_key(const struct step *const *plan)
{
	while (*plan != NULL && !(*plan)->key)
		plan++;
	return *plan != NULL;
}

bool
txn_needs_key(const struct txn_spec *spec)
{
	return plan_needs_key(plan_for(spec));
}

/* False: there is nothing to wait for. */
static bool
await_key(struct txn *t)
{
	struct facts *f = &t->facts;

	if (f->key != NULL || f->key_err.cause != CAUSE_NONE || !plan_needs_key(t->plan))
		return false;
	if (!keyring_ready(t->env.keys, t->spec->user, t->spec->epid)) {
		t->started_us = clock_mono_us(t->env.clock);
		txn_try(t, "The user's RSA key is made first, unless there is a file");
	}
	t->key_wait = keyring_get(t->env.keys, t->spec->user, t->spec->epid, on_key, t);
	if (t->key_wait == NULL)
		err_local(&f->key_err, 0, "out of memory");
	return t->key_wait != NULL;
}

/*
 * Making a key may take as long as all steps together, and longer where many are made:
 * that is no server's fault and on no step's budget, so no clock runs before.
 */
static void
begin(struct txn *t)
{
	if (await_key(t))
		return;
	start_clocks(t);
	drive(t, MOVE_AGAIN);
}

static void
time_out(struct txn *t)
{
	const char *step = step_name(t->plan[t->at]->id);
	long ms =
	    t->last_budget ? (long)t->spec->timeout_ms : (long)(t->budget_us / 1000);

	if (t->last_budget)
		err_set(&t->err, CAUSE_TIMEOUT, ms,
		    "%s was not finished when the transaction's %ld ms were over", step,
		    ms);
	else
		err_set(&t->err, CAUSE_TIMEOUT, ms, "%s did not finish within %ld ms",
		    step, ms);
	drive(t, MOVE_FAIL);
}

static void
on_timer(void *arg)
{
	struct txn *t = arg;

	if (t->over)
		report(t);
	else if (!t->begun)
		begin(t);
	else if (t->leg_only)
		resume(t, true);
	else
		time_out(t);
}

struct txn *
txn_start(const struct env *env, const struct txn_spec *spec,
    const struct txn_observer *observer, struct err *err)
{
	return txn_start_plan(env, spec, plan_for(spec), observer, err);
}

/* What needs memory. False: there is too little of it. */
static bool
prepare(struct txn *t)
{
	const struct secret *secret = t->spec->account->secret;

	t->timer = timer_new(t->env.loop, on_timer, t);
	t->words = secret_words_new();
	return t->timer != NULL && t->words != NULL &&
	       (secret == NULL ||
		   secret_words_add(t->words, str_of(secret_reveal(secret))));
}

/* What is known before the first step. */
static void
set_facts(struct txn *t)
{
	const struct txn_spec *s = t->spec;

	if (s->target_fqdn != NULL) {
		str_copy(t->facts.host, sizeof(t->facts.host), str_of(s->target_fqdn));
		t->facts.port = s->registrar_port;
	} else if (s->known != NULL && s->known->found) {
		t->result.discovery = *s->known;
		t->result.discovery.known = true;
	}
}

void
txn_make_run_id(char ret[RESULT_RUN_SIZE])
{
	uint8_t run[3];

	crypto_random(run, sizeof(run));
	crypto_hex(ret, run, sizeof(run));
}

struct txn *
txn_start_plan(const struct env *env, const struct txn_spec *spec,
    const struct step *const *plan, const struct txn_observer *observer, struct err *err)
{
	struct txn *t = calloc(1, sizeof(*t));

	if (t != NULL) {
		t->env = *env;
		t->spec = spec;
	}
	if (t == NULL || !prepare(t)) {
		if (t != NULL)
			free_txn(t);
		err_local(err, 0, "out of memory");
		return NULL;
	}
	t->observer = *observer;
	trace_begin(observer->trace, t->words);
	t->tap = (struct wire_tap){ on_message, t };
	t->plan = plan;
	txn_make_run_id(t->result.run);
	set_facts(t);
	timer_set(t->timer, 0);
	return t;
}

void
txn_cancel(struct txn *t)
{
	if (t->over)
		return;
	if (t->running) {
		t->cancelled = true;
		return;
	}
	if (!t->begun)
		start_clocks(t); /* there is nothing to undo, but the end is reported */
	if (t->plan[t->at]->always)
		return; /* already logging off */
	t->cancelled = true;
	drive(t, heed_cancel(t, MOVE_WAIT));
}
