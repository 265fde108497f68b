/* A REGISTER, as the lab's registrar reads it. */
#include "vocab/err.h"
#include "fuzz.h"
#include "lab/logon.h"
#include "sip/msg.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err;
	struct sip_msg *m = sip_msg_parse(fuzz_str(data, size), &err);
	struct lab_logon l;
	unsigned id = 0, status;

	if (m == NULL)
		return 0;
	status = lab_logon_read(m, &l, &id);
	if (status == 0) {
		CHECK(l.expires <= LOGON_EXPIRES_MAX && l.endpoint[0] != '\0');
		CHECK(strlen(l.address) < sizeof(l.address));
		CHECK(strlen(l.endpoint) < sizeof(l.endpoint));
	} else {
		CHECK(status >= 400 && status <= 699);
	}
	sip_msg_free(m);
	return 0;
}
