#include "lab/requests.h"

#include "vocab/err.h"
#include "lab/answer.h"
#include "lab/assoc.h"
#include "lab/logon.h"
#include "lab/sipconn.h"
#include "sip/auth.h"
#include "sip/msg.h"

/* The content of a 200 to SUBSCRIBE, by event package. */
static const struct package {
	const char *event, *type, *body;
} packages[] = {
	{ "vnd-microsoft-roaming-contacts",
	    "application/vnd-microsoft-roaming-contacts+xml",
	    "<contactList deltaNum=\"1\"/>" },
	{ "vnd-microsoft-roaming-self", "application/vnd-microsoft-roaming-self+xml",
	    "<roamingData "
	    "xmlns=\"http://schemas.microsoft.com/2006/09/sip/roaming-self\">"
	    "<categories xmlns=\"http://schemas.microsoft.com/2006/09/sip/categories\" "
	    "uri=\"\"/>"
	    "<containers "
	    "xmlns=\"http://schemas.microsoft.com/2006/09/sip/container-management\"/>"
	    "<subscribers "
	    "xmlns=\"http://schemas.microsoft.com/2006/09/sip/presence-subscribers\"/>"
	    "</roamingData>" },
};

static const struct package *
find_package(const struct sip_msg *m)
{
	struct str event = sip_msg_header(m, "Event", 0);

	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (str_caseeq(event, packages[i].event))
			return &packages[i];
	return NULL;
}

static bool
wants_end(const struct sip_msg *m)
{
	return str_eq(sip_msg_header(m, "Expires", 0), "0");
}

static void
subscribe(struct lab_sip_conn *c, const struct sip_msg *m, struct lab_assoc *sa)
{
	const struct package *p = wants_end(m) ? NULL : find_package(m);
	struct lab_answer a;

	lab_answer_init(&a, 200, STEP_REGISTER, sa);
	a.expires = wants_end(m) ? "0" : "600";
	buf_puts(&a.headers, "Event: ");
	buf_str(&a.headers, sip_msg_header(m, "Event", 0));
	buf_printf(&a.headers, "\r\nContact: <sip:%s>\r\n", c->pool->fqdn);
	if (p != NULL) {
		a.type = p->type;
		a.body = str_of(p->body);
		buf_puts(&a.headers, "subscription-state: active;expires=600\r\n"
				     "ms-piggyback-cseq: 1\r\n");
	}
	lab_answer_send(&a, c, m);
}

static void
plain(struct lab_sip_conn *c, const struct sip_msg *m, struct lab_assoc *sa,
    unsigned status)
{
	struct lab_answer a;

	lab_answer_init(&a, status, STEP_REGISTER, sa);
	lab_answer_send(&a, c, m);
}

static void
challenge(struct lab_sip_conn *c, const struct sip_msg *m)
{
	struct lab_answer a;

	lab_answer_init(&a, 401, STEP_CHALLENGE, NULL);
	lab_answer_challenges(&a, c);
	lab_answer_send(&a, c, m);
}

/* Returns the association that signed a message, or NULL. */
static struct lab_assoc *
authenticate(struct lab_sip_conn *c, const struct sip_msg *m)
{
	struct sip_auth auth;
	struct lab_assoc *sa;
	struct err err;

	if (!sip_auth_find(m, "Authorization", "TLS-DSK", &auth))
		return NULL;
	sa = lab_assoc_find(c, sip_auth_param(&auth, "opaque"));
	return sa != NULL && lab_assoc_ready(sa) && lab_assoc_verify(sa, m, &err) ? sa
										  : NULL;
}

static const struct {
	const char *method;
	unsigned status; /* 0: the method has a function of its own */
} methods[] = {
	{ "SUBSCRIBE", 0 },
	{ "SERVICE", 200 },
	{ "OPTIONS", 200 },
	{ "BYE", 200 },
	{ "NOTIFY", 200 },
	{ "BENOTIFY", 200 },
	{ "INVITE", 404 },
	{ "MESSAGE", 404 },
	{ "INFO", 405 },
	{ "CANCEL", 405 },
	{ "REFER", 405 },
	{ "UPDATE", 405 },
};

void
lab_requests_serve(struct lab_sip_conn *c, const struct sip_msg *m)
{
	struct str method = sip_msg_method(m);
	struct lab_assoc *sa;

	/*
	 * The lab sends no requests, so that responses are ignored; ACK has no answer
	 * (RFC 3261 17).
	 */
	if (!sip_msg_is_request(m) || str_eq(method, "ACK"))
		return;
	if (str_eq(method, "REGISTER")) {
		lab_logon_register(c, m);
		return;
	}
	sa = authenticate(c, m);
	if (sa == NULL) {
		challenge(c, m);
		return;
	}
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (!str_eq(method, methods[i].method))
			continue;
		if (methods[i].status == 0)
			subscribe(c, m, sa);
		else
			plain(c, m, sa, methods[i].status);
		return;
	}
	plain(c, m, sa, 501);
}
