#include "config/schema.h"

#include "build_config.h"

#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "config/check.h"
#include "config/config.h"

#define SECOND ((uint64_t)1000) /* in the unit of durations */
#define MINUTE (60 * SECOND)
#define DAY    (24 * 60 * MINUTE)

#define PATH_LONGEST   3072 /* leaves room for names of files in it */
#define NAME_LONGEST   256
#define SOCKET_LONGEST 107 /* sun_path of unix(7) without its NUL */
#define HTTPS_URI      "\"https://HOST[:PORT]/PATH\""

/* What the rows of keys.def are made of. */
#define KEY(id, text, where, ...)                                                        \
	[KEY_##id] = { .name = text, .places = where, __VA_ARGS__ },
#define OF_TYPE(id, low, high)	 .type = TYPE_##id, .min = (low), .max = (high)
#define TEXT(low, high)		 OF_TYPE(TEXT, low, high)
#define PATH(low, high)		 OF_TYPE(PATH, low, high)
#define WORD(...)		 OF_TYPE(WORD, 0, 0), .words = WORDS(__VA_ARGS__)
#define COUNT(low, high)	 OF_TYPE(COUNT, low, high)
#define PORT			 OF_TYPE(COUNT, 1, 65535)
#define BOOL			 OF_TYPE(BOOL, 0, 1)
#define DURATION(low, high)	 OF_TYPE(DURATION, low, high)
#define TEXTS(low, high)	 OF_TYPE(TEXTS, low, high)
#define TEXT_OR_TEXTS(low, high) OF_TYPE(TEXT_OR_TEXTS, low, high)
#define GROUP			 OF_TYPE(GROUP, 0, 0)
#define GROUPS			 OF_TYPE(GROUPS, 0, 0)
#define WORDS(...)                                                                       \
	(const char *const[])                                                            \
	{                                                                                \
		__VA_ARGS__, NULL                                                        \
	}
#define LATER_WORDS(...)      .later = WORDS(__VA_ARGS__)
#define REQUIRED(where)	      .required = (where)
#define DEFAULT(text)	      .standard = text
#define WANTED(text)	      .wanted = text
#define CHECK(function, text) .check = (function), .wanted = (text)
#define IN_UNITS_OF(ms)	      .unit_ms = (ms)
#define TO(type, path)                                                                   \
	.offset = offsetof(struct type, path), .member = MEMBER(((struct type *)0)->path)
/* A member of another type does not compile. */
#define MEMBER(member)                                                                   \
	_Generic((member),                                                               \
	    bool: MEMBER_BOOL,                                                           \
	    uint16_t: MEMBER_U16,                                                        \
	    unsigned: MEMBER_UNSIGNED,                                                   \
	    uint64_t: MEMBER_U64,                                                        \
	    char *: MEMBER_TEXT,                                                         \
	    char **: MEMBER_TEXTS)

const struct schema_key schema[KEY_COUNT] = {
#include "config/keys.def"
};

/* Keys that have no meaning yet: an operator must not believe that they work. */
static const struct later {
	const char *name;
	unsigned places;
} later[] = {
	{ "certificate", IN_DEFAULTS | IN_TEST },
	{ "cluster", IN_TOP },
	{ "history", IN_TOP },
	{ "http", IN_TOP },
	{ "keytab", IN_USER },
	{ "phone", IN_USER },
	{ "transaction", IN_DEFAULTS | IN_TEST },
};

enum key
schema_find(const char *name, unsigned place)
{
	enum key k;

	for (k = 0; k < KEY_COUNT; k++)
		if ((schema[k].places & place) != 0 && strcmp(schema[k].name, name) == 0)
			break;
	return k;
}

unsigned
schema_places(const char *name)
{
	unsigned places = 0;

	for (enum key k = 0; k < KEY_COUNT; k++)
		if (strcmp(schema[k].name, name) == 0)
			places |= schema[k].places;
	return places;
}

bool
schema_later(const char *name, unsigned place)
{
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if ((later[i].places & place) != 0 && strcmp(later[i].name, name) == 0)
			return true;
	return false;
}

const char *
schema_guess(const char *name, unsigned place)
{
	struct suggest g = suggest_of(name);

	for (enum key k = 0; k < KEY_COUNT; k++)
		if ((schema[k].places & place) != 0)
			suggest_offer(&g, schema[k].name);
	return g.best;
}

const char *
schema_place_name(unsigned place)
{
	switch (place) {
	case IN_TOP:
		return "the top level";
	case IN_DEFAULTS:
		return "defaults";
	case IN_USER:
		return "a user";
	case IN_POOL:
		return "a pool";
	case IN_TEST:
		return "a test";
	case IN_SCHEDULE:
		return "a schedule";
	case IN_MAINTENANCE:
		return "a maintenance";
	case IN_ROLE:
		return "a role";
	}
	return "this place";
}

unsigned
schema_home(enum key k)
{
	return schema[k].places & ~IN_DEFAULTS;
}

uint64_t
schema_standard(enum key k)
{
	const struct schema_key *s = &schema[k];
	unsigned index = 0;
	uint64_t v = 0;

	if (s->standard == NULL)
		return 0;
	switch (s->type) {
	case TYPE_COUNT:
		(void)str_uint(str_of(s->standard), s->min, s->max, &v);
		break;
	case TYPE_DURATION:
		(void)text_parse_duration(str_of(s->standard), &v);
		break;
	case TYPE_BOOL:
		v = strcmp(s->standard, "true") == 0;
		break;
	case TYPE_WORD:
		(void)schema_word(k, s->standard, &index);
		v = index;
		break;
	default:
		break;
	}
	return v;
}

bool
schema_word(enum key k, const char *word, unsigned *ret)
{
	for (unsigned i = 0; schema[k].words[i] != NULL; i++) {
		if (strcmp(schema[k].words[i], word) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}
