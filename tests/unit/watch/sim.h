/*
 * sim - a watcher whose whole world is made up: the clock, the loop's timers, the worker
 * and the transactions are those of this file, so that a day passes in a moment. Around
 * it is what the daemon has around it: the configuration and the state file.
 *
 * It stands in for loop/ and txn/ of the library. What pools do is up to the test.
 */
#ifndef CSWATCH_TESTS_DAEMON_SIM_H
#define CSWATCH_TESTS_DAEMON_SIM_H
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "daemon/reload.h"
#include "report/log.h"
#include "state/state.h"
#include "txn/txn.h"
#include "vocab/result.h"
#include "watch/operator.h"
#include "watch/view.h"

#define SIM_SECOND ((uint64_t)1000000)
#define SIM_DAY_MS 1795305600000 /* Sunday 2026-11-22T00:00:00Z, when it begins */

struct sim_said {
	int64_t at_ms;
	enum event_id event;
	char test[64], to[16], from[16]; /* empty: the line has no such key */
	char pool[32], rollup[16], diag[24], users[512];
	int64_t tests, of;
	int priority;
};

struct state_keeper;
struct watcher;

struct sim {
	struct watcher *watcher;
	const struct view *view;
	const struct operator* operator;
	struct state_keeper *keeper;
	struct live_config live;
	struct env env;
	struct tls_inner_ctx *inner;
	bool reachable;	  /* references answer */
	unsigned reaches; /* how often they were tried */
	struct clock clock;
	uint64_t now_us; /* since the day began; the clock's is another */
	int64_t skew_ms; /* by which somebody has set the wall clock */
	struct log log;
	struct sim_said *said;
	size_t nsaid;
	/* Set before sim_open(): how long making a key takes, how long it is good ... */
	uint64_t key_us, key_lifetime_s;
	bool (*make)(const char *address); /* ... and whether it works; NULL: yes */
	unsigned nkeys;			   /* made so far */
	/* A run of that test begins at that time of the day: true, or false and *err. */
	bool (*outcome)(
	    const char *pool, const char *user, int64_t at_ms, struct err *err);
	uint64_t run_us; /* how long that run takes; outcome() may say */
	/* What runs find of their registrar that have to look; NULL: nothing. */
	const struct discovery *finds;
	bool knew;	   /* whether the last run that began knew it already */
	bool cannot_start; /* no transaction can be started */
};

extern struct sim sim;

/* In a directory of its own, with ./c.conf of that text. */
void sim_open(const char *config,
    bool (*outcome)(const char *, const char *, int64_t, struct err *));
/* Another ./c.conf; and has it read. */
void sim_config(const char *config);
void sim_reload(const char *config);
void sim_run_until_ms(int64_t since_the_day_began);
/* Has the state file written. */
void sim_flush(void);
/* Dies without a word, and starts again from what is on the disk. */
void sim_kill_and_start(void);
void sim_close(void);
/* The test of that name, which must be there. */
struct test_view sim_test(const char *name);

#endif
