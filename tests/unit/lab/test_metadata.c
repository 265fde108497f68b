#include "tests/unit/cases.h"

#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "lab/metadata.h"
#include "lab/paths.h"
#include "soap/mex.h"

static void
certprov_names_issuer_and_service(void **state)
{
	struct mex_certprov m;
	struct err err;
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	lab_metadata_certprov("https://a:1", "https://b:2", true, &b);
	assert_true(mex_parse_certprov(buf_view(&b), &m, &err));
	assert_string_equal(m.issuer, "https://a:1" PATH_WEBTICKET);
	assert_string_equal(m.service, "https://b:2" PATH_PROOF);
	assert_true(m.proof);
	buf_clear(&b);
	lab_metadata_certprov("https://a:1", "https://b:2", false, &b);
	assert_false(mex_parse_certprov(buf_view(&b), &m, &err));
	buf_free(&b);
}

static void
ticket_service_names_its_port(void **state)
{
	static const char *const wanted[] = { "WebTicketServiceWinNegotiate", NULL };
	struct mex_ticket m;
	struct err err;
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	lab_metadata_webticket("https://a:1", true, &b);
	assert_true(mex_parse_ticket(buf_view(&b), wanted, &m, &err));
	assert_string_equal(m.url, "https://a:1" PATH_NEGOTIATE);
	buf_clear(&b);
	lab_metadata_webticket("https://a:1", false, &b);
	assert_true(mex_parse_ticket(buf_view(&b), wanted, &m, &err));
	assert_string_equal(m.url, "");
	buf_free(&b);
}

RUN_CASES(TEST(certprov_names_issuer_and_service), TEST(ticket_service_names_its_port));
