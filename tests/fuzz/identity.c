/* A kept key: PEM as it stands, or changes to a file that is right. */
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "issued.h"
#include "tls/identity.h"

#include "../unit/tls/certs.h"

static struct str
saved(void)
{
	static char text[8192];
	static size_t len;
	const char *path = certs_path(0, "key.pem");
	struct err err;
	FILE *f;

	if (len == 0) {
		CHECK(identity_save(issued_identity(), path, &err));
		f = fopen(path, "rb");
		CHECK(f != NULL);
		len = fread(text, 1, sizeof(text), f);
		CHECK(len > 0 && len < sizeof(text));
		fclose(f);
	}
	return (struct str){ text, len };
}

/* Not fuzz_file(): a key is not read through a link. */
static const char *
file_of(struct str text)
{
	const char *path = certs_path(1, "altered.pem");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, text.p, text.len) == (ssize_t)text.len);
	close(fd);
	return path;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	struct err err = { .cause = CAUSE_NONE };
	struct identity *id;
	struct buf text;

	buf_init(&text, 65536);
	if (size > 0 && data[0] == '-')
		buf_str(&text, in);
	else
		fuzz_edit(saved(), in, &text);
	id = identity_load(file_of(buf_view(&text)), ISSUED_FOR, &err);
	CHECK(size > 0 || id != NULL);
	CHECK(id != NULL || fuzz_is_printable(str_of(err.detail)));
	CHECK(id == NULL || identity_request(id).len > 0);
	identity_free(id);
	buf_free(&text);
	return 0;
}
