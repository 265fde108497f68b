/* store - copies plain values into the members that their rows name. */
#include <stdlib.h>

#include "config/loader.h"

static uint64_t
in_units(enum key k, uint64_t value)
{
	uint64_t unit = schema[k].unit_ms;

	return unit == 0 ? value : (value + unit - 1) / unit;
}

/*
 * Returns a copy of the text that was given, or of the default, or NULL if there is
 * neither. Sets *ok to false if out of memory.
 */
static char *
copy_text(const struct loader *l, const struct values *v, enum key k, bool *ok)
{
	const char *text = value_string(v, k);
	char *copy;

	if (text == NULL)
		text = schema[k].standard;
	if (text == NULL)
		return NULL;
	copy = schema[k].type == TYPE_PATH && text[0] != '\0'
		   ? source_path(&l->source, text)
		   : str_dup(str_of(text));
	*ok = *ok && copy != NULL;
	return copy;
}

static void
free_texts(char **texts)
{
	for (char **t = texts; t != NULL && *t != NULL; t++)
		free(*t);
	free(texts);
}

/*
 * Returns a copy of the texts, NULL-terminated, or NULL if none were given. Sets *ok to
 * false if out of memory.
 */
static char **
copy_texts(const struct values *v, enum key k, bool *ok)
{
	unsigned n = value_count(v, k);
	char **texts;

	if (n == 0)
		return NULL;
	texts = calloc(n + 1, sizeof(*texts));
	*ok = *ok && texts != NULL;
	for (unsigned i = 0; *ok && i < n; i++) {
		texts[i] = str_dup(str_of(value_element(v, k, i)));
		*ok = texts[i] != NULL;
	}
	return texts;
}

static bool
is_member(enum key k, unsigned home)
{
	return schema[k].member != MEMBER_NONE && schema_home(k) == home;
}

bool
values_store(const struct loader *l, const struct values *v, unsigned home, void *object)
{
	bool ok = true;

	for (enum key k = 0; k < KEY_COUNT; k++) {
		uint64_t number = in_units(k, value_number(l, v, k));
		void *to = (char *)object + schema[k].offset;

		if (!is_member(k, home))
			continue;
		switch (schema[k].member) {
		case MEMBER_NONE:
			break;
		case MEMBER_BOOL:
			*(bool *)to = number != 0;
			break;
		case MEMBER_U16:
			*(uint16_t *)to = (uint16_t)number;
			break;
		case MEMBER_UNSIGNED:
			*(unsigned *)to = (unsigned)number;
			break;
		case MEMBER_U64:
			*(uint64_t *)to = number;
			break;
		case MEMBER_TEXT:
			*(char **)to = copy_text(l, v, k, &ok);
			break;
		case MEMBER_TEXTS:
			*(char ***)to = copy_texts(v, k, &ok);
			break;
		}
	}
	return ok;
}

void
values_free_texts(unsigned home, void *object)
{
	for (enum key k = 0; k < KEY_COUNT; k++) {
		void *at = (char *)object + schema[k].offset;

		if (!is_member(k, home))
			continue;
		if (schema[k].member == MEMBER_TEXT)
			free(*(char **)at);
		else if (schema[k].member == MEMBER_TEXTS)
			free_texts(*(char ***)at);
	}
}
