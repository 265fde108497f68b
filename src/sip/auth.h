/*
 * auth - challenges, credentials and Authentication-Info of SIP authentication
 * ([MS-SIPAE] 2.2).
 */
#ifndef CSWATCH_SIP_AUTH_H
#define CSWATCH_SIP_AUTH_H
#include <stdbool.h>

#include "base/str.h"

struct buf;
struct sip_msg;

#define SIP_AUTH_SCHEMES_MAX 64 /* of a message; servers offer four */
#define SIP_AUTH_PARAMS_MAX  24

/* One scheme with its parameters; strs point into the message. Quotes are removed. */
struct sip_auth {
	struct str scheme;
	unsigned n;
	struct {
		struct str name, value;
	} param[SIP_AUTH_PARAMS_MAX];
};

/*
 * Cuts the next "scheme param, param" off *rest (several may share a header). False:
 * none, or malformed; *rest and *ret are untouched then.
 */
bool sip_auth_next(struct str *rest, struct sip_auth *ret);
/* p == NULL when absent; names compare without case. */
struct str sip_auth_param(const struct sip_auth *a, const char *name);
/*
 * Finds scheme among all headers of that name (also when several schemes share one
 * header). header is "WWW-Authenticate", "Authorization", "Authentication-Info" or the
 * Proxy- forms; either family of a 401/407 is searched when given the WWW/plain name.
 */
bool sip_auth_find(const struct sip_msg *m, const char *header, const char *scheme,
    struct sip_auth *ret);
/*
 * The same, one by one: the schemes of all headers of that name, as far as
 * SIP_AUTH_SCHEMES_MAX.
 */
struct sip_auth_walk {
	const struct sip_msg *msg;
	const char *header; /* NULL: at the end */
	unsigned nth, seen;
	struct str rest;
};
struct sip_auth_walk sip_auth_walk(const struct sip_msg *m, const char *header);
bool sip_auth_walk_next(struct sip_auth_walk *w, struct sip_auth *ret);

/* The schemes a 401/407 offers, space-separated, for the error text: "NTLM Kerberos". */
void sip_auth_schemes(const struct sip_msg *m, char *dst, size_t size);

/* What an unsigned Authorization says of a TLS-DSK association (spec 04 section 5). */
struct sip_auth_leg {
	const char *opaque; /* "": the server has not named one yet */
	const char *realm, *targetname;
	struct str records; /* of the handshake; p == NULL: it is over */
	unsigned version;
};
/* Appends the value of that header. */
void sip_auth_leg(const struct sip_auth_leg *l, struct buf *out);

/*
 * Reads all ms-diagnostics and ms-diagnostics-public (one for each hop) and Warning. The
 * id (0: none) is the first that tells something: not of the kind "the server before me
 * failed". Returns false and leaves *ret unchanged if there is none of these headers.
 */
struct sip_diagnostics {
	unsigned id;
	/* printable: "ErrorCode=4005,Source=fe1,Reason=..; ErrorCode=1034,..", the id's
	 * first */
	char text[320];
};
bool sip_diagnostics(const struct sip_msg *m, struct sip_diagnostics *ret);

#endif
