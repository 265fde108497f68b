#include "support.h"

static const struct addr_case {
	const char *name, *value, *uri, *tag, *epid;
} cases[] = {
	{ "brackets", "<sip:a@b>;tag=1;epid=2", "sip:a@b", "1", "2" },
	{ "no brackets", "sip:a@b;tag=1", "sip:a@b", "1", NULL },
	{ "no brackets, no parameters", "sip:a@b", "sip:a@b", NULL, NULL },
	{ "display name", "Alice A. <sip:a@b>;tag=1", "sip:a@b", "1", NULL },
	{ "quoted display name", "\"Alice\"<sip:a@b>;tag=1", "sip:a@b", "1", NULL },
	{ "brackets in the display name", "\"<sip:x@y>;tag=9\" <sip:a@b>;tag=1",
	    "sip:a@b", "1", NULL },
	{ "quote escaped in the display name", "\"a\\\"<sip:x@y>\" <sip:a@b>;tag=1",
	    "sip:a@b", "1", NULL },
	{ "parameters of the URI are not the header's", "<sip:a@b;tag=9;epid=8>;tag=1",
	    "sip:a@b;tag=9;epid=8", "1", NULL },
	{ "only parameters of the URI", "<sip:a@b;tag=9>", "sip:a@b;tag=9", NULL, NULL },
	{ "upper case name", "<sip:a@b>;TAG=AbC", "sip:a@b", "AbC", NULL },
	{ "white space", " <sip:a@b> ; tag = 1 ; epid = 2 ", "sip:a@b", "1", "2" },
	{ "quoted value", "<sip:a@b>;x=\"1;tag=9\";tag=\"1;2\"", "sip:a@b", "1;2", NULL },
	{ "flag", "<sip:a@b>;tag;epid=", "sip:a@b", "", "" },
	{ "first of two", "<sip:a@b>;tag=1;tag=2", "sip:a@b", "1", NULL },
	{ "name is not a prefix", "<sip:a@b>;tagged=1;ta=2", "sip:a@b", NULL, NULL },
	{ "text after the bracket is no parameter", "<sip:a@b>tag=1", "sip:a@b", NULL,
	    NULL },
	{ "bracket never closed", "<sip:a@b;tag=1", NULL, NULL, NULL },
	{ "quote never closed", "\"Alice <sip:a@b>;tag=1", "\"Alice <sip:a@b>;tag=1",
	    NULL, NULL },
	{ "quote never closed in a value", "<sip:a@b>;tag=\"1", "sip:a@b", "\"1", NULL },
	{ "backslash at the end", "<sip:a@b>;tag=\"1\\", "sip:a@b", "\"1\\", NULL },
	{ "empty", "", "", NULL, NULL },
	{ "empty brackets", "<>;tag=1", "", "1", NULL },
	{ "only separators", ";;;", "", NULL, NULL },
	{ "instance and gruu of a real Contact",
	    "<sip:1.2.3.4:5;transport=tls>;expires=300;"
	    "+sip.instance=\"<urn:uuid:e0de506b>\";tag=1",
	    "sip:1.2.3.4:5;transport=tls", "1", NULL },
};

static void
check_addr(void **state)
{
	const struct addr_case *tc = *state;
	struct str value = exact_copy(str_of(tc->value));

	assert_str(sip_addr_uri(value), tc->uri);
	assert_str(sip_addr_param(value, "tag"), tc->tag);
	assert_str(sip_addr_param(value, "epid"), tc->epid);
	free_copy(value);
}

static void
absent_header(void **state)
{
	struct str rest = STR_NULL, one = STR_LIT("untouched");

	(void)state;
	assert_null(sip_addr_uri(STR_NULL).p);
	assert_null(sip_addr_param(STR_NULL, "tag").p);
	assert_false(sip_next_element(&rest, &one));
	assert_str(one, "untouched");
}

/* want: the elements, each followed by '|'. */
static const struct list_case {
	const char *name, *value, *want;
} lists[] = {
	{ "one", "a", "a|" },
	{ "several", "a, b ,c", "a|b|c|" },
	{ "empty elements", ",, a,,b,", "a|b|" },
	{ "nothing", " , ", "" },
	{ "comma in quotes", "\"a,b\" <sip:c>,d", "\"a,b\" <sip:c>|d|" },
	{ "comma in brackets", "<sip:a,b@c>;q=1,<sip:d>", "<sip:a,b@c>;q=1|<sip:d>|" },
	{ "escaped quote", "\"a\\\",b\",c", "\"a\\\",b\"|c|" },
	{ "quote never closed", "a,\"b,c", "a|\"b,c|" },
	{ "bracket never closed", "a,<b,c", "a|<b,c|" },
};

static void
check_list(void **state)
{
	const struct list_case *tc = *state;
	struct str copy = exact_copy(str_of(tc->value)), rest = copy, one;
	struct buf got;

	buf_init(&got, 1024);
	buf_puts(&got, "");
	while (sip_next_element(&rest, &one)) {
		buf_str(&got, one);
		buf_putc(&got, '|');
	}
	assert_string_equal(got.data, tc->want);
	buf_free(&got);
	free_copy(copy);
}

RUN_CASES(ROWS("addr", cases, check_addr), ROWS("list", lists, check_list),
    TEST(absent_header));
