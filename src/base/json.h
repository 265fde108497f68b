/*
 * json - writes JSON, and nothing but valid JSON, into a buf.
 *
 * A streaming emitter: it keeps only the nesting, so a state file of any size costs no tree.
 * Reading JSON is jansson's business (report/statefile.c).
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
	bool more[JSON_DEPTH_MAX];	/* a value was written at this depth: a comma is due */
};

void json_init(struct json *j, struct buf *out);
/* key is NULL inside arrays and at the top. */
void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);
void json_str(struct json *j, const char *key, struct str value);	/* broken UTF-8 becomes U+FFFD */
void json_string(struct json *j, const char *key, const char *value);	/* NULL writes null */
void json_int(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
/* value / 10^decimals with exactly that many decimals: json_fixed(j, k, 3365, 3) is 3.365 */
void json_fixed(struct json *j, const char *key, int64_t value, unsigned decimals);

#endif
