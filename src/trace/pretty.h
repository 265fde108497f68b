/*
 * pretty - XML that came in one line, a tag a line: for people only.
 */
#ifndef CSWATCH_TRACE_PRETTY_H
#define CSWATCH_TRACE_PRETTY_H
#include "base/str.h"

struct buf;

/* Appends anything that does not begin like XML as it is. */
void pretty_body(struct str body, struct buf *out);

#endif
