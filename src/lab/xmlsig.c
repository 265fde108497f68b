#include "lab/xmlsig.h"

#include <stdio.h>
#include <stdlib.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/base64.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmltree.h>
#include <xmlsec/crypto.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "lab/ns.h"

#define HMAC_BITS_LEAST 160 /* all of SHA-1: a truncated signature is not accepted */
#define ID_MAX		200

struct lab_xmlsig {
	xmlSecKeyPtr key;
};

static void
ignore_error(const char *file, int line, const char *func, const char *object,
    const char *subject, int reason, const char *msg)
{
	(void)file, (void)line, (void)func, (void)object, (void)subject, (void)reason,
	    (void)msg;
}

static void
library_close(void)
{
	xmlSecCryptoShutdown();
	xmlSecCryptoAppShutdown();
	xmlSecShutdown();
}

static bool
library_open(struct err *err)
{
	if (xmlSecInit() < 0 || xmlSecCheckVersion() != 1 ||
	    xmlSecCryptoAppInit(NULL) < 0 || xmlSecCryptoInit() < 0) {
		err_local(err, 0,
		    "xmlsec1 does not start (library and headers of other versions?)");
		return false;
	}
	xmlSecErrorsSetCallback(ignore_error);
	xmlSecBase64SetDefaultLineSize(
	    0); /* the real client wants no line breaks in a ticket */
	xmlSecTransformHmacSetMinOutputBitsSize(HMAC_BITS_LEAST);
	return true;
}

struct lab_xmlsig *
lab_xmlsig_new(const char *key_file, struct err *err)
{
	struct lab_xmlsig *x = calloc(1, sizeof(*x));

	if (x == NULL || !library_open(err)) {
		if (x == NULL)
			err_local(err, 0, "out of memory");
		free(x);
		return NULL;
	}
	x->key =
	    xmlSecCryptoAppKeyLoad(key_file, xmlSecKeyDataFormatPem, NULL, NULL, NULL);
	if (x->key == NULL) {
		err_local(err, 0, "xmlsec1 cannot read the key %s", key_file);
		lab_xmlsig_free(x);
		return NULL;
	}
	return x;
}

void
lab_xmlsig_free(struct lab_xmlsig *x)
{
	if (x == NULL)
		return;
	if (x->key != NULL)
		xmlSecKeyDestroy(x->key);
	library_close();
	free(x);
}

void
lab_xmlsig_template(const char *id, struct buf *out)
{
	buf_printf(out,
	    "<ds:Signature xmlns:ds=\"" NS_DS "\"><ds:SignedInfo>"
	    "<ds:CanonicalizationMethod "
	    "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
	    "<ds:SignatureMethod "
	    "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>"
	    "<ds:Reference URI=\"#%s\"><ds:Transforms>"
	    "<ds:Transform Algorithm=\"" NS_DS "enveloped-signature\"/>"
	    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
	    "</ds:Transforms>"
	    "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
	    "<ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo>"
	    "<ds:SignatureValue></ds:SignatureValue></ds:Signature>",
	    id);
}

static bool
sign_document(struct lab_xmlsig *x, xmlDocPtr doc, const char *id_name)
{
	xmlNodePtr root = xmlDocGetRootElement(doc);
	xmlAttrPtr id = xmlHasProp(root, (const xmlChar *)id_name);
	xmlNodePtr signature =
	    xmlSecFindChild(root, (const xmlChar *)"Signature", (const xmlChar *)NS_DS);
	xmlSecDSigCtxPtr ctx;
	bool ok;

	if (id == NULL || id->children == NULL || signature == NULL ||
	    xmlAddID(NULL, doc, id->children->content, id) == NULL)
		return false;
	ctx = xmlSecDSigCtxCreate(NULL);
	if (ctx == NULL)
		return false;
	ctx->signKey = xmlSecKeyDuplicate(x->key);
	ok = ctx->signKey != NULL && xmlSecDSigCtxSign(ctx, signature) == 0;
	xmlSecDSigCtxDestroy(ctx);
	return ok;
}

bool
lab_xmlsig_sign(struct lab_xmlsig *x, struct str text, const char *id_name,
    struct buf *out, struct err *err)
{
	xmlDocPtr doc = xmlReadMemory(text.p, (int)text.len, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlBufferPtr dump = xmlBufferCreate();
	bool ok;

	ok = doc != NULL && dump != NULL && sign_document(x, doc, id_name) &&
	     xmlNodeDump(dump, doc, xmlDocGetRootElement(doc), 0, 0) > 0;
	if (ok)
		buf_add(out, xmlBufferContent(dump), (size_t)xmlBufferLength(dump));
	else
		err_local(err, 0, "xmlsec1 cannot sign the ticket");
	if (dump != NULL)
		xmlBufferFree(dump);
	if (doc != NULL)
		xmlFreeDoc(doc);
	return ok;
}

/* Permits only what a signature needs: the rest of the standard is attack surface. */
static bool
restrict_ctx(xmlSecDSigCtxPtr ctx, xmlSecTransformId method, xmlSecTransformId digest)
{
	ctx->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
	return xmlSecDSigCtxEnableSignatureTransform(ctx, xmlSecTransformExclC14NId) ==
		   0 &&
	       xmlSecDSigCtxEnableSignatureTransform(ctx, method) == 0 &&
	       xmlSecDSigCtxEnableReferenceTransform(ctx, xmlSecTransformExclC14NId) ==
		   0 &&
	       xmlSecDSigCtxEnableReferenceTransform(ctx, xmlSecTransformEnvelopedId) ==
		   0 &&
	       xmlSecDSigCtxEnableReferenceTransform(ctx, digest) == 0;
}

/*
 * Returns whether there is one reference, to that id: a signature over another part of
 * the message proves nothing.
 */
static bool
refers_to(xmlSecDSigCtxPtr ctx, const char *id)
{
	xmlSecDSigReferenceCtxPtr ref;
	char uri[ID_MAX + 2];

	if (xmlSecPtrListGetSize(&ctx->signedInfoReferences) != 1)
		return false;
	ref = xmlSecPtrListGetItem(&ctx->signedInfoReferences, 0);
	snprintf(uri, sizeof(uri), "#%s", id);
	return ref != NULL && ref->uri != NULL && strlen(id) <= ID_MAX &&
	       strcmp((const char *)ref->uri, uri) == 0;
}

/* Verifies a signature. Takes ownership of key. */
static bool
verify_signature(xmlNodePtr signature, const char *id, xmlSecKeyPtr key,
    xmlSecTransformId method, xmlSecTransformId digest)
{
	xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);
	bool ok;

	if (ctx == NULL || key == NULL) {
		if (key != NULL)
			xmlSecKeyDestroy(key);
		if (ctx != NULL)
			xmlSecDSigCtxDestroy(ctx);
		return false;
	}
	ctx->signKey = key;
	ok = restrict_ctx(ctx, method, digest) &&
	     xmlSecDSigCtxVerify(ctx, signature) == 0 &&
	     ctx->status == xmlSecDSigStatusSucceeded && refers_to(ctx, id);
	xmlSecDSigCtxDestroy(ctx);
	return ok;
}

bool
lab_xmlsig_verify(struct lab_xmlsig *x, xmlNodePtr signature, const char *id)
{
	return verify_signature(signature, id, xmlSecKeyDuplicate(x->key),
	    xmlSecTransformRsaSha256Id, xmlSecTransformSha256Id);
}

bool
lab_xmlsig_verify_hmac(struct lab_xmlsig *x, xmlNodePtr signature, const char *id,
    const uint8_t *key, size_t key_len)
{
	(void)x; /* its existence proves that the library is open */
	return verify_signature(signature, id,
	    xmlSecKeyReadMemory(xmlSecKeyDataHmacId, key, key_len),
	    xmlSecTransformHmacSha1Id, xmlSecTransformSha1Id);
}
