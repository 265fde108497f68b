/*
 * webauth - HTTP authentication of a request: NTLM and Negotiate of its connection, or
 * the account in the header of a trusted front end.
 */
#ifndef CSWATCH_LAB_WEBAUTH_H
#define CSWATCH_LAB_WEBAUTH_H

struct lab_user;
struct lab_web_request;

/*
 * Returns the user who sent the request, if enabled for SIP. Otherwise returns NULL and
 * fills in the answer (401 or 403).
 */
const struct lab_user *lab_webauth_account(struct lab_web_request *rq);

#endif
