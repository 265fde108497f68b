/*
 * text - making text safe to show, and times readable.
 *
 * What a server sent can never forge a log line: every piece of foreign text passes here.
 */
#ifndef CSWATCH_BASE_TEXT_H
#define CSWATCH_BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

/*
 * Reads the character at the front of s. Returns how many bytes it has and sets
 * *ret_code, or returns 0 and leaves *ret_code unchanged if s is empty or does not start
 * with valid UTF-8.
 */
size_t text_utf8(struct str s, uint32_t *ret_code);

/*
 * Appends s in UTF-16LE (RFC 2781), each character changed by change() first; NULL is
 * allowed. Returns false if s is not UTF-8; out may hold a part of it then.
 */
bool text_utf16le(struct str s, uint32_t (*change)(uint32_t code), struct buf *out);

/*
 * Copies valid UTF-8; control characters (also those that break lines or turn the
 * direction of reading) and broken bytes become '.'; cuts at a character to fit. s may
 * lie in dst itself.
 */
void text_printable(char *dst, size_t size, struct str s);

/*
 * Returns whether s is a host name: RFC 1123 section 2.1, and the underscore, which
 * Windows hosts have. Also true for an IPv4 literal.
 */
bool text_is_host(struct str s);

/*
 * Appends a value of a key=value line: bare if it is not empty and holds only visible
 * ASCII other than '"', '\\' and '='; else in double quotes with \" \\ and \n \r \t \xHH
 * escapes.
 */
void text_value(struct buf *out, struct str s);

/*
 * Escapes & < > " ' for XML content or attribute; bytes that XML 1.0 forbids become '?'.
 */
void text_xml(struct buf *out, struct str s);

#define TEXT_TIME_SIZE 32
/*
 * Write a time in UTC, RFC 3339 with milliseconds ("2026-11-22T13:04:12.103Z") or whole
 * seconds.
 */
void text_time_ms(char dst[TEXT_TIME_SIZE], int64_t wall_ms);
void text_time_s(char dst[TEXT_TIME_SIZE], int64_t wall_s);
/*
 * Writes a .NET TimeSpan as the cmdlets print it: 00:00:03.3645259; spec:
 * TaskOutput.Latency.
 */
void text_timespan(char dst[TEXT_TIME_SIZE], uint64_t us);

/*
 * Reads a dateTime of XML Schema (2024-01-01T00:00:00[.fff](Z|+hh:mm|)); without a zone
 * it is UTC. Returns false and leaves *ret_wall_s unchanged if it is anything else.
 */
bool text_parse_time(struct str s, int64_t *ret_wall_s);
/*
 * Reads the Date of HTTP or SIP: "Thu, 01 Dec 2016 08:21:44 GMT" (RFC 3261 20.17), and
 * the obsolete forms of RFC 9110 5.6.7: "Thursday, 01-Dec-16 08:21:44 GMT" (RFC 850) and
 * "Thu Dec  1 08:21:44 2016" (asctime). Returns false and leaves *ret_wall_s unchanged if
 * it is anything else.
 */
bool text_parse_date(struct str s, int64_t *ret_wall_s);
/*
 * Reads "30s", "5m", "2h", "7d", "500ms". Returns false and leaves *ret_ms unchanged if
 * it is anything else, or more than 366 days.
 */
bool text_parse_duration(struct str s, uint64_t *ret_ms);
/*
 * Writes a duration as a person would, in the largest unit that fits: "5m", "90s",
 * "1500ms".
 */
void text_duration(char dst[TEXT_TIME_SIZE], uint64_t ms);

#endif
