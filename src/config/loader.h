/*
 * loader - what the files of this folder share while one configuration is being loaded.
 *
 * Private to config/.
 */
#ifndef CSWATCH_CONFIG_LOADER_H
#define CSWATCH_CONFIG_LOADER_H
#include <libconfig.h>

#include "config/config.h"
#include "config/map.h"
#include "config/problems.h"
#include "config/schema.h"
#include "config/source.h"

struct err;

/* A list to which several files may contribute: all its elements, in order. */
struct elements {
	const config_setting_t **v;
	unsigned n;
};

/*
 * The values of one group that was checked against the schema, without those that were
 * refused.
 */
struct values {
	const config_setting_t *at[KEY_COUNT];
	uint64_t num[KEY_COUNT]; /* of types that value_read() turns into a number */
	bool refused[KEY_COUNT]; /* given, but wrong, and therefore not missing */
	struct elements *lists;	 /* by key; NULL: the group is of one file, see `at` */
	unsigned line;		 /* line of the group */
};

/* A file that is parsed by itself. */
struct unit {
	config_t tree; /* first, because a setting points to it */
	const struct source_unit *source;
};

struct loader {
	struct source source;
	struct problems problems;
	struct unit *units; /* the files that could be parsed */
	size_t nunits;
	bool partial; /* a file is missing: names that it may define are not reported */
	bool no_memory;
	struct elements lists[KEY_COUNT]; /* of the top level */
	struct values top, defaults;
	struct config_timing timing;  /* of the defaults section */
	uint64_t standard[KEY_COUNT]; /* schema_standard() of each */
	const char *credentials;      /* directory, or NULL */
	struct config *c;
	/*
	 * Until the configuration is complete, the lines of users, pools and tests are
	 * those of the joined text.
	 */
	struct map users, pools; /* SIP address or FQDN to index */
	struct map user_parts,
	    labels; /* short name to the number of users or pools that have it */
};

/* ---- read.c: one value ---- */

/*
 * Checks a value against its row of the schema. Sets *ret to the value of a number or
 * bool, the index of a word, or the milliseconds of a duration. Returns false if the
 * value is refused; the problem is then added.
 */
bool value_read(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret);
#define WANTED_SIZE 256
/* Returns what a value of the key must be; the text may be in dst. */
const char *value_wanted(enum key k, char dst[WANTED_SIZE]);
unsigned setting_line(const config_setting_t *s); /* of the joined text */

/* ---- values.c: groups ---- */

/*
 * Reads a group of a place (a single IN_* bit) and adds what is wrong with it to the
 * problems.
 */
void values_read(
    struct loader *l, const config_setting_t *group, unsigned place, struct values *ret);
/*
 * Adds the values of a group of the same place from another file: lists are continued,
 * any other key may be given only once.
 */
void values_add(
    struct loader *l, const config_setting_t *group, unsigned place, struct values *v);
/*
 * Returns a text, borrowed from the parse tree, or NULL if it was not given or was
 * refused.
 */
const char *value_string(const struct values *v, enum key k);
/* Returns the number that was given, or that of the defaults section, or the default. */
uint64_t value_number(const struct loader *l, const struct values *v, enum key k);
/*
 * Returns the number of elements of a TYPE_TEXTS, TYPE_TEXT_OR_TEXTS or TYPE_GROUPS
 * setting, 0 if it was not given. At the top level, where the files are merged, only
 * elements of the right type count.
 */
unsigned value_count(const struct values *v, enum key k);
const char *value_element(const struct values *v, enum key k, unsigned i);
const config_setting_t *value_element_at(const struct values *v, enum key k, unsigned i);
/*
 * Adds the problem that a text is wrong, with the text and what it must be. Not for
 * secrets.
 */
void value_wrong(struct loader *l, const struct values *v, enum key k, const char *what);
#define PLACE_SIZE 4200
/* Writes "FILE:LINE" of a line of the joined text to dst, and returns dst. */
const char *place_text(const struct loader *l, unsigned line, char *dst, size_t size);

/* ---- store.c: plain values ---- */

/*
 * Stores every plain value of a place in its struct (schema_home()): the value given, or
 * that of the defaults section, or the default. Returns false if out of memory; then the
 * object holds what could be stored.
 */
bool values_store(
    const struct loader *l, const struct values *v, unsigned home, void *object);
/* Frees the texts that values_store() made. */
void values_free_texts(unsigned home, void *object);

/* ---- users.c, pools.c ---- */

bool users_build(struct loader *l); /* returns false if out of memory */
bool pools_build(struct loader *l);

/* ---- roles.c ---- */

/* Builds the roles of the files, or the standard ones. Returns false if out of memory. */
bool roles_build(struct loader *l);
void roles_free(struct config *c);

/* ---- reference.c ---- */

bool references_build(struct loader *l); /* returns false if out of memory */
void references_free(struct config *c);

/* ---- expand.c: pools x users ---- */

bool tests_build(struct loader *l);

/*
 * Sets *ret to the index of a pool. Returns false if the name is unknown; the problem is
 * then added.
 */
bool resolve_pool(struct loader *l, const config_setting_t *s, uint32_t *ret);

/* ---- timing.c: schedules ---- */

/*
 * Builds the timing of the defaults section in l->timing. Returns false if out of memory.
 */
bool timing_build_defaults(struct loader *l);
/* Builds the timing of a test. Returns false if out of memory. */
bool timing_build(struct loader *l, const struct values *test, struct config_timing *ret);
/*
 * Builds the calendar of a list of times or windows, which the configuration owns.
 * Returns NULL if the list was not given, if it is wrong (the problem is then added), or
 * if out of memory (*ok is then set to false).
 */
const struct calendar *calendar_build(
    struct loader *l, const struct values *v, enum key k, bool *ok);

/* ---- maintenance.c ---- */

/*
 * Builds maintenance; call when pools and tests are complete. Returns false if out of
 * memory.
 */
bool maintenance_build(struct loader *l);
void maintenance_free(struct config *c);

/* ---- secret.c ---- */

/*
 * Reads the secret of that name. Returns NULL and sets *err, which never contains text of
 * the secret. The caller frees it with secret_free().
 */
struct secret *secret_find(
    const char *credentials, const char *directory, const char *name, struct err *err);

#endif
