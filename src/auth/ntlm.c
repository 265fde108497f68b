#include "auth/ntlm.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auth/account.h"
#include "auth/method.h"
#include "auth/ntlm_capitals.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/host.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "vocab/err.h"

#define KEY_SIZE 16

/* [MS-NLMP] 2.2.2.5: flags that this code looks at. */
#define FLAG_UNICODE	 0x00000001u
#define FLAG_TARGET_INFO 0x00800000u
/*
 * What the real client says: Unicode, target name, NTLM, always sign, extended session
 * security, target info, version, 128 and 56 bits.
 */
#define OUR_FLAGS 0xA2888205u
/* 2.2.2.10, for debugging only: Windows 7, NTLM revision 15. */
#define VERSION_OCTETS "\x06\x01\xb1\x1d\0\0\0\x0f"

/* 2.2.2.1 */
enum av { AV_END = 0, AV_FLAGS = 6, AV_TIMESTAMP = 7 };
#define AV_FLAG_MIC 0x00000002u

static const char magic[8] = "NTLMSSP";

struct challenge {
	uint32_t flags;
	const char *nonce;    /* NTLM_NONCE_SIZE bytes */
	struct str info;      /* AV_PAIRs; empty: none */
	uint32_t info_flags;  /* MsvAvFlags among them */
	struct str timestamp; /* MsvAvTimestamp; empty: none */
};

/* Where the parts of an AUTHENTICATE_MESSAGE are (2.2.1.3). */
enum part {
	PART_LM,
	PART_NT,
	PART_DOMAIN,
	PART_USER,
	PART_WORKSTATION,
	PART_SESSION_KEY,
	PART_COUNT
};
#define PARTS_AT	  12
#define FLAGS_AT	  60
#define VERSION_AT	  64
#define MIC_AT		  72
#define AUTHENTICATE_SIZE 88 /* then the parts */

static uint32_t
get16(const char *p)
{
	return (uint32_t)(uint8_t)p[0] | (uint32_t)(uint8_t)p[1] << 8;
}

static uint32_t
get32(const char *p)
{
	return get16(p) | get16(p + 2) << 16;
}

static void
put_le(char *p, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		p[i] = (char)(uint8_t)(v >> 8 * i);
}

static void
add_le(struct buf *b, uint64_t v, unsigned n)
{
	char text[8];

	put_le(text, v, n);
	buf_add(b, text, n);
}

void
ntlm_negotiate(struct buf *out)
{
	buf_add(out, magic, sizeof(magic));
	add_le(out, 1, 4);
	add_le(out, OUR_FLAGS, 4);
	/* Domain and workstation: none, and so their place is the end of the message. */
	for (int i = 0; i < 2; i++) {
		add_le(out, 0, 4);
		add_le(out, 40, 4);
	}
	buf_add(out, VERSION_OCTETS, 8);
}

/* ---- what the server sends ---- */

/* Takes one AV_PAIR off the front. Returns false if there is none, or not a whole one. */
static bool
next_pair(struct str *rest, uint32_t *ret_id, struct str *ret_value)
{
	size_t len;

	if (rest->len < 4 || get16(rest->p) == AV_END)
		return false;
	len = get16(rest->p + 2);
	if (len > rest->len - 4)
		return false;
	*ret_id = get16(rest->p);
	*ret_value = (struct str){ rest->p + 4, len };
	rest->p += 4 + len;
	rest->len -= 4 + len;
	return true;
}

static bool
parse_info(struct challenge *c)
{
	struct str rest = c->info, value;
	uint32_t id;

	while (next_pair(&rest, &id, &value)) {
		if (id == AV_FLAGS && value.len == 4)
			c->info_flags = get32(value.p);
		if (id == AV_TIMESTAMP && value.len == 8)
			c->timestamp = value;
	}
	/* It ends with an AV_END, or at least between two pairs. */
	return rest.len == 0 || (rest.len >= 4 && get16(rest.p) == AV_END);
}

/* 2.2.1.2. Old servers' messages end before the target info. */
static bool
parse(struct str m, struct challenge *ret)
{
	struct challenge c = { .flags = 0 };
	size_t len, at;

	if (m.len < 32 || m.len > NTLM_MESSAGE_MAX ||
	    memcmp(m.p, magic, sizeof(magic)) != 0 || get32(m.p + 8) != 2)
		return false;
	c.flags = get32(m.p + 20);
	c.nonce = m.p + 24;
	if ((c.flags & FLAG_UNICODE) == 0)
		return false;
	if ((c.flags & FLAG_TARGET_INFO) != 0) {
		if (m.len < 48)
			return false;
		len = get16(m.p + 40);
		at = get32(m.p + 44);
		if (at > m.len || len > m.len - at)
			return false;
		c.info = (struct str){ m.p + at, len };
	}
	if (!parse_info(&c))
		return false;
	*ret = c;
	return true;
}

/* ---- what the account knows ---- */

/* Splits "DOMAIN\user"; a name of any other form is left to the server. */
static void
split_name(const char *name, struct str *ret_domain, struct str *ret_user)
{
	*ret_user = str_split(str_of(name), '\\', ret_domain);
	if (ret_user->p == NULL) {
		*ret_user = *ret_domain;
		*ret_domain = STR_LIT("");
	}
}

/* NTOWFv2 of 3.3.2. */
static bool
make_key(const struct ntlm_login *l, uint8_t ret[KEY_SIZE])
{
	uint8_t hash[CRYPTO_MD4_SIZE];
	struct str domain, user;
	struct buf w;
	bool ok;

	buf_init(&w, NTLM_MESSAGE_MAX);
	ok = text_utf16le(str_of(l->password), NULL, &w) && !w.failed;
	crypto_md4(buf_view(&w), hash);
	buf_cut(&w, 0);
	split_name(l->username, &domain, &user);
	ok = ok && text_utf16le(user, ntlm_capital, &w) &&
	     text_utf16le(domain, NULL, &w) && !w.failed &&
	     crypto_hmac(DIGEST_MD5, hash, sizeof(hash), buf_view(&w), ret);
	secret_wipe(hash, sizeof(hash));
	buf_wipe_free(&w);
	return ok;
}

/* ---- what we answer ---- */

/* The server's AV_PAIRs, and that there is a MIC if there can be one (3.1.5.1.2). */
static void
add_info(const struct challenge *c, struct buf *out)
{
	struct str rest = c->info, value;
	uint32_t id, flags = c->info_flags;

	while (next_pair(&rest, &id, &value)) {
		if (id == AV_FLAGS)
			continue;
		add_le(out, id, 2);
		add_le(out, value.len, 2);
		buf_str(out, value);
	}
	if (c->timestamp.len > 0)
		flags |= AV_FLAG_MIC;
	if (flags != 0) {
		add_le(out, AV_FLAGS, 2);
		add_le(out, 4, 2);
		add_le(out, flags, 4);
	}
	add_le(out, AV_END, 4);
}

/* "temp" of 3.3.2 after the server's nonce, as it is hashed. */
static void
add_blob(const struct ntlm_login *l, const struct challenge *c, struct buf *out)
{
	/* FILETIME: 100 ns since 1601. */
	uint64_t filetime = ((uint64_t)l->now_ms + 11644473600000u) * 10000;

	buf_add(out, c->nonce, NTLM_NONCE_SIZE);
	add_le(out, 0x0101, 8);
	if (c->timestamp.len > 0)
		buf_str(out, c->timestamp);
	else
		add_le(out, filetime, 8);
	buf_add(out, l->nonce, NTLM_NONCE_SIZE);
	add_le(out, 0, 4);
	add_info(c, out);
	add_le(out, 0, 4);
}

/* NTLMv2 response in *nt; session base key. */
static bool
prove(const struct ntlm_login *l, const struct challenge *c, const uint8_t key[KEY_SIZE],
    struct buf *nt, uint8_t session[KEY_SIZE])
{
	uint8_t proof[KEY_SIZE];
	struct buf blob;
	bool ok;

	buf_init(&blob, NTLM_MESSAGE_MAX);
	add_blob(l, c, &blob);
	ok = !blob.failed &&
	     crypto_hmac(DIGEST_MD5, key, KEY_SIZE, buf_view(&blob), proof) &&
	     crypto_hmac(DIGEST_MD5, key, KEY_SIZE,
		 (struct str){ (char *)proof, sizeof(proof) }, session);
	if (ok) {
		buf_add(nt, proof, sizeof(proof));
		buf_add(nt, blob.data + NTLM_NONCE_SIZE, blob.len - NTLM_NONCE_SIZE);
	}
	buf_free(&blob);
	return ok && !nt->failed;
}

/* LMv2 response; zeroes to a server that says its time (3.1.5.1.2). */
static bool
prove_lm(const struct ntlm_login *l, const struct challenge *c,
    const uint8_t key[KEY_SIZE], char ret[KEY_SIZE + NTLM_NONCE_SIZE])
{
	char nonces[2 * NTLM_NONCE_SIZE];

	memset(ret, 0, KEY_SIZE + NTLM_NONCE_SIZE);
	if (c->timestamp.len > 0)
		return true;
	memcpy(nonces, c->nonce, NTLM_NONCE_SIZE);
	memcpy(nonces + NTLM_NONCE_SIZE, l->nonce, NTLM_NONCE_SIZE);
	memcpy(ret + KEY_SIZE, l->nonce, NTLM_NONCE_SIZE);
	return crypto_hmac(DIGEST_MD5, key, KEY_SIZE,
	    (struct str){ nonces, sizeof(nonces) }, (uint8_t *)ret);
}

/* Makes that part of the message of what was added since it had `from` bytes. */
static void
close_part(struct buf *out, size_t start, enum part part, size_t from)
{
	size_t len = out->len - from;
	char *field;

	if (out->failed || len > UINT16_MAX) {
		out->failed = true;
		return;
	}
	field = out->data + start + PARTS_AT + 8 * (size_t)part;
	put_le(field, len, 2);
	put_le(field + 2, len, 2);
	put_le(field + 4, from - start, 4);
}

static void
add_part(struct buf *out, size_t start, enum part part, struct str value)
{
	size_t from = out->len;

	buf_str(out, value);
	close_part(out, start, part, from);
}

static bool
add_name(struct buf *out, size_t start, enum part part, struct str name)
{
	size_t from = out->len;

	if (!text_utf16le(name, NULL, out))
		return false;
	close_part(out, start, part, from);
	return true;
}

static bool
add_names(const struct ntlm_login *l, struct buf *out, size_t start)
{
	struct str domain, user;

	split_name(l->username, &domain, &user);
	return add_name(out, start, PART_DOMAIN, domain) &&
	       add_name(out, start, PART_USER, user) &&
	       add_name(out, start, PART_WORKSTATION, str_of(l->workstation));
}

/* 3.1.5.1.2: over all three messages, this one with zeroes where the MIC will be. */
static bool
add_mic(
    const uint8_t session[KEY_SIZE], struct str challenge, struct buf *out, size_t start)
{
	uint8_t mic[KEY_SIZE];
	struct buf all;
	bool ok;

	buf_init(&all, 3 * (size_t)NTLM_MESSAGE_MAX);
	ntlm_negotiate(&all);
	buf_str(&all, challenge);
	buf_add(&all, out->data + start, out->len - start);
	ok = !all.failed &&
	     crypto_hmac(DIGEST_MD5, session, KEY_SIZE, buf_view(&all), mic);
	if (ok)
		memcpy(out->data + start + MIC_AT, mic, sizeof(mic));
	buf_free(&all);
	return ok;
}

static void
add_head(const struct challenge *c, struct buf *out)
{
	static const char zeroes[AUTHENTICATE_SIZE];
	size_t start = out->len;

	buf_add(out, zeroes, sizeof(zeroes));
	if (out->failed)
		return;
	memcpy(out->data + start, magic, sizeof(magic));
	put_le(out->data + start + sizeof(magic), 3, 4);
	put_le(out->data + start + FLAGS_AT, c->flags & OUR_FLAGS, 4);
	memcpy(out->data + start + VERSION_AT, VERSION_OCTETS, 8);
}

/* The whole message, but for its MIC. */
static bool
build(const struct ntlm_login *l, const struct challenge *c, struct buf *out,
    uint8_t session[KEY_SIZE])
{
	char lm[KEY_SIZE + NTLM_NONCE_SIZE];
	uint8_t key[KEY_SIZE];
	size_t start = out->len;
	struct buf nt;
	bool ok;

	buf_init(&nt, NTLM_MESSAGE_MAX);
	add_head(c, out);
	ok = make_key(l, key) && add_names(l, out, start) && prove_lm(l, c, key, lm) &&
	     prove(l, c, key, &nt, session);
	secret_wipe(key, sizeof(key));
	if (ok) {
		add_part(out, start, PART_LM, (struct str){ lm, sizeof(lm) });
		add_part(out, start, PART_NT, buf_view(&nt));
		add_part(out, start, PART_SESSION_KEY, STR_LIT(""));
	}
	buf_free(&nt);
	return ok && !out->failed;
}

bool
ntlm_authenticate(
    const struct ntlm_login *l, struct str challenge, struct buf *out, struct err *err)
{
	uint8_t session[KEY_SIZE];
	size_t start = out->len;
	struct challenge c;
	bool ok;

	if (!parse(challenge, &c)) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "the server's NTLM challenge is not one that can be answered");
		return false;
	}
	ok = build(l, &c, out, session) &&
	     (c.timestamp.len == 0 || add_mic(session, challenge, out, start));
	secret_wipe(session, sizeof(session));
	if (ok)
		return true;
	buf_cut(out, start);
	err_local(err, 0,
	    "no NTLM for this account: name or password is not UTF-8 or is "
	    "too long");
	return false;
}

/* ---- the method ---- */

#define WORKSTATION_MAX 16 /* NetBIOS names have 15 characters and NUL */

struct logon {
	const struct account *account;
	bool begun; /* the NEGOTIATE_MESSAGE was made */
};

static void *
begin(const struct auth_logon *logon, struct err *err)
{
	struct logon *l = calloc(1, sizeof(*l));

	if (l == NULL)
		err_local(err, 0, "out of memory");
	else
		l->account = logon->account;
	return l;
}

/* Writes the first label in capitals, as Windows calls a machine. */
static void
name_workstation(char name[WORKSTATION_MAX])
{
	char host[HOST_NAME_SIZE];
	size_t i = 0;

	host_name(host);
	for (; i < WORKSTATION_MAX - 1 && isalnum((unsigned char)host[i]); i++)
		name[i] = (char)toupper((unsigned char)host[i]);
	name[i] = '\0';
}

static enum auth_next
next(void *state, struct str challenge, struct buf *out, struct err *err)
{
	struct logon *l = state;
	char workstation[WORKSTATION_MAX];
	struct ntlm_login login = { .username = l->account->username,
		.password = secret_reveal(l->account->secret),
		.workstation = workstation,
		.now_ms = clock_wall_ms(&clock_system) };

	if (!l->begun) {
		l->begun = true;
		ntlm_negotiate(out);
		return AUTH_MORE;
	}
	name_workstation(workstation);
	crypto_random(login.nonce, sizeof(login.nonce));
	return ntlm_authenticate(&login, challenge, out, err) ? AUTH_PROOF : AUTH_FAILED;
}

const struct auth_method auth_ntlm = {
	.name = "ntlm",
	.title = "NTLM",
	.schemes = (const char *const[]){ "NTLM", "Negotiate", NULL },
	.ports = (const char *const[]){ "WebTicketServiceWinNegotiate",
	    "WebTicketServiceWinNtlm", NULL },
	.by_connection = true,
	.begin = begin,
	.next = next,
	.free = free,
};
