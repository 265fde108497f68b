/*
 * ns - the XML namespaces of the web services. Spec 02 section 1.
 */
#ifndef CSWATCH_SOAP_NS_H
#define CSWATCH_SOAP_NS_H

#define NS_SOAP	     "http://schemas.xmlsoap.org/soap/envelope/"
#define NS_SOAP12    "http://www.w3.org/2003/05/soap-envelope"
#define NS_WSDL	     "http://schemas.xmlsoap.org/wsdl/"
#define NS_WSDL_SOAP "http://schemas.xmlsoap.org/wsdl/soap/"
#define NS_WSP	     "http://schemas.xmlsoap.org/ws/2004/09/policy"
#define NS_SP	     "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
#define NS_WSA	     "http://www.w3.org/2005/08/addressing"
#define NS_WST	     "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
#define NS_WST_SLASH NS_WST "/" /* in GetAndPublishCert, and only there */
#define NS_WSS_2004  "http://docs.oasis-open.org/wss/2004/01/"
#define NS_WST_2005  "http://schemas.xmlsoap.org/ws/2005/02/trust"
#define NS_WSSE	     NS_WSS_2004 "oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define NS_WSU	     NS_WSS_2004 "oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define NS_AUTH	     "http://schemas.xmlsoap.org/ws/2006/12/authorization"
#define NS_SAML	     "urn:oasis:names:tc:SAML:1.0:assertion"
#define NS_DS	     "http://www.w3.org/2000/09/xmldsig#"
#define NS_EXC_C14N  "http://www.w3.org/2001/10/xml-exc-c14n#"
#define NS_AF	     "urn:component:Microsoft.Rtc.WebAuthentication.2010"
#define NS_OCS	     "http://schemas.microsoft.com/OCS/AuthWebServices/"
#define NS_WSTEP     "http://schemas.microsoft.com/windows/pki/2009/01/enrollment"

#endif
