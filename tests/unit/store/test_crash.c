/*
 * store: kill -9 at any moment. What was reported as committed is there, in order; what
 * was not announced is known; the file is whole.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../fakes/must.h"
#include "../cases.h"
#include "store/check.h"
#include "store_world.h"

#define KILLS 30
#define LIVES 200 /* lines of one life, at most */

/* What the one that is killed has told. */
struct report {
	enum { COMMITTED, ANNOUNCED } what;
	unsigned n; /* of the line */
};

/* ---- the one that is killed ---- */

static int reports = -1;
static unsigned first_line, told;
static struct world *life;

static void
tell(int what, unsigned n)
{
	struct report r = { .n = n };

	r.what = what == COMMITTED ? COMMITTED : ANNOUNCED;
	MUST(write(reports, &r, sizeof(r)) == sizeof(r));
}

/* Every other line goes out as soon as it is committed. */
static void
on_committed(void *arg, uint64_t ticket)
{
	unsigned n = first_line + (unsigned)ticket - 1;

	(void)arg;
	tell(COMMITTED, n);
	told++;
	if (n % 2 != 0)
		return;
	tell(ANNOUNCED, n);
	store_mark_announced(life->store, ticket);
}

static void
note_line(struct world *w, unsigned n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	MUST(store_note_change(w->store,
		 &(struct store_change){
		     .test = &w->tests[n % 4], .event = "e", .pairs = text }) != 0);
}

static void
live_and_be_killed(struct world *w, int fd, unsigned first)
{
	static struct store_hooks own;

	reports = fd;
	life = w;
	first_line = first;
	world_open(w);
	own = *w->store->hooks;
	own.committed = on_committed;
	w->store->hooks = &own;
	w->store->next_ticket = 1;
	world_add(w, 4);
	for (unsigned n = first; n < first + LIVES; n++) {
		world_run_quietly(w, n % 4, n % 3 != 0);
		note_line(w, n);
		if (n % 5 == 0)
			world_settle(w);
		if (n % 7 == 0)
			world_pass(w, 1000);
	}
	world_settle(w);
	for (;;)
		pause();
}

/* ---- the one that looks ---- */

struct seen {
	unsigned committed;	       /* the last line that was reported so */
	bool announced[KILLS * LIVES]; /* by line */
};

/* Reads so many reports, then kills, and reads what is left. */
static void
kill_after(pid_t pid, int fd, unsigned wanted, struct seen *seen)
{
	struct report r;
	unsigned n = 0;

	while (read(fd, &r, sizeof(r)) == sizeof(r)) {
		if (r.what == COMMITTED)
			seen->committed = r.n;
		else
			seen->announced[r.n] = true;
		if (++n == wanted)
			MUST(kill(pid, SIGKILL) == 0);
	}
	MUST(waitpid(pid, NULL, 0) == pid);
}

static void
look(struct world *w, const struct seen *seen, unsigned first, unsigned *ret_next)
{
	bool *found = calloc(KILLS * LIVES, sizeof(*found));
	unsigned before = 0;
	char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");

	MUST(found != NULL && out != NULL);
	assert_int_equal(store_check(w->directory, out), CHECK_GOOD);
	MUST(fclose(out) == 0);
	world_open(w);
	assert_string_equal(w->why, "");
	for (size_t i = 0; i < w->recall.nlines; i++) {
		uint64_t n;

		assert_true(
		    str_uint(str_of(w->recall.lines[i].pairs), 1, KILLS * LIVES - 1, &n));
		assert_true(n > before);
		before = (unsigned)n;
		found[n] = true;
	}
	for (unsigned n = first; n <= seen->committed; n++)
		assert_true(found[n] || seen->announced[n]);
	*ret_next = (before > seen->committed ? before : seen->committed) + 1;
	/* The next life begins without old ones. */
	for (size_t i = 0; i < w->recall.nlines; i++)
		store_mark_announced(w->store, w->recall.lines[i].ticket);
	world_pass(w, 2000);
	world_close(w);
	free(found);
}

static void
kill_dash_nine(void **state)
{
	struct world *w = *state;
	struct seen *seen = calloc(1, sizeof(*seen));
	unsigned first = 1, next;
	int fds[2];

	MUST(seen != NULL);
	srand(4711);
	for (int i = 0; i < KILLS; i++) {
		pid_t pid;

		MUST(pipe(fds) == 0);
		pid = fork();
		MUST(pid >= 0);
		if (pid == 0) {
			close(fds[0]);
			live_and_be_killed(w, fds[1], first);
		}
		close(fds[1]);
		kill_after(pid, fds[0], 1 + (unsigned)rand() % LIVES, seen);
		close(fds[0]);
		look(w, seen, first, &next);
		first = next;
	}
	free(seen);
}

RUN_CASES(TEST_WITH(kill_dash_nine, world_setup, world_teardown));
