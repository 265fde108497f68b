/* sched/heap: order, and that what is in the middle can be taken out or moved. */
#include <stdbool.h>
#include <string.h>

#include "../cases.h"
#include "sched/heap.h"

#define N 500

struct bag {
	uint64_t key[N];
	uint32_t place[N], room[N];
	struct heap heap;
	uint32_t seed;
};

static bool
before(const void *arg, uint32_t a, uint32_t b)
{
	const struct bag *bag = arg;

	return bag->key[a] < bag->key[b];
}

static uint32_t *
place(void *arg, uint32_t a)
{
	return &((struct bag *)arg)->place[a];
}

static const struct heap_kind kind = { before, place };

static uint32_t
draw(struct bag *bag, uint32_t below)
{
	bag->seed = bag->seed * 1664525 + 1013904223;
	return (bag->seed >> 8) % below;
}

static void
fill(struct bag *bag, uint32_t range)
{
	memset(bag, 0, sizeof(*bag));
	bag->seed = range;
	bag->heap.v = bag->room;
	for (uint32_t i = 0; i < N; i++) {
		bag->key[i] = draw(bag, range);
		heap_push(&bag->heap, &kind, bag, i);
	}
}

static void
check_places(const struct bag *bag)
{
	for (uint32_t i = 0; i < bag->heap.n; i++)
		assert_int_equal(bag->place[bag->heap.v[i]], i);
}

static void
check_drained_in_order(struct bag *bag, uint32_t count)
{
	uint64_t last = 0;

	assert_int_equal(bag->heap.n, count);
	while (bag->heap.n > 0) {
		uint32_t a = bag->heap.v[0];

		heap_remove(&bag->heap, &kind, bag, 0);
		assert_true(bag->key[a] >= last);
		assert_int_equal(bag->place[a], HEAP_OUT);
		last = bag->key[a];
	}
}

static const struct range_case {
	const char *name;
	uint32_t range;
} range_cases[] = {
	{ "all different", 1000000 },
	{ "many alike", 7 },
	{ "all alike", 1 },
};

static void
check_order(void **state)
{
	const struct range_case *tc = *state;
	struct bag bag;

	fill(&bag, tc->range);
	check_places(&bag);
	check_drained_in_order(&bag, N);
}

static void
check_remove(void **state)
{
	const struct range_case *tc = *state;
	struct bag bag;

	fill(&bag, tc->range);
	for (uint32_t a = 0; a < N; a += 2)
		heap_remove(&bag.heap, &kind, &bag, bag.place[a]);
	check_places(&bag);
	for (uint32_t a = 0; a < N; a++)
		assert_int_equal(bag.place[a] == HEAP_OUT, a % 2 == 0);
	check_drained_in_order(&bag, N / 2);
}

static void
check_moved(void **state)
{
	const struct range_case *tc = *state;
	struct bag bag;

	fill(&bag, tc->range);
	for (uint32_t i = 0; i < 2 * N; i++) {
		uint32_t a = draw(&bag, N);

		bag.key[a] = draw(&bag, tc->range);
		heap_moved(&bag.heap, &kind, &bag, bag.place[a]);
	}
	check_places(&bag);
	check_drained_in_order(&bag, N);
}

RUN_CASES(ROWS("order", range_cases, check_order),
    ROWS("remove", range_cases, check_remove), ROWS("moved", range_cases, check_moved));
