/*
 * logline - the one formatter of log lines: event name first, then key=value in the
 * given order.
 *
 * Whatever the values hold, the result is one line of printable text.
 */
#ifndef CSWATCH_REPORT_LOGLINE_H
#define CSWATCH_REPORT_LOGLINE_H
#include <stddef.h>

#include "report/log.h"

struct buf;

#define LOGLINE_VALUE_MAX 2048 /* octets of a value before quoting; then cut */

/* No line feed at the end. */
void logline_format(struct buf *out, enum event_id event, const struct kv *kv, size_t n);
/*
 * The value of one pair: its string cut to LOGLINE_VALUE_MAX at a character, or its
 * number.
 */
struct str logline_value(const struct kv *kv, char number[24]);

#endif
