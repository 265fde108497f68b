#include "serve/answer.h"

#include "base/str.h"
#include "base/suggest.h"
#include "base/text.h"
#include "state/state.h"
#include "watch/view.h"

void
answer_begin_line(struct json *j, struct buf *line, const char *kind)
{
	buf_init(line, CONTROL_ANSWER_MAX);
	jsonw_init(j, line);
	jsonw_object(j, NULL);
	jsonw_string(j, "event", kind);
}

void
answer_say_line(struct json *j, struct control_call *call)
{
	struct buf *line = j->out;

	jsonw_object_end(j);
	control_say(call, line);
	buf_free(line);
}

void
answer_put_time_ms(struct json *j, const char *key, int64_t wall_ms)
{
	char time[TEXT_TIME_SIZE];

	text_time_ms(time, wall_ms);
	jsonw_string(j, key, wall_ms == 0 ? NULL : time);
}

/* ---- names ---- */

static void
end_unknown(struct control_call *call, const char *what, const struct suggest *g)
{
	control_end_error(call, "there is no %s \"%s\"%s%s%s", what, g->word,
	    g->best == NULL ? "" : "; did you mean \"", g->best == NULL ? "" : g->best,
	    g->best == NULL ? "" : "\"?");
}

static void
offer_tests(const struct view *v, struct suggest *g)
{
	for (size_t i = 0; i < view_count_tests(v); i++)
		suggest_offer(g, view_test(v, i).state->name);
}

bool
answer_know_tests(
    const struct view *v, struct control_call *call, const struct control_request *r)
{
	for (size_t i = 0; i < r->nnames; i++) {
		struct suggest g = suggest_of(r->names[i]);
		struct test_view t;

		if (view_find_test(v, g.word, &t))
			continue;
		offer_tests(v, &g);
		end_unknown(call, "test", &g);
		return false;
	}
	return true;
}

static bool
know_target(const struct view *v, struct suggest *g)
{
	struct test_view t;

	if (view_find_test(v, g->word, &t))
		return true;
	for (size_t i = 0; i < view_count_pools(v); i++) {
		const char *fqdn = view_pool(v, i)->fqdn;

		if (str_caseeq(str_of(g->word), fqdn))
			return true;
		suggest_offer(g, fqdn);
	}
	return false;
}

bool
answer_know_targets(
    const struct view *v, struct control_call *call, const struct control_request *r)
{
	for (size_t i = 0; i < r->nnames; i++) {
		struct suggest g = suggest_of(r->names[i]);

		if (know_target(v, &g))
			continue;
		offer_tests(v, &g);
		end_unknown(call, "test and no pool", &g);
		return false;
	}
	return true;
}
