/*
 * outer - the outer TLS connections (registrar, web services): how they are made, and
 * whom they trust.
 *
 * One X509_STORE per CA file, shared by every connection that uses it (parsing the
 * system's bundle costs twenty times a handshake). Both transports check chain and name
 * here, by the same code, and report the same causes. The certificate of an inner
 * handshake (tls/inner) can be judged by the same trust.
 */
#ifndef CSWATCH_TLS_OUTER_H
#define CSWATCH_TLS_OUTER_H
#include <stdbool.h>
#include <stdint.h>

#include "vocab/result.h"
#include "base/str.h"

struct err;
struct ssl_ctx_st;
struct ssl_st;
struct stack_st_X509;
struct tls_outer;
struct x509_st;

enum tls_version { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, TLS_VERSION_COUNT };
/* Reads "1.0" to "1.3". Returns false and leaves *ret unchanged if it is another. */
bool tls_version_by_name(struct str name, enum tls_version *ret);

/*
 * A min below TLS_1_2 lowers OpenSSL's security level for the protocol to 0, because TLS
 * 1.0 signs with MD5 and SHA-1; certificates are still judged at the system's level. Only
 * legacy accepts weak certificates too, and servers without secure renegotiation (RFC
 * 5746).
 */
struct tls_settings {
	const char *ca_file;  /* PEM, or NULL for the system's certificates */
	enum tls_version min; /* TLS_1_2 unless the pool says otherwise */
	/* old ciphers, SHA-1, short keys, unsafe renegotiation */
	bool legacy;
};

/*
 * Reads the CA file. Returns NULL on failure, with *err naming the file and what is
 * wrong. References are counted.
 */
struct tls_outer *tls_outer_new(const struct tls_settings *s, struct err *err);
struct tls_outer *tls_outer_ref(struct tls_outer *o);
void tls_outer_free(struct tls_outer *o); /* drops one reference; NULL is allowed */
bool tls_outer_legacy(const struct tls_outer *o);

/* What was seen of a handshake, whether or not it succeeded. */
struct tls_peer {
	struct cert_facts cert;	  /* the server's own certificate */
	long verify_error;	  /* X509_V_OK or why it was not accepted */
	int verify_depth;	  /* 0: the server's own; above 0: its issuers */
	char verify_subject[128]; /* subject of the certificate refused */
	char verify_issuer[128];  /* and of its issuer */
	/* its life, seconds since the epoch */
	int64_t verify_not_before, verify_not_after;
	/* DNS names the certificate is for, space-separated */
	char names[192];
	char version[12]; /* "TLSv1.2"; empty if none was agreed */
	bool done;	  /* the handshake succeeded */
	bool old_version; /* below TLS 1.2 */
	/* number of the fatal alert that ended it, or 0 */
	int alert;
	bool alert_sent;	/* ours, not the server's */
	bool wants_certificate; /* the server asked for one of ours */
	/* OpenSSL's number of what ended the handshake, or 0 */
	unsigned long error;
	/* of libcurl: its error queue is not reliable, see `error` */
	bool foreign;
};

/*
 * Makes a client SSL for host: SNI, name check (RFC 6125; a literal address is matched as
 * such), chain check, minimum version. It writes to *peer, which must outlive the SSL.
 * Returns NULL and sets *err on failure. Release with SSL_free().
 */
struct ssl_st *tls_outer_ssl(
    struct tls_outer *o, const char *host, struct tls_peer *peer, struct err *err);
/*
 * Applies the same settings to an SSL_CTX made by libcurl (CURLOPT_SSL_CTX_FUNCTION).
 * Returns false if that is not possible: then the connection must not be made.
 */
bool tls_outer_apply(
    struct tls_outer *o, struct ssl_ctx_st *ctx, const char *host, struct tls_peer *peer);

/*
 * Sets *err after a failed handshake, or after a connection that an alert ended:
 * CAUSE_TRUST (expired, unknown issuer, name, too weak: with subject, names and dates;
 * code is an enum cert_code), CAUSE_TLS (alert, version, cipher; code is
 * certificate_required whenever that is what the server wants), or CAUSE_CLOSED if the
 * peer closed the connection. what names the server ("registrar", "web service"). Empties
 * the error queue of OpenSSL.
 */
void tls_outer_error(
    const struct tls_peer *peer, const char *host, const char *what, struct err *err);

/*
 * Judges a server's certificate from another handshake as if it were one of ours: its
 * chain (NULL if none was sent), its strength, and that it is for one of the two names.
 * what names the server, as above. Returns false and sets *err to CAUSE_TRUST if it is
 * refused.
 */
bool tls_outer_judge(struct tls_outer *o, struct x509_st *cert,
    struct stack_st_X509 *chain, const char *const names[2], const char *what,
    struct err *err);

#endif
