/*
 * requests - what the registrar does with each method: REGISTER (lab/logon), and the
 * requests of the real client after it has signed in (spec 07 section 6).
 */
#ifndef CSWATCH_LAB_REQUESTS_H
#define CSWATCH_LAB_REQUESTS_H

struct lab_sip_conn;
struct sip_msg;

/* Serves a message, which is borrowed for the call. Responses are ignored. */
void lab_requests_serve(struct lab_sip_conn *c, const struct sip_msg *m);

#endif
