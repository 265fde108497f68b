/*
 * tlserr - what OpenSSL's error queue and the alerts of a handshake mean.
 *
 * For tls/ only. Code that calls OpenSSL clears the queue before and empties it after a
 * failure: errors left over from one connection must never be read as those of the next.
 */
#ifndef CSWATCH_TLS_TLSERR_H
#define CSWATCH_TLS_TLSERR_H
#include <stdbool.h>

#define TLSERR_TEXT_MAX 96

struct tlserr {
	bool any; /* false: the queue was empty */
	bool eof; /* the peer ended the connection where no end was due */
	/* number of the alert received according to the queue, or 0 */
	int alert;
	/* this side found that the peer's version is not one it accepts */
	bool old_version;
	bool no_record; /* what came is not a TLS record, or not one that is allowed here
			 */
	const char *hint;	    /* for an administrator, or NULL */
	char text[TLSERR_TEXT_MAX]; /* OpenSSL's reason */
};

/* Reads and empties the queue of this thread. */
void tlserr_take(struct tlserr *ret);
/* Like tlserr_take(), for an error that was noted before (0: none); the queue stays. */
void tlserr_read(unsigned long error, struct tlserr *ret);
/*
 * Returns the number of the alert that stands for an error that this side found, the same
 * with every version of OpenSSL: they differ in the alert that they send (`sent`, 0:
 * none) for what is no record. After the handshake such a peer counts as one of another
 * version; before it, nothing is sent and nothing is known of the peer.
 */
int tlserr_own_alert(const struct tlserr *e, int sent);
/* Returns "handshake failure", or "unknown" for a number that is no alert. */
const char *tlserr_alert_text(int alert);
/* Returns what an administrator can do about an alert that the server sent, or NULL. */
const char *tlserr_alert_hint(int alert);

#endif
