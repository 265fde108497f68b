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

/* A list that several files have a part of: the elements of all, in order. */
struct elements {
	const config_setting_t **v;
	unsigned n;
};

/* One group of the file, checked against the schema; what was wrong is not in it. */
struct values {
	const config_setting_t *at[KEY_COUNT];
	uint64_t num[KEY_COUNT]; /* of those that value_read() makes a number */
	bool refused[KEY_COUNT]; /* given, but wrong: not missing as well */
	struct elements *lists;	 /* by key; NULL: of one file, see at */
	unsigned line;		 /* of the group */
};

/* A file that is parsed for itself. */
struct unit {
	config_t tree; /* first: a setting leads back to it */
	const struct source_unit *source;
};

struct loader {
	struct source source;
	struct problems problems;
	struct unit *units; /* those that could be parsed */
	size_t nunits;
	bool partial; /* a part is missing: what it has is not missed */
	bool no_memory;
	struct elements lists[KEY_COUNT]; /* of the top */
	struct values top, defaults;
	struct config_timing timing;  /* of the defaults */
	uint64_t standard[KEY_COUNT]; /* schema_standard() of each */
	const char *credentials;      /* directory, or NULL */
	struct config *c;
	/* Until the end, lines of users, pools and tests are those of the joined text. */
	struct map users, pools;       /* address, fqdn -> index */
	struct map user_parts, labels; /* the short name -> how many have it */
};

/* ---- read.c: one value ---- */

/*
 * Holds a value against its row of the schema; what is wrong becomes a problem, and
 * false. Numbers, words (their index), bools and durations (milliseconds) go to *ret.
 */
bool value_read(struct loader *l, const config_setting_t *s, enum key k, uint64_t *ret);
#define WANTED_SIZE 256
/* Returns what a value of the key must be; the text may be in dst. */
const char *value_wanted(enum key k, char dst[WANTED_SIZE]);
unsigned setting_line(const config_setting_t *s); /* of the joined text */

/* ---- values.c: groups ---- */

/* Reads a group that stands in place (one IN_* bit). What is wrong becomes a problem. */
void values_read(
    struct loader *l, const config_setting_t *group, unsigned place, struct values *ret);
/* Adds a group of the same place from another file: lists grow, no key comes twice. */
void values_add(
    struct loader *l, const config_setting_t *group, unsigned place, struct values *v);
/* Borrowed from the tree; NULL when it was not given (or refused). */
const char *value_string(const struct values *v, enum key k);
/* The number given, else that of the defaults section, else the standard one. */
uint64_t value_number(const struct loader *l, const struct values *v, enum key k);
/*
 * Elements of a TYPE_TEXTS or TYPE_GROUPS setting; 0 when it was not given. At the top,
 * where the files are merged, only those of the right type.
 */
unsigned value_count(const struct values *v, enum key k);
const char *value_element(const struct values *v, enum key k, unsigned i);
const config_setting_t *value_element_at(const struct values *v, enum key k, unsigned i);
/* Says that a text is wrong, and what it should have been. Not for secrets. */
void value_wrong(struct loader *l, const struct values *v, enum key k, const char *what);
#define PLACE_SIZE 4200
/* "FILE:LINE" of a line of the joined text, in dst. */
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

bool users_build(struct loader *l); /* false: out of memory */
bool pools_build(struct loader *l);

/* ---- roles.c ---- */

/* Those of the file, or the standard ones. False: out of memory. */
bool roles_build(struct loader *l);
void roles_free(struct config *c);

/* ---- reference.c ---- */

bool references_build(struct loader *l); /* false: out of memory */
void references_free(struct config *c);

/* ---- expand.c: pools x users ---- */

bool tests_build(struct loader *l);

/* The index of a pool; a name that leads nowhere becomes a problem, and false. */
bool resolve_pool(struct loader *l, const config_setting_t *s, uint32_t *ret);

/* ---- timing.c: schedules ---- */

/* Of the defaults section, into l->timing. False: out of memory. */
bool timing_build_defaults(struct loader *l);
/* Of a test. False: out of memory. */
bool timing_build(struct loader *l, const struct values *test, struct config_timing *ret);
/*
 * The times, or windows, of a list; NULL: it was not given, or is wrong, which has been
 * said, or out of memory (*ok is false then; else untouched).
 */
const struct calendar *calendar_build(
    struct loader *l, const struct values *v, enum key k, bool *ok);

/* ---- maintenance.c ---- */

/* When pools and tests are complete. False: out of memory. */
bool maintenance_build(struct loader *l);
void maintenance_free(struct config *c);

/* ---- secret.c ---- */

/* NULL: *err says why; the text of the secret is never in it. Caller: secret_free(). */
struct secret *secret_find(
    const char *credentials, const char *directory, const char *name, struct err *err);

#endif
