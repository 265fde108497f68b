/* Requests to the lab's web services. */
#include "base/buf.h"
#include "fuzz.h"
#include "lab/certprov.h"
#include "lab/ticket.h"

static void
ticket(struct str body)
{
	struct lab_soapfault fault;
	struct lab_rst r;

	fuzz_fill(&r, sizeof(r));
	if (lab_rst_parse("\"" TICKET_ACTION "\"", body, &r, &fault)) {
		CHECK(r.entropy_len >= TICKET_ENTROPY_MIN);
		CHECK(r.entropy_len <= TICKET_ENTROPY_MAX);
		CHECK(strlen(r.claim) < sizeof(r.claim));
	} else {
		CHECK(fuzz_untouched(&r, sizeof(r)));
	}
}

static void
certificate(struct str body)
{
	struct lab_soapfault fault;
	struct lab_certprov_call c = { .pkcs10 = NULL };
	struct buf der;

	buf_init(&der, 65536);
	c.pkcs10 = &der;
	if (lab_certprov_read("\"" CERTPROV_SOAP_ACTION "\"", body, &c, &fault)) {
		CHECK(strlen(c.entity) < sizeof(c.entity));
		CHECK(strlen(c.message_id) < sizeof(c.message_id));
	}
	buf_free(&der);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ticket(fuzz_str(data, size));
	certificate(fuzz_str(data, size));
	return 0;
}
