/*
 * code - the numbers in struct err's code for the causes whose libraries have numbers of
 * their own.
 *
 * They are ours: whatever version of a library finds the failure, log lines, the state
 * file and --json show the same number. Each library's numbers are translated in one
 * place: c-ares' in loop/dns.c, OpenSSL's X509_V_ERR_* in tls/outer_error.c. A number,
 * once given, keeps its meaning; cswatch-events(7) lists them all, and
 * tests/check-docs holds that list against this file.
 */
#ifndef CSWATCH_VOCAB_CODE_H
#define CSWATCH_VOCAB_CODE_H

/* CAUSE_DNS. */
enum dns_code {
	DNS_NO_RECORD = 1, /* the name exists, without such a record */
	DNS_NO_NAME = 4,   /* there is no such name */
	DNS_BAD_NAME = 8,  /* not a host name */
	DNS_FAILED = 11	   /* the name servers refused, or failed */
};

/* CAUSE_TRUST (of a server's certificate) and CAUSE_CERTIFICATE (of the issued one). */
enum cert_code {
	CERT_OUTSIDE = 0,	  /* a URL outside the allowed domains, never asked */
	CERT_OTHER = 1,		  /* refused for another reason, which the text names */
	CERT_FORGED = 7,	  /* the signature of the issuer does not verify */
	CERT_NOT_YET = 9,	  /* not valid yet */
	CERT_EXPIRED = 10,	  /* not valid any more */
	CERT_BAD_DATE = 14,	  /* a malformed date */
	CERT_SELF_SIGNED = 18,	  /* signed by itself, and not a trusted one */
	CERT_UNTRUSTED_ROOT = 19, /* the chain ends at a root that is not trusted */
	CERT_NO_ISSUER = 20,	  /* the certificate of an issuer is missing */
	CERT_REVOKED = 23,	  /* revoked */
	CERT_BAD_PATH = 25,	  /* a longer chain than allowed */
	CERT_PURPOSE = 26,	  /* not for this use */
	CERT_OTHER_USER = 29,	  /* for another user */
	CERT_BAD_EXTENSION = 41,  /* a malformed or unknown critical extension */
	CERT_OTHER_NAME = 62,	  /* for another host name */
	CERT_OTHER_ADDRESS = 64,  /* for another IP address */
	CERT_SHORT_KEY = 66,	  /* too short a key */
	CERT_SHORT_CA_KEY = 67,	  /* an issuer with too short a key */
	CERT_OLD_DIGEST = 68,	  /* signed with an outdated digest */
	CERT_NOT_CA = 79,	  /* an issuer that is not a CA */
	CERT_MISSING = 100,	  /* none was shown */
	CERT_OTHER_KEY = 101	  /* not for the key that was sent */
};

/* CAUSE_PROTOCOL. */
enum protocol_code {
	PROTOCOL_OTHER = 0, /* whatever the text says */
	PROTOCOL_JSON = 1,  /* JSON where XML was asked for */
	PROTOCOL_PAGE = 2,  /* a web page where XML was asked for */
	PROTOCOL_UCWA = 3,  /* a UCWA resource where autodiscover's XML was asked for */
	PROTOCOL_OLD = 4    /* autodiscover of Lync 2010, which names no registrar */
};

/*
 * CAUSE_TLS and CAUSE_HANDSHAKE: the number of the alert (RFC 5246 section 7.2, RFC 8446
 * section 6.2), of which these mean something to the diagnosis; 0 if there was none.
 */
enum tls_alert_code {
	TLS_ALERT_NONE = 0,
	TLS_ALERT_HANDSHAKE_FAILURE = 40,
	TLS_ALERT_BAD_CERTIFICATE = 42,
	TLS_ALERT_CERTIFICATE_REVOKED = 44,
	TLS_ALERT_CERTIFICATE_EXPIRED = 45,
	TLS_ALERT_CERTIFICATE_UNKNOWN = 46,
	TLS_ALERT_UNKNOWN_CA = 48,
	TLS_ALERT_PROTOCOL_VERSION = 70,
	TLS_ALERT_CERTIFICATE_REQUIRED = 116
};

#endif
