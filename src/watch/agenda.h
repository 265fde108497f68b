/*
 * agenda - what is to be looked at again at some time of the wall clock, other than to
 * run a test. Knows times and whom to call, and nothing of what is due.
 */
#ifndef CSWATCH_WATCH_AGENDA_H
#define CSWATCH_WATCH_AGENDA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agenda;
struct agenda_item;
struct clock;
struct loop;

#define AGENDA_NEVER INT64_MAX

/* Whom to call for items of one kind. Outlives them. */
struct agenda_kind {
	/* The item's time has come; it is due no more, until it is set again. */
	void (*due)(void *arg, struct agenda_item *item);
	void *arg;
};

/* Part of what is to be looked at; its first member. */
struct agenda_item {
	int64_t wake_ms;
	uint32_t id, place;
	const struct agenda_kind *kind;
};

/* Borrows both. Returns NULL when out of memory. */
struct agenda *agenda_new(struct loop *l, const struct clock *clock);
void agenda_free(struct agenda *a); /* NULL is allowed. */

/* Makes room for n items after the next agenda_restart(). Returns false without memory.
 */
bool agenda_reserve(struct agenda *a, size_t n);
/* Forgets all items. There is room for as many as were reserved last. */
void agenda_restart(struct agenda *a);
/* Adds an item that is not due yet. */
void agenda_add(
    struct agenda *a, struct agenda_item *item, const struct agenda_kind *kind);
/* Sets when the item is due. A time that has gone by, or 0: in the next turn of the loop.
 */
void agenda_set(struct agenda *a, struct agenda_item *item, int64_t wake_ms);

#endif
