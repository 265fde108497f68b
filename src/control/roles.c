#include "control/roles.h"

#include "base/buf.h"
#include "config/config.h"
#include "control/peer.h"

bool
role_has(const struct config_role *r, const struct control_peer *p)
{
	for (size_t i = 0; i < r->ngroups; i++)
		if (r->gids[i] >= 0 && control_peer_in_group(p, (gid_t)r->gids[i]))
			return true;
	return false;
}

bool
roles_any(const struct config *c, const struct control_peer *p)
{
	if (p->uid == 0)
		return true;
	for (size_t i = 0; i < c->nroles; i++)
		if (role_has(&c->roles[i], p))
			return true;
	return false;
}

bool
roles_allow(const struct config *c, const struct control_peer *p, enum command_id command)
{
	if (p->uid == 0)
		return true;
	for (size_t i = 0; i < c->nroles; i++)
		if ((c->roles[i].verbs & 1u << command) != 0 && role_has(&c->roles[i], p))
			return true;
	return false;
}

void
roles_that_could(const struct config *c, enum command_id command, const char *separator,
    struct buf *out)
{
	bool more = false;

	for (size_t i = 0; i < c->nroles; i++) {
		if ((c->roles[i].verbs & 1u << command) == 0)
			continue;
		if (more)
			buf_puts(out, separator);
		buf_puts(out, c->roles[i].name);
		more = true;
	}
}
