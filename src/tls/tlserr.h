/*
 * tlserr - what OpenSSL's error queue and the alerts of a handshake mean.
 *
 * For tls/ only. Whoever calls into OpenSSL clears the queue before and takes it after a
 * failure: errors left over from one connection must never be read as those of the next.
 */
#ifndef CSWATCH_TLS_TLSERR_H
#define CSWATCH_TLS_TLSERR_H
#include <stdbool.h>

#define TLSERR_TEXT_MAX 96

struct tlserr {
	bool any; /* false: the queue was empty */
	bool eof; /* the peer ended the connection where no end was due */
	/* number of the alert received, as the queue tells it; 0: none */
	int alert;
	/* the peer's version is none that we accept, found out by ourselves */
	bool old_version;
	bool no_record;	  /* what came is no TLS record, or none that may come here */
	const char *hint; /* for an administrator, NULL if there is none */
	char text[TLSERR_TEXT_MAX]; /* OpenSSL's reason */
};

/* Takes everything out of this thread's queue. */
void tlserr_take(struct tlserr *ret);
/* The same of an error that was noted before; 0: none. Leaves the queue alone. */
void tlserr_read(unsigned long error, struct tlserr *ret);
/*
 * Returns the number of the alert that stands for an error that this side found, the same
 * with every version of OpenSSL: they differ in the alert that they send (`sent`, 0:
 * none) for what is no record. After the handshake such a peer counts as one of another
 * version; before it, nothing is sent and nothing is known of the peer.
 */
int tlserr_own_alert(const struct tlserr *e, int sent);
/* "handshake failure"; "unknown" for a number that is no alert. */
const char *tlserr_alert_text(int alert);
/*
 * What an administrator can do about an alert that the server sent; NULL: nothing known.
 */
const char *tlserr_alert_hint(int alert);

#endif
