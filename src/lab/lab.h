/*
 * lab - a whole lab pool: web services and registrar on the same address, users,
 * certificates.
 *
 * Everything that it keeps lies under one directory; see cswatch-lab(1).
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
	const char *listen;    /* literal address */
	const char *advertise; /* name in URLs; NULL: the one the client used */
	const char *front_end; /* header with the account, or NULL; loopback only */
	uint16_t https_port, sip_port; /* 0: any */
	int http_port;		       /* 0: any; -1: no http */
	const char *users_file;	       /* NULL: DIR/users, made when it is not there */
	const char *transcript;	       /* NULL: none */
	bool no_presence;	       /* no event packages offered */
	struct lab_faults faults;
};

/* Listens when it returns. The strings are borrowed until lab_free(). NULL: *err. */
struct lab *lab_new(const struct lab_options *o, struct err *err);
void lab_free(struct lab *l); /* NULL is fine */

/* The one JSON line on standard output that says where everything is. False: it cannot be
 * written. */
bool lab_announce(const struct lab *l);
/* Serves until SIGTERM, SIGINT or "quit" on standard input. */
void lab_run(struct lab *l);

#endif
