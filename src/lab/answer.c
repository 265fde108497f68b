#include "lab/answer.h"

#include "crypto/crypto.h"
#include "lab/assoc.h"
#include "lab/paths.h"
#include "lab/sipconn.h"
#include "sip/msg.h"
#include "sip/sa.h"

static const struct {
	unsigned status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 301, "Redirect request to Home Server" },
	{ 400, "Bad request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 421, "Extension Required" },
	{ 480, "Temporarily Unavailable" },
	{ 489, "Bad Event" },
	{ 500, "Server Internal Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 504, "Server time-out" },
};

/* The reasons of ErrorIds: [MS-OCER]; spec 04 section 12. */
static const struct {
	unsigned id;
	const char *reason;
} reasons[] = {
	{ 2, "See response code and reason phrase." },
	{ 1000, "Final handshake failed" },
	{ 1003, "User does not exist" },
	{ 2057, "msrtc-event-categories requires gruu-10" },
	{ 4000, "User Services default error" },
	{ 4003, "From URI not enabled for remote access" },
	{ 4004, "Credentials provided are not authorized to act as specified from URI" },
	{ 4005, "Destination URI either not enabled for SIP or does not exist." },
	{ 4006, "User not found in pool" },
	{ 4010, "Endpoint identifier missing or not valid" },
	{ 4012, "The epid is too long" },
	{ 4055, "Event header is not registration" },
	{ 4141, "User disabled" },
};

static const char *
phrase_of(const struct lab_answer *a)
{
	if (a->phrase != NULL)
		return a->phrase;
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrases[i].status == a->status)
			return phrases[i].phrase;
	return "A fault of the lab";
}

void
lab_answer_init(
    struct lab_answer *a, unsigned status, enum step_id step, struct lab_assoc *sign)
{
	*a = (struct lab_answer){ .status = status, .step = step, .body = STR_LIT("") };
	if (sign != NULL && lab_assoc_ready(sign))
		a->sign = sign;
	buf_init(&a->headers, ANSWER_MAX);
}

void
lab_answer_diagnostics(struct lab_answer *a, const struct lab_sip_conn *c, unsigned id)
{
	const char *reason = "A fault of the lab";

	if (id == 0)
		return;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].id == id)
			reason = reasons[i].reason;
	buf_printf(&a->headers, "ms-diagnostics: %u;reason=\"%s\";source=\"%s\"\r\n", id,
	    reason, c->pool->fqdn);
}

void
lab_answer_challenges(struct lab_answer *a, const struct lab_sip_conn *c)
{
	const struct lab_faults *f = &c->pool->faults;

	buf_printf(&a->headers,
	    "WWW-Authenticate: NTLM realm=\"" ASSOC_REALM
	    "\", targetname=\"%s\", version=%d\r\n",
	    c->pool->fqdn, ASSOC_VERSION);
	buf_printf(&a->headers,
	    "WWW-Authenticate: Kerberos realm=\"" ASSOC_REALM
	    "\", targetname=\"sip/%s\", version=%d\r\n",
	    c->pool->fqdn, ASSOC_VERSION);
	if (faults_is(f, STEP_CHALLENGE, LAB_FAULT_NOT_OFFERED))
		return;
	buf_printf(&a->headers,
	    "WWW-Authenticate: TLS-DSK realm=\"" ASSOC_REALM
	    "\", targetname=\"%s\", version=%d, sts-uri=\"https://%s:%u" PATH_CERTPROV
	    "\"\r\n",
	    c->pool->fqdn, ASSOC_VERSION, c->host,
	    (unsigned)lab_pool_web_port(c->pool, STEP_CERTPROV_METADATA));
}

void
lab_answer_flight(struct lab_answer *a, const struct lab_sip_conn *c, const char *opaque,
    struct str flight)
{
	buf_printf(&a->headers, "WWW-Authenticate: TLS-DSK opaque=\"%s\", gssapi-data=\"",
	    opaque);
	crypto_base64(&a->headers, flight.p, flight.len);
	buf_printf(&a->headers,
	    "\", targetname=\"%s\", realm=\"" ASSOC_REALM "\", version=%d\r\n",
	    c->pool->fqdn, ASSOC_VERSION);
}

static void
copy_vias(const struct lab_sip_conn *c, const struct sip_msg *m, struct buf *out)
{
	struct str via;

	for (unsigned i = 0; (via = sip_msg_header(m, "Via", i)).p != NULL; i++) {
		buf_puts(out, "Via: ");
		buf_str(out, via);
		if (i == 0)
			buf_printf(out, ";ms-received-port=%u;ms-received-cid=%X00",
			    (unsigned)c->peer_port, c->id);
		buf_puts(out, "\r\n");
	}
}

static void
copy_header(const struct sip_msg *m, const char *name, struct buf *out)
{
	buf_printf(out, "%s: ", name);
	buf_str(out, sip_msg_header(m, name, 0));
	buf_puts(out, "\r\n");
}

/* Adds To with the tag of the connection: all its transactions have the same peer. */
static void
add_to(const struct lab_sip_conn *c, const struct sip_msg *m, struct buf *out)
{
	struct str to = sip_msg_header(m, "To", 0);

	buf_puts(out, "To: ");
	buf_str(out, to);
	if (sip_addr_param(to, "tag").p == NULL)
		buf_printf(out, ";tag=%s", c->tag);
	buf_puts(out, "\r\n");
}

static void
add_signature(const struct lab_answer *a, const struct lab_sip_conn *c,
    const struct sip_msg *m, struct buf *out)
{
	struct sip_signed v;

	if (a->sign == NULL)
		return;
	sip_signed_from(m, &v);
	v.status = a->status;
	v.expires = str_of(a->expires);
	v.pai_sip = v.pai_tel = STR_NULL; /* responses assert no identity */
	if (v.to_tag.len == 0)
		v.to_tag = str_of(c->tag);
	buf_puts(out, "Authentication-Info: ");
	if (!lab_assoc_sign(a->sign, &v, a->spoil, out))
		out->failed = true;
	buf_puts(out, "\r\n");
}

static void
build_answer(const struct lab_answer *a, const struct lab_sip_conn *c,
    const struct sip_msg *m, struct buf *out)
{
	char date[POOL_DATE_SIZE];

	lab_pool_date(c->pool, a->step, date);
	buf_printf(out, "SIP/2.0 %u %s\r\nDate: %s\r\n", a->status, phrase_of(a), date);
	add_signature(a, c, m, out);
	copy_header(m, "From", out);
	add_to(c, m, out);
	copy_header(m, "Call-ID", out);
	copy_header(m, "CSeq", out);
	copy_vias(c, m, out);
	buf_str(out, buf_view(&a->headers));
	if (a->expires != NULL)
		buf_printf(out, "Expires: %s\r\n", a->expires);
	buf_puts(out, "Server: RTC/6.0\r\n");
	if (a->type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", a->type);
	buf_printf(out, "Content-Length: %zu\r\n\r\n", a->body.len);
	buf_str(out, a->body);
}

void
lab_answer_send(
    struct lab_answer *a, struct lab_sip_conn *c, const struct sip_msg *request)
{
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	build_answer(a, c, request, &out);
	if (out.failed || a->headers.failed)
		lab_sip_conn_doom(c, true);
	else
		lab_sip_conn_send(c, buf_view(&out));
	buf_free(&out);
	buf_free(&a->headers);
}
