/*
 * line_queue - lines that wait for something: what is looked up about a failure, or a
 * change of state that is written to the disk first.
 *
 * Each subject (a test, a pool, the watcher) has a queue of lines and delays. A line goes
 * out as soon as no delay and no other line is before it in its queue, so the lines of
 * one subject stay in order, and no subject waits for another. A delay ends when its
 * owner says so, or at its limit: then the lines go out all the same. A subject for which
 * nothing waits has no queue; its lines go to the log at once.
 */
#ifndef CSWATCH_WATCH_LINE_QUEUE_H
#define CSWATCH_WATCH_LINE_QUEUE_H
#include <stddef.h>

#include "report/log.h"

struct delay;
struct line_queue;
struct line_queues;
struct loop;

/* Borrows both. Returns NULL when out of memory. */
struct line_queues *line_queues_new(struct loop *l, struct log *log);
/* Lets all lines out. NULL is allowed. */
void line_queues_free(struct line_queues *all);

/*
 * Delays the lines of a subject that come after this call, by limit_ms at most. *at is
 * the subject's queue, NULL as long as it has none; only functions of this file change
 * it. The caller calls delay_end() once. Returns NULL when out of memory: nothing is
 * delayed.
 */
struct delay *delay_begin(
    struct line_queues *all, struct line_queue **at, unsigned limit_ms);
/* Ends a delay, and frees it; also after its limit, and after line_queues_free(). */
void delay_end(struct delay *d);

/*
 * Logs a line of a subject: at once, or when what is before it in the queue has gone. The
 * line is copied if it has to wait; without memory it goes out at once.
 */
void line_queue_log(struct line_queues *all, struct line_queue **at, int priority,
    enum event_id event, const struct kv *kv, size_t n);
/* Parts a queue from its subject, which ends; the lines still go out. NULL is allowed. */
void line_queue_leave(struct line_queue *q);
/* Gives the queue of *from to *to, which has none: the same subject lives elsewhere now.
 */
void line_queue_move(struct line_queue **from, struct line_queue **to);

#endif
