/* auth/method: the table is whole, and names lead to its rows. */
#include "../cases.h"

#include <string.h>

#include "auth/method.h"

static void
rows_are_whole(void **state)
{
	(void)state;
	assert_ptr_equal(auth_methods[0], &auth_ntlm); /* the default */
	for (const struct auth_method *const *m = auth_methods; *m != NULL; m++) {
		assert_ptr_equal(auth_method_by_name((*m)->name), *m);
		assert_true((*m)->title[0] != '\0');
		assert_non_null((*m)->schemes[0]);
		assert_non_null((*m)->ports[0]);
		assert_true((*m)->begin != NULL && (*m)->next != NULL);
		assert_true((*m)->free != NULL);
	}
}

static void
other_names(void **state)
{
	static const char *const names[] = { "", "NTLM", "ntlm ", "kerberos" };

	(void)state;
	for (size_t i = 0; i < NROWS(names); i++)
		assert_null(auth_method_by_name(names[i]));
}

RUN_CASES(TEST(rows_are_whole), TEST(other_names));
