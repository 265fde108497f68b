#include "lab/logon.h"

#include <stdio.h>

#include "vocab/err.h"
#include "lab/answer.h"
#include "lab/assoc.h"
#include "lab/sipconn.h"
#include "sip/msg.h"
#include "tls/inner.h"

#define OVERSIZE	 80000u /* bytes of headers; clients accept 64 KiB */
#define REDIRECT_EXPIRES "2592000"

/* A request and what belongs to it. */
struct turn {
	struct lab_sip_conn *c;
	const struct sip_msg *m;
	struct lab_logon l;
	struct lab_assoc *sa; /* the association that the request refers to, or NULL */
};

static const struct lab_fault *
fault_of(const struct turn *t)
{
	return &t->c->pool->faults.at[t->l.step];
}

static void
begin_answer(const struct turn *t, struct lab_answer *a, unsigned status)
{
	lab_answer_init(a, status, t->l.step, t->sa);
	a->spoil = fault_of(t)->kind == LAB_FAULT_BAD_SIGNATURE;
	if (fault_of(t)->kind == LAB_FAULT_UNSIGNED)
		a->sign = NULL;
	for (unsigned i = 0; fault_of(t)->kind == LAB_FAULT_OVERSIZE && i < OVERSIZE;
	    i += 80)
		buf_puts(&a->headers,
		    "ms-lab-fill: this header says nothing, and says it many "
		    "times over again........\r\n");
}

static void
refuse_register(const struct turn *t, unsigned status, unsigned id)
{
	struct lab_answer a;

	begin_answer(t, &a, status);
	/*
	 * A 401 is a challenge, which usually comes before the association and is not
	 * signed.
	 */
	if (status == 401) {
		a.sign = NULL;
		lab_answer_challenges(&a, t->c);
	}
	lab_answer_diagnostics(&a, t->c, id);
	lab_answer_send(&a, t->c, t->m);
}

/* Returns the ErrorId of the 403 with which the fault "refuse" answers, by step. */
static unsigned
refusal_id(enum step_id step)
{
	switch (step) {
	case STEP_CHALLENGE:
		return 4003;
	case STEP_TLS_DSK:
		return 1000;
	case STEP_REGISTER:
		return 4004;
	default:
		return 4000;
	}
}

static void
redirect(const struct turn *t)
{
	struct lab_answer a;

	begin_answer(t, &a, 301);
	a.expires = REDIRECT_EXPIRES;
	buf_printf(
	    &a.headers, "Contact: <sip:%s;transport=tls>\r\n", fault_of(t)->target);
	lab_answer_send(&a, t->c, t->m);
}

/* Makes the fault of the step instead of an answer. Returns false if there is none. */
static bool
make_fault(const struct turn *t)
{
	const struct lab_fault *f = fault_of(t);

	switch (f->kind) {
	case LAB_FAULT_REFUSE:
		refuse_register(t, 403, refusal_id(t->l.step));
		return true;
	case LAB_FAULT_DROP:
		lab_sip_conn_doom(t->c, false);
		return true;
	case LAB_FAULT_STALL:
		t->c->silent = true;
		return true;
	case LAB_FAULT_GARBAGE:
		lab_sip_conn_send(
		    t->c, STR_LIT("%%% this is not SIP at all %%%\r\n\r\n"));
		return true;
	case LAB_FAULT_SIP:
		refuse_register(t, f->status, f->id);
		return true;
	case LAB_FAULT_REDIRECT:
		redirect(t);
		return true;
	default:
		return false;
	}
}

static void
send_flight(const struct turn *t, struct str flight, unsigned id)
{
	struct lab_answer a;

	begin_answer(t, &a, 401);
	a.sign = NULL; /* message 7 is not signed yet (spec 04 section 5) */
	if (flight.len > 0)
		lab_answer_flight(&a, t->c, t->sa->opaque, flight);
	else
		lab_answer_challenges(&a, t->c);
	lab_answer_diagnostics(&a, t->c, id);
	lab_answer_send(&a, t->c, t->m);
}

static void
handshake(struct turn *t, struct str data)
{
	struct buf in, out;
	struct err err;

	buf_init(&in, TLS_INNER_LEG_MAX);
	buf_init(&out, 2 * TLS_INNER_LEG_MAX);
	if (t->sa == NULL)
		t->sa = lab_assoc_new(t->c, t->l.address, t->l.endpoint, &err);
	if (t->sa == NULL || !crypto_unbase64(data, &in) || in.failed) {
		refuse_register(t, 400, 0);
	} else if (fault_of(t)->kind == LAB_FAULT_CONTENT_GARBAGE) {
		send_flight(t, STR_LIT("this is no TLS record"), 0);
	} else {
		bool ok = lab_assoc_leg(t->sa, buf_view(&in), &out, &err);

		t->sa->spoil = fault_of(t)->kind == LAB_FAULT_BAD_SIGNATURE;
		send_flight(t, buf_view(&out), ok ? 0 : 1000);
		if (!ok)
			lab_assoc_forget(t->sa);
	}
	buf_free(&in);
	buf_free(&out);
}

/*
 * Adds Contact of the 200: what was registered, with instance and GRUU ([MS-SIPREGE]
 * 3.1.1.5.1).
 */
static void
add_contact(const struct turn *t, struct lab_answer *a)
{
	struct str rest = sip_msg_header(t->m, "Contact", 0);
	char gruu[SIP_GRUU_SIZE];
	struct str contact;

	if (rest.p == NULL || !sip_next_element(&rest, &contact) ||
	    !sip_gruu_token(t->l.instance, gruu))
		return;
	buf_puts(&a->headers, "Contact: <");
	buf_str(&a->headers, sip_addr_uri(contact));
	buf_printf(&a->headers,
	    ">;expires=%u;+sip.instance=\"<urn:uuid:%s>\";"
	    "gruu=\"sip:%s;opaque=user:epid:%s;gruu\"\r\n",
	    t->l.expires, t->l.instance, t->l.address, gruu);
}

static void
accept_register(const struct turn *t)
{
	char expires[16];
	struct lab_answer a;

	begin_answer(t, &a, 200);
	snprintf(expires, sizeof(expires), "%u", t->l.expires);
	a.expires = expires;
	if (t->l.expires > 0) {
		add_contact(t, &a);
		buf_puts(&a.headers,
		    "presence-state: register-action=\"added\"\r\n"
		    "ms-keep-alive: UAS; tcp=no; hop-hop=yes; end-end=no; "
		    "timeout=300\r\n");
	}
	if (t->l.expires > 0 && !t->c->pool->no_presence)
		buf_puts(&a.headers,
		    "Allow-Events: "
		    "vnd-microsoft-provisioning,vnd-microsoft-roaming-contacts,"
		    "vnd-microsoft-roaming-ACL,presence,presence.wpending,"
		    "vnd-microsoft-roaming-self,vnd-microsoft-provisioning-v2\r\n");
	/*
	 * One tag on each line: the real client compares the whole value (spec 04 section
	 * 1).
	 */
	buf_puts(
	    &a.headers, "Supported: adhoclist\r\nSupported: msrtc-event-categories\r\n");
	lab_answer_send(&a, t->c, t->m);
}

static void
signed_request(struct turn *t, const struct lab_user *u)
{
	struct lab_pool *p = t->c->pool;
	int64_t now = lab_pool_now(p, STEP_COUNT);
	struct err err;

	if (t->sa == NULL || !lab_assoc_ready(t->sa) ||
	    !lab_assoc_verify(t->sa, t->m, &err)) {
		refuse_register(t, 401, 1000);
	} else if (!u->enabled) {
		refuse_register(t, 403, 4141);
	} else if (make_fault(t)) {
		return;
	} else if (t->l.expires == 0) {
		lab_bindings_remove(&p->bindings, t->l.address, t->l.endpoint);
		accept_register(t);
	} else if (lab_bindings_add(&p->bindings, t->l.address, t->l.endpoint, now,
		       now + t->l.expires)) {
		accept_register(t);
	} else {
		refuse_register(t, 403, 4000);
	}
}

/*
 * Finds the association that the request names; it must be of this user at this endpoint
 * ([MS-SIPAE] 3.3.5.2).
 */
static struct lab_assoc *
find_assoc(const struct turn *t)
{
	struct str opaque = sip_auth_param(&t->l.credentials, "opaque");
	struct lab_assoc *sa =
	    t->l.auth && opaque.p != NULL ? lab_assoc_find(t->c, opaque) : NULL;

	if (sa == NULL || !str_caseeq(str_of(t->l.address), sa->address) ||
	    !str_eq(str_of(t->l.endpoint), sa->endpoint))
		return NULL;
	return sa;
}

/*
 * Returns whether CSeq is greater than before within the Call-ID; gaps are normal (spec
 * 04 section 2).
 */
static bool
is_in_order(struct lab_sip_conn *c, const struct sip_msg *m)
{
	struct str call_id = sip_msg_call_id(m);

	if (str_eq(call_id, c->call_id) && sip_msg_cseq(m) <= c->cseq)
		return false;
	c->cseq = sip_msg_cseq(m);
	return str_copy(c->call_id, sizeof(c->call_id), call_id);
}

static void
serve_register(struct turn *t)
{
	const struct lab_user *u =
	    lab_users_by_address(&t->c->pool->users, str_of(t->l.address));
	struct str data = sip_auth_param(&t->l.credentials, "gssapi-data");

	if (u == NULL) {
		refuse_register(t, 404, 1003);
	} else if (!t->l.auth) {
		if (!make_fault(t))
			refuse_register(t, 401, 0);
	} else if (data.p != NULL) {
		if (!make_fault(t))
			handshake(t, data);
	} else {
		signed_request(t, u);
	}
}

void
lab_logon_register(struct lab_sip_conn *c, const struct sip_msg *m)
{
	struct turn t = { .c = c, .m = m, .l = { .step = STEP_CHALLENGE } };
	unsigned id = 0;
	unsigned status = lab_logon_read(m, &t.l, &id);

	if (status == 0 && !is_in_order(c, m))
		status = 500;
	if (status != 0) {
		struct lab_answer a;

		lab_answer_init(&a, status, STEP_COUNT, NULL);
		lab_answer_diagnostics(&a, c, id);
		lab_answer_send(&a, c, m);
		return;
	}
	t.sa = find_assoc(&t);
	serve_register(&t);
}
