#include "support.h"

#include "sip/auth.h"

/* text NULL: nothing is found. */
static const struct diag_case {
	const char *name, *lines;
	unsigned id;
	const char *text;
} cases[] = {
	{ "as the server sends it",
	    "ms-diagnostics: 4005;reason=\"Destination URI either not enabled for SIP or "
	    "does not exist.\";source=\"atl-cs-001.litwareinc.com\"\r\n",
	    4005,
	    "ErrorCode=4005,Source=atl-cs-001.litwareinc.com,Reason=Destination URI "
	    "either not enabled for SIP or does not exist." },
	{ "spaces and upper case",
	    "MS-DIAGNOSTICS: 1003 ; Source = \"fe1\" ; REASON = \"gone\"\r\n", 1003,
	    "ErrorCode=1003,Source=fe1,Reason=gone" },
	{ "public form", "ms-diagnostics-public: 4141;reason=\"User disabled\"\r\n", 4141,
	    "ErrorCode=4141,Reason=User disabled" },
	{ "full form goes first",
	    "ms-diagnostics-public: 1;reason=\"a\"\r\nms-diagnostics: 2;reason=\"b\"\r\n",
	    2, "ErrorCode=2,Reason=b; ErrorCode=1,Reason=a" },
	{ "the one that tells counts, the other is kept",
	    "ms-diagnostics: 1011;reason=\"Ms-diagnostics header not provided by "
	    "previous "
	    "hop\";source=\"fe01\"\r\n"
	    "ms-diagnostics-public: 4003;reason=\"From URI not enabled for remote "
	    "access\"\r\n",
	    4003,
	    "ErrorCode=4003,Reason=From URI not enabled for remote access; "
	    "ErrorCode=1011,Source=fe01,Reason=Ms-diagnostics header not provided by "
	    "previous hop" },
	{ "the hop behind the edge",
	    "ms-diagnostics: 1034;source=\"edge\"\r\nms-diagnostics: "
	    "1010;source=\"fe\"\r\n",
	    1010, "ErrorCode=1010,Source=fe; ErrorCode=1034,Source=edge" },
	{ "the nearest of two that tell",
	    "ms-diagnostics: 1005;source=\"a\"\r\nms-diagnostics: 1003;source=\"b\"\r\n",
	    1005, "ErrorCode=1005,Source=a; ErrorCode=1003,Source=b" },
	{ "two in one header", "ms-diagnostics: 1;source=\"a\", 1003;source=\"b, c\"\r\n",
	    1003, "ErrorCode=1003,Source=b, c; ErrorCode=1,Source=a" },
	{ "the same for the public",
	    "ms-diagnostics: 4003;source=\"fe\"\r\n"
	    "ms-diagnostics-public: 4003;reason=\"r\"\r\n",
	    4003, "ErrorCode=4003,Source=fe" },
	{ "only words of the kind \"not me\"",
	    "ms-diagnostics: 1034\r\nms-diagnostics: 1011\r\n", 1034,
	    "ErrorCode=1034; ErrorCode=1011" },
	{ "what is not understood, then what is",
	    "ms-diagnostics: none\r\nms-diagnostics-public: 4141\r\n", 4141,
	    "ErrorCode=4141; none" },
	{ "more than there are hops", "ms-diagnostics: 11,12,13,14,15,16,17,18,19\r\n",
	    11,
	    "ErrorCode=11; ErrorCode=12; ErrorCode=13; ErrorCode=14; ErrorCode=15; "
	    "ErrorCode=16; ErrorCode=17; ErrorCode=18" },
	{ "other attributes",
	    "ms-diagnostics: 1000;HRESULT=\"0xC3E93EE4(X)\";reason=\"Final handshake "
	    "failed\";source=\"fe\";n=1\r\n",
	    1000,
	    "ErrorCode=1000,Source=fe,Reason=Final handshake "
	    "failed,HRESULT=0xC3E93EE4(X),n=1" },
	{ "sub code", "ms-diagnostics: 1027.3;reason=\"r\"\r\n", 1027,
	    "ErrorCode=1027.3,Reason=r" },
	{ "separators in the reason",
	    "ms-diagnostics: 7;reason=\"a, b; c=d\";source=\"s\"\r\n", 7,
	    "ErrorCode=7,Source=s,Reason=a, b; c=d" },
	{ "escapes in the reason", "ms-diagnostics: 7;reason=\"say \\\"no\\\" \\\\\"\r\n",
	    7, "ErrorCode=7,Reason=say \"no\" \\" },
	{ "only the number", "ms-diagnostics: 12\r\n", 12, "ErrorCode=12" },
	{ "with a warning",
	    "ms-diagnostics: 4003;reason=\"r\"\r\n"
	    "Warning: 310 lcs.microsoft.com \"You are not allowed\"\r\n",
	    4003, "ErrorCode=4003,Reason=r,Warning=You are not allowed" },
	{ "warning only", "Warning: 310 lcs.microsoft.com \"Not allowed, sorry\"\r\n", 0,
	    "Warning=Not allowed, sorry" },
	{ "warning without quotes", "Warning: 310 host text\r\n", 0,
	    "Warning=310 host text" },
	{ "warning never closed", "Warning: 310 host \"text\r\n", 0,
	    "Warning=310 host \"text" },
	{ "warning of one quote", "Warning: \"\r\n", 0, "Warning=\"" },
	{ "no number", "ms-diagnostics: reason=\"r\"\r\n", 0, "reason=\"r\"" },
	{ "negative number", "ms-diagnostics: -1;reason=\"r\"\r\n", 0,
	    "-1;reason=\"r\"" },
	{ "number of 33 bits", "ms-diagnostics: 4294967296;reason=\"r\"\r\n", 0,
	    "4294967296;reason=\"r\"" },
	{ "quote never closed", "ms-diagnostics: 5;reason=\"r;source=\"s\"\r\n", 5,
	    "ErrorCode=5,Reason=\"r;source=\"s\"" },
	{ "control characters", "ms-diagnostics: 5;reason=\"a\x1b[1mb\x7f\"\r\n", 5,
	    "ErrorCode=5,Reason=a.[1mb." },
	{ "empty header", "ms-diagnostics:\r\n", 0, NULL },
	{ "only separators", "ms-diagnostics: ;,;\r\n", 0, ";" },
	{ "nothing", "", 0, NULL },
};

static void
check_diagnostics(void **state)
{
	const struct diag_case *tc = *state;
	struct sip_msg *m = response_with(tc->lines);
	struct sip_diagnostics got = { .id = 99, .text = "untouched" };

	assert_int_equal(sip_diagnostics(m, &got), tc->text != NULL);
	assert_int_equal(got.id, tc->text != NULL ? tc->id : 99);
	assert_string_equal(got.text, tc->text != NULL ? tc->text : "untouched");
	sip_msg_free(m);
}

static void
overlong_reason_is_cut(void **state)
{
	struct sip_diagnostics got;
	struct sip_msg *m;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	buf_puts(&b, "ms-diagnostics: 9;reason=\"");
	for (unsigned i = 0; i < 60000; i++)
		buf_putc(&b, 'r');
	buf_puts(&b, "\"\r\n");
	m = response_with(b.data);
	assert_true(sip_diagnostics(m, &got));
	assert_int_equal(got.id, 9);
	assert_int_equal(strlen(got.text), sizeof(got.text) - 1);
	sip_msg_free(m);
	buf_free(&b);
}

RUN_CASES(ROWS("diagnostics", cases, check_diagnostics), TEST(overlong_reason_is_cut));
