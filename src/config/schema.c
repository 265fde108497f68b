#include "config/schema.h"

#include "build_config.h"

#include <stddef.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"

#define SECOND ((uint64_t)1000) /* in the unit of durations */
#define DAY    (24 * 3600 * SECOND)

#define PATH_LONGEST   3072 /* leaves room for the names of files below it */
#define NAME_LONGEST   256
#define SOCKET_LONGEST 107 /* sun_path of unix(7), and its NUL */

#define ROW(id, name, places, type, min, max, standard)                                  \
	[KEY_##id] = { name, places, TYPE_##type, min, max, standard }

const struct schema_key schema[KEY_COUNT] = {
	ROW(STATE_DIRECTORY, "state_directory", IN_TOP, STRING, 1, PATH_LONGEST,
	    CSWATCH_STATEDIR),
	ROW(MAX_PARALLEL, "max_parallel", IN_TOP, NUMBER, 1, 10000, "64"),
	ROW(ROLLUP_WAIT, "rollup_wait", IN_TOP, DURATION, 0, 600 * SECOND, "1m"),
	ROW(REFERENCE, "reference", IN_TOP, STRINGS, 1, NAME_LONGEST, NULL),
	ROW(ENDPOINT_SUFFIX, "endpoint_suffix", IN_TOP, STRING, 0, 10, NULL),
	ROW(USER_AGENT, "user_agent", IN_TOP, STRING, 1, 95,
	    PACKAGE_NAME "/" PACKAGE_VERSION),
	ROW(DNS_SERVERS, "dns_servers", IN_TOP, STRINGS, 1, 64, NULL),
	ROW(KEY_LIFETIME, "key_lifetime", IN_TOP, DURATION, 0, 366 * DAY, "30d"),
	ROW(CERTIFICATE_WARNING, "certificate_warning", IN_TOP | IN_DEFAULTS, DURATION, 0,
	    366 * DAY, "21d"),
	ROW(CONTROL_SOCKET, "control_socket", IN_TOP, STRING, 0, SOCKET_LONGEST,
	    CSWATCH_SOCKET),
	ROW(ROLES, "roles", IN_TOP, GROUPS, 0, 0, NULL),
	ROW(DEFAULTS, "defaults", IN_TOP, GROUP, 0, 0, NULL),
	ROW(USERS, "users", IN_TOP, GROUPS, 0, 0, NULL),
	ROW(POOLS, "pools", IN_TOP, GROUPS, 0, 0, NULL),
	ROW(TESTS, "tests", IN_TOP, GROUPS, 0, 0, NULL),
	ROW(MAINTENANCE, "maintenance", IN_TOP, GROUPS, 0, 0, NULL),

	ROW(EVERY, "every", IN_DEFAULTS | IN_TEST | IN_SCHEDULE, DURATION, SECOND / 10,
	    366 * DAY, "5m"),
	ROW(TIMEOUT, "timeout", IN_DEFAULTS | IN_TEST, DURATION, SECOND / 10,
	    600 * SECOND, "30s"),
	ROW(CONFIRM, "confirm", IN_DEFAULTS | IN_TEST, NUMBER, 1, 100, "2"),
	ROW(RECOVER, "recover", IN_DEFAULTS | IN_TEST, NUMBER, 1, 100, "1"),
	ROW(RETRY, "retry", IN_DEFAULTS | IN_TEST, DURATION, SECOND / 10, 366 * DAY,
	    "30s"),
	ROW(REMIND, "remind", IN_DEFAULTS | IN_TEST, DURATION, 0, 366 * DAY, "1d"),
	ROW(POOL_MAX_PARALLEL, "max_parallel", IN_DEFAULTS | IN_POOL, NUMBER, 1, 10000,
	    "4"),

	ROW(SIP, "sip", IN_USER, STRING, 1, NAME_LONGEST, NULL),
	ROW(USERNAME, "username", IN_USER, STRING, 1, NAME_LONGEST, NULL),
	ROW(SECRET, "secret", IN_USER, STRING, 1, NAME_LONGEST, NULL),
	ROW(PASSWORD, "password", IN_USER, STRING, 1, NAME_LONGEST, NULL),
	ROW(AUTHENTICATION, "authentication", IN_USER, STRING, 1, NAME_LONGEST, "ntlm"),

	ROW(FQDN, "fqdn", IN_POOL, STRING, 1, NAME_LONGEST, NULL),
	ROW(DOMAIN, "domain", IN_POOL, STRING, 1, NAME_LONGEST, NULL),
	ROW(DISCOVERY_URI, "discovery_uri", IN_POOL, STRING, 1, 255, NULL),
	ROW(DISCOVERY_AGE, "discovery_age", IN_DEFAULTS | IN_POOL, DURATION, 0, 366 * DAY,
	    "1h"),
	ROW(REGISTRAR_PORT, "registrar_port", IN_POOL, NUMBER, 1, 65535, "5061"),
	ROW(ADDRESS, "address", IN_POOL, STRING, 1, 64, NULL),
	ROW(CERT_PROVISIONING_URI, "cert_provisioning_uri", IN_POOL, STRING, 1, 255,
	    NULL),
	ROW(CA_FILE, "ca_file", IN_POOL, STRING, 1, PATH_LONGEST, NULL),
	ROW(TLS_MIN, "tls_min", IN_POOL, STRING, 1, NAME_LONGEST, "1.2"),
	ROW(INNER_CERTIFICATE, "inner_certificate", IN_POOL, STRING, 1, NAME_LONGEST,
	    "log"),
	ROW(LEGACY_TLS, "legacy_tls", IN_POOL, BOOL, 0, 1, "false"),
	ROW(ALLOWED_WEB_DOMAINS, "allowed_web_domains", IN_POOL, STRINGS, 1, NAME_LONGEST,
	    NULL),

	ROW(NAME, "name", IN_TEST, STRING, 1, 128, NULL),
	ROW(TEST_POOL, "pool", IN_TEST | IN_MAINTENANCE, STRING, 1, NAME_LONGEST, NULL),
	ROW(TEST_POOLS, "pools", IN_TEST | IN_MAINTENANCE, STRINGS, 1, NAME_LONGEST,
	    NULL),
	ROW(TEST_USER, "user", IN_TEST, STRING, 1, NAME_LONGEST, NULL),
	ROW(TEST_USERS, "users", IN_TEST, STRINGS, 1, NAME_LONGEST, NULL),
	ROW(SCHEDULE, "schedule", IN_TEST | IN_DEFAULTS, GROUP, 0, 0, NULL),
	ROW(AT, "at", IN_SCHEDULE | IN_MAINTENANCE, TEXTS, 1, 64, NULL),
	ROW(ACTIVE, "active", IN_SCHEDULE, TEXTS, 1, 64, NULL),
	ROW(TIMEZONE, "timezone", IN_DEFAULTS | IN_SCHEDULE | IN_MAINTENANCE, STRING, 1,
	    64, NULL),
	ROW(JITTER, "jitter", IN_SCHEDULE, DURATION, 0, DAY / 2, NULL),
	ROW(RUN_ON_START, "run_on_start", IN_SCHEDULE, BOOL, 0, 1, "false"),

	ROW(MAINTENANCE_TESTS, "tests", IN_MAINTENANCE, TEXTS, 1, NAME_LONGEST, NULL),
	ROW(FOR, "for", IN_MAINTENANCE, DURATION, SECOND, 31 * DAY, NULL),
	ROW(REASON, "reason", IN_MAINTENANCE, STRING, 1, 190, NULL),

	ROW(ROLE_NAME, "name", IN_ROLE, STRING, 1, 64, NULL),
	ROW(ROLE_GROUPS, "groups", IN_ROLE, STRINGS, 1, 64, NULL),
	ROW(ROLE_COMMANDS, "commands", IN_ROLE, STRINGS, 1, 64, NULL),
};

/* Words that mean nothing yet: an operator must not believe that they work. */
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

uint64_t
schema_standard(enum key k)
{
	const struct schema_key *s = &schema[k];
	uint64_t v = 0;

	if (s->standard == NULL)
		return 0;
	if (s->type == TYPE_NUMBER)
		(void)str_uint(str_of(s->standard), s->min, s->max, &v);
	else if (s->type == TYPE_DURATION)
		(void)text_parse_duration(str_of(s->standard), &v);
	else if (s->type == TYPE_BOOL)
		v = strcmp(s->standard, "true") == 0;
	return v;
}
