/*
 * commands - the commands of the control socket: the table of them, who may use which,
 * and the log of who did.
 *
 * Private to serve/. Each command is in one of the files commands_*.c.
 */
#ifndef CSWATCH_SERVE_COMMANDS_H
#define CSWATCH_SERVE_COMMANDS_H
#include "control/call.h"
#include "control/request.h"

struct service;
struct watch_events;

/* Checks whether the request is allowed, logs who asks, and begins to answer. */
void commands_ask(
    struct service *s, struct control_call *call, const struct control_request *r);

/* Each answers a request of its name, now or later. */

/* commands_view.c */
void command_status(
    struct service *s, struct control_call *call, const struct control_request *r);
void command_show(
    struct service *s, struct control_call *call, const struct control_request *r);
void command_certificates(
    struct service *s, struct control_call *call, const struct control_request *r);
void command_schedule(
    struct service *s, struct control_call *call, const struct control_request *r);
void command_roles(
    struct service *s, struct control_call *call, const struct control_request *r);

/* commands_change.c */
void command_pause(
    struct service *s, struct control_call *call, const struct control_request *r);
void command_resume(
    struct service *s, struct control_call *call, const struct control_request *r);
void command_acknowledge(
    struct service *s, struct control_call *call, const struct control_request *r);
void command_reload(
    struct service *s, struct control_call *call, const struct control_request *r);

/* commands_run.c */
void command_test(
    struct service *s, struct control_call *call, const struct control_request *r);
/* Tells those who wait for a run how it goes; the arg is the struct service. */
extern const struct watch_events commands_run_events;

/* commands_trace.c */
void command_trace(
    struct service *s, struct control_call *call, const struct control_request *r);

#endif
