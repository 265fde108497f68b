/* soap/xml: what is refused and how it is said, finding, and copies octet by octet. */
#include "soaptest.h"

#include <unistd.h>

static const struct refuse_case {
	const char *name, *in;
	enum cause cause;
	const char *says; /* part of the detail */
} refused[] = {
	{ "nothing", "", CAUSE_PROTOCOL, "the answer is empty" },
	{ "white space only", " \r\n\t", CAUSE_PROTOCOL, "the answer is empty" },
	{ "a comment only", "<!-- x -->", CAUSE_PROTOCOL, "the answer is empty" },
	{ "plain text", "Bad Gateway", CAUSE_PROTOCOL, "it starts with \"Bad Gateway\"" },
	{ "plain text is cut and cleaned",
	    "\x1b[31m00000000001111111111222222222233333333334444", CAUSE_PROTOCOL,
	    "\".[31m00000000001111111111222222222233333\"" },
	{ "HTML page", "<!DOCTYPE html>\n<html><body>log in", CAUSE_PROTOCOL,
	    "the answer is an HTML page, not XML" },
	{ "HTML page in lower case", "\n<html lang=en>", CAUSE_PROTOCOL, "HTML page" },
	{ "HTML page in capitals", "<HTML><HEAD>", CAUSE_PROTOCOL, "HTML page" },
	{ "HTML page of old", "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">",
	    CAUSE_PROTOCOL, "HTML page" },
	{ "XHTML page",
	    "\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- portal -->\n<!DOCTYPE html>"
	    "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
	    CAUSE_PROTOCOL, "HTML page" },
	{ "document type", "<!DOCTYPE a><a/>", CAUSE_PROTOCOL,
	    "document type declaration" },
	{ "document type after a comment",
	    "<?xml version=\"1.0\"?><!-- > --><!DOCTYPE a><a/>", CAUSE_PROTOCOL,
	    "document type declaration" },
	{ "document type with an external subset",
	    "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", CAUSE_PROTOCOL,
	    "document type declaration" },
	{ "entity bomb",
	    "<!DOCTYPE a [<!ENTITY x \"ha\"><!ENTITY y \"&x;&x;&x;&x;\">"
	    "<!ENTITY z \"&y;&y;&y;&y;\">]><a>&z;</a>",
	    CAUSE_PROTOCOL, "document type declaration" },
	{ "external entity",
	    "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
	    CAUSE_PROTOCOL, "document type declaration" },
	{ "unknown entity", "<a>&nbsp;</a>", CAUSE_PROTOCOL,
	    "Entity 'nbsp' not defined" },
	{ "element not closed", "<a><b></b>", CAUSE_PROTOCOL, "ends too early" },
	{ "start tag cut", "<a><b c=\"", CAUSE_PROTOCOL, "not XML: line 1" },
	{ "wrong end tag, with its place", "<a>\n<b>\n</a>", CAUSE_PROTOCOL,
	    "not XML: line 3, column" },
	{ "two roots", "<a/><b/>", CAUSE_PROTOCOL, "not XML" },
	{ "text after the root", "<a/>b", CAUSE_PROTOCOL, "not XML" },
	{ "prefix that nobody declares", "<x:a/>", CAUSE_PROTOCOL, "Namespace prefix x" },
	{ "attribute twice", "<a b='1' b='1'/>", CAUSE_PROTOCOL, "redefined" },
	{ "'<' in an attribute", "<a b='<'/>", CAUSE_PROTOCOL, "not XML" },
	{ "octet that is not UTF-8", "<a>\xff</a>", CAUSE_PROTOCOL, "not XML" },
	{ "declared as something else, and is not ASCII",
	    "<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>", CAUSE_PROTOCOL,
	    "XML in windows-1252; only UTF-8 and ISO-8859-1" },
	{ "an encoding of that length, and not printable",
	    "<?xml version='1.0' encoding='a\x1b"
	    "23456789012345678901234567890123456789012'?><a>\x80</a>",
	    CAUSE_PROTOCOL, "XML in a.23456789012345678901234567890123456789;" },
	{ "Latin-1 behind a mark of UTF-8",
	    "\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>",
	    CAUSE_PROTOCOL, "not XML" },
	{ "an encoding that only a comment names",
	    "<?xml version='1.0'?><!-- encoding='ISO-8859-1' --><a>\xe9</a>",
	    CAUSE_PROTOCOL, "not XML" },
	{ "control character", "<a>\x01</a>", CAUSE_PROTOCOL, "not XML" },
	{ "its number", "<a>&#1;</a>", CAUSE_PROTOCOL, "not XML" },
	{ "XML declaration too late", " <?xml version='1.0'?><a/>", CAUSE_PROTOCOL,
	    "not XML" },
	{ "messages cannot forge lines", "<a\n\n>\n</b\r\n>", CAUSE_PROTOCOL,
	    "Opening and ending tag mismatch" },
};

static void
check_refused(void **state)
{
	const struct refuse_case *tc = *state;
	struct err err;

	assert_null(xml_parse(str_of(tc->in), &err));
	assert_int_equal(err.cause, tc->cause);
	assert_has(err.detail, tc->says);
	assert_null(strpbrk(err.detail, "\r\n"));
}

static const struct accept_case {
	const char *name, *in, *text;
} accepted[] = {
	{ "smallest", "<a/>", "" },
	{ "byte order mark", "\xef\xbb\xbf<a>x</a>", "x" },
	{ "byte order mark and declaration", "\xef\xbb\xbf<?xml version='1.0'?><a>x</a>",
	    "x" },
	{ "declared as UTF-16, but is not",
	    "<?xml version='1.0' encoding='utf-16'?><a>x</a>", "x" },
	{ "declared as UTF-16, but is UTF-8",
	    "<?xml version='1.0' encoding=\"utf-16\"?><a>\xc3\xa9</a>", "\xc3\xa9" },
	{ "declared as Latin-1, and is it",
	    "<?xml version='1.0' encoding='ISO-8859-1'?><a>J\xf6rg \xff\x80</a>",
	    "J\xc3\xb6rg \xc3\xbf\xc2\x80" },
	{ "declared as Latin-1 with blanks, in small letters",
	    "<?xml version=\"1.0\" encoding = \"iso-8859-1\" "
	    "standalone='yes'?><a>\xe9</a>",
	    "\xc3\xa9" },
	{ "UTF-8 in a text that says Latin-1 is not guessed",
	    "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xa9</a>",
	    "\xc3\x83\xc2\xa9" },
	{ "declared as something else, but is ASCII",
	    "<?xml version='1.0' encoding='windows-1252'?><a>x</a>", "x" },
	{ "the five entities and numbers", "<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;</a>",
	    "<>&\"'AB" },
	{ "text of the whole subtree, trimmed",
	    "<a>\n x<b> y </b><!-- c -->z<![CDATA[<&]]> </a>", "x y z<&" },
	{ "processing instructions are no text", "<a><?b c?>d</a>", "d" },
	{ "line ends are normalised", "<a>x\r\ny</a>", "x\ny" },
	{ "an element named html in a namespace of its own",
	    "<h:html xmlns:h='urn:x'>x</h:html>", "x" },
};

static void
check_accepted(void **state)
{
	const struct accept_case *tc = *state;
	struct err err;
	struct xml_doc *d = xml_parse(str_of(tc->in), &err);
	struct buf text;

	assert_non_null(d);
	buf_init(&text, 100);
	xml_text(xml_root(d), &text);
	assert_string_equal(buf_view(&text).p, tc->text);
	buf_free(&text);
	xml_free(d);
}

static int
fits(char *text)
{
	struct err err;
	struct xml_doc *d = xml_parse(str_of(text), &err);
	int ok = d != NULL;

	xml_free(d);
	free(text);
	return ok;
}

static void
depth_is_limited(void **state)
{
	char *open = times("<a>", XML_DEPTH_MAX), *close = times("</a>", XML_DEPTH_MAX);
	char text[8 * XML_DEPTH_MAX];
	struct err err;

	(void)state;
	snprintf(text, sizeof(text), "%s%s", open, close);
	assert_true(fits(strdup(text)));
	snprintf(text, sizeof(text), "%s<a/>%s", open, close);
	assert_null(xml_parse(str_of(text), &err));
	assert_int_equal(err.cause, CAUSE_PROTOCOL);
	assert_has(err.detail, "more than 64 deep");
	free(open);
	free(close);
}

static void
size_is_limited(void **state)
{
	char *text = times(" ", XML_SIZE_MAX + 1);
	struct err err;
	struct xml_doc *d;

	(void)state;
	memcpy(text, "<a>", 3);
	memcpy(text + XML_SIZE_MAX - 4, "</a>", 4);
	d = xml_parse((struct str){ text, XML_SIZE_MAX }, &err);
	assert_non_null(d);
	xml_free(d);
	assert_null(xml_parse((struct str){ text, XML_SIZE_MAX + 1 }, &err));
	assert_int_equal(err.cause, CAUSE_LIMIT);
	assert_int_equal(err.code, XML_SIZE_MAX);
	assert_has(err.detail, "1048577");
	free(text);
}

static char *
with_attributes(unsigned n)
{
	struct buf b;

	buf_init(&b, XML_SIZE_MAX);
	buf_puts(&b, "<r><a");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, " a%u='>'", i);
	buf_puts(&b, "/></r>");
	return buf_take(&b, NULL);
}

static void
attributes_are_limited(void **state)
{
	(void)state;
	assert_true(fits(with_attributes(64)));
	assert_false(fits(with_attributes(65)));
	assert_false(fits(with_attributes(80000)));
}

/* A quote out of place blinds the scan; the parser must have stopped by then. */
static void
attributes_behind_an_error_are_not_looked_at(void **state)
{
	char *many = with_attributes(80000);

	(void)state;
	many = swap(many, "<r><a", "<r><b \"><a");
	assert_false(fits(many));
}

static void
nul_is_refused(void **state)
{
	static const char after[] = "<a/>\0<b/>", inside[] = "<a>x\0y</a>",
			  wide[] = "\xff\xfe<\0a\0/\0>";
	static const struct str in[] = {
		{ after, sizeof(after) - 1 },
		{ inside, sizeof(inside) - 1 },
		{ wide, sizeof(wide) },
		{ "\0", 1 },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT(in); i++) {
		assert_null(xml_parse(in[i], &err));
		assert_int_equal(err.cause, CAUSE_PROTOCOL);
		assert_has(err.detail, "is NUL");
	}
}

/* Also in a block of its own, so that a sanitizer sees a step over the end. */
static void
every_cut_is_refused(void **state)
{
	char *text = golden("rstr-prefixed.xml");
	size_t whole = strlen(text) - 1; /* without the last line feed */
	struct err err;

	(void)state;
	for (size_t n = 0; n < whole; n++) {
		char *cut = malloc(n + 1);

		memcpy(cut, text, n);
		assert_null(xml_parse((struct str){ cut, n }, &err));
		free(cut);
	}
	free(text);
}

/* Whatever one octet becomes, the copy of the assertion stays inside the text. */
static void
any_octet_may_be_wrong(void **state)
{
	static const char wrong[] = "<>&'\"/!-]x: \n\xff";
	char *text = golden("rstr-prefixed.xml");
	size_t len = strlen(text);
	struct err err;

	(void)state;
	for (size_t i = 0; i < len * (sizeof(wrong) - 1); i++) {
		char was = text[i % len];
		struct xml_doc *d;
		struct buf copy;

		text[i % len] = wrong[i / len];
		d = xml_parse((struct str){ text, len }, &err);
		buf_init(&copy, len + 1000);
		for (const struct xml_node *n = d == NULL ? NULL : xml_root(d); n != NULL;
		    n = xml_find(n, NULL, NULL)) {
			buf_clear(&copy);
			assert_true(xml_verbatim(d, n, &copy, &err));
		}
		buf_free(&copy);
		xml_free(d);
		text[i % len] = was;
	}
	free(text);
}

static void
parsing_prints_nothing(void **state)
{
	FILE *f = tmpfile();
	int err_fd = dup(2);
	struct err err;

	(void)state;
	assert_non_null(f);
	fflush(stderr);
	dup2(fileno(f), 2);
	for (size_t i = 0; i < COUNT(refused); i++)
		xml_parse(str_of(refused[i].in), &err);
	dup2(err_fd, 2);
	close(err_fd);
	assert_int_equal(lseek(fileno(f), 0, SEEK_END), 0);
	fclose(f);
}

static void
collect(void *arg, const char *name, struct str value)
{
	buf_printf(arg, "%s=%.*s;", name, (int)value.len, value.p);
}

static void
elements_are_found(void **state)
{
	struct err err;
	struct xml_doc *d = xml_parse(
	    STR_LIT("<r xmlns='urn:d' xmlns:p='urn:p'> <p:x k='1' p:k='&lt;2'>"
		    "<y/></p:x>text<x/><z xmlns=''/><p:x k=''/><!-- <p:x/> --></r>"),
	    &err);
	const struct xml_node *r, *x;
	struct buf b;

	(void)state;
	assert_non_null(d);
	buf_init(&b, 100);
	r = xml_root(d);
	assert_true(xml_is(r, "urn:d", "r"));
	assert_true(xml_is(r, NULL, NULL));
	assert_false(xml_is(r, "", "r"));
	assert_false(xml_is(NULL, NULL, NULL));
	assert_null(xml_parent(r));
	x = xml_child(r, NULL, "x");
	assert_string_equal(xml_namespace(x), "urn:p");
	assert_ptr_equal(xml_parent(x), r);
	assert_ptr_equal(x, xml_child(r, NULL, NULL));
	assert_string_equal(xml_local_name(xml_child(x, "urn:d", NULL)), "y");
	assert_string_equal(xml_namespace(xml_child(r, "urn:d", "x")), "urn:d");
	assert_string_equal(xml_namespace(xml_child(r, "", "z")), "");
	assert_null(xml_child(r, NULL, "y"));
	assert_true(xml_is(xml_find(r, NULL, "y"), "urn:d", "y"));
	assert_null(xml_find(x, NULL, "x"));
	assert_null(xml_find(x, NULL, "z"));
	assert_null(xml_child(NULL, NULL, NULL));
	assert_null(xml_next(NULL, NULL, NULL));
	assert_null(xml_find(NULL, NULL, NULL));

	assert_true(xml_attr(x, NULL, "k", &b));
	assert_true(xml_attr(x, "urn:p", "k", &b));
	assert_string_equal(b.data, "1<2");
	assert_false(xml_attr(x, "urn:d", "k", &b));
	assert_false(xml_attr(NULL, NULL, "k", &b));
	assert_string_equal(b.data, "1<2");
	buf_clear(&b);
	xml_each_attr(x, collect, &b);
	assert_string_equal(b.data, "k=1;k=<2;");
	x = xml_next(x, "urn:p", "x");
	assert_true(xml_attr(x, NULL, "k", &b));
	assert_null(xml_next(x, NULL, NULL));
	buf_clear(&b);
	xml_text(NULL, &b);
	xml_text(x, &b);
	assert_int_equal(b.len, 0);
	buf_free(&b);
	xml_free(d);
}

/* The element is the first that is called e. */
static const struct copy_case {
	const char *name, *in, *out;
} copies[] = {
	{ "octets stay", "<r><e a = '1'  b=\"&#65;\" >\r\n\t<f></f ><f/>&gt;</e\n></r>",
	    "<e a = '1'  b=\"&#65;\" >\r\n\t<f></f ><f/>&gt;</e\n>" },
	{ "empty element", "<r><e/><f/></r>", "<e/>" },
	{ "empty element with '/' and '>' in a value", "<r><e a='/>'/><f/></r>",
	    "<e a='/>'/>" },
	{ "the root", "<?xml version='1.0'?><!-- <e> --><e><e/></e> ", "<e><e/></e>" },
	{ "elements of the same name inside", "<r><e><e><e/></e></e><e/></r>",
	    "<e><e><e/></e></e>" },
	{ "'>' in values", "<r a='>' b=\"'>\"><e c='\">'>x</e></r>", "<e c='\">'>x</e>" },
	{ "fake tags in comments", "<r><!-- <e>no</e> --><e><!-- </e> ' -->x</e></r>",
	    "<e><!-- </e> ' -->x</e>" },
	{ "fake tags in CDATA", "<r><![CDATA[<e>]]><e><![CDATA[</e>]]]]></e></r>",
	    "<e><![CDATA[</e>]]]]></e>" },
	{ "fake tags in instructions", "<r><?x <e> ?><e><?y </e> \"?>x</e></r>",
	    "<e><?y </e> \"?>x</e>" },
	{ "quotes in text", "<r>it's<e>\"</e>'</r>", "<e>\"</e>" },
	{ "its own declarations stay", "<r><p:e xmlns:p='urn:p'/></r>",
	    "<p:e xmlns:p='urn:p'/>" },
	{ "prefix of an ancestor", "<r xmlns:p='urn:p'><s><p:e/></s></r>",
	    "<p:e xmlns:p=\"urn:p\"/>" },
	{ "prefix of an ancestor, other attributes",
	    "<r xmlns:p='urn:p'><p:e\n a='1'>x</p:e></r>",
	    "<p:e xmlns:p=\"urn:p\"\n a='1'>x</p:e>" },
	{ "default of an ancestor", "<r xmlns='urn:d'><e/></r>", "<e xmlns=\"urn:d\"/>" },
	{ "default that only a child uses",
	    "<r xmlns='urn:d' xmlns:p='urn:p'><p:e><f/></p:e></r>",
	    "<p:e xmlns=\"urn:d\" xmlns:p=\"urn:p\"><f/></p:e>" },
	{ "default that nobody inside uses",
	    "<r xmlns='urn:d'><p:e xmlns:p='urn:p'><p:f/></p:e></r>",
	    "<p:e xmlns:p='urn:p'><p:f/></p:e>" },
	{ "default that is undone", "<r xmlns='urn:d'><s xmlns=''><e/></s></r>", "<e/>" },
	{ "default that a child replaces",
	    "<r xmlns='urn:d'><p:e xmlns:p='urn:p'><f xmlns='urn:f'/></p:e></r>",
	    "<p:e xmlns:p='urn:p'><f xmlns='urn:f'/></p:e>" },
	{ "the nearest declaration counts",
	    "<r xmlns:p='urn:1'><s xmlns:p='urn:2'><p:e/></s></r>",
	    "<p:e xmlns:p=\"urn:2\"/>" },
	{ "prefix of an attribute", "<r xmlns:q='urn:q'><e q:a='1'/></r>",
	    "<e xmlns:q=\"urn:q\" q:a='1'/>" },
	{ "prefix deep inside", "<r xmlns:q='urn:q'><e><f><q:g/></f></e></r>",
	    "<e xmlns:q=\"urn:q\"><f><q:g/></f></e>" },
	{ "prefix in the value of an attribute",
	    "<r xmlns:q='urn:q'><e t='q:string'/></r>",
	    "<e xmlns:q=\"urn:q\" t='q:string'/>" },
	{ "prefix that is not used", "<r xmlns:q='urn:q'><e t='q'/></r>", "<e t='q'/>" },
	{ "name of a namespace is escaped", "<r xmlns:q=\"urn:a'b\"><q:e/></r>",
	    "<q:e xmlns:q=\"urn:a&#39;b\"/>" },
	{ "prefix that only ends a longer name",
	    "<r xmlns:q='urn:q'><e t='urn:q:x:iq:y'/>q</r>", "<e t='urn:q:x:iq:y'/>" },
	{ "prefix xml", "<r><e xml:lang='en'/></r>", "<e xml:lang='en'/>" },
	{ "UTF-8 stays", "<r>\xc3\xa4<e>\xe2\x82\xac</e></r>", "<e>\xe2\x82\xac</e>" },
	{ "byte order mark", "\xef\xbb\xbf<r><e/></r>", "<e/>" },
	{ "Latin-1 becomes UTF-8",
	    "<?xml version='1.0' encoding='ISO-8859-1'?><r>\xe4<e a='\xf6'>\xe9</e></r>",
	    "<e a='\xc3\xb6'>\xc3\xa9</e>" },
	{ "a prefix that only PrefixList names",
	    "<r xmlns:q='urn:q' xmlns:o='urn:o'><e><s><c:InclusiveNamespaces "
	    "xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='xs "
	    "q'/></s></e></r>",
	    "<e xmlns:q=\"urn:q\"><s><c:InclusiveNamespaces "
	    "xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='xs "
	    "q'/></s></e>" },
	{ "the default that only PrefixList names",
	    "<r xmlns='urn:d'><p:e xmlns:p='urn:p'><c:InclusiveNamespaces "
	    "xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#'\tPrefixList='\n#default "
	    "'/>"
	    "</p:e></r>",
	    "<p:e xmlns=\"urn:d\" xmlns:p='urn:p'><c:InclusiveNamespaces "
	    "xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#'\tPrefixList='\n#default "
	    "'/>"
	    "</p:e>" },
	{ "the second PrefixList counts, too",
	    "<r xmlns:q='urn:q'><e xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#'>"
	    "<c:InclusiveNamespaces PrefixList='xs'/><c:InclusiveNamespaces/>"
	    "<c:InclusiveNamespaces PrefixList='q'/></e></r>",
	    "<e xmlns:q=\"urn:q\" xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#'>"
	    "<c:InclusiveNamespaces PrefixList='xs'/><c:InclusiveNamespaces/>"
	    "<c:InclusiveNamespaces PrefixList='q'/></e>" },
	{ "a PrefixList outside the element",
	    "<r xmlns:q='urn:q'><c:InclusiveNamespaces "
	    "xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='q'/><e/></r>",
	    "<e/>" },
	{ "a PrefixList of something else",
	    "<r xmlns:q='urn:q'><e><InclusiveNamespaces PrefixList='q'/></e></r>",
	    "<e><InclusiveNamespaces PrefixList='q'/></e>" },
};

static void
check_copy(void **state)
{
	const struct copy_case *tc = *state;
	struct err err;
	struct xml_doc *d = xml_parse(str_of(tc->in), &err);
	const struct xml_node *e;
	struct buf copy;

	assert_non_null(d);
	e = xml_is(xml_root(d), NULL, "e") ? xml_root(d)
					   : xml_find(xml_root(d), NULL, "e");
	buf_init(&copy, 1000);
	assert_true(xml_verbatim(d, e, &copy, &err));
	assert_string_equal(copy.data, tc->out);
	buf_free(&copy);
	xml_free(d);
}

static char *
with_namespaces(unsigned n)
{
	struct buf b;

	buf_init(&b, XML_SIZE_MAX);
	buf_puts(&b, "<r");
	for (unsigned i = 1; i < n; i++)
		buf_printf(&b, " xmlns:n%u='urn:n'", i);
	buf_puts(&b, "><s xmlns='urn:x'><e/></s></r>");
	return buf_take(&b, NULL);
}

static bool
can_copy(char *text)
{
	struct err err;
	struct xml_doc *d = xml_parse(str_of(text), &err);
	struct buf copy;
	bool ok;

	assert_non_null(d);
	buf_init(&copy, XML_SIZE_MAX);
	ok = xml_verbatim(d, xml_find(xml_root(d), NULL, "e"), &copy, &err);
	assert_true(ok || (copy.len == 0 && err.cause == CAUSE_PROTOCOL));
	buf_free(&copy);
	xml_free(d);
	free(text);
	return ok;
}

static void
namespaces_around_a_copy_are_limited(void **state)
{
	(void)state;
	assert_true(can_copy(with_namespaces(64)));
	assert_false(can_copy(with_namespaces(65)));
}

static void
copy_needs_room(void **state)
{
	struct err err;
	struct xml_doc *d = xml_parse(STR_LIT("<r><e>12345</e></r>"), &err);
	struct buf copy;

	(void)state;
	buf_init(&copy, 11);
	assert_false(xml_verbatim(d, xml_find(xml_root(d), NULL, "e"), &copy, &err));
	assert_int_equal(err.cause, CAUSE_LOCAL);
	buf_free(&copy);
	xml_free(d);
}

int
main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(size_is_limited),
		cmocka_unit_test(attributes_are_limited),
		cmocka_unit_test(attributes_behind_an_error_are_not_looked_at),
		cmocka_unit_test(nul_is_refused),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(any_octet_may_be_wrong),
		cmocka_unit_test(parsing_prints_nothing),
		cmocka_unit_test(elements_are_found),
		cmocka_unit_test(namespaces_around_a_copy_are_limited),
		cmocka_unit_test(copy_needs_room),
	};
	struct CMUnitTest
	    tests[COUNT(refused) + COUNT(accepted) + COUNT(copies) + COUNT(fixed)];
	size_t n = 0;

	ADD_CASES(tests, n, refused, check_refused);
	ADD_CASES(tests, n, accepted, check_accepted);
	ADD_CASES(tests, n, copies, check_copy);
	for (size_t i = 0; i < COUNT(fixed); i++)
		tests[n++] = fixed[i];
	return cmocka_run_group_tests(tests, xml_start, xml_stop);
}
