#include "lab/metadata.h"

#include "base/buf.h"
#include "lab/ns.h"
#include "lab/paths.h"

#define WSDL_DECLARATIONS                                                                \
	"targetNamespace=\"http://tempuri.org/\" xmlns:tns=\"http://tempuri.org/\" "     \
	"xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" "                               \
	"xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:wsp=\"" NS_WSP "\" " \
	"xmlns:wsu=\"" NS_WSU "\" xmlns:wsa10=\"" NS_WSA "\" "                           \
	"xmlns:sp=\"http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702\""

#define PROOF_PORT "CertProvisioningServiceWebTicketProof_SHA1"

static void
begin_document(const char *name, struct buf *out)
{
	buf_printf(out,
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	    "<wsdl:definitions name=\"%s\" " WSDL_DECLARATIONS ">\n",
	    name);
}

static void
add_port(const char *name, const char *base, const char *path, struct buf *out)
{
	buf_printf(out,
	    "    <wsdl:port name=\"%s\" binding=\"tns:%s\">\n"
	    "      <soap:address location=\"%s%s\"/>\n    </wsdl:port>\n",
	    name, name, base, path);
}

void
lab_metadata_certprov(
    const char *issuer, const char *service, bool proof, struct buf *out)
{
	begin_document("CertProvisioningService", out);
	if (proof)
		buf_printf(out,
		    "  <wsp:Policy wsu:Id=\"" PROOF_PORT "_policy\">\n"
		    "    <wsp:ExactlyOne><wsp:All>\n"
		    "      <sp:EndorsingSupportingTokens><wsp:Policy>\n"
		    "        <sp:IssuedToken><sp:Issuer><wsa10:Address>%s" PATH_WEBTICKET
		    "</wsa10:Address></sp:Issuer></sp:IssuedToken>\n"
		    "      </wsp:Policy></sp:EndorsingSupportingTokens>\n"
		    "    </wsp:All></wsp:ExactlyOne>\n  </wsp:Policy>\n",
		    issuer);
	buf_puts(out, "  <wsdl:service name=\"CertProvisioningService\">\n");
	if (proof)
		add_port(PROOF_PORT, service, PATH_PROOF, out);
	else
		add_port(
		    "CertProvisioningServiceAnon", service, PATH_CERTPROV "/Anon", out);
	buf_puts(out, "  </wsdl:service>\n</wsdl:definitions>\n");
}

void
lab_metadata_webticket(const char *base, bool windows, struct buf *out)
{
	begin_document("WebTicketService", out);
	buf_puts(out, "  <wsdl:service name=\"WebTicketService\">\n");
	if (windows)
		add_port("WebTicketServiceWinNegotiate", base, PATH_NEGOTIATE, out);
	else
		add_port("WebTicketServiceAnon", base, PATH_WEBTICKET "/Anon", out);
	buf_puts(out, "  </wsdl:service>\n</wsdl:definitions>\n");
}
