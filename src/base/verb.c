#include "base/verb.h"

static const char *const names[VERB_COUNT] = {
	[VERB_TEST] = "test",
	[VERB_STATUS] = "status",
	[VERB_SHOW] = "show",
	[VERB_CERTIFICATES] = "certificates",
	[VERB_USER] = "user",
	[VERB_ROLES] = "roles",
	[VERB_HISTORY] = "history",
	[VERB_REPORT] = "report",
	[VERB_PAUSE] = "pause",
	[VERB_RESUME] = "resume",
	[VERB_ACKNOWLEDGE] = "acknowledge",
	[VERB_TRACE] = "trace",
	[VERB_SCHEDULE] = "schedule",
	[VERB_RELOAD] = "reload",
};

const char *
verb_name(enum verb v)
{
	return names[v];
}

bool
verb_by_name(struct str name, enum verb *ret)
{
	for (enum verb v = 0; v < VERB_COUNT; v++) {
		if (!str_eq(name, names[v]))
			continue;
		*ret = v;
		return true;
	}
	return false;
}
