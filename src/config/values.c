/*
 * values - the groups of the files: finds their keys, merges them, and returns their
 * values.
 */
#include "config/loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* Appends the names of places: "a user", "a pool or a test". */
static void
places_text(unsigned places, struct buf *out)
{
	for (unsigned bit = 0; bit < IN_COUNT; bit++) {
		if ((places & 1u << bit) == 0)
			continue;
		if (out->len > 0)
			buf_puts(out, " or ");
		buf_puts(out, schema_place_name(1u << bit));
	}
}

static void
unknown_key(struct loader *l, const config_setting_t *s, unsigned place)
{
	const char *name = config_setting_name(s), *guess = schema_guess(name, place);
	unsigned places = schema_places(name), line = setting_line(s);
	struct buf b;

	if (schema_later(name, place)) {
		problem_add(&l->problems, line,
		    "\"%s\" is not supported by this version; it must be left out", name);
		return;
	}
	buf_init(&b, 256);
	places_text(places, &b);
	if (places != 0)
		problem_add(&l->problems, line,
		    "\"%s\" is not a key of %s; it belongs in %s", name,
		    schema_place_name(place), buf_view(&b).p);
	else if (guess != NULL)
		problem_add(&l->problems, line,
		    "\"%.80s\" is not a key of %s; did you mean \"%s\"?", name,
		    schema_place_name(place), guess);
	else
		problem_add(&l->problems, line,
		    "\"%.80s\" is not a key of %s; cswatch.conf(5) lists its keys", name,
		    schema_place_name(place));
	buf_free(&b);
}

/* ---- groups, of one file or of several ---- */

static bool
list_add(struct elements *list, const config_setting_t *s)
{
	const config_setting_t **more = list->v;

	if ((list->n & (list->n - 1)) == 0) /* full at 0, 1, 2, 4, 8, ... */
		more = realloc(
		    list->v, (list->n == 0 ? 1 : list->n * (size_t)2) * sizeof(*more));
	if (more == NULL)
		return false;
	list->v = more;
	list->v[list->n++] = s;
	return true;
}

/*
 * Adds the elements that have the right type, or a whole group. Returns false if out of
 * memory.
 */
static bool
list_extend(struct elements *list, const config_setting_t *s, enum key_type type)
{
	int n = config_setting_length(s);
	bool ok = true;

	if (type == TYPE_GROUP || config_setting_type(s) == CONFIG_TYPE_STRING)
		return list_add(list, s);
	for (int i = 0; ok && i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);

		if (type != TYPE_GROUPS || config_setting_is_group(e))
			ok = list_add(list, e);
	}
	return ok;
}

static void
given_twice(struct loader *l, const config_setting_t *s, const config_setting_t *first)
{
	char place[PLACE_SIZE];

	problem_add(&l->problems, setting_line(s),
	    "\"%s\" is given again; it is already at %s", config_setting_name(s),
	    place_text(l, setting_line(first), place, sizeof(place)));
}

static bool
is_merged(const struct values *v, enum key k)
{
	return v->lists != NULL && schema[k].type >= TYPE_TEXTS;
}

static void
add_value(struct loader *l, const config_setting_t *s, enum key k, struct values *v)
{
	if (v->at[k] != NULL && !is_merged(v, k)) {
		given_twice(l, s, v->at[k]);
	} else if (!value_read(l, s, k, &v->num[k])) {
		v->refused[k] = true;
	} else {
		if (v->at[k] == NULL)
			v->at[k] = s;
		if (is_merged(v, k) && !list_extend(&v->lists[k], s, schema[k].type))
			l->no_memory = true;
	}
}

void
values_add(
    struct loader *l, const config_setting_t *group, unsigned place, struct values *v)
{
	int n = config_setting_length(group);

	for (int i = 0; i < n; i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		enum key k = schema_find(config_setting_name(s), place);

		if (k == KEY_COUNT)
			unknown_key(l, s, place);
		else
			add_value(l, s, k, v);
	}
}

/*
 * Adds a problem for each required key that is missing. A key that was given, but
 * refused, is not missing.
 */
static void
check_required(struct loader *l, const struct values *v, unsigned place)
{
	char wanted[WANTED_SIZE];

	for (enum key k = 0; k < KEY_COUNT; k++)
		if ((schema[k].required & place) != 0 && v->at[k] == NULL &&
		    !v->refused[k])
			problem_add(&l->problems, v->line,
			    "\"%s\" is missing from %s; it must be %s", schema[k].name,
			    schema_place_name(place), value_wanted(k, wanted));
}

void
values_read(
    struct loader *l, const config_setting_t *group, unsigned place, struct values *ret)
{
	*ret = (struct values){ .line = setting_line(group) };
	values_add(l, group, place, ret);
	check_required(l, ret, place);
}

const char *
value_string(const struct values *v, enum key k)
{
	return v->at[k] == NULL ? NULL : config_setting_get_string(v->at[k]);
}

uint64_t
value_number(const struct loader *l, const struct values *v, enum key k)
{
	if (v->at[k] != NULL)
		return v->num[k];
	if (l->defaults.at[k] != NULL)
		return l->defaults.num[k];
	return l->standard[k];
}

unsigned
value_count(const struct values *v, enum key k)
{
	if (is_merged(v, k))
		return v->lists[k].n;
	if (v->at[k] == NULL)
		return 0;
	if (config_setting_type(v->at[k]) == CONFIG_TYPE_STRING)
		return 1;
	return (unsigned)config_setting_length(v->at[k]);
}

const char *
value_element(const struct values *v, enum key k, unsigned i)
{
	return config_setting_get_string(value_element_at(v, k, i));
}

const config_setting_t *
value_element_at(const struct values *v, enum key k, unsigned i)
{
	if (is_merged(v, k))
		return v->lists[k].v[i];
	if (config_setting_type(v->at[k]) == CONFIG_TYPE_STRING)
		return v->at[k];
	return config_setting_get_elem(v->at[k], i);
}

void
value_wrong(struct loader *l, const struct values *v, enum key k, const char *what)
{
	problem_add(&l->problems, setting_line(v->at[k]),
	    "\"%s\" is \"%.200s\"; it must be %s", schema[k].name, value_string(v, k),
	    what);
}

const char *
place_text(const struct loader *l, unsigned line, char *dst, size_t size)
{
	struct source_place at = source_place(&l->source, line);

	snprintf(dst, size, "%s:%u", at.file, at.line);
	return dst;
}
