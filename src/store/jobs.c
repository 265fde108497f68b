/*
 * jobs - what each job takes along from the loop, what the worker does with it, and what
 * becomes of it on the loop again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/batch.h"
#include "store/parts.h"

#define KEEP_BUFFER (256 * 1024) /* bytes of an empty buffer that are not given back */
#define REOPEN_S    4		 /* after I/O errors for longer than this */

/* ---- taking along ---- */

static void
take_announced(struct store *s, const int64_t **ret, size_t *ret_n)
{
	*ret = s->announced;
	*ret_n = s->nannounced < ANNOUNCED_AT_ONCE ? s->nannounced : ANNOUNCED_AT_ONCE;
}

/* What was noted so far becomes what is written, if that before it is through. */
static void
turn_batch(struct store *s)
{
	struct buf empty = s->flight;

	if (s->nflight > 0)
		return;
	s->flight = s->batch;
	s->flight_at = 0;
	s->nflight = s->nbatch;
	STAILQ_CONCAT(&s->flight_traces, &s->batch_traces);
	s->batch = empty;
	buf_clear(&s->batch);
	s->nbatch = s->ntraces = 0;
}

static struct run_work
take_flight(struct store *s, size_t max)
{
	return (struct run_work){ .batch = &s->flight,
		.at = s->flight_at,
		.max = max,
		.traces = &s->flight_traces,
		.written = &s->written_traces };
}

/* So that after a crash a state and the run that made it agree. */
static bool
take_runs_along(struct store *s)
{
	if (s->names_due > 0 || s->trouble.kind != STORE_FINE)
		return false;
	if (s->nflight == 0 && s->nbatch <= RUNS_ALONG && s->ntraces <= TRACES_ALONG)
		turn_batch(s);
	else if (s->nflight == 0)
		return false;
	return s->nflight > 0 && s->nflight <= RUNS_ALONG;
}

bool
job_take_changes(struct store *s)
{
	struct change_item *c;

	if (STAILQ_EMPTY(&s->queue))
		return false;
	s->job.changes = (struct change_work){ .first = STAILQ_FIRST(&s->queue) };
	STAILQ_FOREACH(c, &s->queue, link)
	{
		if (s->job.changes.n == CHANGES_AT_ONCE)
			break;
		c->announced = c->announced_late;
		s->job.changes.n++;
	}
	take_announced(s, &s->job.changes.announced, &s->job.changes.nannounced);
	if (take_runs_along(s)) {
		s->job.runs = take_flight(s, RUNS_ALONG);
		s->job.changes.runs = &s->job.runs;
	}
	return true;
}

static bool
take_name(struct store *s, uint32_t slot)
{
	struct test_state *t = s->slots[slot].test;
	struct name_item *n = &s->job.names[s->job.nnames];

	*n = (struct name_item){ slot, str_dup(str_of(t->name)), str_dup(str_of(t->pool)),
		str_dup(str_of(t->user)) };
	if (n->name == NULL || n->pool == NULL || n->user == NULL) {
		name_item_free(n);
		return false;
	}
	s->job.nnames++;
	return true;
}

/* Names that come go before runs of theirs; names that go, after them. */
bool
job_take_names(struct store *s)
{
	s->job.nnames = 0;
	for (uint32_t i = 1; i < s->nslots && s->names_due > 0; i++)
		if ((s->slots[i].due & DUE_NAME) != 0 &&
		    (s->job.nnames == NAMES_AT_ONCE || !take_name(s, i)))
			break;
	if (s->names_due > 0)
		return s->job.nnames > 0;
	if (s->nflight > 0 || s->nbatch > 0)
		return false;
	while (s->job.nnames < NAMES_AT_ONCE && s->job.nnames < s->ngone) {
		s->job.names[s->job.nnames] = s->gone[s->job.nnames];
		s->job.nnames++;
	}
	return s->job.nnames > 0;
}

/* ---- last runs and states: passes over all tests ---- */

/* What is due is so no more; should it fail, it is due again. */
static void
take_lasts(struct store *s)
{
	struct pass *p = &s->lasts;

	for (size_t n = 0; p->next < s->nslots && n < LASTS_AT_ONCE; p->next++) {
		struct slot *at = &s->slots[p->next];

		if ((at->due & DUE_LAST) == 0 || at->test == NULL)
			continue;
		if (!batch_add(&s->job.lasts, at->test, false))
			return;
		at->due &= (uint8_t)~DUE_LAST;
		n++;
	}
	s->job.memory.lasts = &s->job.lasts;
}

static void
take_rows(struct store *s)
{
	struct memory_work *m = &s->job.memory;

	for (; s->next_row < s->nslots && m->nrows < ROWS_AT_ONCE; s->next_row++) {
		struct slot *at = &s->slots[s->next_row];

		if ((at->due & DUE_ROW) == 0 || at->test == NULL)
			continue;
		if (!row_of_test(&s->job.rows[m->nrows], at->test))
			return;
		at->due &= (uint8_t)~DUE_ROW;
		s->job.row_slots[m->nrows++] = s->next_row;
	}
	s->rows_due = s->next_row < s->nslots;
}

/* Whether the pass is under way by now. */
static bool
begin_pass(struct store *s, bool all)
{
	struct pass *p = &s->lasts;
	uint64_t now = now_us(s);

	if (!p->active && p->wanted && (all || now >= p->due_us))
		*p = (struct pass){ .active = true, .next = 1, .due_us = now + LASTS_US };
	return p->active;
}

/*
 * What a test remembers holds its last run: so it goes along only when all runs that were
 * noted do.
 */
static void
take_memory(struct store *s, bool all)
{
	if (begin_pass(s, all))
		take_lasts(s);
	if (s->rows_due)
		take_rows(s);
	s->job.memory.imported = s->imported_due && !s->rows_due && !s->lasts.wanted &&
				 (!s->lasts.active || s->lasts.next >= s->nslots);
}

bool
job_take_runs(struct store *s, bool all)
{
	struct memory_work *m = &s->job.memory;

	turn_batch(s);
	s->job.runs = take_flight(s, RUNS_AT_ONCE);
	*m = (struct memory_work){ .rows = s->job.rows };
	buf_clear(&s->job.lasts);
	take_announced(s, &m->announced, &m->nannounced);
	if (s->nbatch == 0 && s->nflight <= RUNS_AT_ONCE && s->names_due == 0)
		take_memory(s, all);
	if (s->proving)
		m->alive_ms = clock_wall_ms(s->clock);
	return s->nflight > 0 || m->nannounced > 0 || m->nrows > 0 || m->imported ||
	       s->lasts.active || s->proving;
}

bool
job_take_sweep(struct store *s)
{
	struct job *j = &s->job;

	if (!s->sweep_due || s->names_due > 0 || s->ngone > 0)
		return false;
	j->unclaimed = calloc(s->nslots + 1, sizeof(*j->unclaimed));
	if (j->unclaimed == NULL)
		return false;
	j->nunclaimed = 0;
	for (uint32_t i = 1; i < s->nslots; i++)
		if (s->slots[i].recalled)
			j->unclaimed[j->nunclaimed++] = i;
	return true;
}

/* ---- done with ---- */

/* The first n ids have been written. */
static void
drop_announced(struct store *s, size_t n)
{
	s->nannounced -= n;
	if (s->nannounced == 0)
		return;
	memmove(s->announced, s->announced + n, s->nannounced * sizeof(*s->announced));
}

static void
end_flight(struct store *s)
{
	struct run_work *w = &s->job.runs;
	struct batch_run r;
	size_t at = s->flight_at;

	while (at < w->at && batch_next(&s->flight, &at, &r))
		s->nflight--;
	s->flight_at = w->at;
	release_traces(s, &s->written_traces);
	if (s->nflight > 0)
		return;
	s->flight_at = 0;
	if (s->flight.cap > KEEP_BUFFER)
		buf_free(&s->flight);
	else
		buf_clear(&s->flight);
}

/* A line that is not out yet is kept; the rest is done with. */
static void
end_change(struct store *s, struct change_item *c)
{
	STAILQ_REMOVE_HEAD(&s->queue, link);
	s->queue_bytes -= c->size;
	if (c->line.event != NULL && !c->announced && !c->announced_late) {
		STAILQ_INSERT_TAIL(&s->pending, c, link);
		return;
	}
	if (c->announced_late && !c->announced && c->id != 0)
		note_announced(s, c->id);
	change_item_free(c);
}

static void
end_changes(struct store *s)
{
	size_t n = s->job.changes.n;
	uint64_t *tickets;

	if (!s->job.ok)
		return;
	drop_announced(s, s->job.changes.nannounced);
	if (s->job.changes.runs != NULL)
		end_flight(s);
	tickets = malloc(n * sizeof(*tickets));
	for (size_t i = 0; i < n; i++) {
		struct change_item *c = STAILQ_FIRST(&s->queue);

		if (tickets != NULL)
			tickets[i] = c->ticket;
		end_change(s, c);
	}
	/* Without memory its lines go out when they have waited long enough. */
	for (size_t i = 0; tickets != NULL && i < n && !s->closing; i++)
		s->hooks->committed(s->arg, tickets[i]);
	free(tickets);
}

static void
free_slot(struct store *s, uint32_t slot)
{
	size_t room = s->free_room == 0 ? 64 : 2 * s->free_room;
	uint32_t *more;

	if (slot == 0)
		return;
	if (s->nfree == s->free_room) {
		more = realloc(s->free_slots, room * sizeof(*more));
		if (more == NULL)
			return; /* it is not used again in this life */
		s->free_slots = more;
		s->free_room = room;
	}
	s->free_slots[s->nfree++] = slot;
}

static void
end_names(struct store *s)
{
	struct job *j = &s->job;

	for (size_t i = 0; i < j->nnames; i++) {
		struct name_item *n = &j->names[i];
		struct slot *at = &s->slots[n->slot];

		if (j->ok && n->name == NULL)
			free_slot(s, n->slot);
		/* It may have been removed in the meantime. */
		if (j->ok && n->name != NULL && (at->due & DUE_NAME) != 0) {
			at->due &= (uint8_t)~DUE_NAME;
			s->names_due--;
		}
	}
	if (j->ok && j->nnames > 0 && j->names[0].name == NULL) {
		s->ngone -= j->nnames;
		if (s->ngone > 0)
			memmove(
			    s->gone, s->gone + j->nnames, s->ngone * sizeof(*s->gone));
	}
	for (size_t i = 0; i < j->nnames; i++)
		name_item_free(&j->names[i]);
	j->nnames = 0;
}

static void
set_again(struct store *s, uint32_t slot, unsigned due)
{
	if (s->slots[slot].test != NULL)
		s->slots[slot].due |= (uint8_t)due;
}

/* What was taken along of a pass is due again; the pass begins again. */
static void
undo_memory(struct store *s)
{
	struct memory_work *m = &s->job.memory;
	struct batch_run r;
	size_t at = 0;

	while (batch_next(&s->job.lasts, &at, &r))
		set_again(s, r.slot, DUE_LAST);
	for (size_t i = 0; i < m->nrows; i++)
		set_again(s, s->job.row_slots[i], DUE_ROW);
	if (m->nrows > 0) {
		s->rows_due = true;
		s->next_row = 1;
	}
	if (s->lasts.active)
		s->lasts = (struct pass){ .wanted = true };
}

static void
end_runs(struct store *s)
{
	struct job *j = &s->job;

	if (j->ok) {
		end_flight(s);
		drop_announced(s, j->memory.nannounced);
		s->lasts.active = s->lasts.active && s->lasts.next < s->nslots;
		s->imported_due = s->imported_due && !j->memory.imported;
		s->batch_due_us = now_us(s) + BATCH_US;
	} else {
		undo_memory(s);
	}
	for (size_t i = 0; i < j->memory.nrows; i++)
		row_free(&j->rows[i]);
	if (j->lasts.cap > KEEP_BUFFER)
		buf_free(&j->lasts);
}

static void
end_sweep(struct store *s)
{
	struct job *j = &s->job;

	for (size_t i = 0; j->ok && i < j->nunclaimed; i++) {
		uint32_t slot = j->unclaimed[i];

		if (s->slots[slot].recalled)
			s->slots[slot].recalled = false;
		else /* it was claimed too late: its name is written again */
			mark_due(s, slot, DUE_NAME | DUE_ROW | DUE_LAST);
	}
	s->sweep_due = s->sweep_due && !j->ok;
	free(j->unclaimed);
	j->unclaimed = NULL;
}

static void
end_upkeep(struct store *s)
{
	if (!s->job.ok || !s->job.more)
		s->upkeep_us = now_us(s) + UPKEEP_US;
}

/* ---- opening ---- */

/* Lines that are not out yet are noted once more: the file that knew them is gone. */
static void
queue_again(struct store *s)
{
	struct change_item *c;

	STAILQ_FOREACH(c, &s->pending, link)
	{
		c->id = 0;
		c->has_row = false; /* there is a newer one by now */
		/* cppcheck-suppress uninitvar ; STAILQ_FOREACH sets it */
		s->queue_bytes += c->size;
	}
	STAILQ_CONCAT(&s->pending, &s->queue);
	STAILQ_CONCAT(&s->queue, &s->pending);
	s->nannounced = 0;
}

static void
forget_ids(struct store_recall *r)
{
	for (size_t i = 0; i < r->state.ntests; i++)
		r->state.tests[i].id = 0;
}

static void
tell(struct store *s, enum store_kind kind, const char *why, const char *aside)
{
	struct store_trouble t = { .kind = kind, .since_ms = clock_wall_ms(s->clock) };

	snprintf(t.why, sizeof(t.why), "%s", why);
	snprintf(t.aside, sizeof(t.aside), "%.*s", (int)sizeof(t.aside) - 1, aside);
	if (!s->closing)
		s->hooks->trouble(s->arg, &t);
}

static void
end_open(struct store *s)
{
	struct job *j = &s->job;
	bool late = j->wanted && j->recall.read;
	bool begun_again = s->was_read && (j->fresh || j->other);

	if (!j->ok)
		return;
	s->is_open = s->was_read = true;
	if (j->aside[0] != '\0') {
		tell(s, STORE_DAMAGED, j->damage, j->aside);
		if (!s->told)
			s->trouble = (struct store_trouble){ .kind = STORE_FINE };
	}
	if (late || begun_again) {
		queue_again(s);
		mark_all_due(s);
		s->sweep_due = true;
	}
	if (late) {
		forget_ids(&j->recall);
		adopt_recall(s, &j->recall, j->aside[0] != '\0');
		s->hooks->recalled(s->arg, &j->recall);
	}
	if (late || begun_again)
		s->hooks->rewrite(s->arg);
}

/* ---- trouble ---- */

/* Closed in the next job: it is set aside, or looked for where it was, or tried anew. */
static bool
wants_reopening(const struct store *s)
{
	const struct job *j = &s->job;

	return j->failed == STORE_DAMAGED || (j->failed == STORE_MOVED && j->reachable) ||
	       (j->failed == STORE_FAILING && s->wait_s >= REOPEN_S);
}

static void
note_failure(struct store *s)
{
	struct job *j = &s->job;
	bool another = j->failed != s->trouble.kind;

	if (another) {
		s->trouble.kind = j->failed;
		s->trouble.since_ms = clock_wall_ms(s->clock);
	}
	snprintf(s->trouble.why, sizeof(s->trouble.why), "%s", j->why);
	s->hard = j->kind != JOB_RUNS || !j->low;
	s->proving = true;
	s->wait_s = s->wait_s == 0 ? 1 : 2 * s->wait_s;
	if (s->wait_s > WAIT_MAX_S)
		s->wait_s = WAIT_MAX_S;
	s->retry_us = now_us(s) + (uint64_t)s->wait_s * 1000000;
	if (wants_reopening(s))
		s->is_open = false;
	if (!s->is_open && j->kind != JOB_OPEN) { /* at once, and not said yet */
		s->retry_us = 0;
		return;
	}
	if (another || !s->told)
		tell(s, j->failed, j->why, "");
	s->told = true;
}

/* Changes are written again; a batch of runs shows whether all is well. */
static void
note_success(struct store *s)
{
	struct job *j = &s->job;

	if (s->hard || j->kind == JOB_RUNS)
		s->retry_us = 0;
	s->hard = false;
	if (j->kind != JOB_RUNS)
		return;
	s->proving = false;
	s->wait_s = 0;
	s->trouble = (struct store_trouble){ .kind = STORE_FINE };
	if (s->told)
		tell(s, STORE_FINE, "", "");
	s->told = false;
	if (s->rewrite_due)
		s->hooks->rewrite(s->arg);
	s->rewrite_due = false;
}

static bool
is_flushed(const struct store *s)
{
	return STAILQ_EMPTY(&s->queue) && s->nbatch == 0 && s->nflight == 0;
}

void
end_flushes(struct store *s)
{
	struct flush_list list = STAILQ_HEAD_INITIALIZER(list);
	struct flush *f;

	if (!is_flushed(s) && s->trouble.kind == STORE_FINE && !s->closing)
		return;
	STAILQ_CONCAT(&list, &s->flushes);
	while ((f = STAILQ_FIRST(&list)) != NULL) {
		STAILQ_REMOVE_HEAD(&list, link);
		f->done(f->arg);
		free(f);
	}
}

void
job_end(struct store *s)
{
	struct job *j = &s->job;

	s->busy = false;
	j->ok = j->ok && j->worked;
	s->wal_frames = j->worked ? j->wal_frames : s->wal_frames;
	switch (j->kind) {
	case JOB_OPEN:
		end_open(s);
		break;
	case JOB_CHANGES:
		end_changes(s);
		break;
	case JOB_NAMES:
		end_names(s);
		break;
	case JOB_RUNS:
		end_runs(s);
		break;
	case JOB_SWEEP:
		end_sweep(s);
		break;
	case JOB_UPKEEP:
		end_upkeep(s);
		break;
	case JOB_QUESTION:
		end_question(s);
		break;
	case JOB_LOOK:
	case JOB_CHECKPOINT:
		break;
	}
	if (j->ok)
		note_success(s);
	else if (j->worked)
		note_failure(s);
	store_recall_free(&j->recall);
	end_flushes(s);
}
