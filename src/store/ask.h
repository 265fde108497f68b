/*
 * ask - questions to the store of a running daemon: pages come on the loop, one for each
 * time that one is asked for, between everything that is more urgent.
 */
#ifndef CSWATCH_STORE_ASK_H
#define CSWATCH_STORE_ASK_H
#include "store/query.h"

struct question;
struct store;

/*
 * Calls page(arg, page) on the loop with the first page, later; never inside this call.
 * In the callback or after it the caller asks for more (question_next()) or ends it
 * (question_end()); after the last page only the latter. A store that cannot be read
 * answers with page->error. NULL when out of memory.
 */
struct question *store_ask(struct store *s, const struct query *q,
    void (*page)(void *arg, const struct query_page *page), void *arg);
void question_next(struct question *q);
/* At any time; no page comes after it. NULL is allowed. All before store_close(). */
void question_end(struct question *q);

#endif
