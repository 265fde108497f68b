/* The answer to an HTTPS request, as libcurl hands it over: lines, then a body. */
#include "fuzz.h"
#include "transport/https.h"
#include "transport/https_reply.h"

static void
ask(const struct https_reply *r)
{
	static const char *const names[] = { "Date", "Content-Type", "X-Ms-diagnostics" };
	struct str head = buf_view(&r->head);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(fuzz_within(https_reply_header(r, names[i]), head));
	CHECK(fuzz_within(https_reply_token(r, "NTLM"), head));
	CHECK(https_reply_token(r, "NTLM").len == 0 || https_reply_offers(r, "NTLM"));
	CHECK(!r->head_whole || !https_reply_offers(r, "NTLM") ||
	      strcasestr(r->schemes, "NTLM") != NULL);
	CHECK(fuzz_is_printable(str_of(r->schemes)));
	CHECK(strlen(r->schemes) < sizeof(r->schemes));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = fuzz_str(data, size);
	struct https_reply r;
	bool more = true;

	https_reply_init(&r);
	while (more && rest.len > 0) {
		const char *end = memchr(rest.p, '\n', rest.len);
		size_t n = end == NULL ? rest.len : (size_t)(end - rest.p) + 1;
		struct str part = { rest.p, n };

		more = r.head_whole && !str_caseprefix(part, "HTTP/")
			   ? https_reply_body(&r, part)
			   : https_reply_line(&r, part);
		rest = (struct str){ rest.p + n, rest.len - n };
		CHECK(!more || r.legs <= HTTPS_LEGS_MAX);
	}
	ask(&r);
	https_reply_free(&r);
	return 0;
}
