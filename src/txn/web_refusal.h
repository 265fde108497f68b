/*
 * web_refusal - why an answer of a web service is none: what the service says, what
 * answered in its place, in the order of how much that tells. For txn/ only.
 */
#ifndef CSWATCH_TXN_WEB_REFUSAL_H
#define CSWATCH_TXN_WEB_REFUSAL_H
#include <stdbool.h>

struct err;
struct https_answer;

/* Returns whether it is what was asked for: 200, and no web page. */
bool web_refusal_is_answer(const struct https_answer *a);
/* Fills *err from an answer that is not; who is for the text: "web ticket service". */
void web_refusal_explain(const struct https_answer *a, const char *who, struct err *err);
/* Returns whether a fault says that the security token, or its time, is not accepted. */
bool web_refusal_is_of_token(const struct https_answer *a);
/*
 * Returns whether an answer offers modern authentication alone: Bearer, MsRtcOAuth, and
 * nothing that this program speaks.
 */
bool web_refusal_is_oauth(const struct https_answer *a);

#endif
