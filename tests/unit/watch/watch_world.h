/*
 * watch_world - a watcher with a real loop and real transactions, in a directory of its
 * own: the clock stands still until a test moves it, and what is logged is kept. Its
 * pools are a port that refuses and one that takes connections and says nothing.
 */
#ifndef CSWATCH_TESTS_WATCH_WORLD_H
#define CSWATCH_TESTS_WATCH_WORLD_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "report/log.h"
#include "state/state.h"
#include "daemon/reload.h"
#include "txn/runtime.h"
#include "watch/operator.h"
#include "watch/view.h"

#define WORLD_WALL_MS 1700000000000 /* 2023-11-14T22:13:20Z */

struct state_keeper;
struct watcher;
struct worker;

struct watch_world {
	struct runtime runtime;
	struct worker *files;
	struct live_config live;
	struct state_keeper *keeper;
	struct watcher *watcher;
	const struct view *view;
	const struct operator* operator;
	unsigned stopped; /* how often that event came */
	struct clock clock;
	uint64_t mono_us;
	int64_t wall_ms;
	struct log log;
	struct buf logged; /* "event key=value key=value\n", without run, latency ... */
	int silent_fd, refusing_fd;
	unsigned silent_port, refusing_port;
	struct timer *patience;
};

/*
 * Users alice and bob, pools silent and refusing (.x.org), and the domain x.org; tests:
 * what stands between the parentheses of "tests: ( ... );". The current directory is the
 * world's until it ends.
 */
void watch_world_open(struct watch_world *w, const char *tests);
void watch_world_close(struct watch_world *w);
/* Writes ./c.conf with these tests. */
void watch_world_config(struct watch_world *w, const char *tests);
/* What the daemon does at its start, up to the loop; without a control socket. */
void watch_world_start(struct watch_world *w);
/* What a reload does with a good configuration; what it logs is forgotten. */
void watch_world_adopt(struct watch_world *w, const char *tests);
/* The test of that name, which must be there; and what is remembered of it. */
struct test_view watch_world_test(const struct watch_world *w, const char *name);
const struct test_state *watch_world_state(const struct watch_world *w, const char *name);
/* Starts a run; and goes on until it is over, when no other is under way either. */
void watch_world_run(struct watch_world *w, const char *name);
void watch_world_run_to_end(struct watch_world *w, const char *name);
/* Runs the loop for a moment; aborts the test program when that goes on for a minute. */
void watch_world_turn(struct watch_world *w);
size_t watch_world_running(const struct watch_world *w);
/* Until so many transactions are in flight. */
void watch_world_wait(struct watch_world *w, size_t running);
const char *watch_world_logged(const struct watch_world *w);

#endif
