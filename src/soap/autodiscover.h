/*
 * autodiscover - what the autodiscover service says of where a user's services are.
 * Parses only. [MS-OCDISCWS], spec 05 section 2.
 */
#ifndef CSWATCH_SOAP_AUTODISCOVER_H
#define CSWATCH_SOAP_AUTODISCOVER_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "soap/mex.h"

struct err;

/* What is asked for; the answer's Content-Type begins with it, too. */
#define AUTODISCOVER_TYPE   "application/vnd.microsoft.rtc.autodiscover+xml"
#define AUTODISCOVER_ACCEPT AUTODISCOVER_TYPE ";v=1"

struct autodiscover_server {
	char fqdn[256]; /* "": not named */
	uint16_t port;	/* 5061 when not given */
};

struct autodiscover {
	/* Links; "": there is none. https all of them. */
	char redirect[URL_MAX];
	char user[URL_MAX];
	/* "Internal" or "External", where the server believes us to be; "": not said */
	char access[16];
	bool is_user; /* the user's document, which names servers */
	struct autodiscover_server internal, external;
	bool names_servers; /* false: the user's document of Lync 2010's mobility service
			     */
};

/*
 * Returns false and leaves *ret unchanged if body is not what it should be: *err is
 * CAUSE_PROTOCOL (enum protocol_code says what came where XML was asked for) or
 * CAUSE_LIMIT.
 */
bool autodiscover_parse(
    struct str content_type, struct str body, struct autodiscover *ret, struct err *err);
/*
 * The registrar for where we are: internal or external as the server says; when it does
 * not, internal, else external. NULL: none is named.
 */
const struct autodiscover_server *autodiscover_registrar(const struct autodiscover *a);

/*
 * The URL that asks about a user: root (without fragment) with the parameter sipuri.
 * False: too long.
 */
bool autodiscover_url(const char *root, const char *user, char ret[URL_MAX]);

#endif
