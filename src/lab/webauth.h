/*
 * webauth - HTTP authentication of one request: NTLM and Negotiate, tied to its
 * connection. Behind a front end that is trusted it is the account in that one's header.
 */
#ifndef CSWATCH_LAB_WEBAUTH_H
#define CSWATCH_LAB_WEBAUTH_H

struct user;
struct web_request;

/* The account behind the request, SIP-enabled. NULL: rq holds the answer (401 or 403). */
const struct user *webauth(struct web_request *rq);

#endif
