/*
 * json - writes JSON, and nothing but valid JSON, into a buf.
 *
 * A streaming emitter: it keeps only the nesting, so a state file of any size costs no
 * tree. (Reading is up to jansson.) Names start with jsonw_, because jansson has a
 * json_object() and others of the same name, and a program that exports both lets one
 * take the other's place.
 */
#ifndef CSWATCH_BASE_JSON_H
#define CSWATCH_BASE_JSON_H
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

#define JSON_DEPTH_MAX 16

struct json {
	struct buf *out;
	unsigned depth;
	bool more[JSON_DEPTH_MAX]; /* a value was written here: a comma is due */
};

void jsonw_init(struct json *j, struct buf *out);
/*
 * Each writes a value, or opens or closes one. key is NULL inside arrays and at the top.
 * Nesting beyond JSON_DEPTH_MAX fails the buffer.
 */
void jsonw_object(struct json *j, const char *key);
void jsonw_object_end(struct json *j);
void jsonw_array(struct json *j, const char *key);
void jsonw_array_end(struct json *j);
/* Writes a string; broken UTF-8 becomes U+FFFD. */
void jsonw_str(struct json *j, const char *key, struct str value);
void jsonw_string(struct json *j, const char *key, const char *value); /* NULL: null */
void jsonw_int(struct json *j, const char *key, int64_t value);
void jsonw_bool(struct json *j, const char *key, bool value);
/*
 * Writes value / 10^decimals with all its decimals: jsonw_fixed(j, k, 3365, 3) is 3.365
 */
void jsonw_fixed(struct json *j, const char *key, int64_t value, unsigned decimals);

#endif
