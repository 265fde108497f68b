/*
 * wire - who wants to see whole messages as they are sent and received.
 *
 * With secrets in them: whoever listens must mask (trace/mask) before keeping anything.
 */
#ifndef CSWATCH_TRANSPORT_WIRE_H
#define CSWATCH_TRANSPORT_WIRE_H
#include <stdbool.h>

#include "base/str.h"

struct wire_message {
	bool sent;
	bool http;	  /* else SIP */
	bool again;	  /* its body is that of the message before it */
	bool broken;	  /* it ended in the middle, or is no message */
	const char *peer; /* "192.0.2.1:5061", "web.example:443" */
	/* start line and header lines, each with its end; borrowed, like body */
	struct str head;
	struct str body; /* HTTP: without transfer and content encodings */
};

/* Borrowed by those who call it. It may call nobody back. */
struct wire_tap {
	void (*message)(void *arg, const struct wire_message *m);
	void *arg;
};

#endif
