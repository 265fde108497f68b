#include "lab/strike.h"

#include <stdio.h>

#include "lab/soapfault.h"
#include "lab/web.h"

#define OVERSIZE (4 * 1024 * 1024) /* bytes; clients accept a megabyte */

const struct lab_fault *
lab_strike_fault(const struct lab_web_request *rq)
{
	return &rq->pool->faults.at[rq->step];
}

static void
strike_http(struct lab_web_request *rq, const struct lab_fault *f)
{
	struct lab_soapfault sf = { .ns = "http://schemas.xmlsoap.org/ws/2005/02/trust",
		.code = "RequestFailed",
		.text = "A fault of the lab.",
		.id = f->id };
	char text[POOL_HOST_MAX + 80];

	lab_web_page(rq, f->status, "A fault of the lab.");
	if (f->status == 401)
		lab_web_add_header(rq, "WWW-Authenticate", "NTLM");
	if (f->id == 0)
		return;
	snprintf(text, sizeof(text), "%u;source=\"%s\";reason=\"A fault of the lab.\"",
	    f->id, rq->pool->fqdn);
	lab_web_add_header(rq, "X-Ms-diagnostics", text);
	if (f->status == 500)
		lab_web_soapfault(rq, &sf);
}

bool
lab_strike_early(struct lab_web_request *rq)
{
	enum lab_fault_kind kind = lab_strike_fault(rq)->kind;

	if (kind != LAB_FAULT_DROP && kind != LAB_FAULT_STALL)
		return false;
	lab_web_drop(rq, kind == LAB_FAULT_DROP ? 0 : WEB_STALL_S);
	return true;
}

bool
lab_strike(struct lab_web_request *rq, const char *path)
{
	const struct lab_fault *f = lab_strike_fault(rq);
	char url[LAB_FAULT_TARGET_MAX + 128];

	switch (f->kind) {
	case LAB_FAULT_GARBAGE:
		lab_web_xml(rq);
		buf_puts(&rq->reply, "\x7f"
				     "not XML at all <<<\n");
		return true;
	case LAB_FAULT_OVERSIZE:
		lab_web_xml(rq);
		for (unsigned i = 0; i < OVERSIZE / 64; i++)
			buf_puts(&rq->reply, "<!-- it goes on like this, and on, and on, "
					     "and on and on --> ");
		return true;
	case LAB_FAULT_HTTP:
		strike_http(rq, f);
		return true;
	case LAB_FAULT_REDIRECT:
		lab_web_page(rq, 302, "Moved.");
		snprintf(url, sizeof(url), "https://%s%s", f->target, path);
		lab_web_add_header(rq, "Location", url);
		return true;
	default:
		return false;
	}
}
