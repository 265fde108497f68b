#include "sip/sa.h"

#include "base/buf.h"
#include "sip/msg.h"

static void
put(struct buf *out, struct str s)
{
	buf_putc(out, '<');
	buf_str(out, s);
	buf_putc(out, '>');
}

/* The fields and their order: spec "signature buffer", [MS-SIPAE] 3.2.5.2. */
void
sip_sign_buffer(struct buf *out, unsigned version, struct str scheme, struct str rand,
    struct str num, struct str realm, struct str targetname, const struct sip_signed *v)
{
	put(out, scheme);
	put(out, rand);
	put(out, num);
	put(out, realm);
	put(out, targetname);
	put(out, v->call_id);
	put(out, v->cseq);
	put(out, v->method);
	put(out, v->from_uri);
	put(out, v->from_tag);
	if (version >= 3)
		put(out, v->to_uri);
	put(out, v->to_tag);
	if (version >= 3) {
		put(out, v->pai_sip);
		put(out, v->pai_tel);
	}
	put(out, v->expires);
	if (v->status != 0)
		buf_printf(out, "<%u>", v->status);
}

/* A bare tel: URI counts as a whole; else the first <sip:> and <tel:> of the list. */
static void
read_asserted(struct str value, struct sip_signed *ret)
{
	struct str element, uri;

	if (str_caseprefix(value, "tel:")) {
		if (ret->pai_tel.p == NULL)
			ret->pai_tel = value;
		return;
	}
	while (sip_next_element(&value, &element)) {
		if (memchr(element.p, '<', element.len) == NULL)
			continue;
		uri = sip_addr_uri(element);
		if (ret->pai_sip.p == NULL && str_caseprefix(uri, "sip:"))
			ret->pai_sip = uri;
		else if (ret->pai_tel.p == NULL && str_caseprefix(uri, "tel:"))
			ret->pai_tel = uri;
	}
}

void
sip_signed_from(const struct sip_msg *m, struct sip_signed *ret)
{
	struct str sender = sip_msg_header(m, "From", 0);
	struct str to = sip_msg_header(m, "To", 0);
	struct str value;
	const char *name = "P-Asserted-Identity";

	*ret = (struct sip_signed){
		.call_id = sip_msg_call_id(m),
		.from_uri = sip_addr_uri(sender),
		.from_tag = sip_addr_param(sender, "tag"),
		.to_uri = sip_addr_uri(to),
		.to_tag = sip_addr_param(to, "tag"),
		.expires = sip_msg_header(m, "Expires", 0),
		.status = sip_msg_status(m),
	};
	ret->method = sip_msg_cseq_parts(m, &ret->cseq);
	if (sip_msg_header(m, name, 0).p == NULL)
		name = "P-Preferred-Identity";
	for (unsigned i = 0; (value = sip_msg_header(m, name, i)).p != NULL; i++)
		read_asserted(value, ret);
}
