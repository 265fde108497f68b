/* A message and whatever is asked of it: nothing points outside, nothing is twice. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "sip/auth.h"
#include "sip/msg.h"
#include "sip/sa.h"

static void
ask_address(const struct sip_msg *m, const char *name)
{
	struct str one, rest;

	for (unsigned i = 0; (rest = sip_msg_header(m, name, i)).p != NULL; i++) {
		struct str whole = rest;

		CHECK(i < SIP_HEADERS_MAX);
		while (sip_next_element(&rest, &one)) {
			CHECK(fuzz_within(one, whole));
			CHECK(fuzz_within(sip_addr_uri(one), one));
			CHECK(fuzz_within(sip_addr_param(one, "tag"), one));
		}
	}
}

static void
ask_schemes(const struct sip_msg *m, const char *header)
{
	struct sip_auth_walk w = sip_auth_walk(m, header);
	struct sip_auth a;
	unsigned n = 0;

	while (sip_auth_walk_next(&w, &a)) {
		CHECK(++n <= SIP_AUTH_SCHEMES_MAX && a.scheme.len > 0);
		CHECK(a.n <= SIP_AUTH_PARAMS_MAX);
	}
}

/* What is signed is what the message says. */
static void
ask_signed(const struct sip_msg *m)
{
	struct sip_signed v;
	struct buf b;

	sip_signed_from(m, &v);
	CHECK(v.status == sip_msg_status(m));
	CHECK(v.call_id.p == sip_msg_call_id(m).p);
	buf_init(&b, 256 * 1024);
	sip_sign_buffer(&b, 4, STR_LIT("TLS-DSK"), STR_LIT("0"), STR_LIT("1"),
	    STR_LIT("r"), STR_LIT("t"), &v);
	CHECK(!b.failed && b.len > 0 && b.data[b.len - 1] == '>');
	buf_free(&b);
}

static void
ask(const struct sip_msg *m)
{
	struct sip_diagnostics d;
	struct str number, method;
	uint64_t cseq;
	char schemes[80];

	CHECK(sip_msg_is_request(m) == (sip_msg_status(m) == 0));
	CHECK(sip_msg_is_request(m) || sip_msg_status(m) - 100 < 600);
	CHECK(sip_msg_method(m).len > 0 && sip_msg_call_id(m).len > 0);
	method = sip_msg_cseq_parts(m, &number);
	CHECK(str_uint(number, 0, UINT32_MAX, &cseq) && cseq == sip_msg_cseq(m));
	CHECK(method.len > 0);
	CHECK(sip_msg_header(m, "From", 0).p != NULL);
	CHECK(sip_msg_header(m, "From", 1).p == NULL);
	if (sip_diagnostics(m, &d))
		CHECK(fuzz_is_printable(str_of(d.text)));
	ask_address(m, "From");
	ask_address(m, "Contact");
	ask_schemes(m, "WWW-Authenticate");
	ask_schemes(m, "Authentication-Info");
	sip_auth_schemes(m, schemes, sizeof(schemes));
	CHECK(strlen(schemes) < sizeof(schemes));
	ask_signed(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { .cause = CAUSE_NONE };
	struct sip_msg *m = sip_msg_parse(fuzz_str(data, size), &err);

	if (m != NULL) {
		ask(m);
	} else {
		CHECK(err.cause == CAUSE_PROTOCOL || err.cause == CAUSE_LIMIT);
		CHECK(fuzz_is_printable(str_of(err.detail)));
	}
	sip_msg_free(m);
	return 0;
}
