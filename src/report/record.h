/*
 * record - the outcome of one run as the cmdlets print it, and as one line of JSON.
 */
#ifndef CSWATCH_REPORT_RECORD_H
#define CSWATCH_REPORT_RECORD_H

struct buf;
struct json;
struct result;

#define RECORD_MAX (16 * 1024) /* more than any record, in either form */

/*
 * Appends the record as text, "TargetFqdn : ...\nResult     : ...\n...", with a line for
 * the warnings only if there are any. The target is a pool, or a SIP domain; then the
 * registrar that was found is on a line of its own.
 */
void record_text(struct buf *out, const char *target_fqdn, const struct result *r);
/*
 * Appends the record as a JSON object and a line feed. user is user@domain, with or
 * without "sip:".
 */
void record_json(
    struct buf *out, const char *target_fqdn, const char *user, const struct result *r);

/*
 * Appends the names of the warnings, which are bits, 1u << enum warning:
 * "clock-skew,legacy-tls".
 */
void record_warnings(struct buf *out, unsigned warnings, const char *separator);
/* Appends a SIP address with "sip:". */
void record_user(struct buf *out, const char *user);
/* Writes seconds, rounded to milliseconds: "3.365". */
#define RECORD_SECONDS_SIZE 24
void record_seconds(char dst[RECORD_SECONDS_SIZE], unsigned long long us);

#endif
