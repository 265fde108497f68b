/*
 * envelope - the SOAP frame around what the services answer.
 */
#ifndef CSWATCH_SOAP_ENVELOPE_H
#define CSWATCH_SOAP_ENVELOPE_H
#include "base/str.h"

struct buf;
struct err;
struct xml_doc;
struct xml_node;

/*
 * Reads an answer and finds its Body (SOAP 1.1 or 1.2). NULL: *err is CAUSE_FAULT when
 * it is a fault, else what xml_parse() said or that there is no Body. Caller: xml_free().
 */
struct xml_doc *envelope_open(
    struct str text, const struct xml_node **ret_body, struct err *err);

/* The child of that name; NULL: *err is CAUSE_PROTOCOL, "what: no name in parent". */
const struct xml_node *envelope_child(const struct xml_node *parent, const char *ns,
    const char *name, const char *what, struct err *err);

/* Appends <name>text</name>, the text escaped; name may carry a prefix. */
void envelope_element(struct buf *out, const char *name, const char *text);

#endif
