/*
 * config - the configuration: immutable once loaded, counted, complete (defaults filled
 * in, files read).
 *
 * Reload builds a new one aside and swaps it; transactions in flight hold references to
 * the old.
 */
#ifndef CSWATCH_CONFIG_CONFIG_H
#define CSWATCH_CONFIG_CONFIG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/account.h"
#include "sip/endpoint.h"
#include "tls/memtls.h"
#include "tls/trust.h"

struct buf;
struct calendar;
struct secret;

#define CONFIG_FILE_MAX	      (16 * 1024 * 1024) /* octets */
#define CONFIG_PROBLEMS_MAX   100		 /* listed; the rest is counted */
#define CONFIG_TESTS_MAX      200000
#define CONFIG_ROLES_MAX      100
#define CONFIG_GROUPS_MAX     100 /* of a role */
#define CONFIG_REFERENCES_MAX 8

/* Where something stands: a file of the configuration, and its line. */
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
	char *fqdn;		     /* its name; of a domain: the domain */
	bool is_domain;		     /* a SIP domain: discovery finds it */
	char *discovery_uri;	     /* of a domain; NULL: ask DNS */
	uint64_t discovery_age_ms;   /* 1h: then look again */
	uint16_t registrar_port;     /* 5061; of a domain: 0 */
	char *address;		     /* literal, or NULL */
	char *cert_provisioning_uri; /* NULL: learned from the challenge */
	/* NULL, or NULL-ended: credentials may go there beside the pool's own domain */
	char **allowed_web_domains;
	char *ca_file; /* NULL: the system's certificates */
	enum tls_version tls_min;
	bool legacy_tls;
	enum memtls_check inner_check;
	struct tls_outer *tls; /* made of the three; shared where pools trust alike */
	unsigned max_parallel; /* 4 */
	struct config_place at;
};

/* When a test runs. Calendars belong to the configuration. */
struct config_timing {
	const struct calendar *at;     /* times of day, or NULL: every_ms */
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
	uint64_t retry_ms;   /* 30s: after a first failure */
	unsigned timeout_ms; /* 30s */
	unsigned confirm;    /* 2: failures that make an alert */
	unsigned recover;    /* 1: successes that end it */
	uint64_t remind_ms;  /* 1d; 0: never */
	struct config_place at;
};

/* Tests are paused while it lasts. Of pools and tests; without either, of all. */
struct config_maintenance {
	const struct calendar *at;
	uint64_t for_ms;
	char *reason; /* may be empty */
	bool *pools;  /* by index; NULL: none */
	char **tests; /* names, sorted */
	size_t ntests;
	struct config_place place; /* "at" is when */
};

/* Which groups may ask the daemon for what. */
struct config_role {
	char *name;
	char **groups; /* as written */
	int64_t *gids; /* of each; -1: there is no such group */
	size_t ngroups;
	unsigned verbs;		/* bits, 1u << enum command_id (vocab/command_id.h) */
	struct config_place at; /* line 0: a standard one */
};

/* What should answer at a TCP port as long as the watcher has a network. */
struct config_reference {
	char *host; /* name or literal address */
	uint16_t port;
};

struct config {
	unsigned refs;
	char *path;
	char **files; /* all that were read, in their order */
	size_t nfiles;
	char *state_directory;	     /* where state.json and keys/ live */
	char epid[SIP_EPID_MAX + 1]; /* "STEpid" plus endpoint_suffix */
	char *user_agent;
	char *dns_servers;	 /* NULL: the system's */
	unsigned max_parallel;	 /* 64: runs at a time, over all tests */
	uint64_t rollup_wait_ms; /* 1m; 0: each test speaks at once */
	uint64_t remind_ms;	 /* 1d: of pools and the watcher */
	struct config_reference references[CONFIG_REFERENCES_MAX];
	size_t nreferences;
	unsigned certificate_warning_days; /* 21 */
	uint64_t key_lifetime_s;	   /* 30d; 0: for ever */
	char *control_socket;		   /* "": none */
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
	const char *file; /* whatever the file system allows in a name */
	unsigned line;	  /* 0: the file as a whole */
	const char *text; /* what is wrong, and what it must be; one line */
};

/*
 * Reads path and the *.conf of conf.d beside it; checks and completes. NULL: each problem
 * has been told, all of them and not only the first, in the order of files and lines.
 * credentials: directory of systemd credentials, or NULL. Secrets are in no problem.
 */
struct config *config_examine(const char *path, const char *credentials,
    void (*tell)(void *arg, const struct config_problem *problem), void *arg);
/* "FILE:LINE: TEXT", one line. */
void config_problem_line(struct buf *out, const struct config_problem *problem);
/* The same; problems gets them as lines. */
struct config *config_load(
    const char *path, const char *credentials, struct buf *problems);
struct config *config_ref(struct config *c);
void config_unref(struct config *c); /* NULL is fine */

/* Whether that maintenance means that test, both of c. */
bool config_maintains(const struct config *c, const struct config_maintenance *m,
    const struct config_test *t);

#endif
