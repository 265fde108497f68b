/* loop/srv: the order of SRV records, with chance told what to do. */
#include <stdlib.h>
#include <string.h>

#include "../cases.h"
#include "loop/resolve.h"

/* Numbers to draw, each a share in percent of what may be drawn. */
static uint32_t
draw_share(void *arg, uint32_t n)
{
	const char **shares = arg;
	char *end;
	unsigned long percent = strtoul(*shares, &end, 10);

	*shares = end;
	return (uint32_t)((uint64_t)n * percent / 100);
}

static const struct order_case {
	const char *name;
	struct srvs srvs;
	const char *draws;
	const char *want;
} order_cases[] = {
	{ "none", { .n = 0 }, "", "" },
	{ "one", { 1, { { 5, 5, 1, "" } } }, "", "1 " },
	{ "by priority", { 3, { { 30, 0, 3, "" }, { 10, 0, 1, "" }, { 20, 0, 2, "" } } },
	    "", "1 2 3 " },
	{ "weight: low draws take the small",
	    { 2, { { 1, 90, 1, "" }, { 1, 0, 2, "" } } }, "0", "2 1 " },
	{ "weight: others the large", { 2, { { 1, 0, 2, "" }, { 1, 90, 1, "" } } }, "50",
	    "1 2 " },
	{ "weight: all of it",
	    { 3, { { 1, 1, 1, "" }, { 1, 1, 2, "" }, { 1, 1, 3, "" } } }, "100 100",
	    "3 2 1 " },
	{ "weight within priority",
	    { 4, { { 2, 1, 3, "" }, { 2, 9, 4, "" }, { 1, 1, 1, "" }, { 1, 9, 2, "" } } },
	    "100 100", "2 1 4 3 " },
	{ "no weight at all", { 2, { { 1, 0, 1, "" }, { 1, 0, 2, "" } } }, "0", "1 2 " },
	{ "as heavy as can be", { 2, { { 1, 65535, 1, "" }, { 1, 65535, 2, "" } } },
	    "100", "2 1 " },
};

static void
check_order(void **state)
{
	const struct order_case *c = *state;
	struct srvs s = c->srvs;
	const char *draws = c->draws;
	char got[256] = "";

	srvs_order(&s, draw_share, &draws);
	for (unsigned i = 0; i < s.n; i++)
		snprintf(
		    got + strlen(got), sizeof(got) - strlen(got), "%u ", s.s[i].port);
	assert_string_equal(got, c->want);
}

RUN_CASES(ROWS("order", order_cases, check_order));
