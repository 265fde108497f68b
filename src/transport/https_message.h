/*
 * https_message - a request to a web service and its answer, as plain data, and their
 * limits.
 */
#ifndef CSWATCH_TRANSPORT_HTTPS_MESSAGE_H
#define CSWATCH_TRANSPORT_HTTPS_MESSAGE_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct account;

#define HTTPS_BODY_MAX	   (1024 * 1024) /* bytes of an answer */
#define HTTPS_HEAD_MAX	   (64 * 1024)	 /* bytes of an answer's headers */
#define HTTPS_SCHEMES_SIZE 128		 /* more than a list of schemes with commas has */
#define HTTPS_REDIRECT_MAX 3
#define HTTPS_LEGS_MAX	   8 /* answers to one request, redirects included */

struct https_request {
	const char *url; /* https://... */
	/* the URL may be http:// as well; nothing secret goes there then */
	bool clear_text;
	/* a redirect to such a host is the answer, and not followed; NULL: there is none
	 */
	bool (*stops_at)(const char *host);
	const char *accept; /* NULL: whatever there is */
	/* X-MS-WebTicket: for this URL only, a redirect is not followed; NULL: none */
	const char *ticket;
	const char *soap_action; /* NULL: GET without body */
	struct str body;	 /* borrowed until the answer is there */
	/* the account that asks, if the server wants to know; or NULL. Borrowed like body
	 */
	const struct account *account;
};

struct https_answer {
	unsigned status;
	struct str body;
	struct str content_type;
	struct str diagnostics; /* X-Ms-diagnostics; p == NULL when absent */
	struct str server_fqdn; /* X-MS-Server-Fqdn */
	struct str server;	/* Server: what kind of program answered */
	struct str location;	/* Location */
	struct str ticket_url;	/* X-MS-WebTicketURL; p == NULL when absent */
	/* of WWW-Authenticate, space-separated: "NTLM Negotiate" */
	struct str schemes;
	int64_t date; /* Date, seconds since the epoch; 0 when absent */
	/* in which our account was named; NULL: in none */
	const char *scheme;
	bool proven;	/* ... and its proof judged */
	bool confirmed; /* ... and the server proven too, where the method has it do so */
	/* HTTP messages it took, authentication and redirects included */
	unsigned legs;
	bool redirected;
};

#endif
