/* worker: one job after another, done() on the loop, and nothing lost when it ends. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>

#include "../cases.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "loop/worker.h"

#define JOBS 5

static struct loop *loop;
static struct worker *worker;
static pthread_t main_thread;

struct job {
	int number;
	int worked, done; /* how often */
	sem_t *gate;	  /* waited for by work(), unless NULL */
	bool blocks_signals;
	bool in_thread;
};
static struct job jobs[JOBS];

static int worked[JOBS], nworked; /* in the order of work(); read after the end */
static int done[JOBS], ndone;

static int
make_worker(void **state)
{
	struct err err;

	(void)state;
	main_thread = pthread_self();
	nworked = ndone = 0;
	memset(jobs, 0, sizeof(jobs));
	for (int i = 0; i < JOBS; i++)
		jobs[i].number = i;
	loop = loop_new(&err);
	worker = loop == NULL ? NULL : worker_new(loop, &err);
	return worker == NULL ? -1 : 0;
}

static void
end_worker(void)
{
	worker_free(worker);
	worker = NULL;
}

static int
drop_worker(void **state)
{
	(void)state;
	end_worker();
	loop_free(loop);
	return 0;
}

static void
do_work(void *arg)
{
	struct job *j = arg;
	sigset_t mask;

	if (j->gate != NULL)
		while (sem_wait(j->gate) != 0)
			;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	j->blocks_signals =
	    sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGHUP) == 1;
	j->in_thread = !pthread_equal(pthread_self(), main_thread);
	j->worked++;
	worked[nworked++] = j->number;
}

static void
on_done(void *arg)
{
	struct job *j = arg;

	assert_true(pthread_equal(pthread_self(), main_thread));
	j->done++;
	done[ndone++] = j->number;
}

static void
submit(int n)
{
	for (int i = 0; i < n; i++)
		assert_true(worker_submit(worker, do_work, on_done, &jobs[i]));
}

static void
jobs_are_done_in_order(void **state)
{
	(void)state;
	submit(JOBS);
	assert_int_equal(ndone, 0);		 /* never inside submit */
	await_loop(loop, "the end of the jobs"); /* ends when all are done: an idle worker
						    is no reason */
	end_worker();
	assert_int_equal(nworked, JOBS);
	assert_int_equal(ndone, JOBS);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(worked[i], i);
		assert_int_equal(done[i], i);
		assert_int_equal(jobs[i].done, 1);
		assert_true(jobs[i].in_thread);
		assert_true(jobs[i].blocks_signals);
	}
}

static void
our_own_signals_stay_open(void **state)
{
	sigset_t mask;

	(void)state;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGTERM), 0);
}

static void
idle_worker_does_not_hold_the_loop(void **state)
{
	(void)state;
	await_loop(loop, "the end of the jobs");
	submit(1);
	await_loop(loop, "the end of the jobs");
	await_loop(loop, "the end of the jobs");
	submit(1);
	await_loop(loop, "the end of the jobs");
	assert_int_equal(ndone, 2);
}

/*
 * The first job is still running when the end begins, or not: both are right. Each one is
 * done once and in order, and those that were worked on come first.
 */
static void
every_job_is_done_at_the_end(void **state)
{
	sem_t gate;

	(void)state;
	sem_init(&gate, 0, 0);
	jobs[0].gate = &gate;
	submit(JOBS);
	sem_post(&gate);
	end_worker();
	assert_int_equal(ndone, JOBS);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(done[i], i);
		assert_int_equal(jobs[i].done, 1);
		assert_int_equal(jobs[i].worked, i < nworked);
	}
	sem_destroy(&gate);
}

static void
submit_second(void *arg)
{
	on_done(arg);
	assert_true(worker_submit(worker, do_work, on_done, &jobs[1]));
}

static void
done_may_submit_another(void **state)
{
	(void)state;
	assert_true(worker_submit(worker, do_work, submit_second, &jobs[0]));
	await_loop(loop, "the end of the jobs");
	assert_int_equal(ndone, 2);
	assert_int_equal(done[1], 1);
}

static void
submit_in_vain(void *arg)
{
	on_done(arg);
	assert_false(worker_submit(worker, do_work, on_done, &jobs[1]));
}

static void
an_ending_worker_takes_no_more(void **state)
{
	(void)state;
	assert_true(worker_submit(worker, do_work, submit_in_vain, &jobs[0]));
	end_worker();
	assert_int_equal(ndone, 1);
	assert_int_equal(jobs[1].worked + jobs[1].done, 0);
}

static void
stop_loop(void *arg)
{
	on_done(arg);
	loop_stop(loop);
}

static void
what_finishes_while_the_loop_rests_is_done_later(void **state)
{
	(void)state;
	assert_true(worker_submit(worker, do_work, stop_loop, &jobs[0]));
	assert_true(worker_submit(worker, do_work, on_done, &jobs[1]));
	await_loop(loop, "the end of the jobs");
	await_loop(loop, "the end of the jobs");
	assert_int_equal(ndone, 2);
	worker_free(NULL);
}

#define WORKER_TEST(f) TEST_WITH(f, make_worker, drop_worker)

RUN_CASES(WORKER_TEST(jobs_are_done_in_order), WORKER_TEST(our_own_signals_stay_open),
    WORKER_TEST(idle_worker_does_not_hold_the_loop),
    WORKER_TEST(every_job_is_done_at_the_end), WORKER_TEST(done_may_submit_another),
    WORKER_TEST(an_ending_worker_takes_no_more),
    WORKER_TEST(what_finishes_while_the_loop_rests_is_done_later));
