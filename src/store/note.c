/* note - what the loop notes: tests, runs, changes. Nothing here waits for anything. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/batch.h"
#include "store/parts.h"

/* ---- tests ---- */

void
mark_due(struct store *s, uint32_t slot, unsigned due)
{
	struct slot *at = &s->slots[slot];

	if ((due & DUE_NAME) != 0 && (at->due & DUE_NAME) == 0)
		s->names_due++;
	at->due |= (uint8_t)due;
	s->lasts.wanted |= (due & DUE_LAST) != 0;
	if ((due & DUE_ROW) != 0 && !s->rows_due) {
		s->rows_due = true;
		s->next_row = 1;
	}
}

static struct slot *
slot_of(struct store *s, const struct test_state *t)
{
	return t->id == 0 || t->id >= s->nslots ? NULL : &s->slots[t->id];
}

/* 0: out of memory. */
static uint32_t
new_slot(struct store *s)
{
	uint32_t room = s->room == 0 ? 64 : 2 * s->room;
	struct slot *more;

	if (s->nfree > 0)
		return s->free_slots[--s->nfree];
	if (s->slots == NULL || s->nslots == s->room) {
		more = realloc(s->slots, room * sizeof(*more));
		if (more == NULL)
			return 0;
		s->slots = more;
		s->room = room;
	}
	if (s->nslots == 0)
		s->slots[s->nslots++] = (struct slot){ .test = NULL };
	s->slots[s->nslots] = (struct slot){ .test = NULL };
	return s->nslots++;
}

bool
reserve_slots(struct store *s, size_t n)
{
	while (s->nslots <= n) {
		uint32_t slot = new_slot(s);

		if (slot == 0)
			return false;
		s->slots[slot].recalled = true;
	}
	return true;
}

bool
store_add_test(struct store *s, struct test_state *t)
{
	struct slot *at = slot_of(s, t);
	uint32_t slot;

	if (at != NULL && at->recalled) {
		at->test = t;
		at->recalled = false;
		if (s->salvaged)
			mark_due(s, t->id, DUE_NAME | DUE_ROW | DUE_LAST);
		return true;
	}
	slot = new_slot(s);
	t->id = slot;
	if (slot == 0)
		return false;
	assert(s->slots != NULL); /* there is one slot at least */
	s->slots[slot].test = t;
	mark_due(s, slot, DUE_NAME | DUE_ROW | DUE_LAST);
	store_pump_soon(s);
	return true;
}

/* Without memory the name stays until the next start sweeps it. */
static void
note_gone(struct store *s, uint32_t slot)
{
	size_t room = s->gone_room == 0 ? 64 : 2 * s->gone_room;
	struct name_item *more;

	if (s->ngone == s->gone_room) {
		more = realloc(s->gone, room * sizeof(*more));
		if (more == NULL) {
			s->sweep_due = true;
			return;
		}
		s->gone = more;
		s->gone_room = room;
	}
	s->gone[s->ngone++] = (struct name_item){ .slot = slot };
}

static void
note_no_row(struct store *s, const struct test_state *t)
{
	struct change_item *c = calloc(1, sizeof(*c));

	if (c != NULL)
		c->row.subject = str_dup(str_of(t->name));
	if (c == NULL || c->row.subject == NULL) {
		free(c);
		s->sweep_due = true;
		return;
	}
	c->ticket = s->next_ticket++;
	c->row.kind = SUBJECT_TEST;
	c->has_row = true;
	c->size = sizeof(*c);
	s->queue_bytes += c->size;
	STAILQ_INSERT_TAIL(&s->queue, c, link);
}

void
store_remove_test(struct store *s, struct test_state *t)
{
	struct slot *at = slot_of(s, t);
	uint32_t slot = t->id;

	t->id = 0;
	if (at == NULL || at->test != t)
		return;
	note_no_row(s, t);
	if ((at->due & DUE_NAME) != 0)
		s->names_due--;
	*at = (struct slot){ .test = NULL };
	note_gone(s, slot);
	store_pump_soon(s);
}

void
store_touch_test(struct store *s, const struct test_state *t)
{
	if (slot_of(s, t) == NULL)
		return;
	mark_due(s, t->id, DUE_LAST);
	store_pump_soon(s);
}

void
mark_all_due(struct store *s)
{
	for (uint32_t i = 1; i < s->nslots; i++)
		if (s->slots[i].test != NULL)
			mark_due(s, i, DUE_NAME | DUE_ROW | DUE_LAST);
	s->lasts.due_us = 0; /* now */
	s->lasts.active = false;
}

void
store_sweep(struct store *s)
{
	s->sweep_due = true;
	store_pump_soon(s);
}

void
store_set_imported(struct store *s)
{
	s->imported_due = true;
	store_pump_soon(s);
}

/* ---- runs ---- */

/* NULL: there is no room for it, and it is released; or none was given. */
static struct trace_item *
make_trace(struct store *s, const struct store_trace *trace)
{
	struct trace_item *t = NULL;

	if (trace == NULL)
		return NULL;
	if (s->trace_bytes + trace->size <= TRACES_MAX)
		t = calloc(1, sizeof(*t));
	if (t == NULL) {
		trace->release(trace->arg);
		return NULL;
	}
	t->size = trace->size;
	t->format = trace->format;
	t->release = trace->release;
	t->arg = trace->arg;
	s->trace_bytes += t->size;
	return t;
}

static void
free_trace(struct store *s, struct trace_item *t)
{
	s->trace_bytes -= t->size;
	t->release(t->arg);
	free(t->packed);
	free(t);
}

void
release_traces(struct store *s, struct trace_list *list)
{
	struct trace_item *t;

	while ((t = STAILQ_FIRST(list)) != NULL) {
		STAILQ_REMOVE_HEAD(list, link);
		free_trace(s, t);
	}
}

/* The oldest runs make room, as far as the worker does not have them. */
static void
make_room(struct store *s)
{
	if (s->batch.len < RUNS_MAX / 2)
		return;
	if (s->busy && s->flight.len > 0)
		return; /* it will be written, or be dropped the next time */
	s->lost += s->nflight;
	release_traces(s, &s->flight_traces);
	buf_free(&s->flight);
	s->flight = s->batch;
	s->flight_at = 0;
	s->nflight = s->nbatch;
	STAILQ_CONCAT(&s->flight_traces, &s->batch_traces);
	buf_init(&s->batch, RUNS_MAX);
	s->nbatch = s->ntraces = 0;
}

void
store_note_run(
    struct store *s, const struct test_state *t, const struct store_trace *trace)
{
	struct trace_item *item;

	if (slot_of(s, t) == NULL || s->closing) {
		if (trace != NULL)
			trace->release(trace->arg);
		return;
	}
	make_room(s);
	if (s->nbatch == 0 && s->batch_due_us < now_us(s))
		s->batch_due_us = now_us(s);
	item = make_trace(s, trace);
	if (batch_add(&s->batch, t, item != NULL)) {
		s->nbatch++;
		s->slots[t->id].due &= (uint8_t)~DUE_LAST; /* that is in it */
		if (item != NULL)
			STAILQ_INSERT_TAIL(&s->batch_traces, item, link);
		s->ntraces += item != NULL;
	} else {
		s->lost++;
		mark_due(s, t->id, DUE_LAST);
		if (item != NULL)
			free_trace(s, item);
	}
	store_pump_soon(s);
}

/* ---- changes ---- */

static bool
copy_line(struct change_item *c, const struct store_change *from)
{
	if (from->event == NULL)
		return true;
	c->line.event = str_dup(str_of(from->event));
	c->line.pairs = str_dup(str_of(from->pairs));
	c->line.priority = from->priority;
	c->size += strlen(from->event) + strlen(from->pairs) + 2;
	return c->line.event != NULL && c->line.pairs != NULL;
}

static bool
copy_row(struct change_item *c, const struct store_change *from)
{
	c->has_row = true;
	if (from->test != NULL)
		return row_of_test(&c->row, from->test);
	if (from->pool != NULL)
		return row_of_pool(&c->row, from->pool);
	return row_of_watcher(
	    &c->row, from->watcher, from->incident == NULL ? "" : from->incident);
}

/* A test that the disk does not know yet gets its name with its first change. */
static bool
copy_name(struct store *s, struct change_item *c, const struct test_state *t)
{
	struct slot *at = t == NULL ? NULL : slot_of(s, t);

	if (at == NULL || (at->due & DUE_NAME) == 0)
		return true;
	c->name = (struct name_item){ t->id, str_dup(str_of(t->name)),
		str_dup(str_of(t->pool)), str_dup(str_of(t->user)) };
	return c->name.name != NULL && c->name.pool != NULL && c->name.user != NULL;
}

static struct change_item *
new_change(struct store *s, const struct store_change *from)
{
	struct change_item *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->size = sizeof(*c);
	c->at_ms = clock_wall_ms(s->clock);
	c->was = from->was;
	c->now = from->now;
	if (from->incident != NULL)
		(void)str_copy(c->incident, sizeof(c->incident), str_of(from->incident));
	if (from->run != NULL)
		(void)str_copy(c->run, sizeof(c->run), str_of(from->run));
	if (copy_row(c, from) && copy_line(c, from) && copy_name(s, c, from->test))
		return c;
	change_item_free(c);
	return NULL;
}

/* Its row is pulled when the disk can be written again, its place in history is lost. */
static void
drop_oldest_change(struct store *s)
{
	struct change_item *c = STAILQ_FIRST(&s->queue);

	STAILQ_REMOVE_HEAD(&s->queue, link);
	s->queue_bytes -= c->size;
	if (c->row.kind == SUBJECT_TEST)
		for (uint32_t i = 1; i < s->nslots; i++) {
			if (s->slots[i].test == NULL ||
			    strcmp(s->slots[i].test->name, c->row.subject) != 0)
				continue;
			mark_due(s, i, DUE_ROW | (c->name.name != NULL ? DUE_NAME : 0));
			break;
		}
	else
		s->rewrite_due = true;
	change_item_free(c);
}

uint64_t
store_note_change(struct store *s, const struct store_change *from)
{
	struct change_item *c = s->closing ? NULL : new_change(s, from);

	if (c == NULL)
		return 0;
	if (c->name.name != NULL) {
		s->slots[c->name.slot].due &= (uint8_t)~DUE_NAME;
		s->names_due--;
	}
	if (s->queue_bytes > CHANGES_MAX && !s->busy)
		drop_oldest_change(s);
	c->ticket = s->next_ticket++;
	s->queue_bytes += c->size;
	STAILQ_INSERT_TAIL(&s->queue, c, link);
	store_pump_soon(s);
	return c->ticket;
}

void
note_announced(struct store *s, int64_t id)
{
	size_t room = s->announced_room == 0 ? 64 : 2 * s->announced_room;
	int64_t *more;

	if (s->nannounced == s->announced_room) {
		more = realloc(s->announced, room * sizeof(*more));
		if (more == NULL)
			return; /* it may be announced once more */
		s->announced = more;
		s->announced_room = room;
	}
	s->announced[s->nannounced++] = id;
	if (s->batch_due_us < now_us(s))
		s->batch_due_us = now_us(s);
	store_pump_soon(s);
}

/* Its change is in the file, or it is noted again without its state. */
static void
adopt_line(struct store *s, struct store_line *line, bool salvaged)
{
	struct change_item *c = calloc(1, sizeof(*c));
	const struct store_change from = {
		.event = line->event, .pairs = line->pairs, .priority = line->priority
	};

	if (c == NULL)
		return;
	c->row.kind = SUBJECT_DAEMON;
	c->row.subject = str_dup(STR_LIT(""));
	c->size = sizeof(*c);
	c->at_ms = line->at_ms;
	if (!copy_line(c, &from) || c->row.subject == NULL) {
		change_item_free(c);
		return;
	}
	c->id = salvaged ? 0 : (int64_t)line->ticket;
	c->ticket = line->ticket = s->next_ticket++;
	if (salvaged) {
		s->queue_bytes += c->size;
		STAILQ_INSERT_TAIL(&s->queue, c, link);
	} else {
		STAILQ_INSERT_TAIL(&s->pending, c, link);
	}
}

void
adopt_recall(struct store *s, struct store_recall *r, bool salvaged)
{
	for (size_t i = 0; i < r->nlines; i++)
		adopt_line(s, &r->lines[i], salvaged);
	if (!salvaged)
		return;
	for (size_t i = 0; i < r->state.npools; i++)
		(void)store_note_change(
		    s, &(struct store_change){ .pool = &r->state.pools[i] });
	(void)store_note_change(s, &(struct store_change){ .watcher = &r->state.watcher,
				       .incident = r->state.watcher_incident });
}

void
store_mark_announced(struct store *s, uint64_t ticket)
{
	struct change_item *c;

	STAILQ_FOREACH(c, &s->pending, link)
	{
		/* cppcheck-suppress uninitvar ; STAILQ_FOREACH sets it */
		if (c->ticket != ticket)
			continue;
		note_announced(s, c->id);
		STAILQ_REMOVE(&s->pending, c, change_item, link);
		change_item_free(c);
		return;
	}
	STAILQ_FOREACH(c, &s->queue, link)
	if (c->ticket == ticket)
		c->announced_late = true;
}
