/*
 * tracehead - ends a trace with what its run came to.
 */
#ifndef CSWATCH_REPORT_TRACEHEAD_H
#define CSWATCH_REPORT_TRACEHEAD_H

struct result;
struct trace;

/* test: "" when it has no name. user with or without "sip:". t NULL is fine. */
void tracehead_end(struct trace *t, const char *test, const char *pool, const char *user,
    const struct result *r);

#endif
