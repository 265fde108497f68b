/* control/roles, control/peer: what each account may, and who could. */
#include "control/roles.h"

#include <sys/socket.h>
#include <unistd.h>

#include "../cases.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "config/config.h"
#include "control/peer.h"

#define HELP 100
#define VIEW 200
#define BOTH 300

static char admin[] = "Admin", help[] = "Help", view[] = "View", lost[] = "Lost";
static int64_t gids[][2] = { { 50, 0 }, { HELP, BOTH }, { VIEW, BOTH }, { -1, 0 } };
static struct config_role roles[] = {
	{ .name = admin, .gids = gids[0], .ngroups = 1, .verbs = COMMAND_ALL },
	{ .name = help,
	    .gids = gids[1],
	    .ngroups = 2,
	    .verbs = 1u << COMMAND_TEST | 1u << COMMAND_STATUS },
	{ .name = view,
	    .gids = gids[2],
	    .ngroups = 2,
	    .verbs = 1u << COMMAND_STATUS | 1u << COMMAND_ROLES },
	{ .name = lost, .gids = gids[3], .ngroups = 1, .verbs = COMMAND_ALL },
};
static const struct config config = { .roles = roles, .nroles = 4 };

static gid_t wheel[] = { 7, 50 }, helpers[] = { HELP }, both[] = { 9, BOTH };

static const struct may_case {
	const char *name;
	struct control_peer peer;
	unsigned may; /* bits of all verbs */
} may_cases[] = {
	{ "root needs no role", { .uid = 0, .gid = 0 }, COMMAND_ALL },
	{ "nobody has none", { .uid = 65534, .gid = 65534 }, 0 },
	{ "root's group is not root", { .uid = 1000, .gid = 0 }, 0 },
	{ "a uid is no group", { .uid = HELP, .gid = 1 }, 0 },
	{ "by the first group", { .uid = 1000, .gid = VIEW },
	    1u << COMMAND_STATUS | 1u << COMMAND_ROLES },
	{ "by another group", { .uid = 1000, .gid = 1, .groups = helpers, .ngroups = 1 },
	    1u << COMMAND_TEST | 1u << COMMAND_STATUS },
	{ "roles add up", { .uid = 1000, .gid = VIEW, .groups = helpers, .ngroups = 1 },
	    1u << COMMAND_TEST | 1u << COMMAND_STATUS | 1u << COMMAND_ROLES },
	{ "a group of two roles", { .uid = 1, .gid = 1, .groups = both, .ngroups = 2 },
	    1u << COMMAND_TEST | 1u << COMMAND_STATUS | 1u << COMMAND_ROLES },
	{ "all", { .uid = 1000, .gid = 1, .groups = wheel, .ngroups = 2 }, COMMAND_ALL },
	/* (gid_t)-1 is what a group that does not exist must not match */
	{ "a group that is not there", { .uid = 1000, .gid = (gid_t)-1 }, 0 },
};

static void
check_may(void **state)
{
	const struct may_case *c = *state;

	for (enum command_id v = 0; v < COMMAND_COUNT; v++)
		assert_int_equal(roles_allow(&config, &c->peer, v), (c->may >> v) & 1);
	assert_int_equal(roles_any(&config, &c->peer), c->may != 0);
}

static void
who_could(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	roles_that_could(&config, COMMAND_TEST, ", ", &b);
	assert_string_equal(buf_view(&b).p, "Admin, Help, Lost");
	buf_free(&b);
	buf_init(&b, 1000);
	roles_that_could(&(struct config){ .nroles = 0 }, COMMAND_TEST, ", ", &b);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

static void
the_kernel_says_who(void **state)
{
	struct control_peer p = { .groups = NULL };
	gid_t own[1000];
	int pair[2], n = getgroups(1000, own);
	struct err err;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_true(control_peer_read(pair[0], &p, &err));
	assert_int_equal(p.uid, geteuid());
	assert_int_equal(p.gid, getegid());
	assert_int_equal(p.ngroups, n);
	assert_true(control_peer_in_group(&p, getegid()));
	assert_false(control_peer_in_group(&p, 4000000001u));
	control_peer_free(&p);
	close(pair[0]);
	close(pair[1]);
	assert_false(control_peer_read(STDERR_FILENO, &p, &err));
}

RUN_CASES(ROWS("may", may_cases, check_may), TEST(who_could), TEST(the_kernel_says_who));
