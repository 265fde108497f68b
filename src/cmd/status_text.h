/* status_text - the texts that `cswatch status` prints for each test. */
#ifndef CSWATCH_CMD_STATUS_TEXT_H
#define CSWATCH_CMD_STATUS_TEXT_H
#include "report/record.h"

struct buf;
struct state;
struct test_state;

#define STATUS_TEXT_SIZE 512

/* Write printable text, or "" if there is nothing to print. */
void status_name(char dst[STATUS_TEXT_SIZE], const struct test_state *t);
#define STATUS_STATE_SIZE 24
/* Writes the state: "ok", "alert/flapping". */
void status_state(char dst[STATUS_STATE_SIZE], const struct test_state *t);
/* Writes the latency of the last run in seconds. */
void status_latency(char dst[RECORD_SECONDS_SIZE], const struct test_state *t);
/* Writes the failure of the last run, or the warnings of its success. */
void status_error(char dst[STATUS_TEXT_SIZE], const struct test_state *t);
/*
 * Appends the lines above the tests: that the watcher is cut off, and the pools in alert
 * that have a test in s.
 */
void status_whole(struct buf *out, const struct state *s);
/* Appends the document of the state file (doc/STATE) and a line feed. */
void status_json(struct buf *out, const struct state *s);

#endif
