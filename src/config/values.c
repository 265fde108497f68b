#include "config/loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static const char *const type_names[] = {
	[CONFIG_TYPE_NONE] = "nothing",
	[CONFIG_TYPE_GROUP] = "a group",
	[CONFIG_TYPE_INT] = "a number",
	[CONFIG_TYPE_INT64] = "a number",
	[CONFIG_TYPE_FLOAT] = "a fraction",
	[CONFIG_TYPE_STRING] = "a string",
	[CONFIG_TYPE_BOOL] = "a bool",
	[CONFIG_TYPE_ARRAY] = "an array",
	[CONFIG_TYPE_LIST] = "a list",
};

static const char *const wanted[] = {
	[TYPE_STRING] = "a string in double quotes",
	[TYPE_NUMBER] = "a whole number",
	[TYPE_BOOL] = "true or false",
	[TYPE_DURATION] = "a duration in double quotes, such as \"30s\" or \"5m\"",
	[TYPE_STRINGS] = "an array of strings, [ \"...\", \"...\" ]",
	[TYPE_TEXTS] = "a string, or an array of strings, [ \"...\", \"...\" ]",
	[TYPE_GROUP] = "a group, { ... }",
	[TYPE_GROUPS] = "a list of groups, ( { ... }, { ... } )",
};

unsigned
setting_line(const config_setting_t *s)
{
	const struct unit *u = (const void *)s->config;

	return u->source->before + config_setting_source_line(s);
}

static void
wrong_type(struct loader *l, const config_setting_t *s, enum key k)
{
	problem_add(&l->problems, setting_line(s), "\"%s\" is %s; expected %s",
	    schema[k].name, type_names[config_setting_type(s)], wanted[schema[k].type]);
}

static bool
read_number(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	long long n;

	if (config_setting_type(s) != CONFIG_TYPE_INT &&
	    config_setting_type(s) != CONFIG_TYPE_INT64) {
		wrong_type(l, s, k);
		return false;
	}
	n = config_setting_get_int64(s);
	if (n > SOURCE_NUMBER_MAX || n < -SOURCE_NUMBER_MAX)
		return false; /* source.c has said so already */
	if (n < (long long)schema[k].min || n > (long long)schema[k].max) {
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is %lld; expected %llu to %llu", schema[k].name, n,
		    (unsigned long long)schema[k].min, (unsigned long long)schema[k].max);
		return false;
	}
	*ret = (uint64_t)n;
	return true;
}

static bool
read_duration(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	char min[TEXT_TIME_SIZE], max[TEXT_TIME_SIZE];
	const char *text;
	uint64_t ms;

	if (config_setting_type(s) != CONFIG_TYPE_STRING) {
		wrong_type(l, s, k);
		return false;
	}
	text = config_setting_get_string(s);
	if (!text_parse_duration(str_of(text), &ms)) {
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is \"%.40s\"; expected a number and a unit (ms, s, m, h "
		    "or d), at most 366 days, such as \"30s\" or \"5m\"",
		    schema[k].name, text);
		return false;
	}
	if (ms < schema[k].min || ms > schema[k].max) {
		text_duration(min, schema[k].min);
		text_duration(max, schema[k].max);
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is \"%.40s\"; expected %s to %s", schema[k].name, text, min,
		    max);
		return false;
	}
	*ret = ms;
	return true;
}

static bool
read_bool(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL) {
		wrong_type(l, s, k);
		return false;
	}
	*ret = config_setting_get_bool(s) != 0;
	return true;
}

/* The text itself is not shown: it may be a password. */
static bool
length_fits(struct loader *l, const config_setting_t *s, enum key k)
{
	size_t len = strlen(config_setting_get_string(s));

	if (len >= schema[k].min && len <= schema[k].max)
		return true;
	if (len < schema[k].min)
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is empty; expected a text", schema[k].name);
	else
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is %zu characters long; expected at most %llu",
		    schema[k].name, len, (unsigned long long)schema[k].max);
	return false;
}

static bool
read_string(struct loader *l, const config_setting_t *s, enum key k)
{
	if (config_setting_type(s) == CONFIG_TYPE_STRING)
		return length_fits(l, s, k);
	wrong_type(l, s, k);
	return false;
}

/* An array or a list will do, libconfig's difference between them is of no use here. */
static bool
read_elements(struct loader *l, const config_setting_t *s, enum key k, int type)
{
	int n = config_setting_length(s);
	bool good = true;

	if (!config_setting_is_array(s) && !config_setting_is_list(s)) {
		wrong_type(l, s, k);
		return false;
	}
	for (int i = 0; i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);

		if (config_setting_type(e) != type) {
			problem_add(&l->problems, setting_line(e),
			    "\"%s\" holds %s; expected %s", schema[k].name,
			    type_names[config_setting_type(e)], wanted[schema[k].type]);
			good = false;
		} else if (type == CONFIG_TYPE_STRING && !length_fits(l, e, k)) {
			good = false;
		}
	}
	return good || type == CONFIG_TYPE_GROUP;
}

static bool
read_value(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	switch (schema[k].type) {
	case TYPE_STRING:
		return read_string(l, s, k);
	case TYPE_NUMBER:
		return read_number(l, s, k, ret);
	case TYPE_BOOL:
		return read_bool(l, s, k, ret);
	case TYPE_DURATION:
		return read_duration(l, s, k, ret);
	case TYPE_STRINGS:
		return read_elements(l, s, k, CONFIG_TYPE_STRING);
	case TYPE_TEXTS:
		if (config_setting_type(s) == CONFIG_TYPE_STRING)
			return length_fits(l, s, k);
		return read_elements(l, s, k, CONFIG_TYPE_STRING);
	case TYPE_GROUPS:
		return read_elements(l, s, k, CONFIG_TYPE_GROUP);
	case TYPE_GROUP:
		if (config_setting_is_group(s))
			return true;
		break;
	}
	wrong_type(l, s, k);
	return false;
}

/* "users", "pools or tests" */
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
		    "\"%s\" is not supported by this version; expected it to be left out",
		    name);
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
		    "unknown key \"%.80s\" in %s; did you mean \"%s\"?", name,
		    schema_place_name(place), guess);
	else
		problem_add(&l->problems, line,
		    "unknown key \"%.80s\" in %s; expected a key of cswatch.conf(5)",
		    name, schema_place_name(place));
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

/* Elements of the right type, or a whole group; false: out of memory. */
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
	    "\"%s\" is there already (%s); expected it once", config_setting_name(s),
	    place_text(l, setting_line(first), place, sizeof(place)));
}

static bool
is_merged(const struct values *v, enum key k)
{
	return v->lists != NULL && schema[k].type >= TYPE_STRINGS;
}

static void
add_value(struct loader *l, const config_setting_t *s, enum key k, struct values *v)
{
	if (v->at[k] != NULL && !is_merged(v, k)) {
		given_twice(l, s, v->at[k]);
	} else if (!read_value(l, s, k, &v->num[k])) {
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

void
values_read(
    struct loader *l, const config_setting_t *group, unsigned place, struct values *ret)
{
	*ret = (struct values){ .line = setting_line(group) };
	values_add(l, group, place, ret);
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

const char *
value_required(struct loader *l, const struct values *v, enum key k, unsigned place,
    const char *what)
{
	if (v->at[k] == NULL && !v->refused[k])
		problem_add(&l->problems, v->line, "%s without \"%s\"; expected %s",
		    schema_place_name(place), schema[k].name, what);
	return value_string(v, k);
}

void
value_wrong(struct loader *l, const struct values *v, enum key k, const char *what)
{
	problem_add(&l->problems, setting_line(v->at[k]),
	    "\"%s\" is \"%.200s\"; expected %s", schema[k].name, value_string(v, k),
	    what);
}

const char *
place_text(const struct loader *l, unsigned line, char *dst, size_t size)
{
	struct source_place at = source_place(&l->source, line);

	snprintf(dst, size, "%s:%u", at.file, at.line);
	return dst;
}
