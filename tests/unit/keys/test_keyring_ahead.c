/* txn/keyring: keys made ahead of need, in which order, and those that cannot be kept. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tls/certs.h"
#include "../await.h"
#include "keyring_world.h"
#include "loop/loop.h"
#include "loop/worker.h"

static void
ahead(const char *address)
{
	keyring_ahead(ring, address, EPID);
}

static void
made_ahead(void **state)
{
	struct waiter w = { .calls = 0 };

	(void)state;
	assert_false(keyring_ready(ring, ALICE, EPID));
	ahead(ALICE);
	ahead(ALICE); /* asked for twice, made once */
	await_loop(loop, "the keys");
	assert_string_equal(made, ALICE " ");
	assert_true(keyring_ready(ring, ALICE, EPID));
	assert_false(keyring_ready(ring, ALICE, "another"));
	assert_int_equal(access(key_path(ALICE), F_OK), 0);
	ahead(ALICE);
	await_loop(loop, "the keys");
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_string_equal(made, ALICE " ");
}

static const struct age_case {
	const char *name;
	int64_t age_s;
	bool renewed; /* ahead */
	bool at_once; /* whoever asks gets it */
} age_cases[] = {
	{ "young", 0, false, true },
	{ "not yet in its last days", LIFETIME_S - LIFETIME_S / 8, false, true },
	{ "in its last days", LIFETIME_S - LIFETIME_S / 8 + 1, true, true },
	{ "on its last day", LIFETIME_S, true, true },
	{ "too old", LIFETIME_S + 1, true, false },
};

/* A file of that age. */
static void
check_age_of_file(void **state)
{
	const struct age_case *tc = *state;

	open_fake(NULL);
	put_key(ALICE, NOW_S - tc->age_s);
	ahead(ALICE);
	await_loop(loop, "the keys");
	assert_string_equal(made, tc->renewed ? ALICE " " : "");
	/* A good file stays unread: keys of all users at once are much to keep. */
	assert_int_equal(keyring_ready(ring, ALICE, EPID), tc->renewed);
	close_ring(NULL);
}

/* A key in memory, and somebody who needs it now. */
static void
check_age_at_hand(void **state)
{
	const struct age_case *tc = *state;
	struct waiter w = { .calls = 0 };

	open_fake(NULL);
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_int_equal(unlink(key_path(ALICE)), 0);
	made[0] = '\0';
	now_s += tc->age_s;
	assert_int_equal(keyring_ready(ring, ALICE, EPID), tc->at_once);
	if (tc->at_once)
		gate_block(worker);
	ask(&w, ALICE);
	wait_calls(&w, 1);
	if (tc->at_once)
		gate_open();
	await_loop(loop, "the keys");
	assert_string_equal(made, tc->renewed ? ALICE " " : "");
	made[0] = '\0';
	ahead(ALICE);
	await_loop(loop, "the keys");
	assert_string_equal(made, "");
	close_ring(NULL);
}

/* Who waits goes first; the rest in the order in which it was asked for. */
static void
the_urgent_ones_first(void **state)
{
	struct keyring_settings s = { reader, worker, &fake_clock, NULL, 0,
		make_fake_key };
	struct waiter bob = { .calls = 0 }, last = { .calls = 0 };
	struct err err;

	(void)state;
	keyring_free(ring);
	ring = keyring_new(loop, &s, &err);
	assert_non_null(ring);
	gate_block(worker);
	ahead("a@x.org"); /* under way already */
	ahead("c@x.org");
	ahead("d@x.org");
	ahead("e@x.org");
	ask(&bob, BOB);
	ask(&last, "d@x.org");
	gate_open();
	wait_calls(&last, 1);
	assert_int_equal(bob.calls, 1);
	await_loop(loop, "the keys");
	assert_string_equal(made, "a@x.org " BOB " d@x.org c@x.org e@x.org ");
}

static void
reading_waits_for_no_making(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	gate_block(worker);
	ask(&b, BOB);
	ahead("c@x.org");
	ask(&a, ALICE);
	wait_calls(&a, 1);
	assert_true(same_key(a.id, some_identity(ALICE)));
	assert_int_equal(b.calls, 0);
	assert_string_equal(made, "");
	key_wait_cancel(b.wait);
	gate_open();
	await_loop(loop, "the keys");
	end_worker();
	certs_write_text(key_path("c@x.org"), "");
	assert_int_equal(unlink(key_path("c@x.org")), 0);
}

/* Whoever asks while a file is looked for, and while it is in the line of those. */
static void
asked_for_while_it_is_looked_for(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	put_key(BOB, NOW_S);
	ahead(ALICE);
	ahead(BOB);
	ask(&a, ALICE);
	ask(&b, BOB);
	wait_calls(&a, 1);
	wait_calls(&b, 1);
	assert_true(same_key(a.id, some_identity(ALICE)));
	assert_true(same_key(b.id, some_identity(BOB)));
	assert_string_equal(made, "");
}

static void
given_up_in_every_line(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	gate_block(worker);
	ahead("c@x.org");
	ahead(ALICE);
	ahead("d@x.org");
	ask(&a, ALICE);
	ask(&b, BOB);
	end_worker();
	assert_int_equal(a.calls, 1);
	assert_int_equal(b.calls, 1);
	assert_null(a.id);
	assert_int_not_equal(a.err.cause, CAUSE_NONE);
	assert_null(b.id);
}

static unsigned unsaved, again;

static void
on_unsaved(void *arg, const struct err *err)
{
	assert_ptr_equal(arg, &unsaved);
	if (err == NULL) {
		again++;
		return;
	}
	assert_int_equal(err->cause, CAUSE_LOCAL);
	assert_non_null(strstr(err->detail, directory));
	unsaved++;
}

static void
renew(const char *address)
{
	struct waiter w = { .calls = 0 };

	now_s += 2 * LIFETIME_S;
	ask(&w, address);
	wait_calls(&w, 1);
	assert_non_null(w.id);
}

/* Once, and that one can be saved again. */
static void
says_that_keys_are_lost(void **state)
{
	(void)state;
	unsaved = again = 0;
	keyring_on_unsaved(ring, on_unsaved, &unsaved);
	renew(ALICE);
	assert_int_equal(unsaved, 0);
	assert_int_equal(unlink(key_path(ALICE)), 0);
	assert_int_equal(rmdir(directory), 0);
	renew(ALICE);
	renew(BOB);
	assert_int_equal(unsaved, 1);
	assert_int_equal(again, 0);
	assert_int_equal(mkdir(directory, 0700), 0);
	renew(ALICE);
	assert_int_equal(unlink(key_path(ALICE)), 0);
	assert_int_equal(rmdir(directory), 0);
	assert_int_equal(unsaved, 1);
	assert_int_equal(again, 1);
	renew(BOB);
	assert_int_equal(unsaved, 2);
}

static void
freeing_what_all_share(void **state)
{
	(void)state;
	free_identities();
}

#define FAKE(function) TEST_WITH(function, open_fake, close_ring)

RUN_CASES(FAKE(made_ahead), ROWS("age of a file", age_cases, check_age_of_file),
    ROWS("age of a key at hand", age_cases, check_age_at_hand),
    FAKE(the_urgent_ones_first), FAKE(reading_waits_for_no_making),
    FAKE(asked_for_while_it_is_looked_for), FAKE(given_up_in_every_line),
    FAKE(says_that_keys_are_lost), TEST(freeing_what_all_share));
