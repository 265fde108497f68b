/*
 * discover - the look for a registrar: which way is tried, and how far it has led. It
 * belongs to the step discover alone.
 */
#ifndef CSWATCH_TXN_DISCOVER_DISCOVER_H
#define CSWATCH_TXN_DISCOVER_DISCOVER_H
#include <stdbool.h>
#include <stdint.h>

#include "loop/resolve.h"
#include "soap/mex.h"
#include "vocab/discovery.h"
#include "vocab/err.h"

/* Which request of autodiscover is due. */
enum discover_leg { LEG_DOCUMENT, LEG_METADATA, LEG_TICKET };

struct discover {
	enum discovery_way way;
	bool clear_text;   /* asked over http, after https had failed */
	bool under_way;	   /* a leg of it has been made */
	bool rejected;	   /* the test account was: do not try that twice */
	bool answered;	   /* some way was, be it with a failure */
	uint64_t since_us; /* when the way was begun */
	/* the failure that tells most */
	struct err worst;
	/* what a look-up of SRV records brought, in the order to try it in */
	struct srv srv[DISCOVERY_TARGETS_MAX];
	unsigned nsrv, at_srv;
	/* autodiscover.c */
	enum discover_leg leg;
	char url[URL_MAX];    /* of the document */
	char issuer[URL_MAX]; /* of the ticket that it wants */
	bool ticketed;	      /* it is asked for with a ticket */
	unsigned documents;   /* read by this way */
	unsigned links;	      /* followed by this way */
};

#endif
