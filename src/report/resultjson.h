/*
 * resultjson - the parts of a run that look the same in `--format json` and in the state
 * file.
 */
#ifndef CSWATCH_REPORT_RESULTJSON_H
#define CSWATCH_REPORT_RESULTJSON_H
#include <stddef.h>
#include <stdint.h>

struct discovery;
struct json;
struct step_time;

/* "warnings": ["clock-skew"] */
void resultjson_warnings(struct json *j, unsigned warnings);
/* "steps": [ { "step": "resolve", "ms": 0.9 }, ... ] */
void resultjson_steps(struct json *j, const struct step_time *steps, size_t n);
/*
 * "certificate": { "subject", "serial", "sha1", "not_before", "not_after" }, null without
 * serial. subject NULL: left out.
 */
void resultjson_certificate(struct json *j, const char *subject, const char *serial,
    const char *sha1, int64_t not_before, int64_t not_after);
/*
 * "discovery": { "registrar", "port", "method", "asked", "access", "looked", "tried" };
 * null when nobody has looked. again_ms: when it is looked for again, a member
 * "look_again"; 0: null; negative: no such member.
 */
void resultjson_discovery(
    struct json *j, const struct discovery *d, const char *domain, int64_t again_ms);
/* Whole seconds since the epoch; null for 0. */
void resultjson_time(struct json *j, const char *key, int64_t wall_s);

#endif
