/*
 * zones - holds base/zone against what zdump(8) prints of the same zones, on standard
 * input: "Europe/Dublin  Sun Oct 29 01:00:00 2023 UT = Sun ... GMT isdst=0 gmtoff=0".
 * Prints each difference, and how many moments it compared. For tests/check-zones.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/zone.h"

static unsigned
month_of(const char *name)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *at = strstr(names, name);

	return at == NULL ? 1 : (unsigned)(at - names) / 3 + 1;
}

/* Lines of moments that a machine's clock cannot hold have no offset. */
static bool
read_line(const char *line, char zone[256], int64_t *ret_utc_s, long *ret_offset_s)
{
	const char *offset = strstr(line, " gmtoff=");
	struct civil c = { .year = 0 };
	char month[4];
	long year;

	if (offset == NULL || sscanf(line, "%255s %*3s %3s %u %u:%u:%u %ld UT", zone,
				  month, &c.day, &c.hour, &c.min, &c.sec, &year) != 7)
		return false;
	c.year = year;
	c.month = month_of(month);
	*ret_utc_s = civil_seconds(&c);
	*ret_offset_s = strtol(offset + 8, NULL, 10);
	return true;
}

/* Returns how many differences there are: one or none. */
static unsigned
compare(const char *name, int64_t utc_s, long offset_s)
{
	struct zone *z = zone_open(name);
	long got = z == NULL ? -1 : (long)(zone_local(z, utc_s) - utc_s);

	if (z == NULL)
		printf("%s cannot be opened\n", name);
	else if (got != offset_s)
		printf(
		    "%s at %lld: %ld, not %ld\n", name, (long long)utc_s, got, offset_s);
	zone_free(z);
	return z == NULL || got != offset_s;
}

int
main(void)
{
	unsigned long compared = 0, different = 0;
	char line[512], zone[256], last[256] = "";
	int64_t utc_s, last_s = 0;
	long offset_s, last_offset_s = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (!read_line(line, zone, &utc_s, &offset_s))
			continue;
		/* Between two changes nothing changes. */
		if (strcmp(zone, last) == 0 && offset_s == last_offset_s) {
			different += compare(zone, (last_s + utc_s) / 2, offset_s);
			compared++;
		}
		different += compare(zone, utc_s, offset_s);
		compared++;
		snprintf(last, sizeof(last), "%s", zone);
		last_s = utc_s;
		last_offset_s = offset_s;
	}
	printf("%lu moments, %lu differences\n", compared, different);
	return compared == 0 || different > 0;
}
