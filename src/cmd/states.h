/*
 * states - the tests of a daemon as its answers tell them, in the form of a state file.
 */
#ifndef CSWATCH_CMD_STATES_H
#define CSWATCH_CMD_STATES_H
#include <stddef.h>

#include "base/verb.h"
#include "cmd/ask.h"
#include "report/statefile.h"

/* *ret is the caller's to free whatever comes back. */
enum ask_result states_ask(const char *socket, enum verb verb, const char *const *names,
    size_t n, struct state *ret, struct err *err);
/* Only those named, if any are; exit status, with the nearest name said. */
int states_keep(struct state *s, const char *const *names, size_t n, const char *command);

#endif
