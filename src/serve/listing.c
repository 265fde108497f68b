#include "serve/listing.h"

#include <assert.h>
#include <stdlib.h>

#include "base/str.h"
#include "state/state.h"
#include "watch/view.h"

struct listing {
	const struct view *view;
	char **names; /* those that were asked for; NULL: all */
	size_t n, at;
	char *last; /* of all: the name that came last; NULL: none yet */
};

void
listing_free(struct listing *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->n; i++)
		free(l->names[i]);
	free(l->names);
	free(l->last);
	free(l);
}

struct listing *
listing_new(const struct view *v, const char *const *names, size_t n)
{
	struct listing *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->view = v;
	if (n > 0 && (l->names = calloc(n, sizeof(*l->names))) == NULL)
		goto failed;
	for (; l->n < n; l->n++)
		if ((l->names[l->n] = str_dup(str_of(names[l->n]))) == NULL)
			goto failed;
	return l;
failed:
	listing_free(l);
	return NULL;
}

static enum listing_state
next_named(struct listing *l, size_t max,
    void (*put)(void *arg, const struct test_view *t), void *arg)
{
	struct test_view t;

	for (; max > 0 && l->at < l->n; max--)
		if (view_find_test(l->view, l->names[l->at++], &t))
			put(arg, &t); /* not removed in the meantime */
	return l->at == l->n ? LISTING_END : LISTING_MORE;
}

enum listing_state
listing_next(struct listing *l, size_t max,
    void (*put)(void *arg, const struct test_view *t), void *arg)
{
	size_t ntests = view_count_tests(l->view), i, to;
	char *last;

	assert(max > 0);
	if (l->names != NULL)
		return next_named(l, max, put, arg);
	i = l->last == NULL ? 0 : view_place_after(l->view, l->last);
	to = ntests - i < max ? ntests : i + max;
	for (; i < to; i++) {
		struct test_view t = view_test(l->view, i);

		put(arg, &t);
	}
	if (to == ntests)
		return LISTING_END;
	last = str_dup(str_of(view_test(l->view, to - 1).state->name));
	if (last == NULL)
		return LISTING_NO_MEMORY;
	free(l->last);
	l->last = last;
	return LISTING_MORE;
}
