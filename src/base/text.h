/*
 * text - making text safe to show, and times readable.
 *
 * What a server sent can never forge a log line: every piece of foreign text passes through here.
 */
#ifndef CSWATCH_BASE_TEXT_H
#define CSWATCH_BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

/* Copies valid UTF-8; control characters and broken octets become '.'; cut (at a character) to fit. */
void text_printable(char *dst, size_t size, struct str s);

/*
 * Appends a value of a key=value line: bare if it is not empty and holds only visible ASCII
 * other than '"', '\\' and '='; else in double quotes with \" \\ and \n \r \t \xHH escapes.
 */
void text_value(struct buf *out, struct str s);

/* Escapes & < > " ' for XML content or attribute; octets that XML 1.0 forbids become '?'. */
void text_xml(struct buf *out, struct str s);

#define TEXT_TIME_SIZE 32
/* UTC, RFC 3339 with milliseconds ("2026-11-22T13:04:12.103Z") or whole seconds. */
void text_time_ms(char dst[TEXT_TIME_SIZE], int64_t wall_ms);
void text_time_s(char dst[TEXT_TIME_SIZE], int64_t wall_s);
/* A .NET TimeSpan as the cmdlets print it: 00:00:03.3645259; spec: TaskOutput.Latency. */
void text_timespan(char dst[TEXT_TIME_SIZE], uint64_t us);

/*
 * A time as XML Schema dateTime (2024-01-01T00:00:00[.fff](Z|+hh:mm|)); without zone it is UTC.
 * Seconds since the epoch in *ret; false and untouched when it is anything else.
 */
bool text_parse_time(struct str s, int64_t *ret_wall_s);
/* An HTTP/SIP Date: "Thu, 01 Dec 2016 08:21:44 GMT" (RFC 9110 5.6.7, RFC 3261 20.17). */
bool text_parse_date(struct str s, int64_t *ret_wall_s);
/* "30s", "5m", "2h", "7d", "500ms" -> milliseconds; false for anything else or more than 366 days. */
bool text_parse_duration(struct str s, uint64_t *ret_ms);

#endif
