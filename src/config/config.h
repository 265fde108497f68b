/*
 * config - the configuration: immutable once loaded, reference-counted, and complete
 * (defaults filled in, files read).
 *
 * A reload builds a new one and exchanges it for the old one, to which transactions in
 * progress hold references.
 */
#ifndef CSWATCH_CONFIG_CONFIG_H
#define CSWATCH_CONFIG_CONFIG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/account.h"
#include "sip/endpoint.h"
#include "tls/inner.h"
#include "tls/outer.h"

struct buf;
struct calendar;
struct secret;

#define CONFIG_FILE_MAX	      (16 * 1024 * 1024) /* bytes */
#define CONFIG_PROBLEMS_MAX   100 /* listed; further ones are only counted */
#define CONFIG_TESTS_MAX      200000
#define CONFIG_ROLES_MAX      100
#define CONFIG_GROUPS_MAX     100 /* of a role */
#define CONFIG_REFERENCES_MAX 8

/* Where something is defined: a file of the configuration, and the line in it. */
struct config_place {
	const char *file; /* one of config.files */
	unsigned line;
};

struct config_user {
	char address[SIP_ADDRESS_MAX]; /* user@domain */
	struct account account;
	struct config_place at;
};

struct config_pool {
	char *fqdn;	/* name of the pool, or the SIP domain by which it is found */
	bool is_domain; /* the pool is found by discovery */
	char *discovery_uri;	     /* autodiscover service of a domain; NULL: ask DNS */
	uint64_t discovery_age_ms;   /* 1h; then the registrar is looked for again */
	uint16_t registrar_port;     /* 5061; 0 for a domain */
	char *address;		     /* literal address, or NULL */
	char *cert_provisioning_uri; /* NULL: the challenge names it */
	/* Further domains that may receive credentials; NULL, or NULL-terminated. */
	char **allowed_web_domains;
	char *ca_file; /* NULL: the system's certificates */
	enum tls_version tls_min;
	bool legacy_tls;
	enum tls_inner_check inner_check;
	struct tls_outer *tls; /* made of the three above; shared by pools that trust the
				  same servers */
	unsigned max_parallel; /* 4 */
	struct config_place at;
};

/* When a test runs. The configuration owns the calendars. */
struct config_timing {
	const struct calendar *at;     /* times of day; NULL: every_ms counts */
	const struct calendar *active; /* windows for every_ms; NULL: always */
	uint64_t every_ms;	       /* 5m */
	uint64_t jitter_ms;	       /* 0 */
	bool run_on_start;	       /* false */
};

struct config_test {
	char *name; /* unique */
	const struct config_pool *pool;
	const struct config_user *user;
	struct config_timing timing;
	uint64_t retry_ms;   /* 30s; after a first failure */
	unsigned timeout_ms; /* 30s */
	unsigned confirm;    /* 2; failures in a row that make an alert */
	unsigned recover;    /* 1; successes in a row that end it */
	uint64_t remind_ms;  /* 1d; 0: never */
	struct config_place at;
};

/*
 * When tests are paused: those of the pools and those named, or all tests if neither is
 * given.
 */
struct config_maintenance {
	const struct calendar *at;
	uint64_t for_ms;
	char *reason; /* may be empty */
	bool *pools;  /* by index of the pool; NULL: no pools */
	char **tests; /* names, sorted */
	size_t ntests;
	struct config_place place; /* not `at`, which says when */
};

/* Which groups may run which commands of the daemon. */
struct config_role {
	char *name;
	char **groups; /* names or numbers, as written */
	int64_t *gids; /* of each group; -1: it does not exist */
	size_t ngroups;
	unsigned verbs;		/* bits, 1u << enum command_id (vocab/command_id.h) */
	struct config_place at; /* line 0: a standard role */
};

/* An address that accepts TCP connections as long as the watcher has a network. */
struct config_reference {
	char *host; /* name or literal address */
	uint16_t port;
};

struct config {
	unsigned refs;
	char *path;
	char **files; /* names of the files that were read, in their order */
	size_t nfiles;
	char *state_directory;	     /* directory of state.json, keys/ and traces/ */
	char epid[SIP_EPID_MAX + 1]; /* "STEpid" plus endpoint_suffix */
	char *user_agent;
	char *dns_servers;	 /* NULL: the system's */
	unsigned max_parallel;	 /* 64; runs at the same time, over all tests */
	uint64_t rollup_wait_ms; /* 1m; 0: each test is announced at once */
	uint64_t remind_ms;	 /* 1d; for alerts of pools and the watcher */
	struct config_reference references[CONFIG_REFERENCES_MAX];
	size_t nreferences;
	unsigned certificate_warning_days; /* 21 */
	uint64_t key_lifetime_s;	   /* 30d; 0: a key is never replaced */
	char *control_socket;		   /* "": there is none */
	struct config_role *roles;	   /* in the order of the file */
	size_t nroles;
	struct config_user *users;
	size_t nusers;
	struct config_pool *pools;
	size_t npools;
	struct config_test *tests; /* sorted by name */
	size_t ntests;
	struct config_maintenance *maintenance;
	size_t nmaintenance;
	struct calendar **calendars;
	size_t ncalendars;
};

struct config_problem {
	const char *file; /* may contain any character that the file system allows */
	unsigned line;	  /* 0: the problem concerns the file as a whole */
	const char *text; /* what is wrong, and what it must be; one line */
};

/*
 * Reads path and the *.conf of conf.d in its directory, checks and completes the
 * configuration. Returns NULL if it has problems; tell is then called for each of them,
 * in the order of files and lines. credentials is the directory of systemd credentials,
 * or NULL. No problem contains a secret.
 */
struct config *config_examine(const char *path, const char *credentials,
    void (*tell)(void *arg, const struct config_problem *problem), void *arg);
/* Appends "FILE:LINE: TEXT" and a line feed. */
void config_problem_line(struct buf *out, const struct config_problem *problem);
/* Like config_examine(), but appends the problems to a buffer, one on each line. */
struct config *config_load(
    const char *path, const char *credentials, struct buf *problems);
struct config *config_ref(struct config *c);
void config_unref(struct config *c); /* NULL is allowed */

/*
 * Appends the names of settings that differ and take a restart, with commas between them:
 * those of things that are opened at the start.
 */
void config_name_fixed(
    const struct config *old, const struct config *next, struct buf *out);

/* Returns whether a maintenance of c pauses a test of c. */
bool config_maintains(const struct config *c, const struct config_maintenance *m,
    const struct config_test *t);

#endif
