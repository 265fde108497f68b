/*
 * zone - a time zone of the system's database: local time to instants and back.
 *
 * The C library knows only the one zone of the process, and changing that is not safe
 * with threads; GLib, which keeps any number, misreads the rule of Europe/Dublin and past
 * years of others. Times are seconds since the epoch; "local" is what a clock on the wall
 * shows, counted as if it were UTC.
 */
#ifndef CSWATCH_BASE_ZONE_H
#define CSWATCH_BASE_ZONE_H
#include <stdint.h>

struct zone;

/*
 * Opens the zone of that name: "Europe/Dublin", "UTC"; the system's if name is NULL (TZ,
 * /etc/localtime). Returns NULL if there is none of that name, or if memory ran out.
 * Release with zone_free(). Looks for the database in TZDIR, else in /usr/share/zoneinfo.
 */
struct zone *zone_open(const char *name);
void zone_free(struct zone *z); /* NULL is allowed */

/* Returns its name, which lives as long as the zone. */
const char *zone_name(const struct zone *z);
/* Returns the local time at that moment. */
int64_t zone_local(const struct zone *z, int64_t utc_s);
/*
 * Returns the moment of a local time. One that comes twice is the first of the two; one
 * that is skipped is the moment of the change, the next that exists.
 */
int64_t zone_utc(const struct zone *z, int64_t local_s);

#endif
