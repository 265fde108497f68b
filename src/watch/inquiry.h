/*
 * inquiry - what is looked up about a failure, so that its lines can say more: a
 * subscriber to inquire (subscribers.h) may ask a directory, a name server, a clock.
 *
 * It is asynchronous, and only the lines about this test wait for it, INQUIRY_WAIT_MS at
 * most: the state, the schedule and other tests go on.
 */
#ifndef CSWATCH_WATCH_INQUIRY_H
#define CSWATCH_WATCH_INQUIRY_H

struct announcer;
struct probe;
struct result;
struct subscribers;

#define INQUIRY_WAIT_MS 3000

/* Begins the look-ups about a failed run of p; its lines from now on wait for them. */
void inquiry_begin(const struct subscribers *s, struct announcer *an, struct probe *p,
    const struct result *r);

#endif
