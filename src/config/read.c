/* read - checks one value of the file against its row of the schema. */
#include "config/loader.h"

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

static const char *const wanted_types[] = {
	[TYPE_TEXT] = "a string in double quotes",
	[TYPE_PATH] = "a string in double quotes",
	[TYPE_WORD] = "a string in double quotes",
	[TYPE_COUNT] = "a whole number",
	[TYPE_BOOL] = "true or false",
	[TYPE_DURATION] = "a duration in double quotes, such as \"30s\" or \"5m\"",
	[TYPE_TEXTS] = "an array of strings, [ \"...\", \"...\" ]",
	[TYPE_TEXT_OR_TEXTS] = "a string, or an array of strings, [ \"...\", \"...\" ]",
	[TYPE_GROUP] = "a group, { ... }",
	[TYPE_GROUPS] = "a list of groups, ( { ... }, { ... } )",
};

unsigned
setting_line(const config_setting_t *s)
{
	const struct unit *u = (const void *)s->config;

	return u->source->before + config_setting_source_line(s);
}

const char *
value_wanted(enum key k, char dst[WANTED_SIZE])
{
	const char *const *words = schema[k].words;
	struct buf b;

	if (words == NULL)
		return schema[k].wanted != NULL ? schema[k].wanted
						: wanted_types[schema[k].type];
	buf_init(&b, WANTED_SIZE);
	for (unsigned i = 0; words[i] != NULL; i++)
		buf_printf(&b, "%s\"%s\"",
		    i == 0		   ? ""
		    : words[i + 1] == NULL ? " or "
					   : ", ",
		    words[i]);
	(void)str_copy(dst, WANTED_SIZE, buf_view(&b));
	buf_free(&b);
	return dst;
}

static bool
wrong_type(struct loader *l, const config_setting_t *s, enum key k)
{
	problem_add(&l->problems, setting_line(s), "\"%s\" is %s; it must be %s",
	    schema[k].name, type_names[config_setting_type(s)],
	    wanted_types[schema[k].type]);
	return false;
}

static bool
read_count(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	long long n;

	if (config_setting_type(s) != CONFIG_TYPE_INT &&
	    config_setting_type(s) != CONFIG_TYPE_INT64)
		return wrong_type(l, s, k);
	n = config_setting_get_int64(s);
	if (n > SOURCE_NUMBER_MAX || n < -SOURCE_NUMBER_MAX)
		return false; /* source.c has reported it */
	if (n < (long long)schema[k].min || n > (long long)schema[k].max) {
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is %lld; it must be %llu to %llu", schema[k].name, n,
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

	if (config_setting_type(s) != CONFIG_TYPE_STRING)
		return wrong_type(l, s, k);
	text = config_setting_get_string(s);
	if (!text_parse_duration(str_of(text), &ms)) {
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is \"%.40s\"; it must be a number and a unit (ms, s, m, h "
		    "or d), at most 366 days, such as \"30s\" or \"5m\"",
		    schema[k].name, text);
		return false;
	}
	if (ms < schema[k].min || ms > schema[k].max) {
		text_duration(min, schema[k].min);
		text_duration(max, schema[k].max);
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is \"%.40s\"; it must be %s to %s", schema[k].name, text, min,
		    max);
		return false;
	}
	*ret = ms;
	return true;
}

static bool
read_bool(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return wrong_type(l, s, k);
	*ret = config_setting_get_bool(s) != 0;
	return true;
}

/*
 * Adds a problem if the length of a text is wrong, without the text, which may be a
 * password.
 */
static bool
length_fits(struct loader *l, const config_setting_t *s, enum key k)
{
	size_t len = strlen(config_setting_get_string(s));

	if (len >= schema[k].min && len <= schema[k].max)
		return true;
	if (len < schema[k].min)
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is empty; it must hold at least one character",
		    schema[k].name);
	else
		problem_add(&l->problems, setting_line(s),
		    "\"%s\" is %zu characters long; at most %llu are allowed",
		    schema[k].name, len, (unsigned long long)schema[k].max);
	return false;
}

/* Checks a text, or an element of a list of texts. */
static bool
read_text(struct loader *l, const config_setting_t *s, enum key k, bool element)
{
	char wanted[WANTED_SIZE];
	const char *text;

	if (config_setting_type(s) != CONFIG_TYPE_STRING)
		return wrong_type(l, s, k);
	if (!length_fits(l, s, k))
		return false;
	text = config_setting_get_string(s);
	if (schema[k].check == NULL || schema[k].check(text))
		return true;
	problem_add(&l->problems, setting_line(s),
	    element ? "\"%s\" holds \"%.200s\"; each must be %s"
		    : "\"%s\" is \"%.200s\"; it must be %s",
	    schema[k].name, text, value_wanted(k, wanted));
	return false;
}

static bool
is_later(enum key k, const char *word)
{
	const char *const *later = schema[k].later;

	while (later != NULL && *later != NULL && strcmp(*later, word) != 0)
		later++;
	return later != NULL && *later != NULL;
}

static bool
read_word(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	char wanted[WANTED_SIZE];
	const char *word;
	unsigned index;

	if (config_setting_type(s) != CONFIG_TYPE_STRING)
		return wrong_type(l, s, k);
	word = config_setting_get_string(s);
	if (schema_word(k, word, &index)) {
		*ret = index;
		return true;
	}
	problem_add(&l->problems, setting_line(s),
	    is_later(k, word)
		? "\"%s\" = \"%.200s\" is not supported by this version; it must be %s"
		: "\"%s\" is \"%.200s\"; it must be %s",
	    schema[k].name, word, value_wanted(k, wanted));
	return false;
}

/*
 * Checks the elements of an array or a list; the difference that libconfig makes between
 * them does not matter here.
 */
static bool
read_elements(struct loader *l, const config_setting_t *s, enum key k, int type)
{
	int n = config_setting_length(s);
	bool good = true;

	if (!config_setting_is_array(s) && !config_setting_is_list(s))
		return wrong_type(l, s, k);
	for (int i = 0; i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);

		if (config_setting_type(e) != type) {
			problem_add(&l->problems, setting_line(e),
			    "\"%s\" holds %s; it must be %s", schema[k].name,
			    type_names[config_setting_type(e)],
			    wanted_types[schema[k].type]);
			good = false;
		} else if (type == CONFIG_TYPE_STRING && !read_text(l, e, k, true)) {
			good = false;
		}
	}
	return good || type == CONFIG_TYPE_GROUP;
}

bool
value_read(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret)
{
	switch (schema[k].type) {
	case TYPE_TEXT:
	case TYPE_PATH:
		return read_text(l, s, k, false);
	case TYPE_WORD:
		return read_word(l, s, k, ret);
	case TYPE_COUNT:
		return read_count(l, s, k, ret);
	case TYPE_BOOL:
		return read_bool(l, s, k, ret);
	case TYPE_DURATION:
		return read_duration(l, s, k, ret);
	case TYPE_TEXT_OR_TEXTS:
		if (config_setting_type(s) == CONFIG_TYPE_STRING)
			return read_text(l, s, k, false);
		return read_elements(l, s, k, CONFIG_TYPE_STRING);
	case TYPE_TEXTS:
		return read_elements(l, s, k, CONFIG_TYPE_STRING);
	case TYPE_GROUPS:
		return read_elements(l, s, k, CONFIG_TYPE_GROUP);
	case TYPE_GROUP:
		return config_setting_is_group(s) || wrong_type(l, s, k);
	}
	return wrong_type(l, s, k);
}
