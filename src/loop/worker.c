/*
 * A job goes round between two threads. worker_submit() puts it into `todo`; the worker's
 * thread takes it out, runs work(), puts it into `finished` and makes event_fd readable;
 * that wakes the loop, which calls done() for all that is in `finished`. Both queues are
 * under the lock, and a job belongs to the thread that took it out last.
 *
 * As long as a done() is due the loop watches event_fd, so loop_run() does not return
 * before; an idle worker is not watched, so that it is no reason to go on. worker_free()
 * ends the thread after the job that is running and calls done() for what was not begun.
 */
#include "loop/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vocab/err.h"
#include "loop/loop.h"

struct job {
	struct job *next;
	void (*work)(void *arg);
	void (*done)(void *arg);
	void *arg;
};

struct queue {
	struct job *first, *last;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct queue todo, finished; /* under lock */
	bool stopping;		     /* under lock */
	int event_fd;		     /* readable: something is in finished */
	struct watch *watch;
	unsigned pending; /* jobs whose done() is due; only the loop's thread uses it */
};

static void
push(struct queue *q, struct job *job)
{
	job->next = NULL;
	if (q->first == NULL)
		q->first = job;
	else
		q->last->next = job;
	q->last = job;
}

static struct job *
pop(struct queue *q)
{
	struct job *job = q->first;

	if (job != NULL)
		q->first = job->next;
	return job;
}

/* Waits for the next job and returns it, or NULL when the worker is to end. */
static struct job *
wait_for_job(struct worker *w)
{
	struct job *job = NULL;

	pthread_mutex_lock(&w->lock);
	while (!w->stopping && w->todo.first == NULL)
		pthread_cond_wait(&w->wake, &w->lock);
	if (!w->stopping)
		job = pop(&w->todo);
	pthread_mutex_unlock(&w->lock);
	return job;
}

static void *
run_thread(void *arg)
{
	struct worker *w = arg;
	struct job *job;

	while ((job = wait_for_job(w)) != NULL) {
		job->work(job->arg);
		pthread_mutex_lock(&w->lock);
		push(&w->finished, job);
		pthread_mutex_unlock(&w->lock);
		/*
		 * Can only fail when 2^64 - 2 wake-ups are unread, and then one is there
		 * to read.
		 */
		(void)eventfd_write(w->event_fd, 1);
	}
	return NULL;
}

static void
finish(struct worker *w, struct job *job)
{
	w->pending--;
	job->done(job->arg);
	free(job);
}

static void
on_finished(void *arg, unsigned what)
{
	struct worker *w = arg;
	struct job *job;
	eventfd_t count;

	(void)what;
	(void)eventfd_read(w->event_fd, &count);
	for (;;) {
		pthread_mutex_lock(&w->lock);
		job = pop(&w->finished);
		pthread_mutex_unlock(&w->lock);
		if (job == NULL)
			break;
		finish(w, job);
	}
	/* An idle worker does not keep loop_run() from returning. */
	if (w->pending == 0)
		watch_set(w->watch, 0);
}

/* Starts a thread that blocks all signals: they are for the thread of the loop. */
static int
start_thread(struct worker *w)
{
	sigset_t all, old;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&w->thread, NULL, run_thread, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return r;
}

static void
dispose(struct worker *w)
{
	watch_free(w->watch);
	if (w->event_fd >= 0)
		close(w->event_fd);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

struct worker *
worker_new(struct loop *l, struct err *err)
{
	struct worker *w = calloc(1, sizeof(*w));
	int r = ENOMEM;

	if (w == NULL) {
		err_local(err, ENOMEM, "no worker thread");
		return NULL;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	w->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->event_fd < 0)
		r = errno;
	else if ((w->watch = watch_fd(l, w->event_fd, 0, on_finished, w)) != NULL)
		r = start_thread(w);
	if (r != 0) {
		err_local(err, r, "no worker thread");
		dispose(w);
		return NULL;
	}
	return w;
}

void
worker_free(struct worker *w)
{
	struct job *job;

	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	while ((job = pop(&w->finished)) != NULL)
		finish(w, job);
	while ((job = pop(&w->todo)) != NULL)
		finish(w, job);
	dispose(w);
}

bool
worker_submit(
    struct worker *w, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	struct job *job = malloc(sizeof(*job));
	bool stopping;

	if (job == NULL)
		return false;
	*job = (struct job){ NULL, work, done, arg };
	pthread_mutex_lock(&w->lock);
	stopping = w->stopping;
	if (!stopping) {
		push(&w->todo, job);
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
	if (stopping) {
		free(job);
		return false;
	}
	if (w->pending++ == 0)
		watch_set(w->watch, WATCH_READ);
	return true;
}
