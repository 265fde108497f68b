/*
 * Masking: what is shown of a message does not depend on where it is cut short; what is
 * in an element that is secret is not shown, and neither is a secret word, in any form.
 */
#include "base/buf.h"
#include "crypto/crypto.h"
#include "fuzz.h"
#include "trace/mask.h"
#include "trace/secret_words.h"

#define CANARY "c4nary0fEverything"

static void
check_limit(struct str in, const struct buf *whole, size_t limit)
{
	struct buf out;

	buf_init(&out, 4 * in.len + 4096);
	CHECK(mask_body(MASK_TRACE, in, limit, &out) <= in.len);
	CHECK(!out.failed && out.len <= whole->len);
	CHECK(out.len >= limit || out.len == whole->len);
	CHECK(out.len == 0 || memcmp(out.data, whole->data, out.len) == 0);
	buf_free(&out);
}

/* The input, whatever it is, around a secret that is well marked. */
static void
check_canary(struct str in)
{
	struct buf text, out;

	if (in.len > 0 && memmem(in.p, in.len, CANARY, strlen(CANARY)) != NULL)
		return; /* libFuzzer has read it here */
	buf_init(&text, in.len + 4096);
	buf_init(&out, 4 * in.len + 16384);
	buf_puts(&text, "<Password>" CANARY);
	buf_puts(&text, "</Password>");
	buf_str(&text, in);
	(void)mask_body(MASK_TRACE, buf_view(&text), out.max, &out);
	CHECK(!out.failed);
	CHECK(memmem(out.data, out.len, CANARY, strlen(CANARY)) == NULL);
	buf_free(&out);
	buf_free(&text);
}

/* A word of the input, whatever it is, and one in forms that are well known. */
static void
check_words(struct str in)
{
	struct secret_words *words = secret_words_new();
	struct str word = { in.p, in.len < 16 ? in.len : 16 };
	struct buf text;
	size_t n;

	CHECK(words != NULL && secret_words_add(words, word));
	CHECK(secret_words_add(words, STR_LIT(CANARY)));
	buf_init(&text, 4 * in.len + 4096);
	buf_str(&text, in);
	buf_puts(&text, "\n" CANARY " ");
	crypto_base64(&text, CANARY, strlen(CANARY));
	CHECK(!text.failed);
	n = secret_words_mask(words, text.data, text.len);
	CHECK(n <= text.len);
	CHECK(memmem(text.data, n, CANARY, strlen(CANARY)) == NULL);
	if (word.len >= SECRET_WORD_MIN && memchr(word.p, '*', word.len) == NULL)
		CHECK(memmem(text.data, n, word.p, word.len) == NULL);
	buf_free(&text);
	secret_words_free(words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = fuzz_str(data, size);
	struct buf out;

	buf_init(&out, 4 * size + 4096);
	CHECK(mask_body(MASK_TRACE, in, 4 * size + 1024, &out) == size);
	CHECK(!out.failed);
	check_limit(in, &out, size / 3);
	check_limit(in, &out, 0);
	check_canary(in);
	check_words(in);
	buf_clear(&out);
	CHECK(mask_body(MASK_TRANSCRIPT, in, 4 * size + 1024, &out) == size);
	buf_clear(&out);
	mask_head(MASK_TRACE, in, &out);
	CHECK(!out.failed && (out.len == 0 || out.data[out.len - 1] == '\n'));
	buf_clear(&out);
	mask_head(MASK_TRANSCRIPT, in, &out);
	mask_header(MASK_TRACE, STR_LIT("WWW-Authenticate"), in, &out);
	CHECK(!out.failed);
	buf_clear(&out);
	mask_text(in, &out);
	CHECK(!out.failed);
	buf_free(&out);
	return 0;
}
