/*
 * listing - a list of tests on its way to a reader, a slice at a time. Tests may come and
 * go in the meantime: it goes on by name.
 */
#ifndef CSWATCH_SERVE_LISTING_H
#define CSWATCH_SERVE_LISTING_H
#include <stdbool.h>
#include <stddef.h>

struct listing;
struct test_view;
struct view;

/*
 * Of the n tests of these names in that order, or of all if n is 0. Borrows the view,
 * copies the names. Returns NULL when out of memory.
 */
struct listing *listing_new(const struct view *v, const char *const *names, size_t n);
void listing_free(struct listing *l); /* NULL is allowed. */

enum listing_state { LISTING_MORE, LISTING_END, LISTING_NO_MEMORY };

/* Calls put for up to max more tests, 1 at least. */
enum listing_state listing_next(struct listing *l, size_t max,
    void (*put)(void *arg, const struct test_view *t), void *arg);

#endif
