/*
 * schema - the keys of the configuration file: one table for the loader, its messages and
 * the tests of the documents. The rows are in config/keys.def.
 *
 * Knows the name, places, type, limits, default and destination of each key; reads no
 * file. What a value means is up to the code that uses it.
 */
#ifndef CSWATCH_CONFIG_SCHEMA_H
#define CSWATCH_CONFIG_SCHEMA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The places where a key may stand, as bits. */
#define IN_TOP	       1u
#define IN_DEFAULTS    2u
#define IN_USER	       4u
#define IN_POOL	       8u
#define IN_TEST	       16u
#define IN_SCHEDULE    32u
#define IN_MAINTENANCE 64u
#define IN_ROLE	       128u
#define IN_COUNT       8

enum key {
#define KEY(id, ...) KEY_##id,
#include "config/keys.def"
#undef KEY
	KEY_COUNT
};

/* How a value is written, and what the limits min and max of its row then mean. */
enum key_type {
	TYPE_TEXT,     /* "..."; bytes */
	TYPE_PATH,     /* "...", a file name, see source_path(); bytes */
	TYPE_WORD,     /* "...", one of a few words; no limits */
	TYPE_COUNT,    /* a whole number; the number */
	TYPE_BOOL,     /* true or false */
	TYPE_DURATION, /* "...", a number and its unit; milliseconds */
	/* Types from here on may stand at the top of several files, which are merged. */
	TYPE_TEXTS,	    /* [ "a", "b" ]; bytes of each */
	TYPE_TEXT_OR_TEXTS, /* TYPE_TEXTS, or just one text; bytes of each */
	TYPE_GROUP,	    /* { ... } */
	TYPE_GROUPS	    /* ( { ... }, { ... } ) */
};

/* The C type of the member that a plain value is stored in. */
enum member_type {
	MEMBER_NONE, /* not a plain value: code of its own reads it */
	MEMBER_BOOL,
	MEMBER_U16,
	MEMBER_UNSIGNED, /* also of enums */
	MEMBER_U64,
	MEMBER_TEXT, /* char *, allocated; NULL without a value and a default */
	MEMBER_TEXTS /* char **, allocated, NULL-terminated; NULL without a value */
};

struct schema_key {
	const char *name;
	unsigned places;
	unsigned required; /* the places where it must be given */
	enum key_type type;
	enum member_type member; /* how a plain value is stored, at offset */
	uint64_t min, max;
	const char *standard; /* the default as one would write it, or NULL */
	const char *const
	    *words; /* of TYPE_WORD: the value is the index; NULL-terminated */
	const char *const *later; /* words that a later version may accept, or NULL */
	/* Returns whether a text is acceptable, or is NULL if any text is. */
	bool (*check)(const char *text);
	const char
	    *wanted; /* what a value must be, as "it must be ..." goes on; or NULL */
	/*
	 * Where a plain value is stored: a member of the struct that schema_home() names.
	 * Durations are divided by unit_ms and rounded up.
	 */
	size_t offset;
	uint64_t unit_ms;
};

extern const struct schema_key schema[KEY_COUNT];

/* Returns KEY_COUNT if there is no such key in that place (a single bit). */
enum key schema_find(const char *name, unsigned place);
/* Returns the places where a key of that name may stand, 0 for none. */
unsigned schema_places(const char *name);
/* Returns whether the name is reserved for a later version, and refused until then. */
bool schema_later(const char *name, unsigned place);
/* Returns the key of that place that is nearest to a misspelt name, or NULL. */
const char *schema_guess(const char *name, unsigned place);
/* Returns "a pool", "defaults", ...: for messages. place is a single bit. */
const char *schema_place_name(unsigned place);
/*
 * Returns the place whose struct holds the key's value: the only one it may stand in, not
 * counting defaults. IN_TOP: struct config, IN_USER: config_user, IN_POOL: config_pool,
 * IN_TEST: config_test, IN_SCHEDULE: config_timing, IN_MAINTENANCE: config_maintenance,
 * IN_ROLE: config_role.
 */
unsigned schema_home(enum key k);
/* Returns the default of a number, word, bool or duration as a number; 0 for none. */
uint64_t schema_standard(enum key k);
/* Sets *ret to the index of a word of the key. Returns false for any other word. */
bool schema_word(enum key k, const char *word, unsigned *ret);

#endif
