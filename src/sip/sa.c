#include "sip/sa.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "sip/auth.h"
#include "sip/frame.h"
#include "sip/msg.h"

#define SCHEME "TLS-DSK"
#define WINDOW 256 /* numbers, up to and with the highest seen */

struct sip_sa {
	char *realm, *targetname, *opaque;
	unsigned version;
	enum digest mac;
	uint8_t send_key[SIP_SA_KEY_SIZE], recv_key[SIP_SA_KEY_SIZE];
	bool server;
	uint32_t sent;	   /* number of the last message signed */
	uint32_t highest;  /* number of the peer; 0: none yet */
	bool seen[WINDOW]; /* by number % WINDOW; only those inside count */
};

/* What each side calls its parameters, and the header that carries them. */
struct side {
	const char *header, *rand, *num, *response;
};
static const struct side client_side = { "Authorization", "crand", "cnum", "response" };
static const struct side server_side = { "Authentication-Info", "srand", "snum",
	"rspauth" };

struct sip_sa *
sip_sa_new(const struct sip_sa_settings *s)
{
	struct sip_sa *sa = calloc(1, sizeof(*sa));

	if (sa == NULL)
		return NULL;
	sa->realm = str_dup(str_of(s->realm));
	sa->targetname = str_dup(str_of(s->targetname));
	sa->opaque = str_dup(str_of(s->opaque));
	if (sa->realm == NULL || sa->targetname == NULL || sa->opaque == NULL) {
		sip_sa_free(sa);
		return NULL;
	}
	sa->version = s->version;
	sa->mac = s->mac;
	sa->server = s->server;
	memcpy(sa->send_key, s->send_key, sizeof(sa->send_key));
	memcpy(sa->recv_key, s->recv_key, sizeof(sa->recv_key));
	return sa;
}

void
sip_sa_free(struct sip_sa *sa)
{
	if (sa == NULL)
		return;
	free(sa->realm);
	free(sa->targetname);
	free(sa->opaque);
	secret_wipe(sa, sizeof(*sa));
	free(sa);
}

/* HMAC of the signature buffer. False: out of memory, or OpenSSL refuses the digest. */
static bool
mac_of(const struct sip_sa *sa, const uint8_t *key, struct str scheme, struct str rand,
    struct str num, struct str targetname, const struct sip_signed *v, uint8_t *ret)
{
	struct buf b;
	bool ok;

	buf_init(&b, 2 * SIP_HEAD_MAX);
	sip_sign_buffer(
	    &b, sa->version, scheme, rand, num, str_of(sa->realm), targetname, v);
	ok = !b.failed && crypto_hmac(sa->mac, key, SIP_SA_KEY_SIZE, buf_view(&b), ret);
	buf_free(&b);
	return ok;
}

bool
sip_sa_sign(struct sip_sa *sa, const struct sip_signed *v, bool with_version,
    const char *rand, struct buf *out)
{
	char drawn[9], num[11], hex[2 * CRYPTO_DIGEST_MAX + 1], version[24] = "";
	uint8_t mac[CRYPTO_DIGEST_MAX], octets[4];

	if (sa->sent == UINT32_MAX) /* numbers never come round again under one key */
		return false;
	snprintf(num, sizeof(num), "%" PRIu32, ++sa->sent);
	if (rand == NULL) {
		crypto_random(octets, sizeof(octets));
		crypto_hex(drawn, octets, sizeof(octets));
		rand = drawn;
	}
	if (!mac_of(sa, sa->send_key, STR_LIT(SCHEME), str_of(rand), str_of(num),
		str_of(sa->targetname), v, mac))
		return false;
	crypto_hex(hex, mac, crypto_digest_size(sa->mac));
	if (with_version)
		snprintf(version, sizeof(version), ", version=%u", sa->version);
	if (sa->server)
		buf_printf(out,
		    SCHEME
		    " qop=\"auth\", opaque=\"%s\", srand=\"%s\", "
		    "snum=\"%s\", rspauth=\"%s\", targetname=\"%s\", realm=\"%s\"%s",
		    sa->opaque, rand, num, hex, sa->targetname, sa->realm, version);
	else
		buf_printf(out,
		    SCHEME
		    " qop=\"auth\", opaque=\"%s\", realm=\"%s\", "
		    "targetname=\"%s\"%s, crand=\"%s\", cnum=\"%s\", response=\"%s\"",
		    sa->opaque, sa->realm, sa->targetname, version, rand, num, hex);
	return !out->failed;
}

static bool
belongs(const struct sip_sa *sa, const struct sip_auth *a)
{
	return str_caseeq(a->scheme, SCHEME) &&
	       str_eq(sip_auth_param(a, "realm"), sa->realm) &&
	       str_caseeq(sip_auth_param(a, "targetname"), sa->targetname) &&
	       str_eq(sip_auth_param(a, "opaque"), sa->opaque);
}

/* The peer's signature under this very association ([MS-SIPAE] 3.2.5.2). */
static bool
find_signature(const struct sip_sa *sa, const struct sip_msg *m, const struct side *side,
    struct sip_auth *ret, struct err *err)
{
	struct sip_auth_walk w = sip_auth_walk(m, side->header);
	bool any = false;

	while (sip_auth_walk_next(&w, ret)) {
		if (sip_auth_param(ret, side->response).p == NULL)
			continue;
		if (belongs(sa, ret))
			return true;
		any = true;
	}
	if (any)
		err_set(err, CAUSE_SIGNATURE, (long)sip_msg_status(m),
		    "signed under another realm, targetname or opaque");
	else
		err_set(err, CAUSE_SIGNATURE, (long)sip_msg_status(m),
		    "not signed: no %s in %s", side->response, side->header);
	return false;
}

static bool
is_fresh(const struct sip_sa *sa, uint32_t num)
{
	if (num > sa->highest)
		return true;
	return sa->highest - num < WINDOW && !sa->seen[num % WINDOW];
}

/* Marks num; whatever the window moves over starts as not seen. */
static void
advance(struct sip_sa *sa, uint32_t num)
{
	uint32_t steps = num > sa->highest ? num - sa->highest : 0;

	for (uint32_t i = 0; i < steps && i < WINDOW; i++)
		sa->seen[(num - i) % WINDOW] = false;
	if (steps > 0)
		sa->highest = num;
	sa->seen[num % WINDOW] = true;
}

static bool
check_mac(const struct sip_sa *sa, const struct sip_msg *m, const struct side *side,
    const struct sip_auth *a)
{
	uint8_t want[CRYPTO_DIGEST_MAX], got[CRYPTO_DIGEST_MAX];
	size_t size = crypto_digest_size(sa->mac);
	struct sip_signed v;
	bool same;

	sip_signed_from(m, &v);
	if (!crypto_unhex(sip_auth_param(a, side->response), got, size) ||
	    !mac_of(sa, sa->recv_key, a->scheme, sip_auth_param(a, side->rand),
		sip_auth_param(a, side->num), sip_auth_param(a, "targetname"), &v, want))
		return false;
	same = crypto_same(want, got, size);
	secret_wipe(want, sizeof(want));
	return same;
}

bool
sip_sa_verify(struct sip_sa *sa, const struct sip_msg *m, struct err *err)
{
	const struct side *side = sa->server ? &client_side : &server_side;
	long status = (long)sip_msg_status(m);
	struct sip_auth a;
	uint64_t num;

	if (!find_signature(sa, m, side, &a, err))
		return false;
	if (!check_mac(sa, m, side, &a)) {
		err_set(err, CAUSE_SIGNATURE, status, "%s does not match the message",
		    side->response);
		return false;
	}
	if (!str_uint(sip_auth_param(&a, side->num), 1, UINT32_MAX, &num)) {
		err_set(err, CAUSE_SIGNATURE, status, "%s is not a number", side->num);
		return false;
	}
	if (!is_fresh(sa, (uint32_t)num)) {
		err_set(err, CAUSE_SIGNATURE, status,
		    "replayed: %s %" PRIu64 " after %" PRIu32, side->num, num,
		    sa->highest);
		return false;
	}
	advance(sa, (uint32_t)num);
	return true;
}
