/*
 * command_id - what may be asked of the daemon: the words that roles grant and that
 * requests and `cswatch` use.
 *
 * The list is closed: a role that names anything else is refused when it is read.
 */
#ifndef CSWATCH_VOCAB_COMMAND_ID_H
#define CSWATCH_VOCAB_COMMAND_ID_H
#include <stdbool.h>

#include "base/str.h"

/* Used as bits as well: 1u << COMMAND_x. */
enum command_id {
	COMMAND_TEST,
	COMMAND_STATUS,
	COMMAND_SHOW,
	COMMAND_CERTIFICATES,
	COMMAND_USER,
	COMMAND_ROLES,
	COMMAND_HISTORY,
	COMMAND_REPORT,
	COMMAND_PAUSE,
	COMMAND_RESUME,
	COMMAND_ACKNOWLEDGE,
	COMMAND_TRACE,
	COMMAND_SCHEDULE,
	COMMAND_RELOAD,
	COMMAND_COUNT
};

#define COMMAND_ALL ((1u << COMMAND_COUNT) - 1)

const char *command_id_name(enum command_id v);
/* Returns false and leaves *ret unchanged if the name is unknown. */
bool command_id_by_name(struct str name, enum command_id *ret);

#endif
