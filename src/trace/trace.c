#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "trace/secret_words.h"
#include "trace/mask.h"

/* Bytes that are looked at beyond those that are kept: a word may stand across. */
#define MARGIN	    1024
#define SCRATCH_MAX (2 * 1024 * 1024) /* more than any message masked */
#define HEAD_TEXTS  7

STAILQ_HEAD(entries, trace_entry);

struct trace {
	unsigned refs;
	struct entries entries;
	size_t size; /* bytes, this struct included */
	size_t lost;
	struct trace_head head;
	char *texts; /* what head points into */
	/* while it runs; words are NULL before and after: nothing is taken down then */
	struct secret_words *words;
	struct buf scratch;
};

static const char *const kind_names[TRACE_KINDS] = {
	[TRACE_TRYING] = "trying",
	[TRACE_SAW] = "saw",
	[TRACE_OK] = "ok",
	[TRACE_FAILED] = "failed",
	[TRACE_SENT] = "sent",
	[TRACE_RECEIVED] = "received",
};

const char *
trace_kind_name(enum trace_kind k)
{
	return kind_names[k];
}

bool
trace_kind_by_name(struct str name, enum trace_kind *ret)
{
	for (unsigned k = 0; k < TRACE_KINDS; k++) {
		if (!str_eq(name, kind_names[k]))
			continue;
		*ret = (enum trace_kind)k;
		return true;
	}
	return false;
}

bool
trace_is_message(const struct trace_entry *e)
{
	return e->kind == TRACE_SENT || e->kind == TRACE_RECEIVED;
}

struct trace *
trace_new(void)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->refs = 1;
	t->size = sizeof(*t);
	t->head = (struct trace_head){ "", "", "", "", 0, 0, false, "", "", "" };
	STAILQ_INIT(&t->entries);
	buf_init(&t->scratch, SCRATCH_MAX);
	return t;
}

struct trace *
trace_ref(struct trace *t)
{
	if (t != NULL)
		t->refs++;
	return t;
}

static void
stop_writing(struct trace *t)
{
	secret_words_free(t->words);
	t->words = NULL;
	buf_wipe_free(&t->scratch);
}

static size_t
entry_size(const struct trace_entry *e)
{
	return sizeof(*e) + e->text.len + e->body.len + e->peer.len;
}

static void
drop(struct trace *t, struct trace_entry *e)
{
	STAILQ_REMOVE(&t->entries, e, trace_entry, link);
	t->size -= entry_size(e);
	free(e);
}

void
trace_free(struct trace *t)
{
	struct trace_entry *e;

	if (t == NULL || --t->refs > 0)
		return;
	while ((e = STAILQ_FIRST(&t->entries)) != NULL)
		drop(t, e);
	stop_writing(t);
	free(t->texts);
	free(t);
}

/* ---- adding ---- */

static struct str
place(char **at, struct str s)
{
	char *p = *at;

	if (s.len > 0)
		memcpy(p, s.p, s.len);
	*at += s.len;
	return (struct str){ p, s.len };
}

/* The oldest message; when there is none, the oldest line. Not of an empty trace. */
static struct trace_entry *
first_to_go(struct trace *t)
{
	struct trace_entry *e;

	STAILQ_FOREACH(e, &t->entries, link)
	if (trace_is_message(e))
		return e;
	return STAILQ_FIRST(&t->entries);
}

/* Bytes it must lose to take n more. */
static void
make_room(struct trace *t, size_t n)
{
	while (t->size + n > TRACE_MAX && !STAILQ_EMPTY(&t->entries)) {
		drop(t, first_to_go(t));
		t->lost++;
	}
}

static bool
append(struct trace *t, const struct trace_entry *from)
{
	struct trace_entry *e = malloc(entry_size(from));
	char *at;

	if (e == NULL)
		return false;
	at = (char *)(e + 1);
	*e = *from;
	e->text = place(&at, from->text);
	e->body = place(&at, from->body);
	e->peer = place(&at, from->peer);
	STAILQ_INSERT_TAIL(&t->entries, e, link);
	t->size += entry_size(e);
	return true;
}

/* An entry whose text is in the scratch. */
static void
add(struct trace *t, const struct trace_entry *e)
{
	make_room(t, entry_size(e));
	/* A scratch that failed was not masked as a whole. */
	if (t->scratch.failed || !append(t, e))
		t->lost++;
}

bool
trace_restore(struct trace *t, const struct trace_entry *e)
{
	return t->size + entry_size(e) <= TRACE_READ_MAX && append(t, e);
}

void
trace_begin(struct trace *t, struct secret_words *words)
{
	if (t == NULL)
		return;
	secret_words_free(t->words);
	t->words = secret_words_ref(words);
}

/* Whether something can be taken down; what cannot is lost. */
static bool
begin_entry(struct trace *t)
{
	if (t == NULL)
		return false;
	buf_clear(&t->scratch);
	t->lost += t->words == NULL;
	return t->words != NULL;
}

/* Takes the secret words out of what is in the scratch after from. */
static void
mask_words(struct trace *t, size_t from)
{
	if (from < t->scratch.len)
		buf_cut(&t->scratch,
		    from + secret_words_mask(
			       t->words, t->scratch.data + from, t->scratch.len - from));
}

/* What is in the scratch from start on, at most max bytes of it. */
static struct str
taken(const struct trace *t, size_t start, size_t max)
{
	size_t n = t->scratch.len - start;

	if (n == 0)
		return STR_LIT("");
	return (struct str){ t->scratch.data + start, n < max ? n : max };
}

void
trace_note(struct trace *t, uint64_t at_us, enum trace_kind kind, enum step_id step,
    uint64_t step_us, const char *text)
{
	struct trace_entry e = {
		.at_us = at_us, .kind = kind, .step = step, .step_us = step_us
	};

	if (!begin_entry(t))
		return;
	mask_text(str_of(text), &t->scratch);
	mask_words(t, 0);
	e.text = taken(t, 0, TRACE_TEXT_MAX);
	add(t, &e);
}

/* What is no text is not looked into, and therefore not kept. */
static bool
is_text(struct str s)
{
	const unsigned fine = 1u << '\t' | 1u << '\r' | 1u << '\n';

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' && (fine >> c & 1) == 0)
			return false;
	}
	return true;
}

void
trace_message(struct trace *t, const struct trace_entry *m)
{
	struct trace_entry e = *m;
	struct str body;
	size_t head, seen = 0;

	if (!begin_entry(t))
		return;
	e.text = e.body = STR_LIT("");
	body = m->again ? STR_LIT("") : m->body;
	e.binary = !is_text(body);
	if (is_text(m->text))
		mask_head(MASK_TRACE, m->text, &t->scratch);
	else
		e.left_out = m->text.len;
	mask_words(t, 0);
	head = t->scratch.len;
	if (!e.binary)
		seen = mask_body(MASK_TRACE, body, TRACE_BODY_MAX + MARGIN, &t->scratch);
	mask_words(t, head);
	e.text = taken(t, 0, head < TRACE_HEAD_MAX ? head : TRACE_HEAD_MAX);
	e.body = taken(t, head, TRACE_BODY_MAX);
	e.left_out += body.len - seen + (t->scratch.len - e.text.len - e.body.len);
	add(t, &e);
	/* Large answers are rare, and a run's memory counts. */
	if (t->scratch.cap > TRACE_BODY_MAX + MARGIN + TRACE_HEAD_MAX)
		buf_wipe_free(&t->scratch);
}

/* ---- the end ---- */

/* Copies the texts of h into one block. */
static bool
set_head(struct trace *t, const struct trace_head *h)
{
	const char *const from[HEAD_TEXTS] = { h->test, h->pool, h->user, h->run, h->step,
		h->diag, h->record };
	const char *to[HEAD_TEXTS];
	size_t size = 0;
	char *at;

	for (size_t i = 0; i < HEAD_TEXTS; i++)
		size += strlen(from[i]) + 1;
	at = malloc(size);
	if (at == NULL)
		return false;
	free(t->texts);
	t->texts = at;
	for (size_t i = 0; i < HEAD_TEXTS; i++)
		to[i] = place(&at, (struct str){ from[i], strlen(from[i]) + 1 }).p;
	t->head = (struct trace_head){ to[0], to[1], to[2], to[3], h->started_ms,
		h->latency_us, h->ok, to[4], to[5], to[6] };
	t->size += size;
	return true;
}

/* The record masked; "" without memory for that. */
static const char *
mask_record(struct trace *t, const char *record)
{
	buf_clear(&t->scratch);
	mask_text(str_of(record), &t->scratch);
	if (t->words != NULL) /* else no run began, and no server has sent anything */
		mask_words(t, 0);
	buf_cut(&t->scratch, TRACE_RECORD_MAX);
	return t->scratch.failed ? "" : buf_view(&t->scratch).p;
}

void
trace_end(struct trace *t, const struct trace_head *h)
{
	struct trace_head masked = *h;

	if (t == NULL)
		return;
	masked.record = mask_record(t, h->record);
	(void)set_head(t, &masked);
	make_room(t, 0);
	stop_writing(t);
}

bool
trace_restore_head(struct trace *t, const struct trace_head *h, size_t lost)
{
	t->lost = lost;
	return set_head(t, h);
}

/* ---- reading ---- */

const struct trace_head *
trace_head(const struct trace *t)
{
	return &t->head;
}

const struct trace_entry *
trace_first(const struct trace *t)
{
	return STAILQ_FIRST(&t->entries);
}

const struct trace_entry *
trace_next(const struct trace_entry *e)
{
	return STAILQ_NEXT(e, link);
}

size_t
trace_lost(const struct trace *t)
{
	return t->lost;
}

size_t
trace_size(const struct trace *t)
{
	return t->size;
}
