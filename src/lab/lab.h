/*
 * lab - a whole lab pool: web services and registrar on the same address, users,
 * certificates.
 *
 * All files of the pool are in one directory; see cswatch-lab(1).
 */
#ifndef CSWATCH_LAB_LAB_H
#define CSWATCH_LAB_LAB_H
#include <stdbool.h>
#include <stdint.h>

#include "lab/faults.h"

struct err;
struct lab;

struct lab_options {
	const char *directory;
	const char *fqdn;
	const char *listen; /* literal address */
	const char
	    *advertise; /* host name in URLs; NULL: the name that the client used */
	const char *front_end; /* header with the account, or NULL; only on loopback */
	uint16_t https_port, sip_port; /* 0: any */
	int http_port;		       /* 0: any; -1: no http */
	const char *users_file; /* NULL: DIR/users, which is made if it does not exist */
	const char *transcript; /* NULL: none */
	bool no_presence;	/* no event packages are offered */
	struct lab_faults faults;
};

/*
 * Makes a pool, which listens when the function returns. The strings of *o are borrowed
 * until lab_free(). Returns NULL and sets *err on failure.
 */
struct lab *lab_new(const struct lab_options *o, struct err *err);
void lab_free(struct lab *l); /* NULL is allowed */

/*
 * Prints the line of JSON on standard output that says where the pool serves. Returns
 * false if it cannot be written.
 */
bool lab_announce(const struct lab *l);
/* Serves until SIGTERM, SIGINT or "quit" on standard input. */
void lab_run(struct lab *l);

#endif
