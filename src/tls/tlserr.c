#include "tls/tlserr.h"

#include <stddef.h>
#include <stdio.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#define TRY_LEGACY "if the server is that old, set legacy_tls for this pool"
#define NOT_TLS	   "what answers there does not speak TLS: wrong port?"

static const struct reason_hint {
	int reason;
	const char *hint;
} reasons[] = {
	{ SSL_R_NO_PROTOCOLS_AVAILABLE,
	    "this system's OpenSSL settings allow no such version" },
	{ SSL_R_NO_CIPHERS_AVAILABLE, "this system's OpenSSL settings leave no cipher" },
	{ SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED, TRY_LEGACY },
	{ SSL_R_WRONG_SIGNATURE_TYPE, TRY_LEGACY },
	{ SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, TRY_LEGACY },
	{ SSL_R_DH_KEY_TOO_SMALL, TRY_LEGACY },
	{ SSL_R_EE_KEY_TOO_SMALL, TRY_LEGACY },
	{ SSL_R_CA_KEY_TOO_SMALL, TRY_LEGACY },
	{ SSL_R_CA_MD_TOO_WEAK, TRY_LEGACY },
	{ SSL_R_WRONG_CIPHER_RETURNED, TRY_LEGACY },
	{ SSL_R_WRONG_VERSION_NUMBER, NOT_TLS },
	{ SSL_R_BAD_RECORD_TYPE, NOT_TLS },
	{ SSL_R_HTTP_REQUEST, NOT_TLS },
	/* One thing, for which OpenSSL 3.0 has the first name and 3.5 the others. */
	{ SSL_R_PACKET_LENGTH_TOO_LONG, NOT_TLS },
	{ SSL_R_ENCRYPTED_LENGTH_TOO_LONG, NOT_TLS },
	{ SSL_R_DATA_LENGTH_TOO_LONG, NOT_TLS },
};

static const struct reason_hint alerts[] = {
	{ SSL_AD_HANDSHAKE_FAILURE, "no TLS version or cipher in common: see tls_min, "
				    "and legacy_tls if the server is that old" },
	{ SSL_AD_INSUFFICIENT_SECURITY, "the server demands stronger ciphers" },
	{ SSL_AD_UNRECOGNIZED_NAME, "the server does not know this host name" },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *
find_hint(const struct reason_hint *table, size_t n, int reason)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].reason == reason)
			return table[i].hint;
	return NULL;
}

void
tlserr_read(unsigned long e, struct tlserr *ret)
{
	const char *text = ERR_reason_error_string(e);
	int reason = ERR_GET_REASON(e);
	bool ssl = ERR_GET_LIB(e) == ERR_LIB_SSL;

	*ret = (struct tlserr){ .any = e != 0 };
	if (e == 0)
		return;
	ret->eof = ssl && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
	if (ssl && reason > SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + 255)
		ret->alert = reason - SSL_AD_REASON_OFFSET;
	ret->old_version = ssl && (reason == SSL_R_UNSUPPORTED_PROTOCOL ||
				      reason == SSL_R_WRONG_SSL_VERSION ||
				      reason == SSL_R_VERSION_TOO_LOW);
	ret->no_record = ssl && (reason == SSL_R_WRONG_VERSION_NUMBER ||
				    reason == SSL_R_BAD_RECORD_TYPE);
	if (ssl)
		ret->hint = find_hint(reasons, COUNT(reasons), reason);
	if (text != NULL)
		snprintf(ret->text, sizeof(ret->text), "%s", text);
	else
		snprintf(ret->text, sizeof(ret->text), "OpenSSL error %#lx", e);
}

/* The first error is the root; the later ones tell who called whom. */
void
tlserr_take(struct tlserr *ret)
{
	tlserr_read(ERR_get_error(), ret);
	ERR_clear_error();
}

int
tlserr_own_alert(const struct tlserr *e, int sent)
{
	if (e->old_version || (e->no_record && sent != 0))
		return SSL_AD_PROTOCOL_VERSION;
	return sent;
}

const char *
tlserr_alert_text(int alert)
{
	/* OpenSSL 3.0 does not name the alerts that came with TLS 1.3. */
	switch (alert) {
	case SSL_AD_MISSING_EXTENSION:
		return "missing extension";
	case SSL_AD_CERTIFICATE_REQUIRED:
		return "certificate required";
	default:
		return SSL_alert_desc_string_long(alert);
	}
}

const char *
tlserr_alert_hint(int alert)
{
	return find_hint(alerts, COUNT(alerts), alert);
}
