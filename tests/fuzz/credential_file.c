/* What --user-credential names. */
#include "vocab/err.h"
#include "base/secret.h"
#include "cmd/credential_file.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char username[USERNAME_SIZE];
	struct secret *password = NULL;
	struct err err = { .cause = CAUSE_NONE };

	fuzz_fill(username, sizeof(username));
	if (credential_file_read(
		fuzz_file(fuzz_str(data, size)), username, &password, &err)) {
		CHECK(username[0] != '\0' && fuzz_is_printable(str_of(username)));
		CHECK(secret_reveal(password)[0] != '\0');
		CHECK(strchr(secret_reveal(password), '\n') == NULL);
	} else {
		CHECK(password == NULL && fuzz_untouched(username, sizeof(username)));
	}
	secret_free(password);
	return 0;
}
