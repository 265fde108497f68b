/*
 * worker - a thread for the few jobs that block or compute for long: making RSA keys,
 * fsync(), looking up users.
 *
 * Jobs run one after another in the order given. work() runs in the thread and touches
 * nothing but its own arg; done() runs on the loop afterwards, always, also for jobs
 * dropped by worker_free().
 */
#ifndef CSWATCH_LOOP_WORKER_H
#define CSWATCH_LOOP_WORKER_H
#include <stdbool.h>

struct err;
struct loop;
struct worker;

/* Starts the thread. Returns NULL and sets *err on failure. */
struct worker *worker_new(struct loop *l, struct err *err);
/* Waits for the job that is running and drops the others; calls done() for every one. */
void worker_free(struct worker *w);
/* Returns false if memory ran out; then neither work nor done is called. */
bool worker_submit(
    struct worker *w, void (*work)(void *arg), void (*done)(void *arg), void *arg);

#endif
