#include "soap/xmlencoding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vocab/err.h"

#define DECLARATION_MAX 256 /* bytes that are looked at */
#define NAME_MAX_LEN	40
#define BOM		"\xef\xbb\xbf"

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.p[i] & 0x80) != 0)
			return false;
	return true;
}

/* Between the quotes after `encoding =` of "<?xml ... ?>"; empty when there is none. */
static struct str
declared(struct str text)
{
	static const char key[] = "encoding";
	struct str head = { text.p,
		text.len < DECLARATION_MAX ? text.len : DECLARATION_MAX };
	const char *end, *at;
	struct str name;

	if (!str_caseprefix(head, "<?xml") ||
	    (end = memmem(head.p, head.len, "?>", 2)) == NULL)
		return STR_LIT("");
	head.len = (size_t)(end - head.p);
	at = memmem(head.p, head.len, key, sizeof(key) - 1);
	if (at == NULL)
		return STR_LIT("");
	at += sizeof(key) - 1;
	name = str_trim((struct str){ at, (size_t)(end - at) });
	if (name.len == 0 || name.p[0] != '=')
		return STR_LIT("");
	name = str_trim((struct str){ name.p + 1, name.len - 1 });
	if (name.len == 0 || strchr("\"'", name.p[0]) == NULL)
		return STR_LIT("");
	str_split((struct str){ name.p + 1, name.len - 1 }, name.p[0], &name);
	return name;
}

static bool
is_one_of(struct str name, const char *const *names)
{
	while (*names != NULL && !str_caseeq(name, *names))
		names++;
	return *names != NULL;
}

/* Each byte is the character of its number. */
static bool
from_latin1(struct str text, struct str *ret, char **ret_own, struct err *err)
{
	char *copy = malloc(2 * text.len + 1);
	size_t n = 0;

	if (copy == NULL) {
		err_local(err, ENOMEM, "reading XML");
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = (uint8_t)text.p[i];

		if (c >= 0x80)
			copy[n++] = (char)(0xc0 | c >> 6);
		copy[n++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	*ret = (struct str){ copy, n };
	*ret_own = copy;
	return true;
}

bool
xmlencoding_to_utf8(struct str text, struct str *ret, char **ret_own, struct err *err)
{
	static const char *const utf8[] = { "", "UTF-8", "UTF8", "UTF-16", "US-ASCII",
		NULL };
	static const char *const latin1[] = { "ISO-8859-1", "ISO_8859-1", "ISO8859-1",
		"latin1", NULL };
	struct str name = declared(text);

	if (str_caseprefix(text, BOM) || is_one_of(name, utf8) || is_ascii(text)) {
		*ret = text;
		*ret_own = NULL;
		return true;
	}
	if (is_one_of(name, latin1))
		return from_latin1(text, ret, ret_own, err);
	err_set(err, CAUSE_PROTOCOL, 0,
	    "the answer is XML in %.*s; only UTF-8 and ISO-8859-1 can be read",
	    name.len < NAME_MAX_LEN ? (int)name.len : NAME_MAX_LEN, name.p);
	return false;
}
