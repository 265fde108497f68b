#include "state/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

_Static_assert(RESULT_STEPS_MAX <= UINT8_MAX, "last_run.nsteps");
_Static_assert(WARNING_COUNT <= 8, "last_run.warnings");

void
last_run_free(struct last_run *last)
{
	if (last->failure != NULL) {
		free(last->failure->diagnosis);
		free(last->failure->error);
		free(last->failure);
	}
	free(last->steps);
	*last = (struct last_run){ .ok = false };
}

void
pool_state_free(struct pool_state *p)
{
	free(p->acknowledged);
	free(p->fqdn);
	*p = (struct pool_state){ .fqdn = NULL };
}

void
test_state_free(struct test_state *t)
{
	last_run_free(&t->last);
	free(t->certificate.subject);
	free(t->acknowledged);
	free(t->pause);
	free(t->user);
	free(t->pool);
	free(t->name);
	*t = (struct test_state){ .name = NULL };
}

bool
test_state_init(
    struct test_state *t, const char *name, const char *pool, const char *user)
{
	*t = (struct test_state){ .name = NULL };
	t->name = str_dup(str_of(name));
	t->pool = str_dup(str_of(pool));
	t->user = str_dup(str_of(user));
	if (t->name != NULL && t->pool != NULL && t->user != NULL)
		return true;
	test_state_free(t);
	return false;
}

static char *
text_of(void (*text)(struct buf *, const struct err *), const struct err *e)
{
	struct buf b;
	char *s;

	buf_init(&b, DIAGNOSIS_TEXT_MAX);
	text(&b, e);
	s = buf_take(&b, NULL);
	buf_free(&b);
	return s;
}

static struct failure_text *
make_failure(const struct err *e)
{
	struct failure_text *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->step = e->step;
	f->cause = e->cause;
	f->code = e->code;
	diagnosis_tag(f->diag, e);
	f->error = text_of(error_text, e);
	f->diagnosis = text_of(diagnosis_text, e);
	return f;
}

static bool
make_last(struct last_run *last, const struct result *r)
{
	*last = (struct last_run){ .ok = r->ok };
	str_copy(last->run, sizeof(last->run), str_of(r->run));
	last->warnings = (uint8_t)r->warnings;
	last->started_ms = r->started_ms;
	last->latency_us = r->latency_us;
	last->nsteps = (uint8_t)r->nsteps;
	if (r->nsteps > 0) {
		last->steps = malloc(r->nsteps * sizeof(r->steps[0]));
		if (last->steps == NULL)
			return false;
		memcpy(last->steps, r->steps, r->nsteps * sizeof(r->steps[0]));
	}
	if (r->ok)
		return true;
	last->failure = make_failure(&r->err);
	return last->failure != NULL && last->failure->error != NULL &&
	       last->failure->diagnosis != NULL;
}

/* subject: handed over; NULL: none was seen. */
static void
note_certificates(struct test_state *t, const struct result *r, char *subject)
{
	const struct cert_facts *c = &r->certificate;

	if (c->known) {
		free(t->certificate.subject);
		t->certificate.subject = subject;
		str_copy(t->certificate.serial, sizeof(t->certificate.serial),
		    str_of(c->serial));
		str_copy(
		    t->certificate.sha1, sizeof(t->certificate.sha1), str_of(c->sha1));
		t->certificate.not_before = c->not_before;
		t->certificate.not_after = c->not_after;
	}
	if (r->registrar.known)
		t->registrar_not_after = r->registrar.not_after;
	if (r->web.known)
		t->web_not_after = r->web.not_after;
}

bool
test_state_note_run(struct test_state *t, const struct result *r, int64_t finished_ms)
{
	char *subject =
	    r->certificate.known ? str_dup(str_of(r->certificate.subject)) : NULL;
	struct last_run last;

	if (!make_last(&last, r) || (subject == NULL && r->certificate.known)) {
		last_run_free(&last);
		free(subject);
		return false;
	}
	last_run_free(&t->last);
	t->last = last;
	t->runs++;
	if (r->ok) {
		t->last_success_ms = finished_ms;
	} else {
		t->failed_runs++;
		t->last_failure_ms = finished_ms;
	}
	note_certificates(t, r, subject);
	return true;
}
