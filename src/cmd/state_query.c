#include "cmd/state_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "cmd/command.h"
#include "control/request.h"
#include "state/statefile_fields.h"

static const char not_understood[] =
    "the daemon's answer is not understood; it may be of another version";

struct gathering {
	struct state *s;
	size_t cap;
	const char *bad; /* what was wrong with the answer; NULL: nothing */
};

static bool
make_room(struct gathering *g)
{
	size_t cap = g->cap == 0 ? 64 : g->cap * 2;
	struct test_state *more;

	if (g->s->ntests < g->cap)
		return true;
	more = g->s->ntests >= STATEFILE_TESTS_MAX
		   ? NULL
		   : realloc(g->s->tests, cap * sizeof(*more));
	if (more == NULL)
		return false;
	g->s->tests = more;
	g->cap = cap;
	return true;
}

static void
read_test(struct gathering *g, const json_t *line)
{
	struct test_state *t;
	const char *bad = NULL;

	if (!make_room(g)) {
		g->bad = "out of memory";
		return;
	}
	t = &g->s->tests[g->s->ntests++];
	*t = (struct test_state){ .name = str_dup(str_of(line_text(line, "name"))) };
	if (t->name == NULL ||
	    !fields_read_test(json_object_get(line, "test"), t, &bad)) {
		g->bad = not_understood;
		test_state_free(t);
		g->s->ntests--;
	}
}

static void
read_pool(struct gathering *g, const json_t *line)
{
	struct state *s = g->s;
	struct pool_state *p = realloc(s->pools, (s->npools + 1) * sizeof(*p));
	const char *bad = NULL;

	if (p == NULL) {
		g->bad = "out of memory";
		return;
	}
	s->pools = p;
	p = &s->pools[s->npools++];
	*p = (struct pool_state){ .fqdn = str_dup(str_of(line_text(line, "name"))) };
	if (p->fqdn == NULL ||
	    !fields_read_pool(json_object_get(line, "pool"), p, &bad)) {
		g->bad = not_understood;
		pool_state_free(p);
		s->npools--;
	}
}

static void
read_watcher(struct gathering *g, const json_t *watcher)
{
	const char *bad;

	if (watcher != NULL && !fields_read_watcher(watcher, &g->s->watcher, &bad))
		g->bad = not_understood;
}

static void
on_event(void *arg, const char *kind, const json_t *line)
{
	struct gathering *g = arg;

	if (g->bad != NULL)
		return;
	if (strcmp(kind, "test") == 0) {
		read_test(g, line);
	} else if (strcmp(kind, "pool") == 0) {
		read_pool(g, line);
	} else if (strcmp(kind, "head") == 0) {
		(void)field_time_ms(json_object_get(line, "written"), &g->s->written_ms);
		free(g->s->host);
		free(g->s->version);
		g->s->host = str_dup(str_of(line_text(line, "host")));
		g->s->version = str_dup(str_of(line_text(line, "version")));
		read_watcher(g, json_object_get(line, "watcher"));
	}
}

enum ask_result
state_query_ask(const char *socket, enum command_id verb, const char *const *names,
    size_t n, struct state *ret, struct err *err)
{
	struct gathering g = { .s = ret };
	struct control_request r = { .verb = verb, .nnames = n };
	enum ask_result result;

	for (size_t i = 0; i < n; i++)
		r.names[i] = names[i];
	result = ask(socket, &r, ASK_WAIT_MS, on_event, &g, err);
	if (result != ASK_DONE || g.bad == NULL)
		return result;
	err_local(err, 0, "%s", g.bad);
	return ASK_LOST;
}

static bool
is_named(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

int
state_query_keep(struct state *s, const char *const *names, size_t n, const char *command)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct suggest g = suggest_of(names[i]);

		if (state_find(s, names[i]) != NULL)
			continue;
		for (size_t k = 0; k < s->ntests; k++)
			suggest_offer(&g, s->tests[k].name);
		fprintf(stderr, "cswatch %s: there is no test \"%s\"%s%s%s\n", command,
		    names[i], g.best == NULL ? "" : "; did you mean \"",
		    g.best == NULL ? "" : g.best, g.best == NULL ? "" : "\"?");
		return EXIT_CANNOT;
	}
	for (size_t i = 0; n > 0 && i < s->ntests; i++) {
		if (is_named(s->tests[i].name, names, n))
			s->tests[kept++] = s->tests[i];
		else
			test_state_free(&s->tests[i]);
	}
	if (n > 0)
		s->ntests = kept;
	return EXIT_OK;
}
