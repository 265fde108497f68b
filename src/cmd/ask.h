/* ask - sends a request to the daemon and returns its answer line by line. */
#ifndef CSWATCH_CMD_ASK_H
#define CSWATCH_CMD_ASK_H
#include <jansson.h>

#include "vocab/err.h"

struct control_request;

enum ask_result {
	ASK_DONE,
	ASK_REFUSED, /* the daemon refused the request */
	ASK_NOBODY,  /* no daemon answers at the socket */
	ASK_LOST     /* the connection was closed, or timed out */
};

/*
 * Sends a request and calls event(arg, kind, line) for each line of the answer; the last
 * has the kind "end". socket is the control socket, NULL for the default. wait_ms is the
 * time limit for each line. Sets *err unless the result is ASK_DONE.
 */
enum ask_result ask(const char *socket, const struct control_request *r, unsigned wait_ms,
    void (*event)(void *arg, const char *kind, const json_t *line), void *arg,
    struct err *err);
/* Prints the error if ask() failed. Returns the exit status. */
int ask_status(const char *command, enum ask_result result, const struct err *err);

#define ASK_WAIT_MS 10000 /* for answers that need no test to run */

/* Returns a text of a line, or "" if there is none. */
const char *line_text(const json_t *line, const char *key);
/*
 * Prints a line as it was received, except the last: an event function for --json. arg is
 * ignored.
 */
void ask_print_json(void *arg, const char *kind, const json_t *line);

#endif
