/*
 * txn/keyring: one key for each user and endpoint, kept in a file, made off the loop,
 * shared by all who wait for it.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tls/certs.h"
#include "../await.h"
#include "keyring_world.h"
#include "loop/loop.h"
#include "loop/worker.h"

static void
makes_a_key_and_keeps_it(void **state)
{
	struct waiter w = { .calls = 0 };
	struct identity *first;
	struct stat st;

	(void)state;
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_non_null(w.id);
	first = identity_ref(w.id);
	assert_int_equal(stat(key_path(ALICE), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(directory, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	/* The next time it is at hand, and the next process finds the file. */
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_ptr_equal(w.id, first);
	keyring_free(ring);
	ring = make_ring();
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_true(same_key(w.id, first));
	identity_free(first);
}

static const struct file_case {
	const char *name;
	int64_t age_s;
	unsigned mode; /* 0: 0600 */
	bool garbage;
	bool reused;
} file_cases[] = {
	{ "new", 0, 0, false, true },
	{ "of the future", -1000, 0, false, true },
	{ "as old as may be", LIFETIME_S, 0, false, true },
	{ "too old", LIFETIME_S + 1, 0, false, false },
	{ "that others can read", 0, 0644, false, false },
	{ "that is no key", 0, 0, true, false },
};

static void
check_file(void **state)
{
	const struct file_case *tc = *state;
	struct waiter w = { .calls = 0 };

	open_ring(NULL);
	put_key(ALICE, NOW_S - tc->age_s);
	if (tc->garbage)
		certs_write_text(key_path(ALICE), "-----BEGIN PRIVATE KEY-----\n");
	if (tc->mode != 0)
		assert_int_equal(chmod(key_path(ALICE), tc->mode), 0);
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_non_null(w.id);
	assert_int_equal(same_key(w.id, some_identity(ALICE)), tc->reused);
	close_ring(NULL);
}

static void
renewed_when_its_time_is_over(void **state)
{
	struct waiter w = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S - LIFETIME_S);
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_true(same_key(w.id, some_identity(ALICE)));
	now_s++;
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_false(same_key(w.id, some_identity(ALICE)));
}

/* An old key is better than none. */
static void
kept_when_it_cannot_be_renewed(void **state)
{
	struct waiter w = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	ask(&w, ALICE);
	wait_calls(&w, 1);
	now_s += 2 * LIFETIME_S;
	gate_block(worker);
	ask(&w, ALICE);
	end_worker();
	assert_int_equal(w.calls, 1);
	assert_non_null(w.id);
	assert_true(same_key(w.id, some_identity(ALICE)));
}

static void
waiters_share_one_making(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	gate_block(worker);
	ask(&a, ALICE);
	ask(&b, ALICE);
	gate_open();
	wait_calls(&a, 1);
	wait_calls(&b, 1);
	assert_non_null(a.id);
	/* Made twice it would have been replaced in between. */
	assert_ptr_equal(a.id, b.id);
}

static void
users_have_keys_of_their_own(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	put_key(BOB, NOW_S);
	ask(&a, ALICE);
	ask(&b, BOB);
	wait_calls(&a, 1);
	wait_calls(&b, 1);
	assert_true(same_key(a.id, some_identity(ALICE)));
	assert_true(same_key(b.id, some_identity(BOB)));
}

static void
a_key_at_hand_does_not_wait_for_another(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	ask(&a, ALICE);
	wait_calls(&a, 1);
	gate_block(worker);
	ask(&b, BOB);
	ask(&a, ALICE);
	wait_calls(&a, 1);
	assert_non_null(a.id);
	assert_int_equal(b.calls, 0);
	key_wait_cancel(b.wait);
}

static void
cancelled(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	gate_block(worker);
	ask(&a, ALICE);
	ask(&b, ALICE);
	key_wait_cancel(a.wait);
	gate_open();
	wait_calls(&b, 1);
	assert_int_equal(a.calls, 0);
	/* The last one: what was asked for is at hand next time. */
	ask(&a, ALICE);
	key_wait_cancel(a.wait);
	ask(&b, ALICE);
	wait_calls(&b, 1);
	assert_int_equal(a.calls, 0);
	key_wait_cancel(NULL);
}

static void
one_cancels_the_other(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	put_key(ALICE, NOW_S);
	gate_block(worker);
	ask(&a, ALICE);
	ask(&b, ALICE);
	a.cancels = b.wait;
	b.cancels = a.wait;
	gate_open();
	while (a.calls + b.calls == 0)
		await_loop(loop, "the key");
	assert_int_equal(a.calls + b.calls, 1);
}

/* Whoever asks again inside is answered later, and everybody else in between. */
static void
asks_again_inside(void **state)
{
	struct waiter a = { .again = 3 };

	(void)state;
	put_key(ALICE, NOW_S);
	ask(&a, ALICE);
	a.again = 3;
	wait_calls(&a, 4);
	assert_int_equal(a.calls, 4);
	assert_non_null(a.id);
}

/* In the making, and in the queue behind it. */
static void
given_up_when_the_program_ends(void **state)
{
	struct waiter a = { .calls = 0 }, b = { .calls = 0 };

	(void)state;
	ask(&a, ALICE);
	ask(&b, BOB);
	end_worker();
	assert_int_equal(a.calls, 1);
	assert_int_equal(b.calls, 1);
	if (a.id == NULL) /* the machine may have been quick */
		assert_int_not_equal(a.err.cause, CAUSE_NONE);
	assert_null(b.id);
	assert_int_not_equal(b.err.cause, CAUSE_NONE);
}

static void
serves_without_its_directory(void **state)
{
	struct waiter w = { .calls = 0 };

	(void)state;
	assert_int_equal(rmdir(directory), 0);
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_non_null(w.id);
}

static void
lives_in_memory_alone(void **state)
{
	struct keyring_settings s = { reader, worker, &fake_clock, NULL, 0, NULL };
	struct waiter w = { .calls = 0 };
	struct identity *first;
	struct err err;

	(void)state;
	keyring_free(ring);
	ring = keyring_new(loop, &s, &err);
	assert_non_null(ring);
	ask(&w, ALICE);
	wait_calls(&w, 1);
	first = w.id;
	now_s += 1000000000; /* for ever */
	ask(&w, ALICE);
	wait_calls(&w, 1);
	assert_ptr_equal(w.id, first);
	assert_int_equal(access(key_path(ALICE), F_OK), -1);
}

static void
refuses_what_does_not_fit(void **state)
{
	char address[400];
	struct waiter w = { .calls = 0 };

	(void)state;
	memset(address, 'a', sizeof(address) - 1);
	address[sizeof(address) - 1] = '\0';
	assert_null(keyring_get(ring, address, EPID, on_key, &w));
	/* Too long for an address, though it fits with a short epid. */
	address[260] = '\0';
	assert_null(keyring_get(ring, address, "e", on_key, &w));
	assert_int_equal(w.calls, 0);
}

static const struct directory_case {
	const char *name, *path; /* in the directory of the test */
	int errnum;
} directory_cases[] = {
	{ "there already", "", 0 },
	{ "below one that is missing", "/none/keys", ENOENT },
	{ "a file", "/file", ENOTDIR },
	{ "below a file", "/file/keys", ENOTDIR },
	{ "with a name too long", NULL, ENAMETOOLONG },
};

static void
check_directory(void **state)
{
	const struct directory_case *tc = *state;
	char path[700], file[200];
	struct keyring_settings s = { .directory = path };
	struct keyring *k;
	struct err err = { .cause = CAUSE_NONE };

	open_ring(NULL);
	snprintf(file, sizeof(file), "%s/file", directory);
	certs_write_text(file, "x");
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	if (tc->path != NULL)
		snprintf(path, sizeof(path), "%s%s", directory, tc->path);
	s.reader = s.maker = worker;
	s.clock = &fake_clock;
	k = keyring_new(loop, &s, &err);
	assert_int_equal(k != NULL, tc->errnum == 0);
	assert_int_equal(err.cause, tc->errnum == 0 ? CAUSE_NONE : CAUSE_LOCAL);
	assert_int_equal(err.code, tc->errnum);
	keyring_free(k);
	unlink(file);
	close_ring(NULL);
}

static void
freeing_nothing(void **state)
{
	(void)state;
	keyring_stop(NULL);
	keyring_free(NULL);
	/* The last test: the keys that all share go, too. */
	free_identities();
}
#define RING(function) TEST_WITH(function, open_ring, close_ring)

RUN_CASES(RING(makes_a_key_and_keeps_it), ROWS("file", file_cases, check_file),
    RING(renewed_when_its_time_is_over), RING(kept_when_it_cannot_be_renewed),
    RING(waiters_share_one_making), RING(users_have_keys_of_their_own),
    RING(a_key_at_hand_does_not_wait_for_another), RING(cancelled),
    RING(one_cancels_the_other), RING(asks_again_inside),
    RING(given_up_when_the_program_ends), RING(serves_without_its_directory),
    RING(lives_in_memory_alone), RING(refuses_what_does_not_fit),
    ROWS("directory", directory_cases, check_directory), TEST(freeing_nothing));
