/*
 * evidence - what was seen of a failure in addition to its cause and code, where that
 * changes what it means or what to do: a closed list.
 */
#ifndef CSWATCH_VOCAB_EVIDENCE_H
#define CSWATCH_VOCAB_EVIDENCE_H

enum evidence {
	EVIDENCE_NONE,

	/* the number of the server (vocab/error_id) speaks of ... */
	EVIDENCE_REMOTE_ACCESS,	 /* access from outside */
	EVIDENCE_CLIENT_VERSION, /* the client version filter */
	EVIDENCE_POLICY,	 /* another policy of the user */
	EVIDENCE_MISMATCH,	 /* account and SIP address that do not belong together */
	EVIDENCE_DOMAIN,	 /* a SIP domain that is not served */
	EVIDENCE_ROUTE,		 /* DNS or certificates between the servers */
	EVIDENCE_POOL,		 /* a user of another pool */
	EVIDENCE_CLOCK,		 /* clocks that are apart */
	EVIDENCE_OAUTH, /* an OAuth token that is wanted; or only that is offered */
	EVIDENCE_OTHER_PRODUCT, /* Exchange or SharePoint, by its seven digits */

	/* the offer */
	EVIDENCE_KERBEROS, /* Negotiate, but not with NTLM in it */

	/* a fault: WS-Addressing */
	EVIDENCE_ADDRESS, /* addressed to another service than it reached */
	EVIDENCE_ACTION,  /* without its SOAPAction */

	/* an answer */
	EVIDENCE_GATEWAY,     /* 502 or 504: of a proxy that waits for another */
	EVIDENCE_ASSOCIATION, /* a fresh challenge after the handshake was done */

	/* a page in place of the answer */
	EVIDENCE_TOO_LONG,	  /* the request, or its headers, are too long */
	EVIDENCE_HTTP_SYS,	  /* Windows itself answered, no web site */
	EVIDENCE_IIS,		  /* IIS answered */
	EVIDENCE_IIS_TLS,	  /* ... 403.4, 403.5: an SSL setting */
	EVIDENCE_IIS_ADDRESS,	  /* ... 403.6, 403.8: an address or name is not let in */
	EVIDENCE_IIS_CERTIFICATE, /* ... 403.7 and others: a client certificate */

	/* the connection */
	EVIDENCE_HELLO, /* ended in answer to the first message of TLS */

	EVIDENCE_COUNT
};

#endif
