#include "fuzz.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

bool
fuzz_is_printable(struct str s)
{
	while (s.len > 0) {
		uint32_t code;
		size_t n = text_utf8(s, &code);

		if (n == 0 || code < ' ' || (code >= 0x7f && code < 0xa0))
			return false;
		s = (struct str){ s.p + n, s.len - n };
	}
	return true;
}

const char *
fuzz_file(struct str content)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		CHECK(fd >= 0 && fchmod(fd, 0600) == 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	CHECK(ftruncate(fd, 0) == 0);
	CHECK(pwrite(fd, content.p, content.len, 0) == (ssize_t)content.len);
	return path;
}

static void
change(struct buf *out, size_t at, unsigned kind, char octet)
{
	struct buf tail;

	switch (kind) {
	case 0:
		out->data[at] = octet;
		return;
	case 1:
		out->data[at] = (char)(out->data[at] ^ octet);
		return;
	case 4:
		buf_cut(out, at);
		return;
	default:
		break;
	}
	buf_init(&tail, out->max);
	buf_add(&tail, out->data + at + (kind == 3), out->len - at - (kind == 3));
	buf_cut(out, at);
	if (kind == 2)
		buf_putc(out, octet);
	buf_str(out, buf_view(&tail));
	buf_free(&tail);
}

void
fuzz_edit(struct str valid, struct str changes, struct buf *out)
{
	const uint8_t *p = (const uint8_t *)changes.p;

	buf_str(out, valid);
	for (size_t i = 0; i + 4 <= changes.len && i < 64 && out->len > 0; i += 4)
		change(out, (size_t)(p[i] << 8 | p[i + 1]) % out->len, p[i + 2] % 5,
		    (char)p[i + 3]);
}
