/*
 * scrub - takes secrets out of what a server said. It may send back what it got, and its
 * words go into records, log lines and the state file.
 */
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "trace/secret_words.h"
#include "trace/mask.h"
#include "txn/step.h"

#define ROOM 4096 /* octets: more than any text of an error, masked */

static struct secret_words *
words(const struct txn *t)
{
	const struct secret *password = txn_spec(t)->password;
	struct secret_words *h = secret_words_new();

	if (password != NULL)
		secret_words_add(h, str_of(secret_reveal(password)));
	return h;
}

static void
scrub(const struct secret_words *h, char *text, size_t size)
{
	struct buf masked;

	buf_init(&masked, ROOM);
	mask_text(str_of(text), &masked);
	if (masked.len > 0)
		buf_cut(&masked, secret_words_mask(h, masked.data, masked.len));
	text_printable(text, size, buf_view(&masked));
	buf_wipe_free(&masked);
}

void
txn_scrub(const struct txn *t, char *text, size_t size)
{
	struct secret_words *h = words(t);

	scrub(h, text, size);
	secret_words_free(h);
}

void
txn_scrub_err(const struct txn *t, struct err *e)
{
	struct secret_words *h = words(t);

	scrub(h, e->detail, sizeof(e->detail));
	scrub(h, e->said, sizeof(e->said));
	scrub(h, e->phrase, sizeof(e->phrase));
	secret_words_free(h);
}
