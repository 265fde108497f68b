#include "cmd/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "control/client.h"
#include "control/request.h"

const char *
line_text(const json_t *line, const char *key)
{
	const char *s = json_string_value(json_object_get(line, key));

	return s == NULL ? "" : s;
}

/* Returns whether a line is the last one; *ret is then the result. */
static bool
is_end(const json_t *line, enum ask_result *ret, struct err *err)
{
	const json_t *ok = json_object_get(line, "ok");
	struct str first;

	if (!json_is_boolean(ok))
		return false;
	*ret = json_is_true(ok) ? ASK_DONE : ASK_REFUSED;
	if (*ret == ASK_REFUSED) {
		(void)str_split(str_of(line_text(line, "error")), '\n', &first);
		err_local(err, 0, "%.*s", (int)first.len, first.p);
	}
	return true;
}

/*
 * Prints the rest of the error: the problems of a configuration do not fit into a struct
 * err.
 */
static void
print_rest(const json_t *line)
{
	const char *why = line_text(line, "error"), *rest = strchr(why, '\n');

	if (rest != NULL)
		fputs(rest + 1, stderr);
}

static enum ask_result
read_answer(struct control_client *c, unsigned wait_ms,
    void (*event)(void *arg, const char *kind, const json_t *line), void *arg,
    struct err *err)
{
	enum ask_result result = ASK_LOST;
	struct str text;
	bool over = false;

	while (!over && control_client_line(c, wait_ms, &text, err)) {
		json_t *line = json_loadb(text.p, text.len, 0, NULL);

		if (line == NULL) {
			err_local(err, 0, "the daemon's answer is not understood");
			return ASK_LOST;
		}
		over = is_end(line, &result, err);
		if (over && result == ASK_REFUSED)
			print_rest(line);
		else if (event != NULL)
			event(arg, over ? "end" : line_text(line, "event"), line);
		json_decref(line);
	}
	return result;
}

enum ask_result
ask(const char *socket, const struct control_request *r, unsigned wait_ms,
    void (*event)(void *arg, const char *kind, const json_t *line), void *arg,
    struct err *err)
{
	const char *path = socket == NULL ? CSWATCH_SOCKET : socket;
	struct control_client *c = control_client_open(path, err);
	enum ask_result result = ASK_LOST;

	if (c == NULL)
		return ASK_NOBODY;
	if (control_client_ask(c, r, ASK_WAIT_MS, err))
		result = read_answer(c, wait_ms, event, arg, err);
	control_client_close(c);
	return result;
}

int
ask_status(const char *command, enum ask_result result, const struct err *err)
{
	switch (result) {
	case ASK_DONE:
		return EXIT_OK;
	case ASK_NOBODY:
		fprintf(stderr, "cswatch %s: cswatchd does not answer: %s\n", command,
		    err->detail);
		break;
	case ASK_REFUSED:
	case ASK_LOST:
		fprintf(stderr, "cswatch %s: %s\n", command, err->detail);
		break;
	}
	return EXIT_CANNOT;
}

void
ask_print_json(void *arg, const char *kind, const json_t *line)
{
	(void)arg;
	if (strcmp(kind, "end") == 0)
		return;
	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
}
