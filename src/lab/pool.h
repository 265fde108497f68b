/*
 * pool - the parts of one lab pool, as the servers see them. Made and freed by lab.c
 * alone.
 */
#ifndef CSWATCH_LAB_POOL_H
#define CSWATCH_LAB_POOL_H
#include <stdbool.h>
#include <stdint.h>

#include "lab/bindings.h"
#include "lab/faults.h"
#include "lab/pki.h"
#include "lab/published.h"
#include "lab/users.h"

struct lab_acceptor;
struct event_base;
struct lab_tickets;
struct lab_transcript;
struct lab_xmlsig;

#define POOL_HOST_MAX 256 /* octets of a host name, NUL included */

struct lab_pool {
	struct event_base *base;
	const char *fqdn;
	const char *advertise; /* name in URLs; NULL: the one the client used */
	const char *address;   /* literal, where we listen */
	/* of the header with the account that a front end let in; NULL: no front end */
	const char *front_end;
	struct lab_pki *pki;
	struct lab_users users;
	bool no_presence;	  /* no event packages: clients ask for nothing more */
	struct lab_faults faults; /* may change between two events */
	struct lab_acceptor *acceptor;
	struct lab_xmlsig *xmlsig;
	struct lab_tickets *tickets;
	struct lab_published published;
	struct lab_bindings bindings;
	struct lab_transcript *transcript; /* NULL: none */
	uint16_t https_port, sip_port;
	uint16_t face_port[PKI_FACE_COUNT]; /* HTTPS with that certificate; [PKI_RIGHT] is
					       https_port */
	uint16_t dead_port; /* nobody listens there: where "refuse" sends a client */
};

/* Which certificate a server shows at that step, after the faults. */
enum lab_pki_face lab_pool_face(const struct lab_pool *p, enum step_id step);
/* The port where a URL for that step leads: ours, one with a wrong certificate, or the
 * dead one. */
uint16_t lab_pool_web_port(const struct lab_pool *p, enum step_id step);
/* Seconds since the epoch by the lab's clock at that step (faults may have set it wrong).
 */
int64_t lab_pool_now(const struct lab_pool *p, enum step_id step);
/* The same as a Date header has it. */
#define POOL_DATE_SIZE 32
void lab_pool_date(const struct lab_pool *p, enum step_id step, char dst[POOL_DATE_SIZE]);

#endif
