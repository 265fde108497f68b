/*
 * statefile_fields - one test's object of the state file into a struct test_state.
 *
 * Together with statefile_read.c the only place where jansson is known.
 */
#ifndef CSWATCH_STATE_STATEFILE_FIELDS_H
#define CSWATCH_STATE_STATEFILE_FIELDS_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct isolation;
struct pool_state;
struct test_state;

/*
 * Reads members of an object; the first that is missing or wrong is kept, all later are
 * skipped.
 */
struct fields {
	const json_t *object;
	const char *bad; /* key of the first wrong member; NULL: none yet */
	bool no_memory;
};

/* Our own form only, with milliseconds; null is 0. */
bool field_time_ms(const json_t *v, int64_t *ret);
/*
 * Everything but the name. *ret must be zeroed and is to be freed by the caller also on
 * failure; then *ret_bad is the key that is wrong, or NULL when out of memory.
 */
bool fields_read_test(const json_t *object, struct test_state *ret, const char **ret_bad);
/* The same of a pool; and of the watcher, which needs no freeing. */
bool fields_read_pool(const json_t *object, struct pool_state *ret, const char **ret_bad);
bool fields_read_watcher(
    const json_t *object, struct isolation *ret, const char **ret_bad);

#endif
