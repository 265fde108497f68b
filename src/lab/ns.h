/*
 * ns - the XML namespaces of the web services (spec 02 section 1).
 *
 * The lab has a list of its own, so that a mistake in the client's list is found.
 */
#ifndef CSWATCH_LAB_NS_H
#define CSWATCH_LAB_NS_H

#define NS_SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define NS_WSA	"http://www.w3.org/2005/08/addressing"
#define NS_WSP	"http://schemas.xmlsoap.org/ws/2004/09/policy"
#define NS_WST	"http://docs.oasis-open.org/ws-sx/ws-trust/200512"
/* Only inside GetAndPublishCert the namespace ends with a slash (spec 03 section 2). */
#define NS_WST_SLASH NS_WST "/"
#define NS_WST_2005  "http://schemas.xmlsoap.org/ws/2005/02/trust"
#define NS_WSSE                                                                          \
	"http://docs.oasis-open.org/wss/2004/01/"                                        \
	"oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define NS_WSU                                                                           \
	"http://docs.oasis-open.org/wss/2004/01/"                                        \
	"oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define NS_AUTH "http://schemas.xmlsoap.org/ws/2006/12/authorization"
#define NS_SAML "urn:oasis:names:tc:SAML:1.0:assertion"
#define NS_DS	"http://www.w3.org/2000/09/xmldsig#"
#define NS_AF	"urn:component:Microsoft.Rtc.WebAuthentication.2010"
#define NS_OCS	"http://schemas.microsoft.com/OCS/AuthWebServices/"

#define TOKEN_SAML11                                                                     \
	"http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"
#define TOKEN_X509                                                                       \
	"http://docs.oasis-open.org/wss/2004/01/"                                        \
	"oasis-200401-wss-x509-token-profile-1.0#X509v3"
#define TOKEN_PKCS10	"http://schemas.microsoft.com/OCS/AuthWebServices.xsd#PKCS10"
#define KEY_SYMMETRIC	NS_WST "/SymmetricKey"
#define KEY_PSHA1	NS_WST "/CK/PSHA1"
#define CLAIM_URI	"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/uri"
#define CLAIM_DIALECT	NS_AF ":authclaims"
#define ENCODING_BASE64 NS_WSSE "#Base64Binary"

#endif
