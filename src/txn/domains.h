/*
 * domains - where credentials may go: the domains of the pool, of the user's SIP address
 * and those that are configured. For txn/ only.
 *
 * Not where a redirect or a document leads: the server that sends us there may not vouch
 * for it. Nor may a registrar that discovery found.
 */
#ifndef CSWATCH_TXN_DOMAINS_H
#define CSWATCH_TXN_DOMAINS_H
#include <stdbool.h>

struct txn_spec;
struct txn;

/*
 * Returns false, with txn_err(), for a URL to which no credentials go; from names the
 * server, or the document, that leads there.
 */
bool domains_allow_url(struct txn *t, const char *url, const char *from);
/* Like domains_allow_url(), for a registrar. */
bool domains_allow_host(struct txn *t, const char *host, const char *from);
/* Returns whether host is the user's SIP domain, or below it. */
bool domains_has_user(const struct txn_spec *s, const char *host);
/* Returns whether host is of Microsoft's online service. */
bool domains_is_online(const char *host);

#endif
