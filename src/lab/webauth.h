/*
 * webauth - HTTP authentication of one request: NTLM and Negotiate, tied to its
 * connection. Behind a front end that is trusted it is the account in that one's header.
 */
#ifndef CSWATCH_LAB_WEBAUTH_H
#define CSWATCH_LAB_WEBAUTH_H

struct lab_user;
struct lab_web_request;

/* The account behind the request, SIP-enabled. NULL: rq holds the answer (401 or 403). */
const struct lab_user *lab_webauth_account(struct lab_web_request *rq);

#endif
