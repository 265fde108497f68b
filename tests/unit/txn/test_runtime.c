/* txn/world: everything that transactions share opens whole, or not at all. */
#include <string.h>
#include <sys/prctl.h>

#include "../cases.h"
#include "../tls/certs.h"
#include "vocab/err.h"
#include "txn/runtime.h"

static const struct world_case {
	const char *name;
	const char *dns_servers;
	const char *keys; /* below the directory of the test; NULL: in memory */
	bool ok;
} world_cases[] = {
	{ "a world", "127.0.0.1:1", NULL, true },
	{ "with the system's name servers", NULL, NULL, true },
	{ "with a place for keys", "127.0.0.1:1", "keys", true },
	{ "name servers that are none", "not an address", NULL, false },
	{ "no place for keys", "127.0.0.1:1", "none/keys", false },
};

static void
check_world(void **state)
{
	const struct world_case *tc = *state;
	struct runtime_settings settings = { .dns_servers = tc->dns_servers };
	struct err err = { .cause = CAUSE_NONE };
	struct runtime w;

	if (tc->keys != NULL)
		settings.key_directory = certs_path(0, tc->keys);
	assert_int_equal(runtime_open(&w, &settings, &err), tc->ok);
	assert_int_equal(err.cause, tc->ok ? CAUSE_NONE : CAUSE_LOCAL);
	/* No password in a core. */
	assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
	if (tc->ok) {
		assert_non_null(w.env.loop);
		assert_non_null(w.env.resolver);
		assert_non_null(w.env.keys);
		assert_ptr_equal(w.env.clock, &clock_system);
		assert_non_null(w.inner);
		assert_non_null(w.inner_legacy);
	}
	runtime_close(&w);
	if (tc->keys != NULL)
		(void)remove(certs_path(0, tc->keys));
	/* A leak checker wants to look at us. */
	prctl(PR_SET_DUMPABLE, 1);
}

static void
closed_in_two_steps(void **state)
{
	struct runtime_settings settings = { .dns_servers = "127.0.0.1:1" };
	struct err err;
	struct runtime w;

	(void)state;
	assert_true(runtime_open(&w, &settings, &err));
	runtime_stop_workers(&w);
	assert_true(w.reader == NULL && w.maker == NULL);
	runtime_close(&w);
	prctl(PR_SET_DUMPABLE, 1);
}

static void
never_opened(void **state)
{
	struct runtime w = { .reader = NULL };

	(void)state;
	runtime_close(&w);
}

RUN_CASES(ROWS("world", world_cases, check_world), TEST(closed_in_two_steps),
    TEST(never_opened));
