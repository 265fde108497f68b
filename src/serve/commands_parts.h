/*
 * commands_parts - what the files of the commands share. Private to serve/commands*.c.
 */
#ifndef CSWATCH_SERVE_COMMANDS_PARTS_H
#define CSWATCH_SERVE_COMMANDS_PARTS_H
#include <stdbool.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/json.h"
#include "control/call.h"
#include "control/request.h"

struct daemon;
struct request_log;
struct wait;
struct watch_events;
LIST_HEAD(wait_list, wait);

struct commands {
	struct control *control;
	struct request_log *log;
	struct wait_list waits; /* commands_run.c: who waits for a run */
};

/* Answers a request, now or later. */
typedef void (*command_run)(
    struct daemon *d, struct control_call *call, const struct control_request *r);

/* commands_view.c */
void command_status(
    struct daemon *d, struct control_call *call, const struct control_request *r);
void command_show(
    struct daemon *d, struct control_call *call, const struct control_request *r);
void command_certificates(
    struct daemon *d, struct control_call *call, const struct control_request *r);
void command_schedule(
    struct daemon *d, struct control_call *call, const struct control_request *r);
void command_roles(
    struct daemon *d, struct control_call *call, const struct control_request *r);

/* commands_timing.c: "where", "schedule" */
struct config_test;
void put_timing(struct json *j, const struct config_test *t);

/* commands_run.c */
void command_test(
    struct daemon *d, struct control_call *call, const struct control_request *r);
/* Tells those who wait for a run how it goes. */
extern const struct watch_events commands_run_events;

/* commands_trace.c */
void command_trace(
    struct daemon *d, struct control_call *call, const struct control_request *r);

/* A line of an answer: {"event":"KIND", until line_end(). */
void line_begin(struct json *j, struct buf *line, const char *kind);
void line_say(struct json *j, struct control_call *call);

/* True: each is a test. Else the call is ended, with the nearest name. */
bool names_known(
    const struct daemon *d, struct control_call *call, const struct control_request *r);

#endif
