/*
 * verb - what may be asked of the daemon: the words that roles grant and that requests
 * and `cswatch` use.
 *
 * A closed list: a role that names anything else is refused when it is read.
 */
#ifndef CSWATCH_BASE_VERB_H
#define CSWATCH_BASE_VERB_H
#include <stdbool.h>

#include "base/str.h"

/* Used as bits as well: 1u << VERB_x. */
enum verb {
	VERB_TEST,
	VERB_STATUS,
	VERB_SHOW,
	VERB_CERTIFICATES,
	VERB_USER,
	VERB_ROLES,
	VERB_HISTORY,
	VERB_REPORT,
	VERB_PAUSE,
	VERB_RESUME,
	VERB_ACKNOWLEDGE,
	VERB_TRACE,
	VERB_SCHEDULE,
	VERB_RELOAD,
	VERB_COUNT
};

#define VERB_ALL ((1u << VERB_COUNT) - 1)

const char *verb_name(enum verb v);
/* False when there is no such verb; *ret untouched. */
bool verb_by_name(struct str name, enum verb *ret);

#endif
