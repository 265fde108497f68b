/*
 * parts - what the files of watch/ share: the one struct that holds the parts together.
 */
#ifndef CSWATCH_WATCH_PARTS_H
#define CSWATCH_WATCH_PARTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/log.h"
#include "watch/agenda.h"
#include "watch/subscribers.h"
#include "watch/pools.h"
#include "watch/probe.h"
#include "txn/runtime.h"

struct commands;
struct config;
struct keys;
struct buf;
struct log;
struct notifier;
struct reach;
struct sched;
struct traces;
struct worker;
struct writer;

struct daemon {
	const char *config_file;
	struct log *log;
	struct config *config; /* the live one */
	struct runtime world;
	struct sched *sched;
	/* state.json; NULL: a damaged file could not be set aside, do not write over it
	 */
	struct writer *writer;
	/* fsync() must not wait for RSA keys to be made, nor they for it */
	struct worker *files;
	/* of the live configuration, in its order (by name) */
	struct probe **probes;
	size_t nprobes;
	/* transactions in flight, those of removed tests included */
	struct run_list runs;
	size_t running;		    /* their number */
	size_t counts[ALERT_COUNT]; /* of probes, by state */
	bool stopping;
	struct watch *signals[3];
	struct timer *stop_timer;  /* end of the time that a stop may take */
	struct timer *pulse;	   /* watchdog and status line */
	struct notifier *notifier; /* NULL before the loop is there */
	struct keys *keys;	   /* made ahead */
	struct agenda agenda;	   /* probes, pools, the watcher */
	struct pools pools;
	struct isolation isolation;
	struct agenda_item watcher; /* when to look at that */
	struct reach *reach;	    /* references are being tried; or NULL */
	size_t next_pool;	    /* to be asked whether it fails, too */
	uint32_t connections;	    /* how often it was cut off and is no more */
	struct traces *traces;	    /* what finished runs have left to read */
	struct commands *commands;  /* NULL: no control socket */
	struct watch_events events; /* what they hear */
	/* Reloads the configuration; see daemon/reload.h. */
	bool (*reload)(struct daemon *d, struct buf *problems);
};

/* probes.c */

/*
 * Exchanges the tests underneath: unchanged ones keep state and timers, removed ones end.
 * False: out of memory.
 */
bool probes_adopt(struct daemon *d, struct config *next);
/*
 * The first configuration: reads the state file, makes schedule and writer. False: out of
 * memory.
 */
bool probes_start(struct daemon *d);
void probes_free(struct daemon *d);
/* NULL: there is none of that name. */
struct probe *probes_find(const struct daemon *d, const char *name);
/* ---- verdict.c ---- */

/* A run is over, and not cancelled: counts it, logs it, and what it changes. */
void take_result(struct daemon *d, struct probe *p, const struct result *r);

/* ---- review.c: what is due about a test at some time, other than to run it ---- */

/* Why a test is held, and until when: by an operator, for maintenance, or both. */
struct hold {
	const char *by, *reason; /* by NULL: it is not */
	int64_t until_ms;	 /* 0: until told */
	int64_t edge_ms;	 /* when the answer may be another */
};
struct hold hold_of(const struct config *c, const struct probe *p, int64_t now);
/* What is due, and when to look again: after anything that may matter. */
void review(struct daemon *d, const struct config *c, struct probe *p);
void review_due(struct daemon *d, struct agenda_item *item);
/* Its next run may have changed; the second also has the state written. */
void review_set_next(const struct daemon *d, struct probe *p);
void review_next(struct daemon *d, struct probe *p);

/* ---- say.c: the lines ---- */

struct alert_rules rules_of(const struct config_test *t);
/*
 * Counts a change of its state that has happened, and says it; but that it became an
 * alert is left to say_alert(), which asks who speaks. rollup: a word of
 * cswatch-events(7), or NULL.
 */
void say_change(struct daemon *d, struct probe *p, const struct alert_change *change,
    const char *rollup);
void say_alert(struct daemon *d, const struct probe *p);
/* Its alert still stands. */
void say_reminder(struct daemon *d, const struct probe *p);
void say_pool(struct daemon *d, enum event_id event, const struct pool *pool);
void say_watcher(struct daemon *d, enum event_id event);

#endif
