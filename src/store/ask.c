#include "store/ask.h"

#include <stdlib.h>

#include "store/parts.h"

struct question *
store_ask(struct store *s, const struct query *query,
    void (*page)(void *arg, const struct query_page *page), void *arg)
{
	struct question *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->store = s;
	q->state = query_begin(query);
	if (q->state == NULL) {
		free(q);
		return NULL;
	}
	q->page = page;
	q->arg = arg;
	question_next(q);
	return q;
}

void
question_next(struct question *q)
{
	if (q->waiting || q->ended)
		return;
	q->waiting = true;
	STAILQ_INSERT_TAIL(&q->store->questions, q, link);
	store_pump_soon(q->store);
}

static void
dispose(struct question *q)
{
	query_end(q->state);
	free(q);
}

/* While the worker has it, it is freed when it comes back. */
void
question_end(struct question *q)
{
	if (q == NULL)
		return;
	q->ended = true;
	if (q->working || q->telling)
		return;
	if (q->waiting)
		STAILQ_REMOVE(&q->store->questions, q, question, link);
	dispose(q);
}

bool
job_take_question(struct store *s)
{
	struct question *q = STAILQ_FIRST(&s->questions);

	if (q == NULL)
		return false;
	STAILQ_REMOVE_HEAD(&s->questions, link);
	q->waiting = false;
	q->working = true;
	s->job.question = q;
	return true;
}

/* Pages without rows are nobody's business: the next one is made. */
static void
tell(struct question *q, const struct query_page *page)
{
	if (page->n == 0 && !page->last) {
		question_next(q);
		return;
	}
	q->telling = true;
	q->page(q->arg, page);
	q->telling = false;
	if (q->ended) {
		if (q->waiting)
			STAILQ_REMOVE(&q->store->questions, q, question, link);
		dispose(q);
	}
}

void
end_question(struct store *s)
{
	struct question *q = s->job.question;
	static const struct query_page gone = { .last = true,
		.error = "the store cannot be read" };

	s->job.question = NULL;
	q->working = false;
	if (q->ended)
		dispose(q);
	else
		tell(q, s->job.worked ? s->job.page : &gone);
}

void
refuse_questions(struct store *s)
{
	struct question_list list = STAILQ_HEAD_INITIALIZER(list);
	struct query_page page = { .last = true, .error = s->trouble.why };
	struct question *q;

	STAILQ_CONCAT(&list, &s->questions);
	while ((q = STAILQ_FIRST(&list)) != NULL) {
		STAILQ_REMOVE_HEAD(&list, link);
		q->waiting = false;
		tell(q, &page);
	}
}
