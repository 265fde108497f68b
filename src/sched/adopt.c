#include "sched/due.h"
#include "sched/queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hash.h"

#define DAY_US ((uint64_t)24 * 3600 * 1000000)

/* Stirs the hash once more, so that names that differ in one digit are far apart. */
static uint64_t
hash(const char *s)
{
	uint64_t h = hash_64(str_of(s));

	h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

void
queue_free(struct queue *q)
{
	free(q->slots);
	free(q->open.v);
	free(q->timers.v);
	free(q->users);
	free(q->pools);
	free(q->order);
	free(q->tests);
}

/* Returns zeroed room for n things, at least one, or NULL if memory ran out. */
static void *
room(size_t n, size_t size)
{
	return calloc(n + 1, size);
}

/* Gives every line a piece of the room that fits all tests that may ever be in it. */
static void
deal_out(struct limit *limits, size_t n, uint32_t **slots)
{
	for (size_t i = 0; i < n; i++) {
		limits[i].line.v = *slots;
		*slots += limits[i].line.n;
		limits[i].line.n = 0;
	}
}

static void
copy_limits(struct limit *to, const struct sched_limit *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (struct limit){
			.name = from[i].name, .max = from[i].max, .heap_place = HEAP_OUT
		};
}

static bool
allocate(struct queue *q, const struct queue *old, const struct sched_set *set)
{
	/* Every old test may stay as one that is leaving. */
	size_t most = old->ntests + set->ntests;

	*q = (struct queue){ .npools = set->npools + 1, .nusers = set->nusers };
	q->max_parallel = set->max_parallel;
	q->norder = set->ntests;
	q->tests = room(most, sizeof(*q->tests));
	q->order = room(set->ntests, sizeof(*q->order));
	q->pools = room(q->npools, sizeof(*q->pools));
	q->users = room(q->nusers, sizeof(*q->users));
	q->timers.v = room(set->ntests, sizeof(uint32_t));
	q->open.v = room(q->npools, sizeof(uint32_t));
	q->slots = room(2 * set->ntests, sizeof(uint32_t));
	return q->tests != NULL && q->order != NULL && q->pools != NULL &&
	       q->users != NULL && q->timers.v != NULL && q->open.v != NULL &&
	       q->slots != NULL;
}

static void
set_limits(struct queue *q, const struct sched_set *set)
{
	uint32_t *slots = q->slots;

	copy_limits(q->pools, set->pools, set->npools);
	copy_limits(q->users, set->users, set->nusers);
	q->pools[set->npools] =
	    (struct limit){ .max = UINT32_MAX, .heap_place = HEAP_OUT };
	for (size_t i = 0; i < set->ntests; i++) {
		const struct sched_spec *spec = &set->tests[i];

		q->pools[spec->pool == SCHED_NONE ? set->npools : spec->pool].line.n++;
		if (spec->user != SCHED_NONE)
			q->users[spec->user].line.n++;
	}
	deal_out(q->pools, q->npools, &slots);
	deal_out(q->users, q->nusers, &slots);
}

static uint32_t
find_limit(const struct limit *limits, size_t n, const char *name)
{
	for (size_t i = 0; name != NULL && i < n; i++)
		if (strcmp(limits[i].name, name) == 0)
			return (uint32_t)i;
	return SCHED_NONE;
}

/* Keeps a removed test that is still running, which goes on counting where it did. */
static void
keep_leaving(struct queue *q, const struct queue *old, struct test *t)
{
	uint32_t none = (uint32_t)q->npools - 1;
	uint32_t pool = find_limit(q->pools, none, old->pools[t->pool].name);

	t->place = PLACE_LEAVING;
	t->name = NULL;
	t->at = t->active = NULL;
	t->pool = pool == SCHED_NONE ? none : pool;
	if (t->user != SCHED_NONE)
		t->user = find_limit(q->users, q->nusers, old->users[t->user].name);
}

static uint16_t
few(unsigned n)
{
	return n > UINT16_MAX ? UINT16_MAX : (uint16_t)n;
}

static void
apply_spec(struct queue *q, struct test *t, const struct sched_spec *spec)
{
	t->name = spec->name;
	t->owner = spec->owner;
	t->at = spec->at;
	t->active = spec->active;
	t->every_us = spec->at == NULL ? spec->every_ms * 1000 : DAY_US;
	t->jitter_us = spec->jitter_ms * 1000;
	t->retry_us = spec->retry_ms * 1000;
	t->retries = few(spec->retries);
	t->pool = spec->pool == SCHED_NONE ? (uint32_t)q->npools - 1 : spec->pool;
	t->user = spec->user;
	t->phase_us = hash(t->name) % t->every_us;
}

/*
 * Returns the id of the old test of that name, or SCHED_NONE. Both sets are sorted by
 * name.
 */
static uint32_t
same_name(const struct queue *old, size_t *at, const char *name)
{
	while (*at < old->norder) {
		uint32_t id = old->order[*at];
		int d = strcmp(old->tests[id].name, name);

		if (d > 0)
			break;
		++*at;
		if (d == 0)
			return id;
	}
	return SCHED_NONE;
}

/* Copies the tests that stay, and of the others those that are running. */
static void
keep_tests(struct queue *q, const struct queue *old, const struct sched_set *set)
{
	size_t at = 0;

	q->ntests = old->ntests;
	for (size_t i = 0; i < set->ntests; i++) {
		uint32_t id = same_name(old, &at, set->tests[i].name);

		q->order[i] = id;
		if (id != SCHED_NONE)
			q->tests[id] = old->tests[id];
	}
	for (size_t id = 0; id < old->ntests; id++) {
		struct test *t = &q->tests[id];
		unsigned place = old->tests[id].place;

		if (t->place != PLACE_FREE)
			continue;
		if (place != PLACE_RUNNING && place != PLACE_LEAVING)
			continue;
		*t = old->tests[id];
		keep_leaving(q, old, t);
	}
}

static uint32_t
free_id(struct queue *q, uint32_t *from)
{
	while (*from < q->ntests && q->tests[*from].place != PLACE_FREE)
		++*from;
	if (*from == q->ntests)
		q->ntests++;
	return (*from)++;
}

static void
count_running(struct queue *q)
{
	for (size_t id = 0; id < q->ntests; id++) {
		const struct test *t = &q->tests[id];

		if (t->place != PLACE_RUNNING && t->place != PLACE_LEAVING)
			continue;
		q->running++;
		q->pools[t->pool].running++;
		if (t->user != SCHED_NONE)
			q->users[t->user].running++;
	}
}

/* Puts a test of the set in its place; all that leave are counted already. */
static void
line_up(struct queue *q, uint32_t id)
{
	const struct test *t = &q->tests[id];

	if (t->place == PLACE_TIMER)
		queue_add_timer(q, id, t->due_us);
	else if (t->place != PLACE_RUNNING && t->place != PLACE_PAUSED)
		queue_add_ready(q, id); /* parked ones, too: the order is made again */
}

static uint64_t
sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool
same_timing(const struct test *a, const struct test *b)
{
	return a->every_us == b->every_us && a->jitter_us == b->jitter_us &&
	       calendar_equal(a->at, b->at) && calendar_equal(a->active, b->active);
}

/* Gives a test that waits a new time if its timing has changed, and only then. */
static void
change_timing(struct test *t, const struct test *was, uint64_t now_us, int64_t ahead_us)
{
	uint64_t next;

	if (same_timing(t, was) || (t->place != PLACE_TIMER && t->place != PLACE_PAUSED))
		return;
	next = due_after(t, now_us, ahead_us);
	t->due_us = due_by_wall(t) || due_by_wall(was) ? next : sooner(t->due_us, next);
}

/* Enters all tests of the set; the ids of known ones are in q->order already. */
static void
enter_tests(
    struct queue *q, const struct sched_set *set, uint64_t now_us, int64_t ahead_us)
{
	uint32_t from = 0;

	for (size_t i = 0; i < set->ntests; i++) {
		const struct sched_spec *spec = &set->tests[i];
		bool known = q->order[i] != SCHED_NONE;
		uint32_t id = known ? q->order[i] : free_id(q, &from);
		struct test *t = &q->tests[id];
		struct test was = *t;

		q->order[i] = id;
		if (!known)
			*t = (struct test){ .place = PLACE_TIMER,
				.failures = few(spec->failures) };
		apply_spec(q, t, spec);
		if (!known)
			t->due_us = due_first(t, spec->due_in_ms, now_us, ahead_us);
		else
			change_timing(t, &was, now_us, ahead_us);
	}
}

bool
queue_build(struct queue *ret, const struct queue *old, const struct sched_set *set,
    uint32_t *ret_ids, uint64_t now_us, int64_t ahead_us)
{
	struct queue q;

	if (!allocate(&q, old, set)) {
		queue_free(&q);
		return false;
	}
	set_limits(&q, set);
	keep_tests(&q, old, set);
	enter_tests(&q, set, now_us, ahead_us);
	count_running(&q);
	for (size_t i = 0; i < set->ntests; i++) {
		ret_ids[i] = q.order[i];
		line_up(&q, q.order[i]);
	}
	*ret = q;
	return true;
}
