/* traceask - asks the daemon for a trace. */
#ifndef CSWATCH_CMD_TRACEASK_H
#define CSWATCH_CMD_TRACEASK_H
#include "cmd/ask.h"

struct trace;

/*
 * Sends a request for COMMAND_TRACE. Sets *ret to the trace, which the caller frees, if
 * the result is ASK_DONE; else sets *err.
 */
enum ask_result traceask(const char *socket, const struct control_request *r,
    struct trace **ret, struct err *err);

#endif
