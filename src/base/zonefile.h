/*
 * zonefile - a file of the time zone database: RFC 9636 (TZif), versions 1 to 4.
 *
 * Reads "fat" files, which list all changes up to 2037, and "slim" ones, which leave to
 * the rule at their end what it can say. Leap seconds are left out: the clocks of this
 * program do not count them.
 */
#ifndef CSWATCH_BASE_ZONEFILE_H
#define CSWATCH_BASE_ZONEFILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/zonerule.h"

#define ZONEFILE_SIZE_MAX (256 * 1024) /* bytes; real ones have less than 4 KiB */

struct zonefile {
	struct zonefile_change {
		int64_t at_s;	  /* UTC */
		int32_t offset_s; /* east of UTC from then on */
	} *changes;		  /* in the order of time */
	size_t n;
	int32_t first_s; /* offset before all of them */
	bool has_rule;	 /* after all of them */
	struct zonerule rule;
};

/*
 * Returns false and leaves *ret unchanged if the content is no such file, or if memory
 * ran out. Release with zonefile_clear().
 */
bool zonefile_parse(struct str content, struct zonefile *ret);
void zonefile_clear(struct zonefile *f); /* a zeroed one is allowed */

/* Returns the seconds east of UTC at that moment. */
int32_t zonefile_offset(const struct zonefile *f, int64_t utc_s);

#endif
