#include "soap/xmlscan.h"

#include <string.h>

/* Offset behind the first occurrence of what from at on; 0 when there is none. */
static size_t
behind(struct str text, size_t at, const char *what)
{
	size_t n = strlen(what);

	while (at + n <= text.len) {
		const char *hit = memchr(text.p + at, what[0], text.len - at - n + 1);

		if (hit == NULL)
			return 0;
		at = (size_t)(hit - text.p);
		if (memcmp(hit, what, n) == 0)
			return at + n;
		at++;
	}
	return 0;
}

static bool
starts(struct str text, size_t at, const char *what)
{
	size_t n = strlen(what);

	return text.len - at >= n && memcmp(text.p + at, what, n) == 0;
}

/* Behind the '>' of the tag at at; 0 when it does not end. Quoted values may hold '>'. */
static size_t
tag_end(struct str text, size_t at, unsigned *ret_attrs)
{
	unsigned attrs = 0;

	for (size_t i = at; i < text.len; i++) {
		char c = text.p[i];

		if (c == '>') {
			*ret_attrs = attrs;
			return i + 1;
		}
		if (c == '"' || c == '\'') {
			const char *end = memchr(text.p + i + 1, c, text.len - i - 1);

			if (end == NULL)
				return 0;
			i = (size_t)(end - text.p);
			attrs++;
		}
	}
	return 0;
}

static size_t
name_length(struct str tag)
{
	size_t n = 0;

	while (n + 1 < tag.len && strchr(" \t\r\n/>", tag.p[n + 1]) == NULL)
		n++;
	return n;
}

static enum xmlscan_kind
tag(struct str text, size_t *at, struct xmlscan_tag *ret)
{
	unsigned attrs;
	size_t end = tag_end(text, *at, &attrs);

	if (end == 0)
		return XMLSCAN_BAD;
	ret->text = (struct str){ text.p + *at, end - *at };
	ret->name_len = name_length(ret->text);
	ret->attrs = attrs;
	*at = end;
	if (ret->text.p[1] == '/')
		return XMLSCAN_STOP;
	return ret->text.p[ret->text.len - 2] == '/' ? XMLSCAN_EMPTY : XMLSCAN_START;
}

enum xmlscan_kind
xmlscan_next(struct str text, size_t *at, struct xmlscan_tag *ret)
{
	for (;;) {
		const char *open = memchr(text.p + *at, '<', text.len - *at);

		if (open == NULL)
			return XMLSCAN_END;
		*at = (size_t)(open - text.p);
		size_t next;

		if (starts(text, *at, "<!--"))
			next = behind(text, *at + 4, "-->");
		else if (starts(text, *at, "<![CDATA["))
			next = behind(text, *at + 9, "]]>");
		else if (starts(text, *at, "<?"))
			next = behind(text, *at + 2, "?>");
		else if (starts(text, *at, "<!"))
			return XMLSCAN_BAD;
		else
			return tag(text, at, ret);
		if (next == 0)
			return XMLSCAN_BAD;
		*at = next;
	}
}

bool
xmlscan_element(
    struct str text, size_t skip, struct str *ret, struct xmlscan_tag *ret_open)
{
	struct xmlscan_tag first, tag;
	enum xmlscan_kind kind;
	size_t at = 0;
	unsigned depth;

	do {
		kind = xmlscan_next(text, &at, &first);
		if (kind >= XMLSCAN_END)
			return false;
	} while (kind == XMLSCAN_STOP || skip-- > 0);
	for (depth = kind == XMLSCAN_START; depth > 0;) {
		kind = xmlscan_next(text, &at, &tag);
		if (kind >= XMLSCAN_END)
			return false;
		if (kind == XMLSCAN_START)
			depth++;
		else if (kind == XMLSCAN_STOP)
			depth--;
	}
	*ret_open = first;
	*ret = (struct str){ first.text.p, (size_t)(text.p + at - first.text.p) };
	return true;
}

/* ASCII that a name may hold, and whatever is not ASCII. */
static bool
is_name_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':' ||
	       (c & 0x80) != 0;
}

bool
xmlscan_prefix(struct str text, const char *prefix)
{
	size_t n = strlen(prefix);

	for (size_t i = 0; i + n < text.len; i++) {
		const char *colon = memchr(text.p + i + n, ':', text.len - i - n);

		if (colon == NULL)
			return false;
		i = (size_t)(colon - text.p) - n;
		if (memcmp(text.p + i, prefix, n) == 0 &&
		    (i == 0 || !is_name_octet(text.p[i - 1])))
			return true;
	}
	return false;
}
