/*
 * support - what the tests of src/sip share.
 */
#ifndef CSWATCH_TESTS_SIP_SUPPORT_H
#define CSWATCH_TESTS_SIP_SUPPORT_H
#include "../cases.h"

#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/str.h"
#include "sip/msg.h"

/* A struct str in a static table; keeps NUL octets. */
#define IN(s) { (s), sizeof(s) - 1 }

/* Ends where its memory ends, so that a sanitizer sees every octet read too far. */
static inline struct str
exact_copy(struct str s)
{
	char *p = malloc(s.len == 0 ? 1 : s.len);

	assert_non_null(p);
	if (s.len > 0)
		memcpy(p, s.p, s.len);
	return (struct str){ p, s.len };
}

static inline void
free_copy(struct str s)
{
	free((void *)(uintptr_t)s.p);
}

static inline void
assert_str(struct str got, const char *want)
{
	char *text;

	if (want == NULL) {
		assert_null(got.p);
		return;
	}
	assert_non_null(got.p);
	text = str_dup(got);
	assert_non_null(text);
	assert_string_equal(text, want);
	free(text);
}

/* Parses a message that must be one. The caller frees it. */
static inline struct sip_msg *
parsed(struct str text)
{
	struct err err = { .detail = "" };
	struct str copy = exact_copy(text);
	struct sip_msg *m = sip_msg_parse(copy, &err);

	free_copy(copy); /* it owns its octets */
	if (m == NULL)
		print_error("%s\n", err.detail);
	assert_non_null(m);
	return m;
}

/* A 401 with these header lines (each with its CR LF) before the usual ones. */
static inline struct sip_msg *
response_with(const char *lines)
{
	struct sip_msg *m;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_puts(&b, "SIP/2.0 401 Unauthorized\r\n");
	buf_puts(&b, lines);
	buf_puts(&b, "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: c\r\n"
		     "CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n");
	m = parsed(buf_view(&b));
	buf_free(&b);
	return m;
}

#endif
