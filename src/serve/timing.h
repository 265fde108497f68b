/*
 * timing - when a test runs, and where it is in the configuration, as JSON.
 */
#ifndef CSWATCH_SERVE_TIMING_H
#define CSWATCH_SERVE_TIMING_H

struct config_test;
struct json;

/* Puts the members "where" and "schedule". */
void timing_put(struct json *j, const struct config_test *t);

#endif
