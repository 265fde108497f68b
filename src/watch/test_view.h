/*
 * test_view - what others may read of a test. Subscribers get it with each event, and the
 * read model (view.h) hands it out.
 */
#ifndef CSWATCH_WATCH_TEST_VIEW_H
#define CSWATCH_WATCH_TEST_VIEW_H
#include <stdbool.h>
#include <stdint.h>

struct config_test;
struct discovery;
struct pool_state;
struct probe;
struct test_state;
struct trace;

/* Everything is borrowed until the loop goes on. */
struct test_view {
	/*
	 * The test itself: to be compared, no more. It stays the same over reloads;
	 * another test of the same name is another one.
	 */
	const struct probe *probe;
	const struct config_test *config; /* NULL: removed, and its last run ends */
	const struct test_state *state;
	const struct pool_state *pool;	   /* of its pool; NULL as config is */
	const struct discovery *discovery; /* of a SIP domain; NULL: nothing is known */
	int64_t discovery_until_ms; /* when it is looked for again; 0: by the next run */
	struct trace *trace;	    /* of the last run, or NULL */
	bool running;
};

struct test_view test_view_of(const struct probe *p);

#endif
