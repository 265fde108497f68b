/* control/audit: a flood of requests becomes a few lines, and nothing goes uncounted. */
#include "control/audit.h"

#include <string.h>

#include "../cases.h"

#define SECOND	   1000000u
#define FLOOD	   50000u
#define FIRST_USER 1000u

static struct control_audit audit;

static int
start_empty(void **state)
{
	(void)state;
	memset(&audit, 0, sizeof(audit));
	return 0;
}

static struct control_peer
peer_of(uid_t uid)
{
	struct control_peer p = { .uid = uid, .gid = uid + 1 };

	snprintf(p.name, sizeof(p.name), "user%u", (unsigned)uid);
	return p;
}

/* Returns whether that request is to be logged at once. */
static bool
count(enum audit_kind kind, uid_t uid, enum command_id command, uint64_t now_us)
{
	const struct control_peer p = peer_of(uid);

	return control_audit_count(&audit, kind, &p, command, now_us);
}

static bool
refuse(uid_t uid, uint64_t now_us)
{
	return count(AUDIT_REFUSAL, uid, COMMAND_STATUS, now_us);
}

static void
expect_no_sum(uint64_t now_us)
{
	struct audit_sum sum;

	assert_false(control_audit_remove_sum(&audit, now_us, &sum));
}

static struct audit_sum
expect_sum(uint64_t now_us, uint64_t requests)
{
	struct audit_sum sum;

	assert_true(control_audit_remove_sum(&audit, now_us, &sum));
	assert_int_equal(sum.count, requests);
	return sum;
}

static void
one_refusal_is_logged_at_once_and_leaves_no_sum(void **state)
{
	(void)state;
	assert_true(refuse(FIRST_USER, 5));
	assert_true(control_audit_next_us(&audit) == UINT64_MAX);
	expect_no_sum(5 + AUDIT_PERIOD_US);
	expect_no_sum(UINT64_MAX);
}

static void
a_flood_of_refusals_is_one_line_a_minute(void **state)
{
	const uint64_t end = 5 + AUDIT_PERIOD_US;
	struct audit_sum sum;

	(void)state;
	assert_true(refuse(FIRST_USER, 5));
	for (unsigned i = 0; i < FLOOD; i++)
		assert_false(refuse(FIRST_USER, 5 + i));
	assert_true(control_audit_next_us(&audit) == end);
	expect_no_sum(end - 1);
	sum = expect_sum(end, FLOOD);
	assert_int_equal(sum.kind, AUDIT_REFUSAL);
	assert_false(sum.many);
	assert_int_equal(sum.uid, FIRST_USER);
	assert_int_equal(sum.gid, FIRST_USER + 1);
	assert_string_equal(sum.name, "user1000");
	assert_int_equal(sum.commands, 1u << COMMAND_STATUS);
	expect_no_sum(end);
	/* It goes on: the line of the sum was that of the second minute. */
	assert_false(refuse(FIRST_USER, end + 1));
	expect_no_sum(end + AUDIT_PERIOD_US - 1);
	(void)expect_sum(end + AUDIT_PERIOD_US, 1);
	/* And after a quiet minute it begins from the front. */
	assert_true(refuse(FIRST_USER, end + 2 * AUDIT_PERIOD_US));
}

static void
the_next_refusal_after_a_minute_is_logged_at_once(void **state)
{
	(void)state;
	assert_true(refuse(FIRST_USER, 5));
	assert_false(refuse(FIRST_USER, 4 + AUDIT_PERIOD_US));
	(void)expect_sum(5 + AUDIT_PERIOD_US, 1);
	assert_true(refuse(FIRST_USER + 1, 5));
	assert_true(refuse(FIRST_USER + 1, 5 + AUDIT_PERIOD_US));
}

static void
accounts_have_lines_of_their_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < AUDIT_ACCOUNTS; i++)
		assert_true(refuse(FIRST_USER + i, i));
	for (unsigned i = 0; i < AUDIT_ACCOUNTS; i++)
		assert_false(refuse(FIRST_USER + i, SECOND));
	for (unsigned i = 0; i < AUDIT_ACCOUNTS; i++) {
		assert_true(control_audit_next_us(&audit) == i + AUDIT_PERIOD_US);
		assert_int_equal(expect_sum(i + AUDIT_PERIOD_US, 1).uid, FIRST_USER + i);
	}
	expect_no_sum(UINT64_MAX);
}

/* A user with a range of subordinate uids can be 65536 accounts. */
static void
more_accounts_than_fit_share_a_line(void **state)
{
	struct audit_sum sum;
	unsigned at_once = 0;

	(void)state;
	for (unsigned i = 0; i < FLOOD; i++)
		at_once += refuse(FIRST_USER + i, 5);
	assert_int_equal(at_once, AUDIT_ACCOUNTS + 1);
	sum = expect_sum(5 + AUDIT_PERIOD_US, FLOOD - at_once);
	assert_true(sum.many);
	assert_string_equal(sum.name, "");
	expect_no_sum(UINT64_MAX);
	/* Those of the first minute have made room. */
	assert_true(refuse(FIRST_USER + FLOOD, 5 + AUDIT_PERIOD_US));
}

/* Whoever may do something is not silenced by whoever may not. */
static void
refusals_take_no_line_of_a_command(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FLOOD; i++)
		(void)refuse(FIRST_USER + i, 5);
	assert_true(count(AUDIT_COMMAND, FIRST_USER, COMMAND_PAUSE, 6));
	assert_true(count(AUDIT_COMMAND, 0, COMMAND_PAUSE, 6));
}

static void
commands_of_a_person_are_all_logged_at_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3 * AUDIT_COMMANDS; i++)
		assert_true(count(AUDIT_COMMAND, 0, COMMAND_STATUS,
		    i * (uint64_t)AUDIT_PERIOD_US / AUDIT_COMMANDS));
	expect_no_sum(UINT64_MAX);
}

static void
a_flood_of_commands_is_summed_up(void **state)
{
	struct audit_sum sum;
	unsigned at_once = 0;

	(void)state;
	for (unsigned i = 0; i < FLOOD; i++)
		at_once +=
		    count(AUDIT_COMMAND, 0, i % 2 == 0 ? COMMAND_SHOW : COMMAND_TEST, i);
	assert_int_equal(at_once, AUDIT_COMMANDS);
	sum = expect_sum(AUDIT_PERIOD_US, FLOOD - at_once);
	assert_int_equal(sum.kind, AUDIT_COMMAND);
	assert_int_equal(sum.commands, 1u << COMMAND_SHOW | 1u << COMMAND_TEST);
	/* One line less: that of the sum. */
	for (at_once = 0; count(AUDIT_COMMAND, 0, COMMAND_SHOW, AUDIT_PERIOD_US);)
		at_once++;
	assert_int_equal(at_once, AUDIT_COMMANDS - 1);
}

/* A daemon that stops says what it has not said yet. */
static void
all_sums_can_be_had_before_their_time(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++)
		for (unsigned n = 0; n <= i + 1; n++)
			(void)refuse(FIRST_USER + i, 5);
	expect_no_sum(6);
	(void)expect_sum(UINT64_MAX, 1);
	(void)expect_sum(UINT64_MAX, 2);
	(void)expect_sum(UINT64_MAX, 3);
	expect_no_sum(UINT64_MAX);
}

#define EMPTY(function) TEST_WITH(function, start_empty, NULL)

RUN_CASES(EMPTY(one_refusal_is_logged_at_once_and_leaves_no_sum),
    EMPTY(a_flood_of_refusals_is_one_line_a_minute),
    EMPTY(the_next_refusal_after_a_minute_is_logged_at_once),
    EMPTY(accounts_have_lines_of_their_own), EMPTY(more_accounts_than_fit_share_a_line),
    EMPTY(refusals_take_no_line_of_a_command),
    EMPTY(commands_of_a_person_are_all_logged_at_once),
    EMPTY(a_flood_of_commands_is_summed_up),
    EMPTY(all_sums_can_be_had_before_their_time));
