#include "soap/envelope.h"

#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "soap/fault.h"
#include "soap/ns.h"
#include "soap/xml.h"

static const struct xml_node *
body_of(const struct xml_doc *d, struct err *err)
{
	const struct xml_node *root = xml_root(d);
	const char *ns = xml_namespace(root);

	if (!xml_is(root, NS_SOAP, "Envelope") && !xml_is(root, NS_SOAP12, "Envelope")) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "the answer is not a SOAP Envelope but %s in \"%s\"",
		    xml_local_name(root), ns);
		return NULL;
	}
	return envelope_child(root, ns, "Body", "SOAP", err);
}

struct xml_doc *
envelope_open(struct str text, const struct xml_node **ret_body, struct err *err)
{
	struct xml_doc *d = xml_parse(text, err);
	const struct xml_node *body;
	struct fault fault;

	if (d == NULL)
		return NULL;
	if (fault_of(d, &fault)) {
		fault_describe(&fault, 200, err, "the answer is a SOAP fault");
		xml_free(d);
		return NULL;
	}
	body = body_of(d, err);
	if (body == NULL) {
		xml_free(d);
		return NULL;
	}
	*ret_body = body;
	return d;
}

const struct xml_node *
envelope_child(const struct xml_node *parent, const char *ns, const char *name,
    const char *what, struct err *err)
{
	const struct xml_node *c = xml_child(parent, ns, name);

	if (c == NULL)
		err_set(err, CAUSE_PROTOCOL, 0, "%s: no %s in %s", what, name,
		    xml_local_name(parent));
	return c;
}

void
envelope_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	text_xml(out, str_of(text));
	buf_printf(out, "</%s>", name);
}
