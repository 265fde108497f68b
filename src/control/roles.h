/*
 * roles - who may ask for what: the one place that decides.
 */
#ifndef CSWATCH_CONTROL_ROLES_H
#define CSWATCH_CONTROL_ROLES_H
#include <stdbool.h>

#include "vocab/command_id.h"

struct buf;
struct config;
struct config_role;
struct control_peer;

/* Returns whether one of the account's groups has the role. */
bool role_has(const struct config_role *r, const struct control_peer *p);
/* Returns whether the account has any role at all; root needs none. */
bool roles_any(const struct config *c, const struct control_peer *p);
/* Returns whether the account is root or has a role that allows the command. */
bool roles_allow(
    const struct config *c, const struct control_peer *p, enum command_id command);
/* Writes the names of the roles that allow the command, with separator between them. */
void roles_that_could(const struct config *c, enum command_id command,
    const char *separator, struct buf *out);

#endif
