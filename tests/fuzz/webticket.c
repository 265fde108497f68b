/* The answer of the web ticket service; what is made of its ticket is XML. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "soap/webticket.h"
#include "soap/xml.h"

static void
use(const struct webticket *t)
{
	struct err err;
	struct xml_doc *d;
	struct buf b;

	CHECK(t->assertion_len == strlen(t->assertion) && t->assertion_id[0] != '\0');
	buf_init(&b, 4 * XML_SIZE_MAX);
	CHECK(webticket_security(t, &b) && !b.failed);
	d = xml_parse((struct str){ t->assertion, t->assertion_len }, &err);
	CHECK(d != NULL);
	xml_free(d);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct webticket_request r = {
		.context = "5b8cdfd9-1ba8-4b7d-9c35-8a1b6a8a7f10",
		.applies_to = "https://pool.lab.example/CertProv/Service.svc",
		.claim = "sip:alice@lab.example",
	};
	struct webticket t;
	struct err err = { .cause = CAUSE_NONE };

	fuzz_fill(&t, sizeof(t));
	if (webticket_parse(fuzz_str(data, size), &r, &t, &err)) {
		use(&t);
		webticket_clear(&t);
	} else {
		CHECK(fuzz_untouched(&t, sizeof(t)) && err.cause != CAUSE_NONE);
		CHECK(fuzz_is_printable(str_of(err.detail)));
		CHECK(fuzz_is_printable(str_of(err.said)));
	}
	return 0;
}
