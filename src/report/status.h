/*
 * status - what `cswatch status` prints of a state file.
 */
#ifndef CSWATCH_REPORT_STATUS_H
#define CSWATCH_REPORT_STATUS_H

struct buf;
struct state;

/*
 * Aligned columns TEST STATE SINCE LATENCY NEXT LAST-ERROR, a heading, one line for each
 * test.
 */
void status_table(struct buf *out, const struct state *s);
/* The same document as the state file (doc/STATE), and a line feed. */
void status_json(struct buf *out, const struct state *s);

#endif
