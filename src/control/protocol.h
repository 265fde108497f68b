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

#define CONTROL_LINE_MAX	 (64 * 1024)   /* octets of a request */
#define CONTROL_NAMES_MAX	 256	       /* tests or pools in a request */
#define CONTROL_WORD_MAX	 256	       /* octets of a name, user, duration */
#define CONTROL_REASON_MAX	 200	       /* octets */
#define CONTROL_ANSWER_MAX	 (256 * 1024)  /* octets of one line of an answer */
#define CONTROL_QUEUE_MAX	 (1024 * 1024) /* unread octets; then the client goes */
#define CONTROL_QUEUE_LOW	 (64 * 1024)   /* with less unread, more is made */
#define CONTROL_CLIENTS_MAX	 256
#define CONTROL_CLIENTS_PER_USER 64 /* root may have all */
#define CONTROL_IDLE_S		 60 /* without a whole request */
#define CONTROL_STALL_S		 30 /* without reading a single octet of what is there */

#endif
