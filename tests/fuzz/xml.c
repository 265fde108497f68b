/* XML: what is cut out of a text is XML again, and the same element. */
#include "base/buf.h"
#include "vocab/err.h"
#include "fuzz.h"
#include "soap/xml.h"
#include "soap/xmlscan.h"

#define NODES_MAX 40 /* that are looked at */

static void
check_copy(const struct xml_doc *d, const struct xml_node *n)
{
	struct err err;
	struct xml_doc *copy;
	struct buf b, text, again;

	buf_init(&b, 4 * XML_SIZE_MAX);
	buf_init(&text, XML_SIZE_MAX);
	buf_init(&again, XML_SIZE_MAX);
	if (xml_verbatim(d, n, &b, &err) && b.len <= XML_SIZE_MAX) {
		copy = xml_parse(buf_view(&b), &err);
		CHECK(copy != NULL);
		CHECK(xml_is(xml_root(copy), xml_namespace(n), xml_local_name(n)));
		xml_text(n, &text);
		xml_text(xml_root(copy), &again);
		CHECK(text.len == again.len &&
		      memcmp(buf_view(&text).p, buf_view(&again).p, text.len) == 0);
		xml_free(copy);
	}
	buf_free(&again);
	buf_free(&text);
	buf_free(&b);
}

/* The scanner must be in step with the parser, or it would cut in the wrong place. */
static void
check_scan(struct str text, size_t elements)
{
	struct xmlscan_tag tag;
	size_t at = 0, seen = 0;
	enum xmlscan_kind kind;

	while ((kind = xmlscan_next(text, &at, &tag)) < XMLSCAN_END)
		seen += kind != XMLSCAN_STOP;
	CHECK(kind == XMLSCAN_END && seen == elements);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size);
	struct err err = { .cause = CAUSE_NONE };
	struct xml_doc *d = xml_parse(text, &err);
	size_t elements = 0;

	if (d == NULL) {
		CHECK(err.cause == CAUSE_PROTOCOL || err.cause == CAUSE_LIMIT);
		CHECK(fuzz_is_printable(str_of(err.detail)));
		return 0;
	}
	for (const struct xml_node *n = xml_root(d); n != NULL;
	    n = xml_walk(xml_root(d), n)) {
		if (elements++ < NODES_MAX)
			check_copy(d, n);
	}
	/* Of another encoding the scanner sees a copy. */
	if (memmem(text.p, text.len, "encoding", 8) == NULL)
		check_scan(text, elements);
	xml_free(d);
	return 0;
}
