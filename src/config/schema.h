/*
 * schema - the keys of the configuration file: one table for the loader, its messages and
 * the tests of the documents.
 *
 * Knows names, places, types and limits; reads nothing. What a value means is the
 * business of whoever asks for it.
 */
#ifndef CSWATCH_CONFIG_SCHEMA_H
#define CSWATCH_CONFIG_SCHEMA_H
#include <stdbool.h>
#include <stdint.h>

/* Where a key may stand; bits. */
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
	KEY_STATE_DIRECTORY,
	KEY_MAX_PARALLEL,
	KEY_ROLLUP_WAIT,
	KEY_REFERENCE,
	KEY_ENDPOINT_SUFFIX,
	KEY_USER_AGENT,
	KEY_DNS_SERVERS,
	KEY_KEY_LIFETIME,
	KEY_CERTIFICATE_WARNING,
	KEY_CONTROL_SOCKET,
	KEY_ROLES,
	KEY_DEFAULTS,
	KEY_USERS,
	KEY_POOLS,
	KEY_TESTS,
	KEY_MAINTENANCE,
	KEY_EVERY,
	KEY_TIMEOUT,
	KEY_CONFIRM,
	KEY_RECOVER,
	KEY_RETRY,
	KEY_REMIND,
	KEY_POOL_MAX_PARALLEL,
	KEY_SIP,
	KEY_USERNAME,
	KEY_SECRET,
	KEY_PASSWORD,
	KEY_AUTHENTICATION,
	KEY_FQDN,
	KEY_DOMAIN,
	KEY_DISCOVERY_URI,
	KEY_DISCOVERY_AGE,
	KEY_REGISTRAR_PORT,
	KEY_ADDRESS,
	KEY_CERT_PROVISIONING_URI,
	KEY_CA_FILE,
	KEY_TLS_MIN,
	KEY_INNER_CERTIFICATE,
	KEY_LEGACY_TLS,
	KEY_ALLOWED_WEB_DOMAINS,
	KEY_NAME,
	KEY_TEST_POOL,
	KEY_TEST_POOLS,
	KEY_TEST_USER,
	KEY_TEST_USERS,
	KEY_SCHEDULE,
	KEY_AT,
	KEY_ACTIVE,
	KEY_TIMEZONE,
	KEY_JITTER,
	KEY_RUN_ON_START,
	KEY_MAINTENANCE_TESTS,
	KEY_FOR,
	KEY_REASON,
	KEY_ROLE_NAME,
	KEY_ROLE_GROUPS,
	KEY_ROLE_COMMANDS,
	KEY_COUNT
};

enum key_type {
	TYPE_STRING, /* min, max: octets */
	TYPE_NUMBER, /* min, max: the number */
	TYPE_BOOL,
	TYPE_DURATION, /* a string with its unit; min, max: milliseconds */
	/* What may stand at the top of several files, merged: */
	TYPE_STRINGS, /* [ "a", "b" ]; min, max: octets of each */
	TYPE_TEXTS,   /* the same, or just one string */
	TYPE_GROUP,   /* { ... } */
	TYPE_GROUPS   /* ( { ... }, { ... } ) */
};

struct schema_key {
	const char *name;
	unsigned places;
	enum key_type type;
	uint64_t min, max;
	const char *standard; /* the default as one would write it; NULL: none */
};

extern const struct schema_key schema[KEY_COUNT];

/* KEY_COUNT: no such key in that place. */
enum key schema_find(const char *name, unsigned place);
/* The places where a key of that name may stand, 0 for none. */
unsigned schema_places(const char *name);
/* Known to the design of the file, but refused by this version rather than ignored. */
bool schema_later(const char *name, unsigned place);
/* The key of that place that name is most likely a slip of; NULL when nothing is near. */
const char *schema_guess(const char *name, unsigned place);
/* "a pool", "the defaults", ...: for messages. place is a single bit. */
const char *schema_place_name(unsigned place);
/* The default of a number, bool or duration as a number; 0 when there is none. */
uint64_t schema_standard(enum key k);

#endif
