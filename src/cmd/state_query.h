/*
 * state_query - the tests of a daemon as its answers tell them, in the form of a state
 * file.
 */
#ifndef CSWATCH_CMD_STATE_QUERY_H
#define CSWATCH_CMD_STATE_QUERY_H
#include <stddef.h>

#include "vocab/command_id.h"
#include "cmd/ask.h"
#include "state/statefile.h"

/* *ret is the caller's to free whatever comes back. */
enum ask_result state_query_ask(const char *socket, enum command_id verb,
    const char *const *names, size_t n, struct state *ret, struct err *err);
/* Only those named, if any are; exit status, with the nearest name said. */
int state_query_keep(
    struct state *s, const char *const *names, size_t n, const char *command);

#endif
