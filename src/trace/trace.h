/*
 * trace - what one run did: what each step tried and saw, and every message, with secrets
 * masked before anything is kept. Bounded; when it is full the oldest messages go first,
 * so that the end, where it failed, is always there.
 *
 * Readers walk its entries; it is the same whether it was written here, came from a file
 * or from a daemon.
 */
#ifndef CSWATCH_TRACE_TRACE_H
#define CSWATCH_TRACE_TRACE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/str.h"
#include "vocab/vocab.h"

struct secret_words;
struct trace;

#define TRACE_MAX (64 * 1024) /* bytes of one: entries and their text */
/* ... as it is read back: what was no UTF-8 is U+FFFD then, three bytes for one */
#define TRACE_READ_MAX	 (4 * TRACE_MAX)
#define TRACE_HEAD_MAX	 (4 * 1024)  /* bytes kept of a message's head */
#define TRACE_BODY_MAX	 (12 * 1024) /* ... and of its body */
#define TRACE_TEXT_MAX	 1024	     /* bytes of a line */
#define TRACE_RECORD_MAX (16 * 1024) /* bytes of the record */

enum trace_kind {
	TRACE_TRYING,
	TRACE_SAW,
	TRACE_OK,
	TRACE_FAILED,
	TRACE_SENT,
	TRACE_RECEIVED,
	TRACE_KINDS
};

struct trace_entry {
	STAILQ_ENTRY(trace_entry) link;
	uint64_t at_us;	  /* since the run began */
	uint64_t step_us; /* TRACE_OK, TRACE_FAILED: how long it took */
	enum trace_kind kind;
	enum step_id step;
	/* of a line its text; of a message its head, lines ended by line feeds */
	struct str text;
	struct str body; /* messages only, like the rest */
	struct str peer; /* "192.0.2.1:5061" */
	bool http;	 /* else SIP */
	/* its body is that of the message sent before it, and is not kept twice */
	bool again;
	bool broken;	   /* it ended in the middle, or is no message */
	bool binary;	   /* its body is no text: only its length is kept */
	uint64_t left_out; /* bytes of it that are not kept */
};

/* What a run was, and its result. Borrowed where it is passed in; no member is NULL. */
struct trace_head {
	const char *test; /* "" when it has no name */
	const char *pool, *user;
	const char *run;
	int64_t started_ms; /* wall clock, milliseconds since the epoch */
	uint64_t latency_us;
	bool ok;
	const char *step, *diag; /* "" on success */
	const char *record;	 /* as cmdlets print it */
};

/* Returns an empty trace with one reference, or NULL: out of memory. */
struct trace *trace_new(void);
struct trace *trace_ref(struct trace *t); /* NULL is allowed. */
/* Drops one reference. NULL is allowed. */
void trace_free(struct trace *t);

/* While it runs. A NULL trace is allowed; what there is no memory for is lost. */

/*
 * Begins the run: words are masked in everything that follows, also those that are added
 * to them later. Before it nothing is kept. Takes a reference to words.
 */
void trace_begin(struct trace *t, struct secret_words *words);
void trace_note(struct trace *t, uint64_t at_us, enum trace_kind kind, enum step_id step,
    uint64_t step_us, const char *text);
/* Adds a message: m->text and m->body as they were on the wire; m->left_out is ignored.
 */
void trace_message(struct trace *t, const struct trace_entry *m);
/* Ends the run: nothing is added after it. */
void trace_end(struct trace *t, const struct trace_head *h);

/* Reading. */

/* Returns zeroes and "" before the end. */
const struct trace_head *trace_head(const struct trace *t);
const struct trace_entry *trace_first(const struct trace *t);
const struct trace_entry *trace_next(const struct trace_entry *e);
/* Returns how many entries had to make room, or could not be kept. */
size_t trace_lost(const struct trace *t);
size_t trace_size(const struct trace *t); /* bytes */

/*
 * Adds an entry or the head as it is, for readers: what is read was masked when it was
 * written. Returns false if there is no memory, or it is more than a trace may hold.
 */
bool trace_restore(struct trace *t, const struct trace_entry *e);
bool trace_restore_head(struct trace *t, const struct trace_head *h, size_t lost);

const char *trace_kind_name(enum trace_kind k);
/* Returns false and leaves *ret unchanged if the name is unknown. */
bool trace_kind_by_name(struct str name, enum trace_kind *ret);
bool trace_is_message(const struct trace_entry *e);

#endif
