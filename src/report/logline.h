/*
 * logline - formats log lines: the name of the event, then key=value in the given order.
 *
 * Whatever the values contain, the result is one line of printable text.
 */
#ifndef CSWATCH_REPORT_LOGLINE_H
#define CSWATCH_REPORT_LOGLINE_H
#include <stddef.h>

#include "report/log.h"

struct buf;

#define LOGLINE_VALUE_MAX                                                                \
	2048 /* bytes of a value before it is quoted; longer ones are cut */

/* Appends the line, without a line feed. */
void logline_format(struct buf *out, enum event_id event, const struct kv *kv, size_t n);
/*
 * Returns the value of a pair: its string, cut to LOGLINE_VALUE_MAX between characters,
 * or its number, in `number`.
 */
struct str logline_value(const struct kv *kv, char number[24]);

#endif
