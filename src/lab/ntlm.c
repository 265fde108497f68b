#include "lab/ntlm.h"

#include <stdint.h>
#include <stdlib.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_ntlmssp.h>

#include "base/buf.h"
#include "vocab/err.h"

#define TYPE1_SIZE  40 /* bytes of an NTLM type 1 message with its version field */
#define TYPE3_SIZE  72 /* bytes of a type 3 message up to and with that field */
#define TYPE3_FLAGS 60 /* offset of the flags in a type 3 message */
#define FLAG_VERSION                                                                     \
	0x02 /* NTLMSSP_NEGOTIATE_VERSION, in the last byte of the flags                 \
	      */

struct lab_acceptor {
	gss_cred_id_t ntlm;
	gss_cred_id_t spnego; /* GSS_C_NO_CREDENTIAL if there is no SPNEGO */
};

struct lab_negotiation {
	gss_ctx_id_t ctx;
	bool raw; /* NTLMSSP without SPNEGO around it */
};

static gss_OID_desc ntlmssp = { GSS_NTLMSSP_OID_LENGTH, NULL };
static gss_OID_desc spnego = { 6, NULL };
static char ntlmssp_oid[] = GSS_NTLMSSP_OID_STRING;
static char spnego_oid[] = "\x2b\x06\x01\x05\x05\x02"; /* 1.3.6.1.5.5.2 */

static void
gss_failed(OM_uint32 major, OM_uint32 minor, const char *what, struct err *err)
{
	gss_buffer_desc text = GSS_C_EMPTY_BUFFER, more = GSS_C_EMPTY_BUFFER;
	OM_uint32 ignored, context = 0;

	gss_display_status(
	    &ignored, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &context, &text);
	context = 0;
	gss_display_status(&ignored, minor, GSS_C_MECH_CODE, &ntlmssp, &context, &more);
	err_set(err, CAUSE_AUTH, 401, "%s: %.*s (%.*s)", what, (int)text.length,
	    text.value == NULL ? "" : (char *)text.value, (int)more.length,
	    more.value == NULL ? "" : (char *)more.value);
	gss_release_buffer(&ignored, &text);
	gss_release_buffer(&ignored, &more);
}

static bool
acquire_credential(gss_OID mech, gss_cred_id_t *ret, struct err *err)
{
	gss_OID_set_desc set = { 1, mech };
	OM_uint32 minor, major;

	major = gss_acquire_cred(
	    &minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &set, GSS_C_ACCEPT, ret, NULL, NULL);
	if (major == GSS_S_COMPLETE)
		return true;
	gss_failed(major, minor, "no NTLM acceptor (is gss-ntlmssp installed?)", err);
	return false;
}

/*
 * Acquires the credential for SPNEGO. Without a keytab Kerberos has no acceptor
 * credential, and SPNEGO offers only NTLM.
 */
static void
acquire_spnego(struct lab_acceptor *a)
{
	gss_OID_set_desc only = { 1, &ntlmssp };
	struct err ignored;
	OM_uint32 minor;

	if (!acquire_credential(&spnego, &a->spnego, &ignored)) {
		a->spnego = GSS_C_NO_CREDENTIAL;
		return;
	}
	if (getenv("KRB5_KTNAME") == NULL)
		gss_set_neg_mechs(&minor, a->spnego, &only);
}

struct lab_acceptor *
lab_acceptor_new(const char *user_file, struct err *err)
{
	struct lab_acceptor *a = calloc(1, sizeof(*a));

	ntlmssp.elements = ntlmssp_oid;
	spnego.elements = spnego_oid;
	if (a == NULL || setenv("NTLM_USER_FILE", user_file, 1) != 0) {
		err_local(err, 0, "out of memory");
		free(a);
		return NULL;
	}
	if (!acquire_credential(&ntlmssp, &a->ntlm, err)) {
		free(a);
		return NULL;
	}
	acquire_spnego(a);
	return a;
}

void
lab_acceptor_free(struct lab_acceptor *a)
{
	OM_uint32 minor;

	if (a == NULL)
		return;
	gss_release_cred(&minor, &a->spnego);
	gss_release_cred(&minor, &a->ntlm);
	free(a);
}

bool
lab_acceptor_has_negotiate(const struct lab_acceptor *a)
{
	return a->spnego != GSS_C_NO_CREDENTIAL;
}

void
lab_negotiation_free(struct lab_negotiation *n)
{
	OM_uint32 minor;

	if (n == NULL)
		return;
	gss_delete_sec_context(&minor, &n->ctx, GSS_C_NO_BUFFER);
	free(n);
}

static bool
take_name(gss_name_t from, char name[NTLM_NAME_MAX])
{
	gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	bool ok;

	ok = from != GSS_C_NO_NAME &&
	     gss_display_name(&minor, from, &text, NULL) == GSS_S_COMPLETE &&
	     str_copy(name, NTLM_NAME_MAX, (struct str){ text.value, text.length });
	gss_release_buffer(&minor, &text);
	return ok;
}

static struct lab_negotiation *
begin_negotiation(struct str token)
{
	struct lab_negotiation *n = calloc(1, sizeof(*n));

	if (n != NULL)
		n->raw = token.len >= 8 && memcmp(token.p, "NTLMSSP", 8) == 0;
	return n;
}

static uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/*
 * Returns whether a payload of a type 3 message begins where the version field would be.
 */
static bool
lacks_version(const uint8_t *m, size_t len)
{
	if (len < TYPE3_SIZE)
		return false;
	for (size_t field = 12; field < 60; field += 8) /* length, allocated, offset */
		if ((m[field] | m[field + 1]) != 0 && le32(m + field + 4) < TYPE3_SIZE)
			return true;
	return false;
}

/*
 * Makes messages readable for gss-ntlmssp 1.2 that libcurl and other old clients send
 * without the version field (which [MS-NLMP] 2.2.1.1 and 2.2.1.3 tell receivers to
 * ignore). gss-ntlmssp refuses a type 1 message that ends before the field, so zeroes are
 * added. It believes the flag in a type 3 message, which clients merely repeat from type
 * 2, so the flag is cleared. Messages with a MIC have the field, so that no MIC is
 * broken.
 */
static void
fix_version_field(uint8_t *m, size_t *len)
{
	static const char magic[] = "NTLMSSP";

	if (*len < 16 || memcmp(m, magic, sizeof(magic)) != 0)
		return;
	if (le32(m + 8) == 1 && *len < TYPE1_SIZE)
		*len = TYPE1_SIZE;
	if (le32(m + 8) == 3 && lacks_version(m, *len))
		m[TYPE3_FLAGS + 3] &= (uint8_t)~FLAG_VERSION;
}

/* Copies a token, because the buffers of GSSAPI are not const. */
static char *
copy_token(struct str token, size_t *ret_len)
{
	char *copy = calloc(1, token.len + TYPE1_SIZE);

	if (copy == NULL)
		return NULL;
	memcpy(copy, token.p, token.len);
	*ret_len = token.len;
	fix_version_field((uint8_t *)copy, ret_len);
	return copy;
}

enum lab_ntlm_state
lab_acceptor_step(struct lab_acceptor *a, struct lab_negotiation **np, struct str token,
    struct buf *out, char name[NTLM_NAME_MAX], struct err *err)
{
	gss_buffer_desc in = GSS_C_EMPTY_BUFFER, answer = GSS_C_EMPTY_BUFFER;
	struct lab_negotiation *n = *np == NULL ? begin_negotiation(token) : *np;
	gss_name_t who = GSS_C_NO_NAME;
	OM_uint32 major, minor, ignored;
	enum lab_ntlm_state state = NTLM_REFUSED;
	char *copy = copy_token(token, &in.length);

	*np = NULL;
	if (n == NULL || copy == NULL) {
		err_local(err, 0, "out of memory");
		goto out;
	}
	in.value = copy;
	major = gss_accept_sec_context(&minor, &n->ctx, n->raw ? a->ntlm : a->spnego, &in,
	    GSS_C_NO_CHANNEL_BINDINGS, &who, NULL, &answer, NULL, NULL, NULL);
	if (GSS_ERROR(major)) {
		gss_failed(major, minor, "credentials refused", err);
	} else if (major == GSS_S_CONTINUE_NEEDED) {
		state = NTLM_CONTINUE;
	} else if (take_name(who, name)) {
		state = NTLM_ACCEPTED;
	} else {
		err_set(err, CAUSE_AUTH, 401, "the account has no name");
	}
	buf_add(out, answer.value, answer.length);
	gss_release_buffer(&ignored, &answer);
	gss_release_name(&ignored, &who);
out:
	free(copy);
	if (state == NTLM_CONTINUE)
		*np = n;
	else
		lab_negotiation_free(n);
	return state;
}
