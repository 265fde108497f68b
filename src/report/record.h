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
 * "TargetFqdn : ...\nResult     : ...\n..."; a Warnings line only when there are any. The
 * target is a pool, or the SIP domain by which the registrar, on a line of its own, was
 * found.
 */
void record_text(struct buf *out, const char *target_fqdn, const struct result *r);
/* One object and a line feed. user is user@domain, with or without "sip:". */
void record_json(
    struct buf *out, const char *target_fqdn, const char *user, const struct result *r);

/* "clock-skew,legacy-tls"; empty for none. warnings are bits, 1u << enum warning. */
void record_warnings(struct buf *out, unsigned warnings, const char *separator);
/* With "sip:" in front if it is not there yet. */
void record_user(struct buf *out, const char *user);
/* Seconds with milliseconds, "3.365", rounded. */
#define RECORD_SECONDS_SIZE 24
void record_seconds(char dst[RECORD_SECONDS_SIZE], unsigned long long us);

#endif
