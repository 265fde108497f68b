/*
 * agenda - what is to be looked at again at some time of the wall clock, other than to
 * run a test. Knows times and whom to call, and nothing of what is due.
 */
#ifndef CSWATCH_WATCH_AGENDA_H
#define CSWATCH_WATCH_AGENDA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/heap.h"

struct daemon;
struct timer;

#define AGENDA_NEVER INT64_MAX

/* Part of what is to be looked at; its first member. */
struct agenda_item {
	int64_t wake_ms;
	uint32_t id, place;
	/* Its time has come; it is due no more, until it is set again. */
	void (*due)(struct daemon *d, struct agenda_item *item);
};

struct agenda {
	struct heap heap;	    /* ids, by wake_ms */
	struct agenda_item **items; /* by id */
	uint32_t nitems;
	struct timer *timer;
	int64_t ahead_ms; /* of the monotonic clock, when last looked */
};

bool agenda_start(struct daemon *d); /* false: out of memory */
/* Room for n items. False: out of memory. */
bool agenda_make(struct agenda *ret, size_t n);
/* An empty agenda in place of the old one; takes the room. */
void agenda_exchange(struct daemon *d, struct agenda *room);
/* Not due yet. */
void agenda_add(struct daemon *d, struct agenda_item *item,
    void (*due)(struct daemon *d, struct agenda_item *item));
/* A time that has gone by, or 0: in the next turn of the loop. */
void agenda_set(struct daemon *d, struct agenda_item *item, int64_t wake_ms);
void agenda_free(struct agenda *a); /* a zeroed one is fine */

#endif
