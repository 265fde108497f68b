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

bool role_has(const struct config_role *r, const struct control_peer *p);
/* root, or a member of a role that may. */
bool roles_allow(const struct config *c, const struct control_peer *p, enum command_id v);
/* The names of the roles that may, with separator between them. */
void roles_that_could(
    const struct config *c, enum command_id v, const char *separator, struct buf *out);

#endif
