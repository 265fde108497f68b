#include "config/map.h"

#include <stdlib.h>

#include "base/hash.h"

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* The table takes the lower bits: the upper ones help. */
static uint64_t
hash_name(struct str s)
{
	uint64_t h = hash_64_caseless(s);

	return h ^ h >> 32;
}

static bool
same_name(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool
map_init(struct map *m, size_t n)
{
	size_t size = 4;

	while (size < n * 2)
		size *= 2;
	m->mask = size - 1;
	m->slots = calloc(size, sizeof(*m->slots));
	return m->slots != NULL;
}

void
map_free(struct map *m)
{
	free(m->slots);
	*m = (struct map){ .slots = NULL };
}

/* Returns the slot of a name, or the free one where it belongs. */
static struct map_slot *
find_slot(const struct map *m, struct str name)
{
	size_t i = hash_name(name) & m->mask;

	while (m->slots[i].name.p != NULL && !same_name(m->slots[i].name, name))
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

uint32_t *
map_put(struct map *m, struct str name, bool *ret_new)
{
	struct map_slot *s = find_slot(m, name);

	*ret_new = s->name.p == NULL;
	if (*ret_new)
		s->name = name;
	return &s->value;
}

const uint32_t *
map_find(const struct map *m, struct str name)
{
	const struct map_slot *s;

	if (m->slots == NULL)
		return NULL;
	s = find_slot(m, name);
	return s->name.p == NULL ? NULL : &s->value;
}
