/* fixed - settings that a running daemon cannot take over. */
#include <string.h>

#include "base/buf.h"
#include "config/config.h"

static const char *
text_of(const char *s)
{
	return s == NULL ? "" : s;
}

void
config_name_fixed(const struct config *old, const struct config *next, struct buf *ret)
{
	const struct {
		const char *name;
		bool changed;
	} fixed[] = {
		{ "state_directory",
		    strcmp(old->state_directory, next->state_directory) != 0 },
		{ "dns_servers",
		    strcmp(text_of(old->dns_servers), text_of(next->dns_servers)) != 0 },
		{ "key_lifetime", old->key_lifetime_s != next->key_lifetime_s },
		{ "control_socket",
		    strcmp(old->control_socket, next->control_socket) != 0 },
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].changed)
			buf_printf(ret, "%s%s", ret->len > 0 ? "," : "", fixed[i].name);
}
