/*
 * protocol - what goes over the control socket: one JSON object a line, both ways.
 *
 * A request: {"command":"test","names":["atl/ken"],"verbose":true}. Its answer: any
 * number of lines with an "event", then one with "ok": true, or false and an "error"
 * (and "roles", when it was refused for want of one). One request at a time; the next
 * is answered after it. This header holds every limit.
 */
#ifndef CSWATCH_CONTROL_PROTOCOL_H
#define CSWATCH_CONTROL_PROTOCOL_H

#define CONTROL_LINE_MAX	 (64 * 1024)   /* bytes of a request */
#define CONTROL_NAMES_MAX	 256	       /* tests or pools in a request */
#define CONTROL_WORD_MAX	 256	       /* bytes of a name, user, duration */
#define CONTROL_REASON_MAX	 200	       /* bytes */
#define CONTROL_ANSWER_MAX	 (256 * 1024)  /* bytes of one line of an answer */
#define CONTROL_QUEUE_MAX	 (1024 * 1024) /* unread bytes; then it is dropped */
#define CONTROL_QUEUE_LOW	 (64 * 1024)   /* with less unread, more is made */
#define CONTROL_CLIENTS_MAX	 256
#define CONTROL_CLIENTS_PER_USER 64 /* root may have all */
#define CONTROL_CLIENTS_ROOT	 8  /* of all, for root alone */
#define CONTROL_STRANGER_S	 5  /* a connection of an account without a role */
#define CONTROL_IDLE_S		 60 /* without a whole request */
#define CONTROL_STALL_S		 30 /* without reading a single byte of what is there */

#endif
