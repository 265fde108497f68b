/*
 * trace - the account of one run: what each step tried and saw, and every message, with
 * secrets masked before anything is kept. Bounded; when it is full the oldest messages
 * go first, so that the end, where it failed, is always there.
 *
 * Who reads it walks entries; it is the same whether it was written here, came from a
 * file (trace/file) or from a daemon.
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

#define TRACE_MAX (64 * 1024) /* octets of one: entries and their text */
/* ... as it is read back: what was no UTF-8 is U+FFFD then, three octets for one */
#define TRACE_READ_MAX	 (4 * TRACE_MAX)
#define TRACE_HEAD_MAX	 (4 * 1024)  /* octets kept of a message's head */
#define TRACE_BODY_MAX	 (12 * 1024) /* ... and of its body */
#define TRACE_TEXT_MAX	 1024	     /* octets of a line */
#define TRACE_RECORD_MAX (16 * 1024) /* octets of the record */

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
	uint64_t left_out; /* octets of it that are not kept */
};

/* What a run was, and came to. Borrowed where it is handed in; none of it is NULL. */
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

struct trace *trace_new(void);		  /* NULL: out of memory */
struct trace *trace_ref(struct trace *t); /* NULL is allowed. */
void trace_free(struct trace *t);	  /* drops one reference; NULL is allowed. */

/* While it runs. All of them take a NULL trace, and lose what there is no memory for. */

/*
 * The run begins: its words are masked in everything that follows, also those that are
 * added to them later. Before it, nothing is taken down. Takes a reference to words.
 */
void trace_begin(struct trace *t, struct secret_words *words);
void trace_note(struct trace *t, uint64_t at_us, enum trace_kind kind, enum step_id step,
    uint64_t step_us, const char *text);
/* m->text and m->body as they were on the wire; m->left_out is ignored. */
void trace_message(struct trace *t, const struct trace_entry *m);
/* It is over: nothing is added after it. */
void trace_end(struct trace *t, const struct trace_head *h);

/* Reading. */

/* Zeroes and "" before the end. */
const struct trace_head *trace_head(const struct trace *t);
const struct trace_entry *trace_first(const struct trace *t);
const struct trace_entry *trace_next(const struct trace_entry *e);
/* What had to make room. */
size_t trace_lost(const struct trace *t);
size_t trace_size(const struct trace *t); /* octets */

/*
 * Puts an entry or the head there as it is, for readers: what is read was masked when it
 * was written. False: out of memory, or more than a trace may hold.
 */
bool trace_restore(struct trace *t, const struct trace_entry *e);
bool trace_restore_head(struct trace *t, const struct trace_head *h, size_t lost);

const char *trace_kind_name(enum trace_kind k);
/* False when there is none of that name; *ret untouched. */
bool trace_kind_by_name(struct str name, enum trace_kind *ret);
bool trace_is_message(const struct trace_entry *e);

#endif
