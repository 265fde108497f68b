#include "support.h"

#include "sip/auth.h"

/* want: each scheme as "name[param=value|...]"; '!' at the end: something is left. */
static const struct next_case {
	const char *name, *in, *want;
} cases[] = {
	{ "challenge",
	    "TLS-DSK realm=\"SIP Communications Service\", targetname=\"fe\", version=4",
	    "TLS-DSK[realm=SIP Communications Service|targetname=fe|version=4|]" },
	{ "no space after the comma", "NTLM realm=\"r\",targetname=\"t\"",
	    "NTLM[realm=r|targetname=t|]" },
	{ "white space everywhere", " NTLM\trealm = \"r\" ,\t version = 4 ",
	    "NTLM[realm=r|version=4|]" },
	{ "empty value", "NTLM gssapi-data=\"\", realm=\"r\"",
	    "NTLM[gssapi-data=|realm=r|]" },
	{ "comma and equals sign in quotes", "X a=\"b, c=d\", e=f", "X[a=b, c=d|e=f|]" },
	{ "escaped quote", "X a=\"b\\\"c\", d=e", "X[a=b\\\"c|d=e|]" },
	{ "base64 padding", "X gssapi-data=\"YQ==\"", "X[gssapi-data=YQ==|]" },
	{ "several schemes in one header",
	    "NTLM realm=\"r\", version=4, Kerberos realm=\"s\", X",
	    "NTLM[realm=r|version=4|]Kerberos[realm=s|]X[]" },
	{ "schemes without parameters", "Negotiate, NTLM,X", "Negotiate[]NTLM[]X[]" },
	{ "empty elements", ",, X a=b,, c=d,", "X[a=b|c=d|]" },
	{ "nothing", "", "" },
	{ "only commas", " , ,", "!" },
	{ "a parameter without scheme", "realm=\"r\"", "!" },
	{ "quote never closed", "X a=b, c=\"d", "!" },
	{ "quote closed by an escape", "X a=\"d\\\"", "!" },
	{ "lone quote", "X a=\"", "!" },
	{ "no value", "X a=, b=c", "!" },
	{ "no name", "X =b", "!" },
	{ "text behind a quoted value", "X a=\"b\"c", "!" },
	{ "two words for a value", "X a=b c", "!" },
	{ "quote inside a bare value", "X a=b\"c\",d=\"e", "!" },
	{ "parameter twice", "X a=b, A=c", "!" },
	{ "parameter twice across schemes", "X a=b, Y a=c", "X[a=b|]Y[a=c|]" },
	{ "scheme is no token", "@ a=b", "!" },
	{ "second scheme malformed", "X a=b, Y c=\"", "X[a=b|]!" },
	{ "name of 64 octets",
	    "X aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=b", "!" },
	{ "24 parameters",
	    "X a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1,l=1,m=1,n=1,o=1,p=1,q=1,r=1,"
	    "s=1,t=1,u=1,v=1,w=1,x=1",
	    "X[a=1|b=1|c=1|d=1|e=1|f=1|g=1|h=1|i=1|j=1|k=1|l=1|m=1|n=1|o=1|p=1|q=1|r=1|"
	    "s=1|t=1|u=1|v=1|w=1|x=1|]" },
	{ "25 parameters",
	    "X a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1,l=1,m=1,n=1,o=1,p=1,q=1,r=1,"
	    "s=1,t=1,u=1,v=1,w=1,x=1,y=1",
	    "!" },
};

static void
put_auth(struct buf *out, const struct sip_auth *a)
{
	buf_str(out, a->scheme);
	buf_putc(out, '[');
	for (unsigned i = 0; i < a->n; i++) {
		buf_str(out, a->param[i].name);
		buf_putc(out, '=');
		buf_str(out, a->param[i].value);
		buf_putc(out, '|');
	}
	buf_putc(out, ']');
}

static void
check_next(void **state)
{
	const struct next_case *tc = *state;
	struct str copy = exact_copy(str_of(tc->in)), rest = copy, before;
	struct sip_auth a = { .n = 7 };
	struct buf got;

	buf_init(&got, 4096);
	buf_puts(&got, "");
	for (;;) {
		before = rest;
		if (!sip_auth_next(&rest, &a))
			break;
		put_auth(&got, &a);
	}
	assert_ptr_equal(rest.p, before.p);
	assert_int_equal(rest.len, before.len);
	if (rest.len > 0)
		buf_putc(&got, '!');
	assert_string_equal(got.data, tc->want);
	if (strcmp(tc->want, "!") == 0)
		assert_int_equal(a.n, 7);
	buf_free(&got);
	free_copy(copy);
}

static const struct find_case {
	const char *name, *lines, *header, *scheme;
	const char *realm;   /* NULL: not found */
	const char *schemes; /* NULL: not asked */
} finds[] = {
	{ "third header",
	    "WWW-Authenticate: NTLM realm=\"n\"\r\n"
	    "WWW-Authenticate: Kerberos realm=\"k\"\r\n"
	    "WWW-Authenticate: TLS-DSK realm=\"t\"\r\n",
	    "WWW-Authenticate", "TLS-DSK", "t", "NTLM Kerberos TLS-DSK" },
	{ "one header for all",
	    "WWW-Authenticate: NTLM realm=\"n\", TLS-DSK realm=\"t\"\r\n",
	    "WWW-Authenticate", "TLS-DSK", "t", "NTLM TLS-DSK" },
	{ "proxy family", "Proxy-Authenticate: TLS-DSK realm=\"t\"\r\n",
	    "WWW-Authenticate", "TLS-DSK", "t", "TLS-DSK" },
	{ "own family first",
	    "Proxy-Authenticate: X realm=\"p\"\r\nWWW-Authenticate: X realm=\"w\"\r\n",
	    "WWW-Authenticate", "X", "w", "X" },
	{ "proxy family only",
	    "WWW-Authenticate: X realm=\"w\"\r\nProxy-Authenticate: X realm=\"p\"\r\n",
	    "Proxy-Authenticate", "X", "p", "X" },
	{ "scheme in other case", "WWW-AUTHENTICATE: tls-dsk REALM=\"t\"\r\n",
	    "WWW-Authenticate", "TLS-DSK", "t", "tls-dsk" },
	{ "malformed neighbour",
	    "WWW-Authenticate: NTLM realm=\"\r\n"
	    "WWW-Authenticate: TLS-DSK realm=\"t\"\r\n",
	    "WWW-Authenticate", "TLS-DSK", "t", "TLS-DSK" },
	{ "not offered",
	    "WWW-Authenticate: NTLM realm=\"n\"\r\n"
	    "WWW-Authenticate: Kerberos realm=\"k\"\r\n",
	    "WWW-Authenticate", "TLS-DSK", NULL, "NTLM Kerberos" },
	{ "no header", "", "WWW-Authenticate", "TLS-DSK", NULL, "" },
	{ "empty header", "WWW-Authenticate:\r\nWWW-Authenticate: X realm=\"r\"\r\n",
	    "WWW-Authenticate", "X", "r", "X" },
	{ "credentials", "Proxy-Authorization: TLS-DSK realm=\"c\"\r\n", "Authorization",
	    "TLS-DSK", "c", NULL },
	{ "signature", "Proxy-Authentication-Info: TLS-DSK realm=\"s\"\r\n",
	    "Authentication-Info", "TLS-DSK", "s", NULL },
	{ "other header", "Authorization: TLS-DSK realm=\"c\"\r\n", "Authentication-Info",
	    "TLS-DSK", NULL, NULL },
	{ "folded", "WWW-Authenticate: TLS-DSK realm=\"t\",\r\n\tversion=4\r\n",
	    "WWW-Authenticate", "TLS-DSK", "t", "TLS-DSK" },
};

static void
check_find(void **state)
{
	const struct find_case *tc = *state;
	struct sip_msg *m = response_with(tc->lines);
	struct sip_auth a = { .n = 7 };
	char schemes[64];

	assert_int_equal(sip_auth_find(m, tc->header, tc->scheme, &a), tc->realm != NULL);
	if (tc->realm != NULL)
		assert_str(sip_auth_param(&a, "realm"), tc->realm);
	else
		assert_int_equal(a.n, 7);
	if (tc->schemes != NULL) {
		sip_auth_schemes(m, schemes, sizeof(schemes));
		assert_string_equal(schemes, tc->schemes);
	}
	sip_msg_free(m);
}

static void
parameters_in_any_case(void **state)
{
	struct str rest = STR_LIT("TLS-DSK Version=4, STS-URI=\"https://x\"");
	struct sip_auth a;

	(void)state;
	assert_true(sip_auth_next(&rest, &a));
	assert_str(sip_auth_param(&a, "version"), "4");
	assert_str(sip_auth_param(&a, "sts-uri"), "https://x");
	assert_null(sip_auth_param(&a, "opaque").p);
}

static void
schemes_are_listed_once_and_fit(void **state)
{
	struct sip_msg *m = response_with("WWW-Authenticate: NTLM, Kerberos, NTLM, "
					  "TLS-DSK\r\n");
	char schemes[16];

	(void)state;
	sip_auth_schemes(m, schemes, sizeof(schemes));
	assert_string_equal(schemes, "NTLM Kerberos");
	sip_auth_schemes(m, schemes, 14);
	assert_string_equal(schemes, "NTLM Kerberos");
	sip_auth_schemes(m, schemes, 13);
	assert_string_equal(schemes, "NTLM TLS-DSK");
	sip_auth_schemes(m, schemes, 4);
	assert_string_equal(schemes, "");
	sip_auth_schemes(m, schemes, 1);
	assert_string_equal(schemes, "");
	sip_msg_free(m);
}

/* 64 KiB could hold thousands, and each costs time. */
static void
schemes_have_a_limit(void **state)
{
	struct buf b;
	struct sip_auth a;
	struct sip_msg *m;

	(void)state;
	buf_init(&b, 8192);
	buf_puts(&b, "WWW-Authenticate: ");
	for (unsigned i = 1; i < SIP_AUTH_SCHEMES_MAX; i++)
		buf_printf(&b, "%sa%u", i > 1 ? "," : "", i);
	buf_puts(&b, ",last,beyond\r\n");
	m = response_with(b.data);
	assert_true(sip_auth_find(m, "WWW-Authenticate", "last", &a));
	assert_false(sip_auth_find(m, "WWW-Authenticate", "beyond", &a));
	sip_msg_free(m);
	buf_free(&b);
}

RUN_CASES(ROWS("next", cases, check_next), ROWS("find", finds, check_find),
    TEST(parameters_in_any_case), TEST(schemes_are_listed_once_and_fit),
    TEST(schemes_have_a_limit));
