#include "control/request.h"

#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/suggest.h"
#include "base/json.h"
#include "base/text.h"

/* Where a member goes; false: *err. */
struct member {
	const char *name;
	bool (*read)(const json_t *v, struct control_request *r, struct err *err);
};

/* What is passed on to logs, terminals and other users must not move anybody's cursor. */
static bool
is_text(const json_t *v, size_t max)
{
	const char *s = json_string_value(v);
	size_t n = json_string_length(v);
	char shown[CONTROL_WORD_MAX + 1];

	if (s == NULL || n == 0 || n > max)
		return false;
	text_printable(shown, sizeof(shown), (struct str){ s, n });
	return strcmp(shown, s) == 0;
}

static bool
take_text(
    const json_t *v, const char *name, size_t max, const char **ret, struct err *err)
{
	if (!is_text(v, max)) {
		err_local(err, 0, "\"%s\" is no text of 1 to %zu octets", name, max);
		return false;
	}
	*ret = json_string_value(v);
	return true;
}

static bool
read_command(const json_t *v, struct control_request *r, struct err *err)
{
	struct suggest g;

	if (!is_text(v, CONTROL_WORD_MAX)) {
		err_local(err, 0, "\"command\" is no text");
		return false;
	}
	if (command_id_by_name(str_of(json_string_value(v)), &r->verb))
		return true;
	g = suggest_of(json_string_value(v));
	for (enum command_id verb = 0; verb < COMMAND_COUNT; verb++)
		suggest_offer(&g, command_id_name(verb));
	err_local(err, 0, "there is no command \"%s\"%s%s%s", g.word,
	    g.best == NULL ? "" : "; did you mean \"", g.best == NULL ? "" : g.best,
	    g.best == NULL ? "" : "\"?");
	return false;
}

static bool
read_names(const json_t *v, struct control_request *r, struct err *err)
{
	size_t n = json_array_size(v);

	if (!json_is_array(v) || n > CONTROL_NAMES_MAX) {
		err_local(
		    err, 0, "\"names\" is no array of at most %d", CONTROL_NAMES_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if (!take_text(json_array_get(v, i), "names", CONTROL_WORD_MAX,
			&r->names[i], err))
			return false;
	r->nnames = n;
	return true;
}

static bool
read_verbose(const json_t *v, struct control_request *r, struct err *err)
{
	r->verbose = json_is_true(v);
	if (!json_is_boolean(v))
		err_local(err, 0, "\"verbose\" is neither true nor false");
	return json_is_boolean(v);
}

static bool
read_for(const json_t *v, struct control_request *r, struct err *err)
{
	const char *text = json_string_value(v);

	if (text != NULL && text_parse_duration(str_of(text), &r->for_ms) &&
	    r->for_ms > 0)
		return true;
	err_local(err, 0, "\"for\" is no duration such as \"30m\" or \"2h\"");
	return false;
}

static bool
read_reason(const json_t *v, struct control_request *r, struct err *err)
{
	return take_text(v, "reason", CONTROL_REASON_MAX, &r->reason, err);
}

static bool
read_user(const json_t *v, struct control_request *r, struct err *err)
{
	return take_text(v, "user", CONTROL_WORD_MAX, &r->user, err);
}

static bool
read_about(const json_t *v, struct control_request *r, struct err *err)
{
	return take_text(v, "about", CONTROL_WORD_MAX, &r->about, err);
}

static bool
read_run(const json_t *v, struct control_request *r, struct err *err)
{
	return take_text(v, "run", CONTROL_WORD_MAX, &r->run, err);
}

static bool
read_list(const json_t *v, struct control_request *r, struct err *err)
{
	r->list = json_is_true(v);
	if (!json_is_boolean(v))
		err_local(err, 0, "\"list\" is neither true nor false");
	return json_is_boolean(v);
}

static const struct member members[] = {
	{ "command", read_command },
	{ "names", read_names },
	{ "verbose", read_verbose },
	{ "for", read_for },
	{ "reason", read_reason },
	{ "user", read_user },
	{ "about", read_about },
	{ "run", read_run },
	{ "list", read_list },
};
#define NMEMBERS (sizeof(members) / sizeof(members[0]))

static bool
read_member(const char *name, const json_t *v, struct control_request *r, struct err *err)
{
	for (size_t i = 0; i < NMEMBERS; i++)
		if (strcmp(name, members[i].name) == 0)
			return members[i].read(v, r, err);
	err_local(err, 0, "unknown member \"%.64s\"", name);
	return false;
}

static bool
read_object(json_t *tree, struct control_request *r, struct err *err)
{
	const char *name;
	json_t *v;

	if (!json_is_object(tree) || json_object_get(tree, "command") == NULL) {
		err_local(err, 0, "a request is an object with a \"command\"");
		return false;
	}
	json_object_foreach(
	    tree, name, v) if (!read_member(name, v, r, err)) return false;
	return true;
}

bool
control_request_read(struct str line, struct control_request *ret, struct err *err)
{
	struct control_request r = { .verb = COMMAND_COUNT };
	json_error_t why;
	json_t *tree = json_loadb(line.p, line.len, JSON_REJECT_DUPLICATES, &why);

	if (tree == NULL) {
		err_local(err, 0, "no JSON: %s", why.text);
		return false;
	}
	if (!read_object(tree, &r, err)) {
		json_decref(tree);
		return false;
	}
	r.tree = tree;
	*ret = r;
	return true;
}

void
control_request_free(struct control_request *r)
{
	json_decref(r->tree);
	*r = (struct control_request){ .verb = COMMAND_COUNT };
}

void
control_request_write(struct buf *out, const struct control_request *r)
{
	struct json j;

	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	jsonw_string(&j, "command", command_id_name(r->verb));
	if (r->nnames > 0) {
		jsonw_array(&j, "names");
		for (size_t i = 0; i < r->nnames; i++)
			jsonw_string(&j, NULL, r->names[i]);
		jsonw_array_end(&j);
	}
	if (r->verbose)
		jsonw_bool(&j, "verbose", true);
	if (r->for_ms > 0) {
		char text[32];

		snprintf(text, sizeof(text), "%llums", (unsigned long long)r->for_ms);
		jsonw_string(&j, "for", text);
	}
	if (r->reason != NULL)
		jsonw_string(&j, "reason", r->reason);
	if (r->user != NULL)
		jsonw_string(&j, "user", r->user);
	if (r->about != NULL)
		jsonw_string(&j, "about", r->about);
	if (r->run != NULL)
		jsonw_string(&j, "run", r->run);
	if (r->list)
		jsonw_bool(&j, "list", true);
	jsonw_object_end(&j);
	buf_putc(out, '\n');
}
