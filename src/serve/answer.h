/*
 * answer - the lines of an answer, as the client reads them: JSON objects with a member
 * "event".
 *
 * Private to serve/.
 */
#ifndef CSWATCH_SERVE_ANSWER_H
#define CSWATCH_SERVE_ANSWER_H
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "control/call.h"
#include "control/request.h"

struct view;

/* Begins a line: {"event":"KIND", and what comes until answer_say_line(). */
void answer_begin_line(struct json *j, struct buf *line, const char *kind);
/* Ends the line, and queues it for the client. */
void answer_say_line(struct json *j, struct control_call *call);
/* Puts a wall-clock time; null for 0. */
void answer_put_time_ms(struct json *j, const char *key, int64_t wall_ms);

/*
 * Returns whether each name of the request is a test. Otherwise ends the call with an
 * error that has the nearest name.
 */
bool answer_know_tests(
    const struct view *v, struct control_call *call, const struct control_request *r);
/* Does the same for names that may also be pools. */
bool answer_know_targets(
    const struct view *v, struct control_call *call, const struct control_request *r);

#endif
