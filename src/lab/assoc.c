#include "lab/assoc.h"

#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include <openssl/x509.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "crypto/crypto.h"
#include "lab/pki.h"
#include "lab/sipconn.h"
#include "sip/sa.h"
#include "tls/inner.h"

static bool
names_user(X509 *cert, const char *address)
{
	X509_NAME *name = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	unsigned char *cn = NULL;
	int len;
	bool ok;

	if (at < 0)
		return false;
	len = ASN1_STRING_to_UTF8(
	    &cn, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	ok = len > 0 && str_caseeq((struct str){ (char *)cn, (size_t)len }, address);
	OPENSSL_free(cn);
	return ok;
}

/*
 * Accepts a certificate that was issued here, is still published for this user and has
 * not expired (spec 03 section 4).
 */
static bool
accept_certificate(void *arg, X509 *cert)
{
	const struct lab_assoc *a = arg;
	const struct lab_pool *p = a->conn->pool;
	time_t now = time(NULL);
	uint8_t print[PUBLISHED_PRINT];

	return lab_pki_issued(p->pki, cert) && names_user(cert, a->address) &&
	       X509_cmp_time(X509_get0_notAfter(cert), &now) > 0 &&
	       X509_cmp_time(X509_get0_notBefore(cert), &now) < 0 &&
	       lab_published_print(cert, print) &&
	       lab_published_has(&p->published, a->address, print);
}

struct lab_assoc *
lab_assoc_new(
    struct lab_sip_conn *c, const char *address, const char *endpoint, struct err *err)
{
	struct lab_assoc *a = calloc(1, sizeof(*a));
	uint8_t random[4];

	if (a == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	a->conn = c;
	crypto_random(random, sizeof(random));
	crypto_hex(a->opaque, random, sizeof(random));
	str_copy(a->address, sizeof(a->address), str_of(address));
	str_copy(a->endpoint, sizeof(a->endpoint), str_of(endpoint));
	a->tls = tls_inner_server(lab_sip_conn_inner(c), accept_certificate, a, err);
	if (a->tls == NULL) {
		free(a);
		return NULL;
	}
	lab_assoc_free(c->assoc[c->next_assoc]);
	c->assoc[c->next_assoc] = a;
	c->next_assoc = (c->next_assoc + 1) % SIPCONN_ASSOCS;
	return a;
}

void
lab_assoc_free(struct lab_assoc *a)
{
	if (a == NULL)
		return;
	sip_sa_free(a->sa);
	tls_inner_free(a->tls);
	free(a);
}

void
lab_assoc_forget(struct lab_assoc *a)
{
	for (unsigned i = 0; i < SIPCONN_ASSOCS; i++)
		if (a->conn->assoc[i] == a)
			a->conn->assoc[i] = NULL;
	lab_assoc_free(a);
}

struct lab_assoc *
lab_assoc_find(const struct lab_sip_conn *c, struct str opaque)
{
	for (unsigned i = 0; i < SIPCONN_ASSOCS; i++)
		if (c->assoc[i] != NULL && str_eq(opaque, c->assoc[i]->opaque))
			return c->assoc[i];
	return NULL;
}

static bool
derive_keys(struct lab_assoc *a, struct err *err)
{
	struct tls_inner_keys keys;
	struct sip_sa_settings s = { .realm = ASSOC_REALM,
		.targetname = a->conn->pool->fqdn,
		.opaque = a->opaque,
		.version = ASSOC_VERSION,
		.server = true };

	if (!tls_inner_keys(a->tls, &keys, err))
		return false;
	s.mac = keys.mac;
	memcpy(s.send_key, keys.server, sizeof(s.send_key));
	memcpy(s.recv_key, keys.client, sizeof(s.recv_key));
	a->sa = sip_sa_new(&s);
	secret_wipe(&keys, sizeof(keys));
	secret_wipe(&s, sizeof(s));
	tls_inner_free(a->tls);
	a->tls = NULL;
	return a->sa != NULL;
}

bool
lab_assoc_leg(struct lab_assoc *a, struct str flight, struct buf *out, struct err *err)
{
	if (a->tls == NULL) {
		err_set(err, CAUSE_HANDSHAKE, 0, "the handshake is over");
		return false;
	}
	switch (tls_inner_leg(a->tls, flight, out, err)) {
	case TLS_INNER_MORE:
		return true;
	case TLS_INNER_ESTABLISHED:
		return derive_keys(a, err);
	case TLS_INNER_FAILED:
		break;
	}
	return false;
}

bool
lab_assoc_ready(const struct lab_assoc *a)
{
	return a->sa != NULL;
}

bool
lab_assoc_verify(struct lab_assoc *a, const struct sip_msg *m, struct err *err)
{
	return sip_sa_verify(a->sa, m, err);
}

/* Changes the first digit of rspauth. */
static void
spoil_signature(char *value)
{
	char *p = strstr(value, "rspauth=\"");

	if (p != NULL)
		p[9] = p[9] == '0' ? '1' : '0';
}

bool
lab_assoc_sign(
    struct lab_assoc *a, const struct sip_signed *v, bool spoil, struct buf *out)
{
	size_t start = out->len;

	if (!sip_sa_sign(a->sa, v, true, NULL, out) || out->failed)
		return false;
	if (spoil || a->spoil)
		spoil_signature(out->data + start);
	return true;
}
