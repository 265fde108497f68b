/*
 * requests - what the registrar does with each method: REGISTER (lab/logon) and the
 * little that the real client asks for after it has signed in (spec 07 section 6).
 */
#ifndef CSWATCH_LAB_REQUESTS_H
#define CSWATCH_LAB_REQUESTS_H

struct lab_sip_conn;
struct sip_msg;

/* m is borrowed for the call; responses are ignored. */
void lab_requests_serve(struct lab_sip_conn *c, const struct sip_msg *m);

#endif
