/*
 * state_query - reads the state of tests from the daemon's answers, in the form of a
 * state file.
 */
#ifndef CSWATCH_CMD_STATE_QUERY_H
#define CSWATCH_CMD_STATE_QUERY_H
#include <stddef.h>

#include "vocab/command_id.h"
#include "cmd/ask.h"
#include "state/statefile.h"

/* Asks for the tests named, or all. The caller frees *ret, whatever the result is. */
enum ask_result state_query_ask(const char *socket, enum command_id verb,
    const char *const *names, size_t n, struct state *ret, struct err *err);
/*
 * Keeps only the tests named, if there are any names. Returns the exit status, after
 * suggesting the nearest name for one that is unknown.
 */
int state_query_keep(
    struct state *s, const char *const *names, size_t n, const char *command);

#endif
