/*
 * xml - libxml2 behind one door: no DTD, no entities, no network, limited size and depth
 * (xmlcheck.h).
 *
 * Elements are found by namespace and local name; prefixes are the server's business.
 */
#ifndef CSWATCH_SOAP_XML_H
#define CSWATCH_SOAP_XML_H
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "soap/xmlcheck.h"

struct buf;
struct err;
struct xml_doc;
struct xml_node; /* borrowed from its document */

/* Once, before threads start, and at the very end. */
void xml_init(void);
void xml_cleanup(void);

/*
 * NULL: *err is CAUSE_PROTOCOL (not XML: line, column, reason; HTML is called that) or
 * CAUSE_LIMIT. A document type declaration is refused. The text must stay as long as the
 * document.
 */
struct xml_doc *xml_parse(struct str text, struct err *err);
/*
 * Reads a web page as well as it can be read. Returns NULL when out of memory, or if
 * there is no element in it. xml_verbatim() is not for such a document.
 */
struct xml_doc *xml_parse_html(struct str text);
void xml_free(struct xml_doc *d); /* NULL is allowed. */
const struct xml_node *xml_root(const struct xml_doc *d);

bool xml_is(const struct xml_node *n, const char *ns, const char *name);
const char *xml_local_name(const struct xml_node *n);
const char *xml_namespace(const struct xml_node *n); /* "" when none */
/*
 * First or next element child/sibling of that name; ns or name NULL: any.
 * NULL when there is none; n may be NULL.
 */
const struct xml_node *xml_child(
    const struct xml_node *n, const char *ns, const char *name);
const struct xml_node *xml_next(
    const struct xml_node *n, const char *ns, const char *name);
/* NULL for the root. */
const struct xml_node *xml_parent(const struct xml_node *n);
/* The element after n in document order inside top, which is first; NULL at the end. */
const struct xml_node *xml_walk(const struct xml_node *top, const struct xml_node *n);
/* First descendant in document order, at any depth; n itself is not looked at. */
const struct xml_node *xml_find(
    const struct xml_node *n, const char *ns, const char *name);

/* Appends the text of the subtree without white space at both ends; nothing for NULL. */
void xml_text(const struct xml_node *n, struct buf *out);
/* Appends an attribute's value (ns NULL: no namespace); false when absent. */
bool xml_attr(
    const struct xml_node *n, const char *ns, const char *name, struct buf *out);
/* Calls f for every attribute. */
void xml_each_attr(const struct xml_node *n,
    void (*f)(void *arg, const char *name, struct str value), void *arg);

/*
 * The octets of an element as they stand in the text, from '<' of its start tag to '>' of
 * its end tag: an opaque ticket must be passed on unchanged. Namespace prefixes that it
 * uses but does not declare itself are declared in the start tag of the copy. False: why.
 */
bool xml_verbatim(
    const struct xml_doc *d, const struct xml_node *n, struct buf *out, struct err *err);

#endif
