#include "lab/soapfault.h"

#include "base/buf.h"
#include "base/text.h"
#include "lab/ns.h"

void
lab_soapfault_build(const struct lab_soapfault *f, struct buf *out)
{
	buf_printf(out,
	    "<s:Envelope xmlns:s=\"" NS_SOAP "\"><s:Body><s:Fault>"
	    "<faultcode xmlns:a=\"%s\">a:%s</faultcode><faultstring xml:lang=\"en-US\">",
	    f->ns, f->code);
	text_xml(out, str_of(f->text));
	buf_puts(out, "</faultstring>");
	if (f->id != 0) {
		buf_printf(out,
		    "<detail><OCSDiagnosticsFault xmlns=\"" NS_AF "\">"
		    "<Ms-Diagnostics-Fault><ErrorId>%u</ErrorId><Reason>",
		    f->id);
		text_xml(out, str_of(f->text));
		buf_puts(out,
		    "</Reason></Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail>");
	}
	buf_puts(out, "</s:Fault></s:Body></s:Envelope>");
}

void
lab_soapfault_not_enabled(const char *fqdn, struct buf *out)
{
	buf_printf(out, "28000;source=\"%s\";reason=\"User is not SIP enabled.\"", fqdn);
}
