/* A message that nobody has signed with these keys is never taken for signed. */
#include "vocab/err.h"
#include "fuzz.h"
#include "sip/msg.h"
#include "sip/sa.h"

static void
verify(const struct sip_msg *m, unsigned version, bool server)
{
	struct sip_sa_settings s = {
		.realm = "SIP Communications Service",
		.targetname = "pool01.lab.example",
		.opaque = "0A1B2C3D",
		.version = version,
		.mac = DIGEST_SHA1,
		.recv_key = "known to nobody else, 32 octets",
		.server = server,
	};
	struct err err = { .cause = CAUSE_NONE };
	struct sip_sa *sa = sip_sa_new(&s);

	CHECK(sa != NULL);
	CHECK(!sip_sa_verify(sa, m, &err));
	CHECK(err.cause == CAUSE_SIGNATURE && fuzz_is_printable(str_of(err.detail)));
	sip_sa_free(sa);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err;
	struct sip_msg *m = sip_msg_parse(fuzz_str(data, size), &err);

	if (m == NULL)
		return 0;
	for (unsigned version = 2; version <= 4; version++)
		verify(m, version, sip_msg_is_request(m));
	sip_msg_free(m);
	return 0;
}
