#include "vocab/windows_status.h"

#include <stddef.h>
#include <strings.h>

static const struct status {
	uint32_t status;
	const char *meaning;
} statuses[] = {
	{ 0x80090308, "the security token is damaged, or of another mechanism" },
	{ 0x8009030c, "the logon was refused: name, password or state of the account" },
	{ 0x8009030e, "the server has no credentials of its own" },
	{ 0x80090311, "the server reaches no domain controller" },
	{ 0x80090322, "the service principal name is with another account" },
	{ 0x80090324, "the clocks are apart" },
	{ 0x80090325, "a certificate is not chained to a trusted root" },
	{ 0x80090327, "a certificate is not accepted" },
	{ 0x80090328, "a certificate has expired" },
	{ 0x80090346, "the channel bindings are missing or wrong (Extended Protection)" },
	{ 0x80090349, "a certificate is not for this use" },
	{ 0x80090350,
	    "Kerberos could have been used and was not, or no domain controller "
	    "is reached" },
	{ 0x80092012, "it could not be checked whether a certificate is revoked" },
	{ 0x80092013, "the server that says what is revoked is not reached" },
	{ 0xc000005e, "the server reaches no domain controller" },
	{ 0xc0000064, "there is no such user" },
	{ 0xc000006a, "the password is wrong" },
	{ 0xc000006d, "the logon was refused: name, password or state of the account" },
	{ 0xc000006e, "a restriction of the account forbids the logon" },
	{ 0xc000006f, "the account may not log on at this hour" },
	{ 0xc0000070, "the account may not log on from this machine" },
	{ 0xc0000071, "the password has expired" },
	{ 0xc0000072, "the account is disabled" },
	{ 0xc0000133, "the clocks are apart" },
	{ 0xc000018b, "the trust between server and domain is broken" },
	{ 0xc000018d, "the trust between server and domain is broken" },
	{ 0xc0000193, "the account has expired" },
	{ 0xc0000224, "the password must be changed at the next logon" },
	{ 0xc0000234, "the account is locked" },
	{ 0xc000035b, "the channel bindings are missing or wrong (Extended Protection)" },
	{ 0xc0000388,
	    "Kerberos could have been used and was not, or no domain controller "
	    "is reached" },
	{ 0xc0000418, "a policy forbids NTLM" },
};

const char *
windows_status_meaning(uint32_t status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].meaning;
	return NULL;
}

static int
digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
	    c == '\0' ? NULL : strchr(digits, c | ('A' <= c && c <= 'F' ? 32 : 0));

	return at == NULL ? -1 : (int)(at - digits);
}

/*
 * Reads "0x8009030C", "8009030C" after it, or "-2146893044"; nothing that does not fit.
 */
static bool
read_number(struct str s, uint32_t *ret)
{
	bool negative = s.len > 0 && s.p[0] == '-';
	bool hex = str_caseprefix(s, "0x");
	size_t skip = negative ? 1 : hex ? 2 : 0, n = skip;
	uint64_t v = 0;

	for (; n < s.len && n - skip < 10; n++) {
		int digit = digit_of(s.p[n]);

		if (digit < 0 || digit >= (hex ? 16 : 10))
			break;
		v = v * (hex ? 16 : 10) + (uint64_t)digit;
	}
	if (n == skip || v > UINT32_MAX)
		return false;
	*ret = negative ? (uint32_t)-v : (uint32_t)v;
	return true;
}

const char *
windows_status_find(struct str said, uint32_t *ret)
{
	static const char name[] = "HRESULT=";
	size_t len = sizeof(name) - 1;
	const char *meaning = NULL;
	uint32_t status;

	for (size_t i = 0; meaning == NULL && i + len <= said.len; i++) {
		struct str value = { said.p + i + len, said.len - i - len };

		if (strncasecmp(said.p + i, name, len) != 0)
			continue;
		if (value.len > 0 && value.p[0] == '"')
			value = (struct str){ value.p + 1, value.len - 1 };
		if (read_number(value, &status))
			meaning = windows_status_meaning(status);
	}
	if (meaning != NULL)
		*ret = status;
	return meaning;
}
