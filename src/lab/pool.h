/*
 * pool - the parts of a lab pool that its servers use. Only lab.c makes and frees them.
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

#define POOL_HOST_MAX 256 /* bytes of a host name with its NUL */

struct lab_pool {
	struct event_base *base;
	const char *fqdn;
	const char
	    *advertise;	     /* host name in URLs; NULL: the name that the client used */
	const char *address; /* literal address where the pool listens */
	/*
	 * name of the header in which a front end sends the account; NULL: no front end
	 */
	const char *front_end;
	struct lab_pki *pki;
	struct lab_users users;
	bool no_presence; /* no event packages are offered, so that clients ask for no
			     more */
	struct lab_faults faults; /* may change between two events */
	struct lab_acceptor *acceptor;
	struct lab_xmlsig *xmlsig;
	struct lab_tickets *tickets;
	struct lab_published published;
	struct lab_bindings bindings;
	struct lab_transcript *transcript; /* NULL: none */
	uint16_t https_port, sip_port;
	uint16_t face_port[PKI_FACE_COUNT]; /* ports of HTTPS with each certificate;
					       [PKI_RIGHT] is https_port */
	uint16_t dead_port; /* a port that does not accept connections, for the fault
			       "refuse" */
};

/* Returns which certificate a server shows at a step, according to the faults. */
enum lab_pki_face lab_pool_face(const struct lab_pool *p, enum step_id step);
/*
 * Returns the port of a URL for a step: the right one, one with a wrong certificate, or
 * the dead one.
 */
uint16_t lab_pool_web_port(const struct lab_pool *p, enum step_id step);
/*
 * Returns the time of the lab's clock at a step, which a fault may have set wrong, in
 * seconds since the epoch.
 */
int64_t lab_pool_now(const struct lab_pool *p, enum step_id step);
/* Writes that time as in a Date header. */
#define POOL_DATE_SIZE 32
void lab_pool_date(const struct lab_pool *p, enum step_id step, char dst[POOL_DATE_SIZE]);

#endif
