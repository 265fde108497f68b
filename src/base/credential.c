#include "base/credential.h"

#include "base/text.h"

#define BYTE_ORDER_MARK 0xfeff

static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/*
 * Returns whether s has no blank, no control character, and nothing that cannot be seen
 * or turns the direction of reading.
 */
static bool
is_visible(struct str s)
{
	char shown[8];
	uint32_t code;
	size_t n;

	if (s.len == 0)
		return false;
	for (; s.len > 0; s = (struct str){ s.p + n, s.len - n }) {
		n = text_utf8(s, &code);
		if (n == 0 || is_control(code) || code == ' ' || code == 0xa0 ||
		    code == BYTE_ORDER_MARK)
			return false;
		text_printable(shown, sizeof(shown), (struct str){ s.p, n });
		if (memcmp(shown, s.p, n) != 0)
			return false;
	}
	return true;
}

bool
credential_is_username(struct str name)
{
	struct str head, tail = str_split(name, '\\', &head);
	char mark = '\\';

	if (tail.p == NULL) {
		mark = '@';
		tail = str_split(name, '@', &head);
	}
	return is_visible(head) && is_visible(tail) &&
	       memchr(tail.p, mark, tail.len) == NULL;
}

static bool
begins(struct str s, const char *bytes, size_t n)
{
	return s.len >= n && memcmp(s.p, bytes, n) == 0;
}

const char *
credential_text_flaw(struct str text)
{
	uint32_t code;
	size_t n;

	if (begins(text, "\xff\xfe", 2) || begins(text, "\xfe\xff", 2) ||
	    (text.len > 0 && memchr(text.p, '\0', text.len) != NULL))
		return "is not UTF-8; it looks like UTF-16, as Windows programs write it";
	if (begins(text, "\xef\xbb\xbf", 3))
		return "begins with a byte order mark, as Windows programs write it";
	for (; text.len > 0; text = (struct str){ text.p + n, text.len - n }) {
		n = text_utf8(text, &code);
		if (n == 0)
			return "is not UTF-8";
	}
	return NULL;
}

const char *
credential_password_flaw(struct str password)
{
	const char *flaw = credential_text_flaw(password);
	uint32_t code;
	size_t n;

	if (password.len == 0)
		return "is empty";
	for (; flaw == NULL && password.len > 0;
	    password = (struct str){ password.p + n, password.len - n }) {
		n = text_utf8(password, &code);
		if (is_control(code))
			flaw = "holds a control character";
	}
	return flaw;
}
