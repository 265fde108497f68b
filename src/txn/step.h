/*
 * step - what a step is, what it may touch, and what it may ask of the driver. For txn/
 * only.
 *
 * Each step_*.c exports one const struct step. start() launches something and never
 * waits; finish() judges the event that it waited for. Deadlines and cancelling enter
 * through the driver, so a step has no code for them.
 */
#ifndef CSWATCH_TXN_STEP_H
#define CSWATCH_TXN_STEP_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "vocab/result.h"
#include "loop/resolve.h"
#include "sip/endpoint.h"
#include "soap/mex.h"
#include "soap/webticket.h"
#include "transport/https.h"
#include "txn/txn.h"

struct secret_words;
struct sip_msg;
struct sip_sa;
struct siptls;
struct wire_tap;
struct txn;

enum verdict {
	VERDICT_WAIT, /* an event will come; finish() is called then */
	/* same step, another leg: start() is called again, on the same budget */
	VERDICT_AGAIN,
	VERDICT_NEXT, /* satisfied */
	/* the whole plan again, for the registrar named in the facts (a redirect) */
	VERDICT_RESTART,
	VERDICT_FAIL /* txn_err(t) says why */
};

/* Where an event comes from; a step is resumed only by those that it waits for. */
enum source { SOURCE_LOOKUP, SOURCE_SIP, SOURCE_WEB };
#define FROM(source) (1u << (source))

struct step {
	enum step_id id;
	unsigned budget_ms; /* all legs together, not per read */
	/* runs after a failure too; its own failure is a warning */
	bool always;
	unsigned wakes; /* FROM() bits */
	enum verdict (*start)(struct txn *t);
	enum verdict (*finish)(struct txn *t); /* NULL: never waits */
	/*
	 * A step that can do without the answer to one leg: how long it waits for it
	 * (unless txn_leg() says otherwise), and what is done then. 0: as long as the
	 * step has.
	 */
	unsigned leg_ms;
	enum verdict (*late)(struct txn *t);
	/* needs the user's RSA key: the transaction does not begin before it is there */
	bool key;
	/*
	 * It has failed, as txn_err(t) says: whether the plan begins again all the same,
	 * because the facts name another registrar to try. NULL: no.
	 */
	bool (*elsewhere)(struct txn *t);
};

extern const struct step step_discover, step_resolve, step_sip_connect, step_challenge,
    step_certprov_metadata, step_ticket_metadata, step_web_ticket, step_certificate,
    step_tls_dsk, step_register, step_log_off;

/* plan.c: the order of the steps for this test; ends with NULL. */
const struct step *const *plan_for(const struct txn_spec *spec);
/* txn_start() with another plan; for tests of the driver. */
struct txn *txn_start_plan(const struct env *env, const struct txn_spec *spec,
    const struct step *const *plan, const struct txn_observer *observer, struct err *err);

/* What is silent for so long is not there, as long as there are others to ask. */
#define DISCOVERY_LEG_MS 5000

/* The look for a registrar: the way that is tried, and how far it has led. */
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
	enum { LEG_DOCUMENT, LEG_METADATA, LEG_TICKET } leg;
	char url[URL_MAX];    /* of the document */
	char issuer[URL_MAX]; /* of the ticket that it wants */
	bool ticketed;	      /* it is asked for with a ticket */
	unsigned documents;   /* read by this way */
	unsigned links;	      /* followed by this way */
};

#define AUTH_TEXT_MAX 192 /* octets of realm, targetname, opaque: NUL included */

/* What a later step needs of an earlier one; the comment names who fills it in. */
struct facts {
	struct discover discover; /* discover */
	/*
	 * registrar to talk to: the spec's, what discover found, or where a redirect led
	 * (register)
	 */
	char host[256];
	uint16_t port;
	unsigned redirects;    /* register */
	struct lookup *lookup; /* resolve, while it waits */
	struct addrs addrs;    /* resolve */
	struct siptls *conn;   /* sip-connect */
	unsigned skipped;      /* sip_leg.c: messages since the last REGISTER */
	/* sip-connect: a new sign-in for each connection */
	struct sip_endpoint endpoint;

	unsigned version;		/* challenge: of TLS-DSK, 2 to 4 */
	char realm[AUTH_TEXT_MAX];	/* challenge */
	char targetname[AUTH_TEXT_MAX]; /* challenge */
	char sts_uri[URL_MAX];		/* challenge: "" when not announced */

	char provisioning_url[URL_MAX]; /* certprov-metadata */
	struct mex_certprov certprov;	/* certprov-metadata */
	char ticket_url[URL_MAX];	/* ticket-metadata: where to ask for the ticket */
	struct webticket_request ticket_request; /* web-ticket */
	char ticket_context[CRYPTO_UUID_SIZE];
	unsigned tickets;	       /* ticket_leg.c: asked for so far */
	struct webticket ticket;       /* web-ticket */
	struct buf request;	       /* web-ticket, certificate: the body in flight */
	struct identity *key;	       /* there before the first step, if one needs it */
	struct err key_err;	       /* why there is none */
	struct credential *credential; /* certificate */
	/* certificate: the targetname it was fetched for */
	char credential_for[AUTH_TEXT_MAX];

	struct memtls *handshake;   /* tls-dsk, and gone after it */
	char opaque[AUTH_TEXT_MAX]; /* tls-dsk */
	struct sip_sa *sa;	    /* tls-dsk */
	/* register: a signed REGISTER went out, so log-off is due */
	bool registered;
};

/* What the driver offers to steps */

const struct txn_spec *txn_spec(const struct txn *t);
const struct env *txn_env(const struct txn *t);
struct facts *txn_facts(struct txn *t);
struct result *txn_result(struct txn *t);
struct err *txn_err(struct txn *t);
/* The web session of this transaction, made on first use. NULL: *txn_err(t). */
struct https *txn_web(struct txn *t);
/* Who sees the messages of its connections; NULL: nobody. */
const struct wire_tap *txn_tap(const struct txn *t);
/* The words that are shown nowhere: the password, and what the steps add. */
struct secret_words *txn_words(const struct txn *t);
/*
 * Takes what is secret out of a server's words (scrub.c). Returns false and empties the
 * text if there is no memory.
 */
bool txn_scrub(const struct txn *t, char *text, size_t size);
/* Without memory the error keeps its cause and code alone. */
void txn_scrub_err(const struct txn *t, struct err *e);
/* Inside start(): how long this leg may take, in place of the step's leg_ms. */
void txn_leg(struct txn *t, unsigned ms);
/* One event happened. Never called inside start() or finish(). */
void txn_wake(struct txn *t, enum source source);

/*
 * The account. tell: what is tried or seen; the driver itself writes the closing line
 * of each step.
 */
void txn_try(struct txn *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void txn_saw(struct txn *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void txn_warn(struct txn *t, enum warning w, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/*
 * A server's clock reading, seconds since the epoch: warns when it is more than five
 * minutes off.
 */
void txn_check_clock(struct txn *t, const char *who, int64_t their_s);
/*
 * A server's certificate: remembers the facts, warns when it ends soon or old TLS was
 * used.
 */
void txn_check_peer(
    struct txn *t, const char *who, const struct tls_peer *peer, struct cert_facts *ret);

/* sip_leg.c: one REGISTER out, its final answer in */

/* Sends the next REGISTER of the endpoint. */
enum verdict sip_leg_send(struct txn *t, const char *expires, struct str authorization);
/* Signs with the association; with_version as in sip_sa_sign(). */
enum verdict sip_leg_send_signed(struct txn *t, const char *expires, bool with_version);
/*
 * Has the final answer to the last REGISTER judged; VERDICT_WAIT: it is not here yet; or
 * FAIL. Skips provisional answers, other transactions' answers and requests, a bounded
 * number of them.
 */
enum verdict sip_leg_finish(
    struct txn *t, enum verdict (*judge)(struct txn *t, const struct sip_msg *m));
/*
 * Fills txn_err() from a status that the step did not want; what says what was wanted.
 * Always VERDICT_FAIL.
 */
enum verdict sip_leg_refused(struct txn *t, const struct sip_msg *m, const char *what);
/*
 * A 301/302: the facts now name the home pool and VERDICT_RESTART is returned; or FAIL
 * (loop, no Contact, not sip:).
 */
enum verdict sip_leg_redirect(struct txn *t, const struct sip_msg *m);
/*
 * Copies an authentication parameter that will be sent back inside quotes; false (and
 * txn_err()) if it cannot be.
 */
bool sip_leg_param(
    struct txn *t, struct str value, const char *name, char ret[AUTH_TEXT_MAX]);

/* web_leg.c: one request to a web service, its answer judged */

/*
 * who is for the error text: "certificate provisioning service". Judges transport and
 * status other than 200.
 */
enum verdict web_leg_answer(struct txn *t, const char *who, struct https_answer *ret);
enum verdict web_leg_get(struct txn *t, const char *url);
/* ticket_leg.c: a web ticket, in two requests */

/* issuer: URL of the web ticket service, which is allowed. */
enum verdict ticket_leg_metadata(struct txn *t, const char *issuer);
enum verdict ticket_leg_metadata_answer(struct txn *t); /* facts: ticket_url */
/* A ticket for the service at that URL. */
enum verdict ticket_leg_issue(struct txn *t, const char *applies_to);
enum verdict ticket_leg_issue_answer(struct txn *t); /* facts: ticket */

/* autodiscover.c: one way of discover, in as many legs as it takes */

/* root: URL, or NULL: of the host that the way names. */
enum verdict autodiscover_begin(struct txn *t, const char *root);
enum verdict autodiscover_leg(struct txn *t);
/* VERDICT_NEXT: facts host and port, result.discovery.access. */
enum verdict autodiscover_answer(struct txn *t);

/*
 * A certificate is at hand already (a redirect started the plan again): the web steps
 * have nothing to do.
 */
bool web_leg_done(struct txn *t);
/*
 * Refuses a URL outside the domains of the target, the SIP address and those
 * configured: credentials go there.
 */
bool web_leg_allowed(struct txn *t, const char *url, const char *from);
/* host is the user's SIP domain, or below it. */
bool web_leg_in_domain(const struct txn_spec *s, const char *host);

/* step_discover.c: takes over what is known already. */
void discover_begin(struct txn *t);
/*
 * The registrar cannot be reached: whether there is another one to try (the next target
 * of the SRV record), or what an earlier run had found is worth another look.
 */
bool discover_elsewhere(struct txn *t);
/* Inside start(), of a step that reaches for it: no longer than that, if there is. */
void discover_hurry(struct txn *t);

#endif
