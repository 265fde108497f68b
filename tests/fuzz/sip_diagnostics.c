/* ms-diagnostics: the value of the header, whatever a server writes there. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "sip/auth.h"
#include "sip/msg.h"

static struct sip_msg *
message(const uint8_t *data, size_t size)
{
	struct sip_msg *m;
	struct err err;
	struct buf b;

	buf_init(&b, 2 * size + 1024);
	buf_puts(&b, "SIP/2.0 403 Forbidden\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>"
		     "\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\nms-diagnostics: ");
	for (size_t i = 0; i < size; i++)
		buf_putc(&b, data[i] == '\r' || data[i] == '\n' ? ' ' : (char)data[i]);
	buf_puts(&b, "\r\nContent-Length: 0\r\n\r\n");
	m = sip_msg_parse(buf_view(&b), &err);
	buf_free(&b);
	return m;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sip_msg *m = message(data, size);
	struct sip_diagnostics d;

	if (m == NULL)
		return 0;
	fuzz_fill(&d, sizeof(d));
	if (sip_diagnostics(m, &d))
		CHECK(fuzz_is_printable(str_of(d.text)));
	else
		CHECK(fuzz_untouched(&d, sizeof(d)));
	sip_msg_free(m);
	return 0;
}
