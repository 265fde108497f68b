/* The lab's users file. */
#include "vocab/err.h"
#include "fuzz.h"
#include "lab/users.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { .cause = CAUSE_NONE };
	struct lab_users u;

	fuzz_fill(&u, sizeof(u));
	if (!lab_users_parse(fuzz_str(data, size), "users", &u, &err)) {
		CHECK(fuzz_untouched(&u, sizeof(u)) && err.cause != CAUSE_NONE);
		CHECK(fuzz_is_printable(str_of(err.detail)));
		return 0;
	}
	for (size_t i = 0; i < u.n; i++) {
		CHECK(u.v[i].address[0] != '\0' && strchr(u.v[i].account, '\\') != NULL);
		CHECK(strchr(u.v[i].file, '/') == NULL);
		CHECK(lab_users_by_address(&u, str_of(u.v[i].address)) == &u.v[i]);
		CHECK(lab_users_by_account(&u, str_of(u.v[i].account)) == &u.v[i]);
	}
	lab_users_free(&u);
	return 0;
}
