/*
 * scrub - takes secrets out of what a server said. It may send back what it got, and its
 * words go into records, log lines and the state file.
 */
#include "base/buf.h"
#include "base/text.h"
#include "trace/mask.h"
#include "trace/secret_words.h"
#include "txn/step.h"
#include "vocab/err.h"

#define ROOM 4096 /* bytes: more than any text of an error, masked */

/* Returns false and empties the text if there is no memory. */
static bool
scrub(const struct secret_words *words, char *text, size_t size)
{
	struct buf masked;
	bool ok;

	buf_init(&masked, ROOM);
	mask_text(str_of(text), &masked);
	if (masked.len > 0)
		buf_cut(&masked, secret_words_mask(words, masked.data, masked.len));
	ok = !masked.failed;
	text_printable(text, size, ok ? buf_view(&masked) : STR_LIT(""));
	buf_wipe_free(&masked);
	return ok;
}

bool
txn_scrub(const struct txn *t, char *text, size_t size)
{
	return scrub(txn_words(t), text, size);
}

void
txn_scrub_err(const struct txn *t, struct err *e)
{
	const struct secret_words *words = txn_words(t);
	bool ok = scrub(words, e->detail, sizeof(e->detail));

	ok = scrub(words, e->said, sizeof(e->said)) && ok;
	ok = scrub(words, e->phrase, sizeof(e->phrase)) && ok;
	if (!ok)
		str_copy(e->detail, sizeof(e->detail),
		    STR_LIT("out of memory, so that secrets could not be masked in what "
			    "was said"));
}
