/*
 * discovery - how the registrar of a SIP domain was found, and what came of each way that
 * did not lead to one: plain data. The ways are a closed list, in the order in which they
 * are tried; doc/PROTOCOL describes them.
 */
#ifndef CSWATCH_VOCAB_DISCOVERY_H
#define CSWATCH_VOCAB_DISCOVERY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vocab/vocab.h"

enum discovery_way {
	WAY_URI,		  /* configured: discovery_uri; the only one then */
	WAY_LYNCDISCOVERINTERNAL, /* autodiscover */
	WAY_LYNCDISCOVER,
	WAY_SRV_INTERNAL, /* _sipinternaltls._tcp */
	WAY_SRV_EXTERNAL, /* _sip._tls */
	WAY_SIPINTERNAL,  /* host names, of fixed ports */
	WAY_SIPEXTERNAL,
	WAY_SIP,
	WAY_COUNT
};

#define DISCOVERY_HOST_MAX    256
#define DISCOVERY_ASKED_MAX   320 /* bytes of what was asked, NUL included */
#define DISCOVERY_CAME_MAX    200 /* bytes of what came */
#define DISCOVERY_TARGETS_MAX 4	  /* of an SRV record, that are tried in one run */
/* each way once, autodiscover at a host over https and then http, and dead targets */
#define DISCOVERY_TRIES_MAX (WAY_COUNT + 1 + DISCOVERY_TARGETS_MAX - 1)

/* A way that led nowhere, or one that led to a registrar which is dead. */
struct discovery_try {
	enum discovery_way way;
	bool clear_text; /* http://, after https:// had failed */
	bool dead;	 /* came begins with its name */
	enum cause cause;
	long code;
	char came[DISCOVERY_CAME_MAX]; /* printable, no secrets */
};

struct discovery {
	bool found;
	bool known;		       /* by an earlier run; this one did not look */
	enum discovery_way way;	       /* when found */
	bool clear_text;	       /* its first answer came over http:// */
	bool moved_on;		       /* the registrar sent us to another */
	char host[DISCOVERY_HOST_MAX]; /* the registrar */
	uint16_t port;
	/*
	 * where autodiscover believes us to be: "Internal", "External", or "" if unknown
	 */
	char access[16];
	int64_t at_ms;	 /* when it was found, or 0 if it was not looked for yet */
	unsigned ntries; /* ways tried before, or without success */
	struct discovery_try tries[DISCOVERY_TRIES_MAX];
};

/*
 * Returns "lyncdiscover", "_sip._tls", ...: what a DNS name begins with, if the way has
 * one.
 */
const char *discovery_way_name(enum discovery_way way);
bool discovery_is_autodiscover(enum discovery_way way);
/*
 * Writes what is asked by that way: "https://lyncdiscover.litwareinc.com/", "SRV
 * _sip._tls.litwareinc.com", "sip.litwareinc.com". It is "the configured URI" for
 * WAY_URI.
 */
void discovery_asked(
    enum discovery_way way, bool clear_text, const char *domain, char *dst, size_t size);

#endif
