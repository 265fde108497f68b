#include "transport/https_headers.h"

#include <curl/curl.h>
#include <stdio.h>

#include "base/buf.h"
#include "transport/https_message.h"
#include "transport/https_auth.h"

static bool
append(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

/* NULL value: no such line. */
static bool
add(struct curl_slist **list, const char *name, const char *value)
{
	struct buf line;
	bool ok;

	if (value == NULL)
		return true;
	buf_init(&line, HTTPS_AUTH_HEADER_MAX);
	buf_printf(&line, "%s: %s", name, value);
	ok = !line.failed && append(list, line.data);
	buf_wipe_free(&line);
	return ok;
}

bool
https_headers(
    const struct https_request *rq, const char *authorization, struct curl_slist **list)
{
	bool posts = rq->soap_action != NULL;
	char action[256] = "";

	if (posts)
		snprintf(action, sizeof(action), "\"%s\"", rq->soap_action);
	/* An empty Expect keeps libcurl from waiting for "100 Continue". */
	return (authorization == NULL || append(list, authorization)) &&
	       add(list, "SOAPAction", posts ? action : NULL) &&
	       add(list, "Content-Type", posts ? "text/xml; charset=utf-8" : NULL) &&
	       add(list, "Expect", posts ? "" : NULL) &&
	       add(list, "Accept", rq->accept) && add(list, "X-MS-WebTicket", rq->ticket);
}
