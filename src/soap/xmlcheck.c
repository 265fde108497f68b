#include "soap/xmlcheck.h"

#include <string.h>

#include "vocab/err.h"
#include "soap/xmlscan.h"

/*
 * Some libxml2 compare every attribute of an element with every other, and every prefix
 * with every declaration in scope: a limit keeps a hostile answer from costing seconds.
 */
#define ATTRS_MAX 64

#define SHOWN 40 /* octets of an answer that is something else */

/* What the text starts with, behind white space, byte order mark, comments, <?...?>. */
static struct str
first_markup(struct str text)
{
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		text = (struct str){ text.p + 3, text.len - 3 };
	for (;;) {
		bool comment;
		const char *end;

		text = str_trim(text);
		comment = str_caseprefix(text, "<!--");
		if (!comment && !str_caseprefix(text, "<?"))
			return text;
		end = memmem(text.p, text.len, comment ? "-->" : "?>", comment ? 3 : 2);
		if (end == NULL)
			return text;
		end += comment ? 3 : 2;
		text = (struct str){ end, text.len - (size_t)(end - text.p) };
	}
}

/* Text that is none of our XML, and what it is instead. */
static bool
check_start(struct str text, struct err *err)
{
	struct str first = first_markup(text);

	if (first.len == 0) {
		err_set(err, CAUSE_PROTOCOL, 0, "the answer is empty");
		return false;
	}
	if (str_caseprefix(first, "<!doctype html") || str_caseprefix(first, "<html")) {
		err_set(err, CAUSE_PROTOCOL, 0, "the answer is an HTML page, not XML");
		return false;
	}
	if (first.p[0] != '<') {
		err_set(err, CAUSE_PROTOCOL, 0, "not XML: it starts with \"%.*s\"",
		    first.len < SHOWN ? (int)first.len : SHOWN, first.p);
		return false;
	}
	return true;
}

bool
xmlcheck_octets(struct str text, struct err *err)
{
	const char *nul;

	if (text.len > XML_SIZE_MAX) {
		err_set(err, CAUSE_LIMIT, XML_SIZE_MAX,
		    "the answer has %zu octets, more than %d", text.len, XML_SIZE_MAX);
		return false;
	}
	nul = text.len == 0 ? NULL : memchr(text.p, '\0', text.len);
	if (nul != NULL) {
		err_set(err, CAUSE_PROTOCOL, 0, "not XML in UTF-8: octet %zu is NUL",
		    (size_t)(nul - text.p));
		return false;
	}
	return check_start(text, err);
}

bool
xmlcheck_shape(struct str text, struct err *err)
{
	struct xmlscan_tag tag;
	enum xmlscan_kind kind;
	size_t at = 0;
	int depth = 0;

	while ((kind = xmlscan_next(text, &at, &tag)) < XMLSCAN_END) {
		if (kind != XMLSCAN_STOP && tag.attrs > ATTRS_MAX) {
			err_set(err, CAUSE_PROTOCOL, 0,
			    "XML element with more than %d attributes", ATTRS_MAX);
			return false;
		}
		if (kind == XMLSCAN_STOP)
			depth--;
		else if (depth + 1 > XML_DEPTH_MAX) {
			err_set(err, CAUSE_PROTOCOL, 0,
			    "XML elements nested more than %d deep", XML_DEPTH_MAX);
			return false;
		} else if (kind == XMLSCAN_START)
			depth++;
	}
	return true;
}
