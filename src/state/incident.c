#include "state/incident.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"

#define WORDS_MAX 2048 /* bytes of all words; what is beyond makes no difference */

void
incident_name(char ret[INCIDENT_SIZE], const char *host, const char *kind,
    const char *subject, int64_t began_ms)
{
	char words[WORDS_MAX];
	uint64_t h;
	int n;

	/* With NULs between them, so that "ab", "c" is another one than "a", "bc". */
	n = snprintf(words, sizeof(words), "%" PRId64 "%c%s%c%s%c%s", began_ms, '\0',
	    kind, '\0', subject, '\0', host);
	if (n < 0 || (size_t)n >= sizeof(words))
		n = sizeof(words) - 1;
	h = hash_64((struct str){ words, (size_t)n });
	snprintf(ret, INCIDENT_SIZE, "%08" PRIx32, (uint32_t)(h >> 32 ^ h));
}
