/*
 * traceask - gets a trace from the daemon.
 */
#ifndef CSWATCH_CMD_TRACEASK_H
#define CSWATCH_CMD_TRACEASK_H
#include "cmd/ask.h"

struct trace;

/* r is for COMMAND_TRACE. ASK_DONE: *ret, which the caller frees; else *err. */
enum ask_result traceask(const char *socket, const struct control_request *r,
    struct trace **ret, struct err *err);

#endif
