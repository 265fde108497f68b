/*
 * trust - whom we believe, and how the outer TLS connections (registrar, web services)
 * are made.
 *
 * One X509_STORE per CA file, shared by every connection that uses it (parsing the
 * system's bundle costs twenty times a handshake). Both transports check chain and name
 * here, by the same code, and report the same causes. The inner TLS-DSK handshake is not
 * here (tls/memtls), but its certificate can be judged by the same trust.
 */
#ifndef CSWATCH_TLS_TRUST_H
#define CSWATCH_TLS_TRUST_H
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
/* "1.0" ... "1.3"; false and untouched for anything else. */
bool tls_version_by_name(struct str name, enum tls_version *ret);

/*
 * A min below TLS_1_2 takes OpenSSL's security level for the protocol down to 0, because
 * TLS 1.0 signs with MD5 and SHA-1; certificates are still judged at the system's level.
 * Only legacy accepts weak certificates too, and servers without secure renegotiation
 * (RFC 5746).
 */
struct tls_settings {
	const char *ca_file;  /* PEM; NULL: the system's certificates */
	enum tls_version min; /* TLS_1_2 unless the pool says otherwise */
	/* old ciphers, SHA-1, short keys, unsafe renegotiation */
	bool legacy;
};

/*
 * Reads the CA file. NULL on failure, with *err naming the file and what is wrong.
 * Counted.
 */
struct tls_outer *tls_outer_new(const struct tls_settings *s, struct err *err);
struct tls_outer *tls_outer_ref(struct tls_outer *o);
void tls_outer_free(struct tls_outer *o); /* drops one reference; NULL is fine */
bool tls_outer_legacy(const struct tls_outer *o);

/* What a handshake showed, kept whether or not it succeeded. */
struct tls_peer {
	struct cert_facts cert;	  /* the server's own certificate */
	long verify_error;	  /* X509_V_OK or why it was not accepted */
	int verify_depth;	  /* 0: the server's own; above: its issuers */
	char verify_subject[128]; /* subject of the certificate refused */
	char verify_issuer[128];  /* and who issued it */
	/* its life, seconds since the epoch */
	int64_t verify_not_before, verify_not_after;
	/* DNS names the certificate is for, space-separated */
	char names[192];
	char version[12]; /* "TLSv1.2"; empty if none was agreed */
	bool done;	  /* the handshake succeeded */
	bool old_version; /* below TLS 1.2 */
	/* number of the fatal alert that ended it; 0: none */
	int alert;
	bool alert_sent;	/* ours, not the server's */
	bool wants_certificate; /* the server asked for one of ours */
	/* OpenSSL's number of what ended the handshake; 0: none */
	unsigned long error;
	/* libcurl's: the error queue is not to be trusted, see `error` */
	bool foreign;
};

/*
 * A client SSL for host: SNI, name check (RFC 6125; a literal address is matched as
 * such), chain check, minimum version. Facts go to *peer, which must outlive the SSL.
 * NULL on failure. Caller: SSL_free().
 */
struct ssl_st *tls_outer_ssl(
    struct tls_outer *o, const char *host, struct tls_peer *peer, struct err *err);
/*
 * The same settings on an SSL_CTX made by libcurl (CURLOPT_SSL_CTX_FUNCTION). False:
 * refuse.
 */
bool tls_outer_apply(
    struct tls_outer *o, struct ssl_ctx_st *ctx, const char *host, struct tls_peer *peer);

/*
 * After a failed handshake, or a connection that an alert ended: *err becomes
 * CAUSE_TRUST (expired, unknown issuer, name, too weak: with subject, names and dates;
 * code is an enum cert_code),
 * else CAUSE_TLS (alert, version, cipher; code is certificate_required whenever that is
 * what the server wants), CAUSE_CLOSED when the peer just went away. what names the
 * server ("registrar", "web service"). Empties the OpenSSL error queue.
 */
void tls_outer_error(
    const struct tls_peer *peer, const char *host, const char *what, struct err *err);

/*
 * Judges a server's certificate from another handshake as if it were one of ours: chain
 * (NULL: none was sent), strength, and that it is for one of the two names. what names
 * the server, as above. False: *err, with CAUSE_TRUST.
 */
bool tls_outer_judge(struct tls_outer *o, struct x509_st *cert,
    struct stack_st_X509 *chain, const char *const names[2], const char *what,
    struct err *err);

#endif
