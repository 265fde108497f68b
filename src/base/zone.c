#include "base/zone.h"

#include <glib.h>
#include <string.h>

#define DAY_S 86400 /* no zone ever changed by more */

/* Names are paths below the database's directory: these lead nowhere else. */
#define NAME_CHARACTERS                                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/"

struct zone *
zone_open(const char *name)
{
	if (name != NULL && (name[0] == '\0' || name[0] == '/' ||
				name[strspn(name, NAME_CHARACTERS)] != '\0'))
		return NULL;
	return (struct zone *)g_time_zone_new_identifier(name);
}

void
zone_free(struct zone *z)
{
	if (z != NULL)
		g_time_zone_unref((GTimeZone *)z);
}

const char *
zone_name(const struct zone *z)
{
	return g_time_zone_get_identifier((GTimeZone *)(uintptr_t)z);
}

static int64_t
offset(const struct zone *z, int64_t utc_s)
{
	/* GLib takes it as changeable and does not change it. */
	GTimeZone *tz = (GTimeZone *)(uintptr_t)z;
	int interval = g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, utc_s);

	return g_time_zone_get_offset(tz, interval);
}

int64_t
zone_local(const struct zone *z, int64_t utc_s)
{
	return utc_s + offset(z, utc_s);
}

/* The first moment after from, and not after to, at which the offset is another. */
static int64_t
change_between(const struct zone *z, int64_t from, int64_t to)
{
	int64_t before = offset(z, from);

	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (offset(z, middle) == before)
			from = middle;
		else
			to = middle;
	}
	return to;
}

int64_t
zone_utc(const struct zone *z, int64_t local_s)
{
	int64_t before = offset(z, local_s - DAY_S), after = offset(z, local_s + DAY_S);
	int64_t most = before > after ? before : after;
	int64_t least = before > after ? after : before;

	if (offset(z, local_s - most) == most)
		return local_s - most;
	if (offset(z, local_s - least) == least)
		return local_s - least;
	return change_between(z, local_s - most, local_s - least);
}
