/*
 * status_text - what `cswatch status` prints of each test.
 */
#ifndef CSWATCH_CMD_STATUS_TEXT_H
#define CSWATCH_CMD_STATUS_TEXT_H
#include "report/record.h"

struct buf;
struct state;
struct test_state;

#define STATUS_TEXT_SIZE 512

/* Printable; "" where there is nothing to say. */
void status_name(char dst[STATUS_TEXT_SIZE], const struct test_state *t);
#define STATUS_STATE_SIZE 24
/* "ok", "alert/flapping" */
void status_state(char dst[STATUS_STATE_SIZE], const struct test_state *t);
/* Of the last run, in seconds. */
void status_latency(char dst[RECORD_SECONDS_SIZE], const struct test_state *t);
/* Its failure, or what its success was warned about. */
void status_error(char dst[STATUS_TEXT_SIZE], const struct test_state *t);
/*
 * What stands above the tests, a line each: the watcher is cut off; pools in alert, of
 * those that have a test in s. Nothing else.
 */
void status_whole(struct buf *out, const struct state *s);
/* The same document as the state file (doc/STATE), and a line feed. */
void status_json(struct buf *out, const struct state *s);

#endif
