#include "support.h"

#include "sip/frame.h"

#define OK	  "SIP/2.0 200 OK\r\n"
#define UNTOUCHED 777

#define MORE(skip)	   SIP_FRAME_MORE, (skip), UNTOUCHED, CAUSE_NONE
#define BODY(len)	   SIP_FRAME_MORE, 0, (len), CAUSE_NONE
#define WHOLE(skip, len)   SIP_FRAME_WHOLE, (skip), (len), CAUSE_NONE
#define NEVER(skip, cause) SIP_FRAME_NEVER, (skip), UNTOUCHED, (cause)

static const struct frame_case {
	const char *name;
	struct str in;
	enum sip_frame want;
	size_t skip, len;
	enum cause cause;
} cases[] = {
	{ "nothing", IN(""), MORE(0) },
	{ "keep-alive only", IN("\r\n\r\n"), MORE(4) },
	{ "half a keep-alive", IN("\r"), MORE(1) },
	{ "no body", IN(OK "Content-Length: 0\r\n\r\n"), WHOLE(0, 37) },
	{ "keep-alives in front", IN("\r\n\r\n\r\n" OK "Content-Length: 0\r\n\r\n"),
	    WHOLE(6, 37) },
	{ "stray CR and LF in front", IN("\n\r\r" OK "Content-Length: 0\r\n\r\n"),
	    WHOLE(3, 37) },
	{ "body", IN(OK "Content-Length: 3\r\n\r\nabc"), WHOLE(0, 40) },
	{ "body with an empty line", IN(OK "Content-Length: 6\r\n\r\n\r\n\r\nab"),
	    WHOLE(0, 43) },
	{ "next message behind it", IN(OK "Content-Length: 3\r\n\r\nabcSIP/2.0"),
	    WHOLE(0, 40) },
	{ "body not all here", IN(OK "Content-Length: 4\r\n\r\nabc"), BODY(41) },
	{ "empty line not all here", IN(OK "Content-Length: 0\r\n\r"), MORE(0) },
	{ "upper case", IN(OK "CONTENT-LENGTH: 0\r\n\r\n"), WHOLE(0, 37) },
	{ "compact", IN(OK "l: 0\r\n\r\n"), WHOLE(0, 24) },
	{ "compact, upper case", IN(OK "L:1\r\n\r\nx"), WHOLE(0, 24) },
	{ "space before the colon", IN(OK "l : 1\r\n\r\nx"), WHOLE(0, 26) },
	{ "folded length", IN(OK "l:\r\n 1\r\n\r\nx"), WHOLE(0, 27) },
	{ "length only in a fold", IN(OK "X: a\r\n l: 9\r\nl: 0\r\n\r\n"), WHOLE(0, 37) },
	{ "same length twice", IN(OK "l: 1\r\nContent-Length: 01\r\n\r\nx"),
	    WHOLE(0, 45) },
	{ "request", IN("REGISTER sip:d SIP/2.0\r\nl: 0\r\n\r\n"), WHOLE(0, 32) },
	{ "no length", IN(OK "X: 1\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "lengths that differ", IN(OK "l: 1\r\nContent-Length: 2\r\n\r\nxx"),
	    NEVER(0, CAUSE_PROTOCOL) },
	{ "negative length", IN(OK "l: -1\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "signed length", IN(OK "l: +1\r\n\r\nx"), NEVER(0, CAUSE_PROTOCOL) },
	{ "hexadecimal length", IN(OK "l: 0x1\r\n\r\nx"), NEVER(0, CAUSE_PROTOCOL) },
	{ "empty length", IN(OK "l:\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "length with a space inside", IN(OK "l: 1 0\r\n\r\n"),
	    NEVER(0, CAUSE_PROTOCOL) },
	{ "length folded in two", IN(OK "l: 1\r\n 0\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "body over 1 MB", IN(OK "l: 1048577\r\n\r\n"), NEVER(0, CAUSE_LIMIT) },
	{ "body of 1 MB is waited for", IN(OK "l: 1048576\r\n\r\n"), BODY(30 + 1048576) },
	{ "length beyond 64 bits", IN(OK "l: 18446744073709551617\r\n\r\n"),
	    NEVER(0, CAUSE_LIMIT) },
	{ "length of 40 digits",
	    IN(OK "l: 1000000000000000000000000000000000000000\r\n\r\n"),
	    NEVER(0, CAUSE_LIMIT) },
	{ "missing colon", IN(OK "Content-Length 0\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "NUL in a header", IN(OK "X: a\0b\r\nl: 0\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "CR inside a line", IN(OK "X: a\rl: 5\r\nl: 0\r\n\r\n"),
	    NEVER(0, CAUSE_PROTOCOL) },
	{ "LF alone ends a line", IN(OK "X: a\nl: 0\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "LF alone ends the start line", IN("SIP/2.0 200 OK\nl: 0\n\n"),
	    NEVER(0, CAUSE_PROTOCOL) },
	{ "folded start line", IN(OK " more\r\nl: 0\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "HTTP", IN("HTTP/1.1 400 Bad Request\r\n"), NEVER(0, CAUSE_PROTOCOL) },
	{ "TLS record", IN("\x16\x03\x01\x00\x35\x01"), NEVER(0, CAUSE_PROTOCOL) },
	{ "keep-alive, then noise", IN("\r\n\r\nhello\r\n"), NEVER(4, CAUSE_PROTOCOL) },
	{ "version alone", IN("SIP/2.0 \r\nl: 0\r\n\r\n"), NEVER(0, CAUSE_PROTOCOL) },
};

static void
check_frame(void **state)
{
	const struct frame_case *tc = *state;
	struct str in = exact_copy(tc->in);
	struct err err = { .cause = CAUSE_NONE };
	size_t skip = UNTOUCHED, len = UNTOUCHED;

	assert_int_equal(sip_frame(in, &skip, &len, &err), tc->want);
	assert_int_equal(skip, tc->skip);
	assert_int_equal(len, tc->len);
	assert_int_equal(err.cause, tc->cause);
	if (tc->cause == CAUSE_LIMIT)
		assert_int_equal(err.code, SIP_BODY_MAX);
	free_copy(in);
}

/* However the octets arrive, the same message comes out, and never too early. */
static void
split_at_every_octet(void **state)
{
	static const char stream[] =
	    "\r\n" OK "Content-Type: a/b\r\n"
	    "X: folded\r\n\there\r\n"
	    "Content-Length: 5\r\n\r\n1\r\n\r\n" OK "l: 0\r\n\r\n";
	const size_t head = (size_t)(strstr(stream, "1\r\n\r\n") - stream);
	const size_t whole = head + 5;
	struct err err;

	(void)state;
	for (size_t n = 0; n < sizeof(stream); n++) {
		struct str in = exact_copy((struct str){ stream, n });
		size_t skip = UNTOUCHED, len = UNTOUCHED;
		enum sip_frame got = sip_frame(in, &skip, &len, &err);

		assert_int_equal(got, n < whole ? SIP_FRAME_MORE : SIP_FRAME_WHOLE);
		assert_int_equal(skip, n < 2 ? n : 2);
		assert_int_equal(len, n < head ? UNTOUCHED : whole - 2);
		free_copy(in);
	}
}

static void
two_messages_in_a_row(void **state)
{
	struct str in = STR_LIT(OK "l: 2\r\n\r\nxy\r\n\r\n" OK "l: 0\r\n\r\n");
	size_t skip, len;
	struct err err;

	(void)state;
	assert_int_equal(sip_frame(in, &skip, &len, &err), SIP_FRAME_WHOLE);
	in = (struct str){ in.p + skip + len, in.len - skip - len };
	assert_int_equal(sip_frame(in, &skip, &len, &err), SIP_FRAME_WHOLE);
	assert_int_equal(skip, 4);
	assert_int_equal(skip + len, in.len);
}

/* A head of exactly that many octets, or only its beginning. */
static enum sip_frame
frame_of_head(size_t octets, size_t present, struct err *err)
{
	static const char tail[] = "\r\nl: 0\r\n\r\n";
	size_t skip, len = 0;
	enum sip_frame got;
	struct buf b;

	buf_init(&b, 2 * SIP_HEAD_MAX);
	buf_puts(&b, OK "X: ");
	while (b.len < octets - strlen(tail))
		buf_putc(&b, 'x');
	buf_puts(&b, tail);
	assert_int_equal(b.len, octets);
	got = sip_frame((struct str){ b.data, present }, &skip, &len, err);
	if (got == SIP_FRAME_WHOLE)
		assert_int_equal(len, octets);
	buf_free(&b);
	return got;
}

static void
head_at_the_limit(void **state)
{
	struct err err = { .cause = CAUSE_NONE };

	(void)state;
	assert_int_equal(
	    frame_of_head(SIP_HEAD_MAX, SIP_HEAD_MAX, &err), SIP_FRAME_WHOLE);
	assert_int_equal(
	    frame_of_head(SIP_HEAD_MAX, SIP_HEAD_MAX - 1, &err), SIP_FRAME_MORE);
}

static void
head_over_the_limit(void **state)
{
	const size_t over = SIP_HEAD_MAX + 1;
	struct err err = { .cause = CAUSE_NONE };

	(void)state;
	assert_int_equal(frame_of_head(over, over, &err), SIP_FRAME_NEVER);
	assert_int_equal(err.cause, CAUSE_LIMIT);
	assert_int_equal(err.code, SIP_HEAD_MAX);
	assert_int_equal(frame_of_head(over, over - 1, &err), SIP_FRAME_NEVER);
	assert_int_equal(frame_of_head(over, over - 2, &err), SIP_FRAME_MORE);
}

/* Our own answers quote the peer; nothing that it sends may reach a log unfiltered. */
static void
complaint_is_printable(void **state)
{
	struct err err;
	size_t skip, len;

	(void)state;
	assert_int_equal(
	    sip_frame(STR_LIT("\x1b[31mred\r\n"), &skip, &len, &err), SIP_FRAME_NEVER);
	assert_null(strchr(err.detail, '\x1b'));
	assert_non_null(strstr(err.detail, "red"));
}

RUN_CASES(ROWS("frame", cases, check_frame), TEST(split_at_every_octet),
    TEST(two_messages_in_a_row), TEST(head_at_the_limit), TEST(head_over_the_limit),
    TEST(complaint_is_printable));
