/*
 * life - the store on the loop: opened, given jobs one after the other, closed.
 *
 * store_pump() is the one place that decides what the worker does next: changes of state
 * before everything else, then names of tests, then runs and what is counted, then the
 * rest. A job is filled in from what waits (jobs.c), done in the worker (work.c), and
 * taken back (jobs.c); what waits stays where it is until the disk has it.
 */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/parts.h"
#include "vocab/err.h"

#define WAL_PAGES 1000 /* then the WAL is emptied, when nothing is urgent */

/* ---- jobs ---- */

static void
work(void *arg)
{
	job_work(arg);
}

static void
done(void *arg)
{
	struct store *s = arg;

	job_end(s);
	store_pump(s);
}

/* Resets what the last job has left behind. */
static void
prepare(struct store *s)
{
	struct job *j = &s->job;

	j->worked = false;
	j->ok = false;
	j->low = false;
	j->aside[0] = '\0';
	j->now_ms = clock_wall_ms(s->clock);
	j->changes = (struct change_work){ .first = NULL };
	j->memory = (struct memory_work){ .lasts = NULL };
	j->wanted = !s->was_read;
	j->order = (struct upkeep_order){ j->now_ms, s->keep_ms, s->max_size };
}

static bool
runs_are_due(const struct store *s)
{
	bool batch = (s->nbatch > 0 || s->nannounced > 0) && s->batch_due_us <= now_us(s);

	return batch || s->nflight > 0 || s->rows_due || s->proving || s->imported_due ||
	       s->lasts.active || (s->lasts.wanted && s->lasts.due_us <= now_us(s));
}

/* Questions and upkeep in turns. */
static bool
choose_leisure(struct store *s)
{
	bool upkeep = s->upkeep_us <= now_us(s);

	s->question_turn = !s->question_turn;
	if ((s->question_turn || !upkeep) && job_take_question(s))
		s->job.kind = JOB_QUESTION;
	else if (upkeep)
		s->job.kind = JOB_UPKEEP;
	else if (s->look_us <= now_us(s))
		s->job.kind = JOB_LOOK;
	else
		return false;
	s->look_us = now_us(s) + LOOK_US;
	return true;
}

/* False: there is nothing to do now. */
static bool
choose(struct store *s)
{
	bool waits = s->retry_us > now_us(s);

	prepare(s);
	if (waits && (s->hard || !s->is_open))
		return false;
	if (!s->is_open)
		s->job.kind = JOB_OPEN;
	else if (job_take_changes(s))
		s->job.kind = JOB_CHANGES;
	else if (waits)
		return false;
	else if (job_take_names(s))
		s->job.kind = JOB_NAMES;
	else if (runs_are_due(s) && job_take_runs(s, false))
		s->job.kind = JOB_RUNS;
	else if (job_take_sweep(s))
		s->job.kind = JOB_SWEEP;
	else if (s->wal_frames >= WAL_PAGES)
		s->job.kind = JOB_CHECKPOINT;
	else
		return choose_leisure(s);
	s->look_us = now_us(s) + LOOK_US;
	return true;
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When there will be something to do, as far as that is known. */
static void
arm(struct store *s)
{
	uint64_t at = earlier(s->look_us, s->upkeep_us), now = now_us(s);

	if (s->nbatch > 0 || s->nannounced > 0)
		at = earlier(at, s->batch_due_us);
	if (s->lasts.wanted)
		at = earlier(at, s->lasts.due_us);
	if (s->retry_us > now)
		at = s->retry_us;
	timer_set(s->timer, at > now ? at - now : 0);
}

void
store_pump(struct store *s)
{
	if (s->busy || s->closing)
		return;
	if (!choose(s)) {
		end_flushes(s);
		if (s->retry_us > now_us(s))
			refuse_questions(s);
		arm(s);
		return;
	}
	s->busy = worker_submit(s->worker, work, done, s);
	if (!s->busy) { /* out of memory: what was taken along waits again */
		job_end(s);
		timer_set(s->timer, BATCH_US);
	}
}

static void
on_timer(void *arg)
{
	store_pump(arg);
}

void
store_pump_soon(struct store *s)
{
	if (!s->busy && !s->closing)
		timer_soon(s->timer);
}

/* ---- opening ---- */

static struct store *
make(const struct store_options *o, struct err *err)
{
	struct store *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		err_local(err, 0, "no store: out of memory");
		return NULL;
	}
	s->loop = o->loop;
	s->clock = o->clock;
	s->hooks = o->hooks;
	s->arg = o->arg;
	s->patience_ms = o->patience_ms;
	s->next_ticket = 1;
	STAILQ_INIT(&s->queue);
	STAILQ_INIT(&s->pending);
	STAILQ_INIT(&s->batch_traces);
	STAILQ_INIT(&s->flight_traces);
	STAILQ_INIT(&s->written_traces);
	STAILQ_INIT(&s->flushes);
	STAILQ_INIT(&s->questions);
	buf_init(&s->batch, RUNS_MAX);
	buf_init(&s->flight, RUNS_MAX);
	buf_init(&s->job.lasts, RUNS_MAX);
	store_set_history(s, o->keep_ms, o->max_size);
	s->timer = timer_new(o->loop, on_timer, s);
	if (s->timer != NULL && db_init(&s->db, o->directory))
		return s;
	err_local(
	    err, 0, "no store: out of memory, or %s is too long a path", o->directory);
	timer_free(s->timer);
	free(s);
	return NULL;
}

/* Opens it in this thread, before the worker is there. */
static void
open_now(struct store *s, struct store_recall *ret)
{
	struct job *j = &s->job;

	prepare(s);
	j->kind = JOB_OPEN;
	job_work(s);
	if (j->ok && !reserve_slots(s, j->recall.state.ntests)) {
		j->ok = false;
		j->failed = STORE_FAILING;
		snprintf(j->why, sizeof(j->why), "out of memory");
	}
	if (j->ok) {
		s->is_open = s->was_read = true;
		s->salvaged = j->aside[0] != '\0';
		adopt_recall(s, &j->recall, s->salvaged);
		*ret = j->recall;
		snprintf(ret->aside, sizeof(ret->aside), "%.*s",
		    (int)sizeof(ret->aside) - 1, j->aside);
		snprintf(ret->why, sizeof(ret->why), "%s", j->damage);
		j->recall = (struct store_recall){ .read = false };
		return;
	}
	s->trouble.kind = j->failed;
	s->trouble.since_ms = j->now_ms;
	snprintf(s->trouble.why, sizeof(s->trouble.why), "%s", j->why);
	s->hard = s->told = s->proving = true; /* by the caller */
	s->wait_s = 1;
	s->retry_us = now_us(s) + 1000000;
	store_recall_free(&j->recall);
}

enum store_start
store_open(const struct store_options *o, struct store **ret,
    struct store_recall *ret_recall, struct err *err)
{
	struct store *s = make(o, err);

	*ret_recall = (struct store_recall){ .read = false };
	if (s == NULL)
		return STORE_NO_MEMORY;
	open_now(s, ret_recall);
	if (s->trouble.kind == STORE_HELD) {
		err_local(err, 0, "%s", s->trouble.why);
		store_close(s);
		return STORE_IN_USE;
	}
	s->worker = worker_new(o->loop, err);
	if (s->worker == NULL) {
		store_recall_free(ret_recall);
		store_close(s);
		return STORE_NO_MEMORY;
	}
	store_pump_soon(s);
	*ret = s;
	return STORE_STARTED;
}

/* ---- closing ---- */

static bool
do_now(struct store *s, enum job_kind kind)
{
	s->job.kind = kind;
	job_work(s);
	job_end(s);
	return s->job.ok;
}

/* All that is noted, and all that is counted. */
static void
write_all(struct store *s)
{
	bool ok = true;

	while (ok && (prepare(s), job_take_changes(s)))
		ok = do_now(s, JOB_CHANGES);
	while (ok && (prepare(s), job_take_names(s)))
		ok = do_now(s, JOB_NAMES);
	while (ok && (prepare(s), job_take_runs(s, true)))
		ok = do_now(s, JOB_RUNS);
	/* Names of tests that went wait for the runs of those. */
	while (ok && (prepare(s), job_take_names(s)))
		ok = do_now(s, JOB_NAMES);
	if (ok)
		(void)write_stopped(&s->db, clock_wall_ms(s->clock));
}

static void
free_all(struct store *s)
{
	struct change_item *c;

	STAILQ_CONCAT(&s->queue, &s->pending);
	while ((c = STAILQ_FIRST(&s->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&s->queue, link);
		change_item_free(c);
	}
	release_traces(s, &s->written_traces);
	release_traces(s, &s->flight_traces);
	release_traces(s, &s->batch_traces);
	buf_free(&s->job.lasts);
	buf_free(&s->flight);
	buf_free(&s->batch);
	upkeep_reset(&s->upkeep);
	slots_free(&s->map);
	timer_free(s->timer);
	free(s->announced);
	free(s->gone);
	free(s->free_slots);
	free(s->slots);
	free(s);
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	s->closing = true;
	worker_free(s->worker); /* ends the job that it has, and job_end() comes */
	if (s->is_open)
		write_all(s);
	end_flushes(s);
	db_free(&s->db);
	free_all(s);
}

/* ---- asking ---- */

const struct store_trouble *
store_trouble(const struct store *s)
{
	return &s->trouble;
}

bool
store_is_available(const struct store *s)
{
	return s->is_open && !s->hard;
}

void
store_set_history(struct store *s, uint64_t keep_ms, uint64_t max_size)
{
	s->keep_ms = keep_ms;
	s->max_size = max_size;
}

bool
store_flush(struct store *s, void (*flushed)(void *arg), void *arg)
{
	struct flush *f = malloc(sizeof(*f));

	if (f == NULL)
		return false;
	*f = (struct flush){ .done = flushed, .arg = arg };
	STAILQ_INSERT_TAIL(&s->flushes, f, link);
	s->batch_due_us = 0;
	store_pump_soon(s);
	return true;
}
