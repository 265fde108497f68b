#include "vocab/command_id.h"

static const char *const names[COMMAND_COUNT] = {
	[COMMAND_TEST] = "test",
	[COMMAND_STATUS] = "status",
	[COMMAND_SHOW] = "show",
	[COMMAND_CERTIFICATES] = "certificates",
	[COMMAND_USER] = "user",
	[COMMAND_ROLES] = "roles",
	[COMMAND_HISTORY] = "history",
	[COMMAND_REPORT] = "report",
	[COMMAND_PAUSE] = "pause",
	[COMMAND_RESUME] = "resume",
	[COMMAND_ACKNOWLEDGE] = "acknowledge",
	[COMMAND_TRACE] = "trace",
	[COMMAND_SCHEDULE] = "schedule",
	[COMMAND_RELOAD] = "reload",
};

const char *
command_id_name(enum command_id v)
{
	return names[v];
}

bool
command_id_by_name(struct str name, enum command_id *ret)
{
	for (enum command_id v = 0; v < COMMAND_COUNT; v++) {
		if (!str_eq(name, names[v]))
			continue;
		*ret = v;
		return true;
	}
	return false;
}
