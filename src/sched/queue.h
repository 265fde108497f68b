/*
 * queue - the tables of the schedule, and which test is in which line. Private to sched/.
 *
 * A test is in one place at a time: waiting for its time in `timers`; ready, in the line
 * of its pool; parked, in the line of its user, because another test of that user is
 * running; or running. `open` holds the pools that have a line and room for a run.
 */
#ifndef CSWATCH_SCHED_QUEUE_H
#define CSWATCH_SCHED_QUEUE_H
#include "sched/heap.h"
#include "sched/spec.h"

enum place {
	PLACE_FREE, /* the id is not in use */
	PLACE_TIMER,
	PLACE_READY,
	PLACE_PARKED,
	PLACE_PAUSED,	/* in no line until it is resumed */
	PLACE_DEFERRED, /* in no line until what it needs is there */
	PLACE_RUNNING,
	PLACE_LEAVING /* running, and removed from the configuration */
};

struct test {
	const char *name;
	void *owner;
	const struct calendar *at, *active; /* borrowed; or NULL */
	uint64_t every_us, retry_us;	    /* every_us: not 0, also of times of day */
	uint64_t jitter_us;
	int64_t done_ms;   /* wall clock of the last start, or 0 */
	uint64_t phase_us; /* below every_us; where at is given, any number */
	uint64_t due_us;   /* when it is, or was, due */
	uint64_t started_us;
	uint32_t heap_place;
	uint32_t pool, user; /* indexes of its limits; only user may be SCHED_NONE */
	uint16_t retries, failures;
	uint8_t place; /* enum place */
	bool paused;   /* when it is running: to PLACE_PAUSED afterwards */
};

struct limit {
	const char *name;
	unsigned max, running;
	struct heap line;    /* of a pool: ready tests; of a user: parked ones */
	uint32_t heap_place; /* of a pool: in `open` */
};

struct queue {
	struct test *tests; /* by id */
	size_t ntests;	    /* ids in use or free */
	uint32_t *order;    /* ids of the set, by name */
	size_t norder;
	struct limit *pools; /* the last is of tests without a pool */
	struct limit *users;
	size_t npools, nusers;
	struct heap timers, open;
	uint32_t *slots; /* room of all the lines */
	unsigned max_parallel;
	size_t running, waiting;
};

/* Removes the test from its line or timer. */
void queue_remove(struct queue *q, uint32_t id);
/* Has the test wait for that time, or for its turn in the line of its pool. */
void queue_add_timer(struct queue *q, uint32_t id, uint64_t due_us);
void queue_add_ready(struct queue *q, uint32_t id);
/*
 * Marks as running the test that has been ready for longest of all that may run, and
 * returns it, or SCHED_NONE if none may. Parks those whose user is busy on the way,
 * *budget of them at most.
 */
uint32_t queue_next(struct queue *q, unsigned *budget);
/* Makes room for others when a run is over. The test is in no line after it. */
void queue_done(struct queue *q, uint32_t id);
/* Returns whether there is a test that may run, or that would have to be parked. */
bool queue_can_start(const struct queue *q);

/*
 * Makes a queue for the set, with copies of what stays of the old one. now_us is the time
 * from which new tests count; ahead_us: see due.h. Returns false if memory ran out.
 */
bool queue_build(struct queue *ret, const struct queue *old, const struct sched_set *set,
    uint32_t *ret_ids, uint64_t now_us, int64_t ahead_us);
void queue_free(struct queue *q);

#endif
