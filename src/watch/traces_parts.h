/*
 * traces_parts - what the files of the traces share. Private to daemon/traces*.c.
 */
#ifndef CSWATCH_WATCH_TRACES_PARTS_H
#define CSWATCH_WATCH_TRACES_PARTS_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct kept;
struct log;
struct shelf;
struct worker;
TAILQ_HEAD(kept_list, kept);

struct traces {
	struct kept_list successes, failures; /* the oldest first */
	size_t size;			      /* bytes of all of them */
	struct worker *worker;
	struct log *log;
	struct shelf *shelf; /* only jobs touch it */
	unsigned pending;    /* runs on their way into files */
	bool ailing;	     /* the last was not written: said so */
	bool flooded;	     /* more failed at once: said so */
};

#endif
