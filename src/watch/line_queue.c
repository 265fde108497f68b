#include "watch/line_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "loop/loop.h"

/* A line, or (line NULL) a delay. */
struct entry {
	TAILQ_ENTRY(entry) link;
	struct line_queue *queue; /* NULL: a delay whose limit has passed */
	struct line *line;
};

struct line {
	struct entry entry;
	int priority;
	enum event_id event;
	size_t n;
	struct kv kv[]; /* n of them, and their strings after them */
};

struct delay {
	struct entry entry;
	struct timer *timer; /* its limit */
};

TAILQ_HEAD(entry_list, entry);
LIST_HEAD(queue_list, line_queue);

struct line_queue {
	LIST_ENTRY(line_queue) link;
	struct line_queues *all;
	struct line_queue **at; /* the subject's pointer to it; NULL: the subject ended */
	struct entry_list entries;
};

struct line_queues {
	struct loop *loop;
	struct log *log;
	struct queue_list queues; /* none of them is empty */
};

/* ---- queues ---- */

/* Returns the subject's queue, and makes one if it has none. NULL: out of memory. */
static struct line_queue *
need_queue(struct line_queues *all, struct line_queue **at)
{
	struct line_queue *q = *at;

	if (q != NULL)
		return q;
	q = calloc(1, sizeof(*q));
	if (q == NULL)
		return NULL;
	q->all = all;
	q->at = at;
	TAILQ_INIT(&q->entries);
	LIST_INSERT_HEAD(&all->queues, q, link);
	*at = q;
	return q;
}

static void
append_entry(struct line_queue *q, struct entry *e, struct line *line)
{
	e->queue = q;
	e->line = line;
	TAILQ_INSERT_TAIL(&q->entries, e, link);
}

static void
remove_entry(struct entry *e)
{
	TAILQ_REMOVE(&e->queue->entries, e, link);
	e->queue = NULL;
}

/* Logs the lines that wait for nothing any more; frees the queue when it is empty. */
static void
let_out(struct line_queue *q)
{
	struct entry *e;

	while ((e = TAILQ_FIRST(&q->entries)) != NULL && e->line != NULL) {
		struct line *l = e->line;

		remove_entry(e);
		log_event(q->all->log, l->priority, l->event, l->kv, l->n);
		free(l);
	}
	if (e != NULL)
		return;
	if (q->at != NULL)
		*q->at = NULL;
	LIST_REMOVE(q, link);
	free(q);
}

void
line_queue_leave(struct line_queue *q)
{
	if (q == NULL)
		return;
	*q->at = NULL;
	q->at = NULL;
}

void
line_queue_move(struct line_queue **from, struct line_queue **to)
{
	assert(*to == NULL);
	if (*from == NULL)
		return;
	(*from)->at = to;
	*to = *from;
	*from = NULL;
}

/* ---- delays ---- */

/* Takes the delay out of its queue; what waited for nothing else goes out. */
static void
finish_delay(struct delay *d)
{
	struct line_queue *q = d->entry.queue;

	timer_free(d->timer);
	d->timer = NULL;
	remove_entry(&d->entry);
	let_out(q);
}

static void
on_limit(void *arg)
{
	finish_delay(arg);
}

struct delay *
delay_begin(struct line_queues *all, struct line_queue **at, unsigned limit_ms)
{
	struct delay *d = calloc(1, sizeof(*d));
	struct line_queue *q;

	if (d == NULL || (d->timer = timer_new(all->loop, on_limit, d)) == NULL)
		goto failed;
	q = need_queue(all, at);
	if (q == NULL)
		goto failed;
	append_entry(q, &d->entry, NULL);
	timer_set(d->timer, (uint64_t)limit_ms * 1000);
	return d;
failed:
	if (d != NULL)
		timer_free(d->timer);
	free(d);
	return NULL;
}

void
delay_end(struct delay *d)
{
	if (d->entry.queue != NULL)
		finish_delay(d);
	free(d);
}

/* ---- lines ---- */

/* Returns a copy of the line, in one piece of memory; NULL without any. */
static struct line *
copy_line(int priority, enum event_id event, const struct kv *kv, size_t n)
{
	size_t size = sizeof(struct line) + n * sizeof(*kv);
	struct line *l;
	char *text;

	for (size_t i = 0; i < n; i++)
		size += kv[i].str == NULL ? 0 : strlen(kv[i].str) + 1;
	l = malloc(size);
	if (l == NULL)
		return NULL;
	l->priority = priority;
	l->event = event;
	l->n = n;
	text = (char *)&l->kv[n];
	for (size_t i = 0; i < n; i++) {
		l->kv[i] = kv[i];
		if (kv[i].str == NULL)
			continue;
		size = strlen(kv[i].str) + 1;
		memcpy(text, kv[i].str, size);
		l->kv[i].str = text;
		text += size;
	}
	return l;
}

void
line_queue_log(struct line_queues *all, struct line_queue **at, int priority,
    enum event_id event, const struct kv *kv, size_t n)
{
	struct line *l = *at == NULL ? NULL : copy_line(priority, event, kv, n);

	if (l == NULL)
		log_event(all->log, priority, event, kv, n);
	else
		append_entry(*at, &l->entry, l);
}

/* ---- life ---- */

struct line_queues *
line_queues_new(struct loop *l, struct log *log)
{
	struct line_queues *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return NULL;
	all->loop = l;
	all->log = log;
	LIST_INIT(&all->queues);
	return all;
}

/* Ends all delays of a queue, as their limits do; it is gone then. */
static void
end_delays(struct line_queue *q)
{
	struct entry *e, *next;

	for (e = TAILQ_FIRST(&q->entries); e != NULL; e = next) {
		struct delay *d = (struct delay *)(void *)e;

		next = TAILQ_NEXT(e, link);
		if (e->line != NULL)
			continue;
		timer_free(d->timer);
		d->timer = NULL;
		remove_entry(e);
	}
	let_out(q);
}

void
line_queues_free(struct line_queues *all)
{
	if (all == NULL)
		return;
	while (!LIST_EMPTY(&all->queues))
		end_delays(LIST_FIRST(&all->queues));
	free(all);
}
