/*
 * subscribers - THE table of what happens in watch/, and those who have filled one in:
 * the control socket, the state file.
 *
 * watch/ calls nothing above it in another way.
 */
#ifndef CSWATCH_WATCH_SUBSCRIBERS_H
#define CSWATCH_WATCH_SUBSCRIBERS_H
#include <stdbool.h>
#include <stddef.h>

#include "vocab/events.h"
#include "watch/test_view.h"

struct delay;
struct kv;
struct pool;
struct pool_state;
struct probe;
struct result;
struct txn_note;

/* A run that is over, or that could not be started. Borrowed for the call. */
struct finished_run {
	struct test_view test; /* its state is that after the run */
	const struct result *result;
};

/* A line about a change of state, before it is logged. Borrowed for the call. */
struct announcement {
	int priority;
	enum event_id event;
	const struct kv *kv;
	size_t n;
	/* what it is about: one of the two, or the watcher when both are NULL */
	const struct test_view *test;
	const struct pool_state *pool;
};

/* A member that is NULL is not called. No member may call watch/ back. */
struct watch_events {
	/* A run is about to start: true if run_noted() is wanted for it. */
	bool (*wants_notes)(void *arg, const struct test_view *t);
	/* Its trace goes on by one line. */
	void (*run_noted)(
	    void *arg, const struct test_view *t, const struct txn_note *note);
	/* Its result has been taken in: the last stage of outcome.c. */
	void (*run_finished)(void *arg, const struct finished_run *run);
	/* A reload has removed the test; no run of it is in flight. */
	void (*test_removed)(void *arg, const struct test_view *t);

	/* What is remembered of it has changed. */
	void (*test_changed)(void *arg, const struct test_view *t);
	void (*pool_changed)(void *arg, const struct pool_state *p);
	void (*watcher_changed)(void *arg);
	/* Another configuration is live: tests have come, gone, or are others. */
	void (*tests_exchanged)(void *arg);
	/* watcher_stop() was called, and no run is in flight any more. */
	void (*stopped)(void *arg);

	/*
	 * May look something up about a failure. True: the lines about this test wait
	 * until delay_end(), which the subscriber calls later, once; see inquiry.h.
	 * Nothing else waits.
	 */
	bool (*inquire)(void *arg, const struct finished_run *run, struct delay *delay);
	/*
	 * May write a change of state to where it survives. True: its line waits until
	 * delay_end(), likewise; see announce.h.
	 */
	bool (*commit)(void *arg, const struct announcement *a, struct delay *delay);
};

#define SUBSCRIBERS_MAX 8

/* The subscribers, in the order in which they came. A zeroed list is empty. */
struct subscribers {
	struct {
		const struct watch_events *events;
		void *arg;
	} v[SUBSCRIBERS_MAX];
	size_t n;
};

/* Borrows both for as long as the list lives. At most SUBSCRIBERS_MAX times. */
void subscribers_add(struct subscribers *s, const struct watch_events *events, void *arg);

/* Each calls the member of that name. */
bool subscribers_want_notes(const struct subscribers *s, const struct probe *p);
void subscribers_run_noted(
    const struct subscribers *s, const struct probe *p, const struct txn_note *note);
void subscribers_run_finished(
    const struct subscribers *s, const struct probe *p, const struct result *r);
void subscribers_test_removed(const struct subscribers *s, const struct probe *p);
void subscribers_test_changed(const struct subscribers *s, const struct probe *p);
void subscribers_pool_changed(const struct subscribers *s, const struct pool *p);
void subscribers_watcher_changed(const struct subscribers *s);
void subscribers_tests_exchanged(const struct subscribers *s);
void subscribers_stopped(const struct subscribers *s);

#endif
