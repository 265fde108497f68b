#include "watch/subscribers.h"

#include <assert.h>

#include "watch/pools.h"

void
subscribers_add(struct subscribers *s, const struct watch_events *events, void *arg)
{
	assert(s->n < SUBSCRIBERS_MAX);
	s->v[s->n].events = events;
	s->v[s->n++].arg = arg;
}

bool
subscribers_want_notes(const struct subscribers *s, const struct probe *p)
{
	struct test_view t = test_view_of(p);

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->wants_notes != NULL &&
		    s->v[i].events->wants_notes(s->v[i].arg, &t))
			return true;
	return false;
}

void
subscribers_run_noted(
    const struct subscribers *s, const struct probe *p, const struct txn_note *note)
{
	struct test_view t = test_view_of(p);

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->run_noted != NULL)
			s->v[i].events->run_noted(s->v[i].arg, &t, note);
}

void
subscribers_run_finished(
    const struct subscribers *s, const struct probe *p, const struct result *r)
{
	struct finished_run run = { test_view_of(p), r };

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->run_finished != NULL)
			s->v[i].events->run_finished(s->v[i].arg, &run);
}

void
subscribers_test_removed(const struct subscribers *s, const struct probe *p)
{
	struct test_view t = test_view_of(p);

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->test_removed != NULL)
			s->v[i].events->test_removed(s->v[i].arg, &t);
}

void
subscribers_test_changed(const struct subscribers *s, const struct probe *p)
{
	struct test_view t = test_view_of(p);

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->test_changed != NULL)
			s->v[i].events->test_changed(s->v[i].arg, &t);
}

void
subscribers_pool_changed(const struct subscribers *s, const struct pool *p)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->pool_changed != NULL)
			s->v[i].events->pool_changed(s->v[i].arg, &p->state);
}

void
subscribers_watcher_changed(const struct subscribers *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->watcher_changed != NULL)
			s->v[i].events->watcher_changed(s->v[i].arg);
}

void
subscribers_tests_exchanged(const struct subscribers *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->tests_exchanged != NULL)
			s->v[i].events->tests_exchanged(s->v[i].arg);
}

void
subscribers_stopped(const struct subscribers *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].events->stopped != NULL)
			s->v[i].events->stopped(s->v[i].arg);
}
