/*
 * resultjson - writes the parts of a run that are the same in `--format json` and in the
 * state file.
 */
#ifndef CSWATCH_REPORT_RESULTJSON_H
#define CSWATCH_REPORT_RESULTJSON_H
#include <stddef.h>
#include <stdint.h>

struct discovery;
struct json;
struct step_time;

/* Writes "warnings": ["clock-skew"]. */
void resultjson_warnings(struct json *j, unsigned warnings);
/* Writes "steps": [ { "step": "resolve", "ms": 0.9 }, ... ]. */
void resultjson_steps(struct json *j, const struct step_time *steps, size_t n);
/*
 * Writes "certificate": { "subject", "serial", "sha1", "not_before", "not_after" }, or
 * null if serial is empty. subject NULL: the member is left out.
 */
void resultjson_certificate(struct json *j, const char *subject, const char *serial,
    const char *sha1, int64_t not_before, int64_t not_after);
/*
 * Writes "discovery": { "registrar", "port", "method", "asked", "access", "looked",
 * "tried" }, or null if no registrar was looked for. again_ms is the time in "look_again"
 * when it is looked for again; 0: null; negative: there is no such member.
 */
void resultjson_discovery(
    struct json *j, const struct discovery *d, const char *domain, int64_t again_ms);
/* Writes a time in whole seconds; null for 0. wall_s is in seconds since the epoch. */
void resultjson_time(struct json *j, const char *key, int64_t wall_s);

#endif
