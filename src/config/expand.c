#include "config/loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "sip/endpoint.h"

/* The pools and users of one group of tests. */
struct pairs {
	uint32_t *pools, *users;
	size_t npools, nusers;
};

static bool
find_pool(const struct loader *l, const char *name, uint32_t *ret)
{
	const uint32_t *index = map_find(&l->pools, str_of(name));

	if (index != NULL)
		*ret = *index;
	return index != NULL;
}

static bool
find_user(const struct loader *l, const char *name, uint32_t *ret)
{
	char address[SIP_ADDRESS_MAX];
	const uint32_t *index;

	if (!sip_address_parse(str_of(name), address))
		return false;
	index = map_find(&l->users, str_of(address));
	if (index != NULL)
		*ret = *index;
	return index != NULL;
}

/* Returns the configured name that is nearest to an unknown one, or NULL. */
static const char *
near_name(const struct loader *l, bool pools, const char *name)
{
	size_t n = pools ? l->c->npools : l->c->nusers;
	const char *guess = NULL;
	unsigned best = 3;

	if (l->problems.n == CONFIG_PROBLEMS_MAX)
		return NULL;
	if (!pools && strncmp(name, "sip:", 4) == 0)
		name += 4;
	for (size_t i = 0; i < n; i++) {
		const char *have = pools ? l->c->pools[i].fqdn : l->c->users[i].address;
		unsigned d = edit_distance(name, have, 2);

		if (d < best) {
			best = d;
			guess = have;
		}
	}
	return guess;
}

static void
report_unknown(struct loader *l, const config_setting_t *s, bool pools, const char *name)
{
	const char *guess = near_name(l, pools, name), *what = pools ? "pool" : "user";

	if (l->partial) /* it may be defined in the part that is missing */
		return;
	if (guess != NULL)
		problem_add(&l->problems, setting_line(s),
		    "no %s \"%.200s\" is configured; did you mean \"%s\"?", what, name,
		    guess);
	else
		problem_add(&l->problems, setting_line(s),
		    "no %s \"%.200s\" is configured; it must be one of those in \"%ss\"",
		    what, name, what);
}

bool
resolve_pool(struct loader *l, const config_setting_t *s, uint32_t *ret)
{
	const char *name = config_setting_get_string(s);

	if (find_pool(l, name, ret))
		return true;
	report_unknown(l, s, true, name);
	return false;
}

static void
resolve_name(struct loader *l, const config_setting_t *s, bool pools, const char *name,
    struct pairs *p)
{
	uint32_t index = 0;

	if (!(pools ? find_pool : find_user)(l, name, &index))
		report_unknown(l, s, pools, name);
	else if (pools)
		p->pools[p->npools++] = index;
	else
		p->users[p->nusers++] = index;
}

/*
 * Resolves `pool` or `pools` (`user` or `users`), of which one must be given. Returns
 * false if out of memory.
 */
static bool
resolve_side(struct loader *l, const struct values *v, bool pools, struct pairs *p)
{
	enum key one = pools ? KEY_TEST_POOL : KEY_TEST_USER;
	enum key many = pools ? KEY_TEST_POOLS : KEY_TEST_USERS;
	unsigned n = value_count(v, many);
	uint32_t *room = calloc(n + 1, sizeof(*room));

	if (room == NULL)
		return false;
	if (pools)
		p->pools = room;
	else
		p->users = room;
	if (v->refused[one] || v->refused[many])
		return true;
	if ((v->at[one] == NULL) == (v->at[many] == NULL)) {
		problem_add(&l->problems, v->line,
		    "a test has %s \"%s\" %s \"%s\"; it must have one of them",
		    v->at[one] == NULL ? "neither" : "both", schema[one].name,
		    v->at[one] == NULL ? "nor" : "and", schema[many].name);
		return true;
	}
	if (v->at[one] != NULL)
		resolve_name(l, v->at[one], pools, value_string(v, one), p);
	else if (n == 0)
		problem_add(&l->problems, setting_line(v->at[many]),
		    "\"%s\" is empty; it must name at least one", schema[many].name);
	for (unsigned i = 0; v->at[one] == NULL && i < n; i++)
		resolve_name(
		    l, value_element_at(v, many, i), pools, value_element(v, many, i), p);
	return true;
}

/* ---- names ---- */

/*
 * Returns the first label, or the part before the @, unless another pool or user has the
 * same; then the whole name.
 */
static struct str
short_name(const struct map *counts, const char *whole, char end)
{
	struct str head;
	const uint32_t *count;

	(void)str_split(str_of(whole), end, &head);
	count = map_find(counts, head);
	return count != NULL && *count == 1 ? head : str_of(whole);
}

static char *
test_name(const struct loader *l, const char *given, bool alone,
    const struct config_pool *pool, const struct config_user *user)
{
	struct str p = pool->is_domain ? str_of(pool->fqdn)
				       : short_name(&l->labels, pool->fqdn, '.');
	struct str u = short_name(&l->user_parts, user->address, '@');
	size_t room = p.len + u.len + 3 + (given == NULL ? 0 : strlen(given));
	char *name;

	if (given != NULL && alone)
		return str_dup(str_of(given));
	name = malloc(room);
	if (name != NULL)
		snprintf(name, room, "%s%s%.*s/%.*s", given == NULL ? "" : given,
		    given == NULL ? "" : "/", (int)p.len, p.p, (int)u.len, u.p);
	return name;
}

/* ---- the tests ---- */

static bool
make_room(struct config *c, size_t *cap, size_t n)
{
	size_t more = *cap;
	struct config_test *t;

	if (c->ntests + n <= *cap)
		return true;
	while (more < c->ntests + n)
		more = more == 0 ? 64 : more * 2;
	t = realloc(c->tests, more * sizeof(*t));
	if (t == NULL)
		return false;
	c->tests = t;
	*cap = more;
	return true;
}

/* A registrar is looked for by the domain of the address that logs on. */
static void
check_domain(struct loader *l, const struct values *v, const struct config_pool *pool,
    const struct config_user *user)
{
	if (!pool->is_domain || user->address[0] == '\0' ||
	    str_caseeq(sip_address_domain(user->address), pool->fqdn))
		return;
	problem_add(&l->problems, v->line,
	    "user %s does not belong to the SIP domain %s; only users of the domain by "
	    "which the pool is found can be tested on it",
	    user->address, pool->fqdn);
}

static bool
add_pairs(struct loader *l, const struct values *v, const struct config_test *proto,
    const struct pairs *p)
{
	struct config *c = l->c;
	const char *name = value_string(v, KEY_NAME);
	bool alone = p->npools * p->nusers == 1;

	for (size_t i = 0; i < p->npools; i++) {
		for (size_t j = 0; j < p->nusers; j++) {
			struct config_test *t = &c->tests[c->ntests];

			*t = *proto;
			t->pool = &c->pools[p->pools[i]];
			t->user = &c->users[p->users[j]];
			check_domain(l, v, t->pool, t->user);
			t->name = test_name(l, name, alone, t->pool, t->user);
			if (t->name == NULL)
				return false;
			c->ntests++;
		}
	}
	return true;
}

static bool
group_build(struct loader *l, const struct values *v, size_t *cap)
{
	struct config_test proto = { .at = { NULL, v->line } };
	struct pairs p = { .pools = NULL };
	bool ok = values_store(l, v, IN_TEST, &proto) &&
		  timing_build(l, v, &proto.timing) && resolve_side(l, v, true, &p) &&
		  resolve_side(l, v, false, &p);

	if (ok && p.npools > 0 && p.nusers > (CONFIG_TESTS_MAX - l->c->ntests) / p.npools)
		problem_add(&l->problems, v->line,
		    "there are too many tests; at most %d are allowed in all",
		    CONFIG_TESTS_MAX);
	else if (ok)
		ok = make_room(l->c, cap, p.npools * p.nusers) &&
		     add_pairs(l, v, &proto, &p);
	free(p.pools);
	free(p.users);
	return ok;
}

static int
by_name(const void *a, const void *b)
{
	const struct config_test *ta = a, *tb = b;
	int d = strcmp(ta->name, tb->name);

	return d != 0 ? d : ta->at.line < tb->at.line ? -1 : ta->at.line > tb->at.line;
}

bool
tests_build(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_TESTS);
	struct config *c = l->c;
	struct config_test *fit;
	struct values v;
	size_t cap = 0;

	for (unsigned i = 0; i < n; i++) {
		values_read(l, value_element_at(&l->top, KEY_TESTS, i), IN_TEST, &v);
		if (!group_build(l, &v, &cap))
			return false;
	}
	if (c->ntests == 0)
		return true;
	fit = realloc(c->tests, c->ntests * sizeof(*fit));
	if (fit != NULL)
		c->tests = fit;
	qsort(c->tests, c->ntests, sizeof(*c->tests), by_name);
	return true;
}
