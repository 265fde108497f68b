/*
 * daemon_world - a struct daemon in a directory of its own, without main() around it: the
 * clock stands still until a test moves it, and what is logged is kept. Its pools are a
 * port that refuses and one that takes connections and says nothing.
 */
#ifndef CSWATCH_TESTS_DAEMON_WORLD_H
#define CSWATCH_TESTS_DAEMON_WORLD_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "report/log.h"
#include "watch/parts.h"

#define WORLD_WALL_MS 1700000000000 /* 2023-11-14T22:13:20Z */

struct daemon_world {
	struct daemon d;
	struct clock clock;
	uint64_t mono_us;
	int64_t wall_ms;
	struct log log;
	struct buf logged; /* "event key=value key=value\n", without run, latency ... */
	int silent_fd, refusing_fd;
	unsigned silent_port, refusing_port;
	struct timer *patience;
	const char *of_domain; /* keys of the pool x.org, which is a domain; or NULL */
};

/*
 * Users alice and bob, pools silent and refusing (.x.org), and the domain x.org; tests:
 * what stands between the parentheses of "tests: ( ... );". The current directory is the
 * world's until it ends.
 */
void daemon_world_open(struct daemon_world *w, const char *tests);
void daemon_world_close(struct daemon_world *w);
/* Writes ./c.conf with these tests. */
void daemon_world_config(struct daemon_world *w, const char *tests);
/* What the daemon does at its start, up to the loop. */
void daemon_world_start(struct daemon_world *w);
/* What a reload does with a good configuration; what it logs is forgotten. */
void daemon_world_adopt(struct daemon_world *w, const char *tests);
/* It must be there. */
struct probe *daemon_world_probe(struct daemon_world *w, const char *name);
/* Starts a run; and goes on until it is over, when no other is under way either. */
void daemon_world_run(struct daemon_world *w, const char *name);
void daemon_world_run_to_end(struct daemon_world *w, const char *name);
/* Runs the loop for a moment; aborts the test program when that goes on for a minute. */
void daemon_world_turn(struct daemon_world *w);
/* Until so many transactions are in flight. */
void daemon_world_wait(struct daemon_world *w, size_t running);
const char *daemon_world_logged(const struct daemon_world *w);

#endif
