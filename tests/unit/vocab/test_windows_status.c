/* vocab/windows_status: numbers of Windows in what servers say. */
#include <string.h>

#include "../cases.h"
#include "vocab/windows_status.h"

static const struct find_case {
	const char *name, *said;
	uint32_t status; /* 0: none that is known */
	const char *meaning;
} cases[] = {
	{ "with its name", "ErrorCode=1000,HRESULT=0x8009030C(SEC_E_LOGON_DENIED)",
	    0x8009030c, "the logon was refused" },
	{ "in small letters", "hresult=0xc0000234", 0xc0000234, "the account is locked" },
	{ "in quotes, as a web service sends it", "28001;HRESULT=\"0xC000006E\"",
	    0xc000006e, "a restriction of the account" },
	{ "decimal and negative", "HRESULT=-2146893044", 0x8009030c,
	    "the logon was refused" },
	{ "decimal", "HRESULT=3221225524", 0xc0000034, NULL },
	{ "the end of a longer name", "x-HRESULT=0x80090325", 0x80090325,
	    "trusted root" },
	{ "the second that is known", "HRESULT=0x1,HRESULT=0x80090328", 0x80090328,
	    "has expired" },
	{ "not known", "HRESULT=0x12345678", 0, NULL },
	{ "no number", "HRESULT=none", 0, NULL },
	{ "nothing after it", "HRESULT=", 0, NULL },
	{ "only a sign", "HRESULT=-", 0, NULL },
	{ "more than 32 bits", "HRESULT=0x18009030C", 0, NULL },
	{ "another parameter", "RESULT=0x8009030C", 0, NULL },
	{ "nothing", "", 0, NULL },
};

static void
check_find(void **state)
{
	const struct find_case *tc = *state;
	uint32_t status = 7;
	const char *got = windows_status_find(str_of(tc->said), &status);

	if (tc->meaning == NULL) {
		assert_null(got);
		assert_int_equal(status, 7);
		return;
	}
	assert_non_null(got);
	assert_non_null(strstr(got, tc->meaning));
	assert_int_equal(status, tc->status);
}

RUN_CASES(ROWS("status", cases, check_find));
