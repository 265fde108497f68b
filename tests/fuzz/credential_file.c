/* What --user-credential names. */
#include "auth/account.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "cmd/credential_file.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { .cause = CAUSE_NONE };
	struct account a;

	fuzz_fill(&a, sizeof(a));
	if (credential_file_read(fuzz_file(fuzz_str(data, size)), &a, &err)) {
		CHECK(a.username[0] != '\0' && fuzz_is_printable(str_of(a.username)));
		CHECK(strlen(a.username) < USERNAME_SIZE);
		CHECK(secret_reveal(a.secret)[0] != '\0');
		CHECK(strchr(secret_reveal(a.secret), '\n') == NULL);
		account_clear(&a);
	} else {
		CHECK(fuzz_untouched(&a, sizeof(a)));
	}
	return 0;
}
