/* tracehead - ends a trace with the result of its run. */
#ifndef CSWATCH_REPORT_TRACEHEAD_H
#define CSWATCH_REPORT_TRACEHEAD_H

struct result;
struct trace;

/*
 * Ends a trace. test is "" if the test has no name; user may have "sip:". t may be NULL.
 */
void tracehead_end(struct trace *t, const char *test, const char *pool, const char *user,
    const struct result *r);

#endif
