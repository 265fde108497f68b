/* maintenance - when tests are not run, and which. */
#include <stdlib.h>
#include <string.h>

#include "config/loader.h"

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
by_test_name(const void *name, const void *test)
{
	return strcmp(name, ((const struct config_test *)test)->name);
}

static bool
is_test(const struct config *c, const char *name)
{
	return c->ntests > 0 && bsearch(name, c->tests, c->ntests, sizeof(*c->tests),
				    by_test_name) != NULL;
}

static bool
read_pools(struct loader *l, const struct values *v, struct config_maintenance *m)
{
	unsigned n = value_count(v, KEY_TEST_POOLS);
	uint32_t index;

	if (v->at[KEY_TEST_POOL] == NULL && v->at[KEY_TEST_POOLS] == NULL)
		return true;
	m->pools = calloc(l->c->npools + 1, sizeof(*m->pools));
	if (m->pools == NULL)
		return false;
	if (v->at[KEY_TEST_POOL] != NULL && resolve_pool(l, v->at[KEY_TEST_POOL], &index))
		m->pools[index] = true;
	for (unsigned i = 0; i < n; i++)
		if (resolve_pool(l, value_element_at(v, KEY_TEST_POOLS, i), &index))
			m->pools[index] = true;
	return true;
}

static bool
read_tests(struct loader *l, const struct values *v, struct config_maintenance *m)
{
	unsigned n = value_count(v, KEY_MAINTENANCE_TESTS);

	if (n == 0)
		return true;
	m->tests = calloc(n, sizeof(*m->tests));
	if (m->tests == NULL)
		return false;
	for (unsigned i = 0; i < n; i++) {
		const char *name = value_element(v, KEY_MAINTENANCE_TESTS, i);

		if (!l->partial && !is_test(l->c, name))
			problem_add(&l->problems,
			    setting_line(value_element_at(v, KEY_MAINTENANCE_TESTS, i)),
			    "no test \"%s\" is configured; it must be the name of one",
			    name);
		m->tests[m->ntests] = str_dup(str_of(name));
		if (m->tests[m->ntests++] == NULL)
			return false;
	}
	qsort(m->tests, n, sizeof(*m->tests), by_name);
	return true;
}

static bool
maintenance_read(
    struct loader *l, const config_setting_t *group, struct config_maintenance *m)
{
	struct values v;
	bool ok;

	values_read(l, group, IN_MAINTENANCE, &v);
	m->place.line = v.line;
	ok = values_store(l, &v, IN_MAINTENANCE, m);
	m->at = calendar_build(l, &v, KEY_AT, &ok);
	return ok && read_pools(l, &v, m) && read_tests(l, &v, m);
}

bool
maintenance_build(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_MAINTENANCE);
	struct config *c = l->c;

	c->maintenance = calloc(n + 1, sizeof(*c->maintenance));
	if (c->maintenance == NULL)
		return false;
	for (unsigned i = 0; i < n; i++) {
		const config_setting_t *s = value_element_at(&l->top, KEY_MAINTENANCE, i);

		if (!maintenance_read(l, s, &c->maintenance[c->nmaintenance++]))
			return false;
	}
	return true;
}

void
maintenance_free(struct config *c)
{
	for (size_t i = 0; i < c->nmaintenance; i++) {
		struct config_maintenance *m = &c->maintenance[i];

		for (size_t j = 0; j < m->ntests; j++)
			free(m->tests[j]);
		free(m->tests);
		free(m->pools);
		values_free_texts(IN_MAINTENANCE, m);
	}
	free(c->maintenance);
}

bool
config_maintains(const struct config *c, const struct config_maintenance *m,
    const struct config_test *t)
{
	if (m->pools == NULL && m->ntests == 0)
		return true;
	if (m->pools != NULL && m->pools[t->pool - c->pools])
		return true;
	return m->ntests > 0 &&
	       bsearch(&t->name, m->tests, m->ntests, sizeof(*m->tests), by_name) != NULL;
}
