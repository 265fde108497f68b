/*
 * trace_json - a trace as lines of JSON: the head first, then each entry. Files
 * (trace/shelf) and answers of the daemon look alike; doc/TRACE explains them.
 */
#ifndef CSWATCH_TRACE_TRACE_JSON_H
#define CSWATCH_TRACE_TRACE_JSON_H
#include <stdbool.h>

#include <jansson.h>

#include "base/str.h"

struct buf;
struct err;
struct json;
struct trace;
struct trace_entry;

#define TRACE_SCHEMA   1
#define TRACE_LINE_MAX (256 * 1024)  /* octets of one */
#define TRACE_FILE_MAX (1024 * 1024) /* octets of all: every octet may be escaped */

/* Members of the line's object; its "event" is trace_json_kind(). */
void trace_json_put_head(struct json *j, const struct trace *t);
void trace_json_put_entry(struct json *j, const struct trace_entry *e);
const char *trace_json_kind(const struct trace_entry *e); /* NULL: of the head */
/* The whole trace. Look at out->failed afterwards. */
void trace_json_format(const struct trace *t, struct buf *out);

/*
 * Takes one line, which may come from anywhere. False: *err, and t is of no more use.
 * Lines of an event that is unknown are passed over.
 */
bool trace_json_take(struct trace *t, const json_t *line, struct err *err);
/* All of them. NULL: *err. */
struct trace *trace_json_parse(struct str text, struct err *err);

#endif
