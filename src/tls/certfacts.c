#include "tls/certfacts.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "vocab/result.h"
#include "base/text.h"

/* of a printed name, before it is cut to the caller's size */
#define NAME_MAX_BYTES 4096

static struct str
asn1_str(const ASN1_STRING *s)
{
	return (struct str){ (const char *)ASN1_STRING_get0_data(s),
		(size_t)ASN1_STRING_length(s) };
}

bool
certfacts_time(const ASN1_TIME *t, int64_t *ret)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days, seconds;
	bool ok =
	    epoch != NULL && t != NULL && ASN1_TIME_diff(&days, &seconds, epoch, t) == 1;

	if (ok)
		*ret = (int64_t)days * 86400 + seconds;
	ASN1_TIME_free(epoch);
	return ok;
}

void
certfacts_name(const X509_NAME *name, char *dst, size_t size)
{
	/* RFC 4514 order and escapes, but readable UTF-8 and a space after the comma. */
	unsigned long how =
	    (XN_FLAG_RFC2253 & ~(ASN1_STRFLGS_ESC_MSB | XN_FLAG_SEP_MASK)) |
	    XN_FLAG_SEP_CPLUS_SPC;
	BIO *mem = BIO_new(BIO_s_mem());
	char *p;
	long n;

	dst[0] = '\0';
	if (mem == NULL)
		return;
	if (X509_NAME_print_ex(mem, name, 0, how) >= 0) {
		n = BIO_get_mem_data(mem, &p);
		if (n > 0)
			text_printable(dst, size,
			    (struct str){
				p, n < NAME_MAX_BYTES ? (size_t)n : NAME_MAX_BYTES });
	}
	BIO_free(mem);
}

static void
read_serial(const X509 *cert, char *dst, size_t size)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
	char *hex = bn == NULL ? NULL : BN_bn2hex(bn);

	if (hex != NULL)
		text_printable(dst, size, str_of(hex));
	OPENSSL_free(hex);
	BN_free(bn);
}

static void
read_thumbprint(const X509 *cert, char dst[41])
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (X509_digest(cert, EVP_sha1(), md, &n) != 1 || n != 20)
		return;
	for (unsigned i = 0; i < n; i++) {
		dst[2 * i] = digits[md[i] >> 4];
		dst[2 * i + 1] = digits[md[i] & 15];
	}
	dst[40] = '\0';
}

void
certfacts_read(const X509 *cert, struct cert_facts *ret)
{
	*ret = (struct cert_facts){ .known = true };
	certfacts_name(X509_get_subject_name(cert), ret->subject, sizeof(ret->subject));
	read_serial(cert, ret->serial, sizeof(ret->serial));
	read_thumbprint(cert, ret->sha1);
	(void)certfacts_time(X509_get0_notBefore(cert), &ret->not_before);
	(void)certfacts_time(X509_get0_notAfter(cert), &ret->not_after);
}

/* Appends one word. Returns false if there is no room for it. */
static bool
add_word(char *dst, size_t size, struct str word)
{
	size_t len = strlen(dst);
	size_t sep = len > 0 ? 1 : 0;

	if (len + sep + word.len + 1 > size)
		return false;
	if (sep > 0)
		dst[len] = ' ';
	text_printable(dst + len + sep, size - len - sep, word);
	return true;
}

static bool
add_host(char *dst, size_t size, const GENERAL_NAME *gn)
{
	char literal[INET6_ADDRSTRLEN];
	struct str s;

	if (gn->type == GEN_DNS)
		return add_word(dst, size, asn1_str(gn->d.dNSName));
	if (gn->type != GEN_IPADD)
		return true;
	s = asn1_str(gn->d.iPAddress);
	if (s.len != 4 && s.len != 16)
		return true;
	inet_ntop(s.len == 4 ? AF_INET : AF_INET6, s.p, literal, sizeof(literal));
	return add_word(dst, size, str_of(literal));
}

/*
 * Returns the common name in UTF-8, which the caller frees with OPENSSL_free(), or NULL.
 */
static unsigned char *
common_name(const X509 *cert, struct str *ret)
{
	const X509_NAME *name = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	unsigned char *utf8 = NULL;
	int n;

	if (at < 0)
		return NULL;
	n = ASN1_STRING_to_UTF8(
	    &utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n < 0)
		return NULL;
	*ret = (struct str){ (const char *)utf8, (size_t)n };
	return utf8;
}

void
certfacts_hosts(const X509 *cert, char *dst, size_t size)
{
	GENERAL_NAMES *sans = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	unsigned char *utf8;
	struct str cn;

	dst[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(sans); i++) {
		if (!add_host(dst, size, sk_GENERAL_NAME_value(sans, i))) {
			(void)add_word(dst, size, STR_LIT("..."));
			break;
		}
	}
	GENERAL_NAMES_free(sans);
	if (dst[0] != '\0' || (utf8 = common_name(cert, &cn)) == NULL)
		return;
	(void)add_word(dst, size, cn);
	OPENSSL_free(utf8);
}

/* Compares a name of a user certificate, with or without the scheme. */
static bool
same_user(struct str name, const char *address)
{
	if (str_caseprefix(name, "sip:")) {
		name.p += 4;
		name.len -= 4;
	}
	return str_caseeq(name, address);
}

static bool
san_is_user(const GENERAL_NAME *gn, const char *address)
{
	const OTHERNAME *other;

	switch (gn->type) {
	case GEN_EMAIL:
		return same_user(asn1_str(gn->d.rfc822Name), address);
	case GEN_URI:
		return str_caseprefix(
			   asn1_str(gn->d.uniformResourceIdentifier), "sip:") &&
		       same_user(asn1_str(gn->d.uniformResourceIdentifier), address);
	case GEN_OTHERNAME:
		other = gn->d.otherName;
		return OBJ_obj2nid(other->type_id) == NID_ms_upn &&
		       other->value->type == V_ASN1_UTF8STRING &&
		       same_user(asn1_str(other->value->value.utf8string), address);
	default:
		return false;
	}
}

bool
certfacts_is_user(const X509 *cert, const char *address)
{
	GENERAL_NAMES *sans = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	struct str cn = STR_NULL;
	unsigned char *utf8 = common_name(cert, &cn);
	bool found = utf8 != NULL && same_user(cn, address);

	for (int i = 0; !found && i < sk_GENERAL_NAME_num(sans); i++)
		found = san_is_user(sk_GENERAL_NAME_value(sans, i), address);
	OPENSSL_free(utf8);
	GENERAL_NAMES_free(sans);
	return found;
}
