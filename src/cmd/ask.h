/*
 * ask - puts a request to the daemon and hands out its answer, line by line.
 */
#ifndef CSWATCH_CMD_ASK_H
#define CSWATCH_CMD_ASK_H
#include <jansson.h>

#include "vocab/err.h"

struct control_request;

enum ask_result {
	ASK_DONE,
	ASK_REFUSED, /* it answered, and why not */
	ASK_NOBODY,  /* no daemon serves there */
	ASK_LOST     /* it went away, or is silent */
};

/*
 * event(arg, kind, line) for each line; the last has the kind "end". socket NULL: the
 * default. wait_ms: for each line. Anything but ASK_DONE: *err.
 */
enum ask_result ask(const char *socket, const struct control_request *r, unsigned wait_ms,
    void (*event)(void *arg, const char *kind, const json_t *line), void *arg,
    struct err *err);
/* Says what ask() came to, if it needs saying; the exit status. */
int ask_status(const char *command, enum ask_result result, const struct err *err);

#define ASK_WAIT_MS 10000 /* for what the daemon knows without looking far */

/* Members of a line; "" and 0 where there is none of that kind. */
const char *line_text(const json_t *line, const char *key);
/* --json: the line as it came, for event; arg is ignored. The last is left out. */
void ask_print_json(void *arg, const char *kind, const json_t *line);

#endif
