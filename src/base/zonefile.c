#include "base/zonefile.h"

#include <stdlib.h>

#define HEADER_SIZE  44
#define TYPE_SIZE    6
#define TYPES_MAX    256
#define OFFSET_S_MAX (26 * 3600) /* RFC 9636 3.2: what readers need not take */

/* How many there are of each, in the order of the header. */
struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

struct block {
	struct counts n;
	size_t time_size; /* 4 in the first block, 8 in the second */
	struct str data;
};

static uint32_t
get32(const char *p)
{
	const uint8_t *u = (const uint8_t *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static int64_t
get_time(const char *p, size_t size)
{
	if (size == 4)
		return (int32_t)get32(p);
	return (int64_t)((uint64_t)get32(p) << 32 | get32(p + 4));
}

static struct str
from(struct str s, size_t at)
{
	return (struct str){ s.p + at, s.len - at };
}

/*
 * Cuts header and data of a block off *s. Returns false if its counts are beyond what a
 * file can hold.
 */
static bool
cut_block(struct str *s, size_t time_size, char *ret_version, struct block *ret)
{
	struct block b = { .time_size = time_size };
	uint32_t *const count[] = { &b.n.isut, &b.n.isstd, &b.n.leap, &b.n.time,
		&b.n.type, &b.n.chars };
	size_t size;

	if (s->len < HEADER_SIZE || memcmp(s->p, "TZif", 4) != 0)
		return false;
	*ret_version = s->p[4];
	for (size_t i = 0; i < sizeof(count) / sizeof(count[0]); i++) {
		*count[i] = get32(s->p + 20 + 4 * i);
		if (*count[i] > s->len)
			return false;
	}
	*s = from(*s, HEADER_SIZE);
	size = b.n.time * (time_size + 1) + b.n.type * (size_t)TYPE_SIZE + b.n.chars +
	       b.n.leap * (time_size + 4) + b.n.isstd + b.n.isut;
	if (size > s->len)
		return false;
	b.data = (struct str){ s->p, size };
	*s = from(*s, size);
	*ret = b;
	return true;
}

static bool
read_types(const struct block *b, int32_t ret[TYPES_MAX])
{
	const char *types = b->data.p + b->n.time * (b->time_size + 1);

	if (b->n.type == 0 || b->n.type > TYPES_MAX)
		return false;
	for (uint32_t i = 0; i < b->n.type; i++) {
		ret[i] = (int32_t)get32(types + (size_t)i * TYPE_SIZE);
		if (ret[i] > OFFSET_S_MAX || ret[i] < -OFFSET_S_MAX)
			return false;
	}
	return true;
}

static bool
read_changes(const struct block *b, struct zonefile *f)
{
	const char *index = b->data.p + b->n.time * b->time_size;
	int32_t offsets[TYPES_MAX];

	if (!read_types(b, offsets))
		return false;
	f->first_s = offsets[0];
	f->changes = calloc(b->n.time + (size_t)1, sizeof(f->changes[0]));
	if (f->changes == NULL)
		return false;
	for (; f->n < b->n.time; f->n++) {
		struct zonefile_change *c = &f->changes[f->n];
		uint8_t type = (uint8_t)index[f->n];

		c->at_s = get_time(b->data.p + f->n * b->time_size, b->time_size);
		if (type >= b->n.type || (f->n > 0 && c->at_s <= c[-1].at_s))
			return false;
		c->offset_s = offsets[type];
	}
	return true;
}

/* Reads "\nIST-1GMT0,M10.5.0,M3.5.0/1\n"; an empty line says that the rule is unknown. */
static bool
read_footer(struct str s, struct zonefile *f)
{
	struct str rule;

	if (s.len == 0 || s.p[0] != '\n')
		return false;
	if (str_split(from(s, 1), '\n', &rule).p == NULL)
		return false;
	f->has_rule = rule.len > 0;
	return rule.len == 0 || zonerule_parse(rule, &f->rule);
}

bool
zonefile_parse(struct str content, struct zonefile *ret)
{
	struct zonefile f = { .n = 0 };
	struct block b;
	char version;
	bool ok = cut_block(&content, 4, &version, &b);

	if (ok && version != '\0') {
		ok = cut_block(&content, 8, &version, &b) && read_changes(&b, &f) &&
		     read_footer(content, &f);
	} else if (ok) {
		ok = read_changes(&b, &f);
	}
	if (ok)
		*ret = f;
	else
		zonefile_clear(&f);
	return ok;
}

void
zonefile_clear(struct zonefile *f)
{
	free(f->changes);
	*f = (struct zonefile){ .n = 0 };
}

/* Returns how many changes there are up to that moment. */
static size_t
count_until(const struct zonefile *f, int64_t utc_s)
{
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->changes[middle].at_s <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t
zonefile_offset(const struct zonefile *f, int64_t utc_s)
{
	size_t n = count_until(f, utc_s);

	if (n == f->n && f->has_rule)
		return zonerule_offset(&f->rule, utc_s);
	return n == 0 ? f->first_s : f->changes[n - 1].offset_s;
}
