#include "soap/xml.h"

#include <errno.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "soap/ns.h"
#include "soap/xmlcheck.h"
#include "soap/xmlencoding.h"
#include "soap/xmlscan.h"

/* Fed in pieces, so that nothing much is parsed after the first error. */
#define PIECE 4096

/* Each is looked for in all octets of a copied element. */
#define OUTER_NS_MAX 64

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT)

struct xml_doc {
	xmlDoc *doc;
	struct str text; /* the caller's, or own */
	char *own;	 /* in UTF-8, if the caller's is not; NULL otherwise */
};

/* What went wrong first, while parsing. */
struct watch {
	bool failed, dtd;
	int line, column;
	char why[ERR_DETAIL_MAX / 2];
};

void
xml_init(void)
{
	xmlInitParser();
}

void
xml_cleanup(void)
{
	xmlCleanupParser();
}

/* The text is at its end, the root element is not: libxml2 calls that "extra content". */
static bool
is_cut(const xmlParserCtxt *ctxt, int code)
{
	return code == XML_ERR_DOCUMENT_END &&
	       (ctxt->node != NULL || ctxt->myDoc == NULL ||
		   xmlDocGetRootElement(ctxt->myDoc) == NULL);
}

#if LIBXML_VERSION >= 21200
static void
on_error(void *arg, const xmlError *e)
#else
static void
on_error(void *arg, xmlError *e)
#endif
{
	const xmlParserCtxt *ctxt = arg;
	struct watch *w = ctxt->_private;

	if (w->failed || e->level < XML_ERR_ERROR)
		return;
	w->failed = true;
	w->line = e->line;
	w->column = e->int2;
	if (is_cut(ctxt, e->code))
		str_copy(w->why, sizeof(w->why), STR_LIT("the text ends too early"));
	else if (e->message != NULL)
		text_printable(w->why, sizeof(w->why), str_trim(str_of(e->message)));
}

/* A document type declaration: no SOAP message may have one (SOAP 1.1, section 3). */
static void
on_doctype(void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxt *ctxt = arg;
	struct watch *w = ctxt->_private;

	(void)name;
	(void)external;
	(void)system;
	w->dtd = true;
	xmlStopParser(ctxt);
}

/* NULL: out of memory, or not well-formed, see w. */
static xmlDoc *
feed(struct str text, struct watch *w)
{
	xmlParserCtxt *ctxt = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
	xmlDoc *doc;

	if (ctxt == NULL)
		return NULL;
	ctxt->_private = w;
	ctxt->sax->serror = on_error;
	ctxt->sax->internalSubset = on_doctype;
	xmlCtxtUseOptions(ctxt, OPTIONS);
	for (size_t at = 0; at < text.len && !w->failed && !w->dtd; at += PIECE) {
		size_t n = text.len - at < PIECE ? text.len - at : PIECE;

		xmlParseChunk(ctxt, text.p + at, (int)n, 0);
	}
	if (!w->failed && !w->dtd)
		xmlParseChunk(ctxt, NULL, 0, 1);
	doc = ctxt->myDoc;
	ctxt->myDoc = NULL;
	if (w->failed || w->dtd || !ctxt->wellFormed) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	xmlFreeParserCtxt(ctxt);
	return doc;
}

static void
explain(const struct watch *w, struct err *err)
{
	if (w->dtd)
		err_set(err, CAUSE_PROTOCOL, 0,
		    "XML with a document type declaration is refused");
	else if (w->failed)
		err_set(err, CAUSE_PROTOCOL, 0, "not XML: line %d, column %d: %s",
		    w->line, w->column, w->why);
	else
		err_local(err, ENOMEM, "reading XML");
}

struct xml_doc *
xml_parse(struct str text, struct err *err)
{
	struct watch w = { .failed = false };
	struct xml_doc *d;

	char *own;

	if (!xmlcheck_octets(text, err) || !xmlencoding_to_utf8(text, &text, &own, err))
		return NULL;
	if (!xmlcheck_shape(text, err)) {
		free(own);
		return NULL;
	}
	d = calloc(1, sizeof(*d));
	if (d == NULL) {
		free(own);
		explain(&w, err);
		return NULL;
	}
	d->text = text;
	d->own = own;
	d->doc = feed(text, &w);
	if (d->doc == NULL || xml_root(d) == NULL) {
		explain(&w, err);
		xml_free(d);
		return NULL;
	}
	return d;
}

struct xml_doc *
xml_parse_html(struct str text)
{
	struct xml_doc *d = calloc(1, sizeof(*d));

	if (d != NULL && text.len > 0)
		d->doc = htmlReadMemory(text.p, (int)text.len, NULL, NULL,
		    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
			HTML_PARSE_NONET | HTML_PARSE_COMPACT);
	if (d == NULL || d->doc == NULL || xml_root(d) == NULL) {
		xml_free(d);
		return NULL;
	}
	d->text = text;
	return d;
}

void
xml_free(struct xml_doc *d)
{
	if (d == NULL)
		return;
	xmlFreeDoc(d->doc);
	free(d->own);
	free(d);
}

/* struct xml_node is libxml2's node by another name. */
static const xmlNode *
unwrap(const struct xml_node *n)
{
	return (const xmlNode *)(const void *)n;
}

static const struct xml_node *
wrap(const xmlNode *n)
{
	return (const struct xml_node *)(const void *)n;
}

const struct xml_node *
xml_root(const struct xml_doc *d)
{
	return wrap(xmlDocGetRootElement(d->doc));
}

const char *
xml_local_name(const struct xml_node *n)
{
	return (const char *)unwrap(n)->name;
}

const char *
xml_namespace(const struct xml_node *n)
{
	const xmlNs *ns = unwrap(n)->ns;

	return ns == NULL || ns->href == NULL ? "" : (const char *)ns->href;
}

bool
xml_is(const struct xml_node *n, const char *ns, const char *name)
{
	return n != NULL && unwrap(n)->type == XML_ELEMENT_NODE &&
	       (name == NULL || strcmp(xml_local_name(n), name) == 0) &&
	       (ns == NULL || strcmp(xml_namespace(n), ns) == 0);
}

/* First of x and its following siblings that is such an element. */
static const struct xml_node *
among(const xmlNode *x, const char *ns, const char *name)
{
	while (x != NULL && !xml_is(wrap(x), ns, name))
		x = x->next;
	return wrap(x);
}

const struct xml_node *
xml_child(const struct xml_node *n, const char *ns, const char *name)
{
	return n == NULL ? NULL : among(unwrap(n)->children, ns, name);
}

const struct xml_node *
xml_next(const struct xml_node *n, const char *ns, const char *name)
{
	return n == NULL ? NULL : among(unwrap(n)->next, ns, name);
}

const struct xml_node *
xml_parent(const struct xml_node *n)
{
	const xmlNode *up = unwrap(n)->parent;

	return up != NULL && up->type == XML_ELEMENT_NODE ? wrap(up) : NULL;
}

const struct xml_node *
xml_walk(const struct xml_node *top, const struct xml_node *n)
{
	const struct xml_node *next = xml_child(n, NULL, NULL);

	while (next == NULL && n != top) {
		next = xml_next(n, NULL, NULL);
		n = wrap(unwrap(n)->parent);
	}
	return next;
}

const struct xml_node *
xml_find(const struct xml_node *n, const char *ns, const char *name)
{
	const struct xml_node *x = n;

	if (n == NULL)
		return NULL;
	do {
		x = xml_walk(n, x);
	} while (x != NULL && !xml_is(x, ns, name));
	return x;
}

/* Appends what libxml2 gave and frees it; NULL is its lack of memory. */
static void
append(xmlChar *s, bool trim, struct buf *out)
{
	struct str text = str_of((const char *)s);

	if (s == NULL)
		out->failed = true;
	else
		buf_str(out, trim ? str_trim(text) : text);
	xmlFree(s);
}

void
xml_text(const struct xml_node *n, struct buf *out)
{
	if (n != NULL)
		append(xmlNodeGetContent(unwrap(n)), true, out);
}

bool
xml_attr(const struct xml_node *n, const char *ns, const char *name, struct buf *out)
{
	const xmlNode *node = unwrap(n);
	xmlChar *value;

	if (n == NULL)
		return false;
	if (ns == NULL)
		value = xmlGetNoNsProp(node, (const xmlChar *)name);
	else
		value = xmlGetNsProp(node, (const xmlChar *)name, (const xmlChar *)ns);
	if (value == NULL)
		return false;
	append(value, false, out);
	return true;
}

void
xml_each_attr(const struct xml_node *n,
    void (*f)(void *arg, const char *name, struct str value), void *arg)
{
	for (const xmlAttr *a = unwrap(n)->properties; a != NULL; a = a->next) {
		xmlChar *value = xmlNodeListGetString(a->doc, a->children, 1);

		f(arg, (const char *)a->name,
		    str_of(value == NULL ? "" : (const char *)value));
		xmlFree(value);
	}
}

/* How many elements stand before n in the document. */
static size_t
ordinal(const struct xml_doc *d, const struct xml_node *n)
{
	const struct xml_node *root = xml_root(d);
	size_t count = 0;

	for (const struct xml_node *x = root; x != NULL && x != n; x = xml_walk(root, x))
		count++;
	return count;
}

static bool
declares(const xmlNode *n, const xmlChar *prefix)
{
	for (const xmlNs *ns = n->nsDef; ns != NULL; ns = ns->next)
		if (xmlStrEqual(ns->prefix, prefix))
			return true;
	return false;
}

/* Not declared again by n or between n and holder. */
static bool
in_scope(const xmlNode *n, const xmlNode *holder, const xmlNs *ns)
{
	for (; n != holder; n = n->parent)
		if (declares(n, ns->prefix))
			return false;
	return true;
}

/* One of the words of an attribute; "#default" is the namespace without prefix. */
static bool
is_listed(const xmlChar *list, const xmlNs *ns)
{
	struct str rest = str_of((const char *)list), word;
	const char *wanted = ns->prefix == NULL ? "#default" : (const char *)ns->prefix;

	while (rest.len > 0) {
		word.len = 0;
		word.p = rest.p;
		while (word.len < rest.len && strchr(" \t\r\n", word.p[word.len]) == NULL)
			word.len++;
		if (str_eq(word, wanted))
			return true;
		rest = str_trim((struct str){ rest.p + word.len, rest.len - word.len });
	}
	return false;
}

static const struct xml_node *
next_inclusive(const struct xml_node *top, const struct xml_node *n)
{
	do {
		n = xml_walk(top, n);
	} while (n != NULL && !xml_is(n, NS_EXC_C14N, "InclusiveNamespaces"));
	return n;
}

/*
 * A signature inside the element may name prefixes whose declarations it covers although
 * nothing uses them: InclusiveNamespaces of exclusive canonicalisation (section 3).
 */
static bool
is_inclusive(const xmlNode *n, const xmlNs *ns)
{
	const struct xml_node *x = next_inclusive(wrap(n), wrap(n));
	bool found = false;

	for (; x != NULL && !found; x = next_inclusive(wrap(n), x)) {
		xmlChar *list = xmlGetNoNsProp(unwrap(x), (const xmlChar *)"PrefixList");

		found = list != NULL && is_listed(list, ns);
		xmlFree(list);
	}
	return found;
}

/*
 * Whether the element depends on this declaration from outside. A prefix may also be used
 * in the value of an attribute (xsi:type); so any "prefix:" in the bytes counts: a
 * declaration too many does no harm, neither to the reader nor to an exclusive canonical
 * form.
 */
static bool
depends(const xmlNode *n, struct str octets, const xmlNs *ns)
{
	const struct xml_node *top = wrap(n);

	if (ns->prefix != NULL && xmlscan_prefix(octets, (const char *)ns->prefix))
		return true;
	if (is_inclusive(n, ns))
		return true;
	if (ns->prefix != NULL)
		return false;
	for (const struct xml_node *x = top; x != NULL; x = xml_walk(top, x))
		if (unwrap(x)->ns == ns)
			return true;
	return false;
}

static void
declare(const xmlNs *ns, struct buf *out)
{
	buf_puts(out, ns->prefix == NULL ? " xmlns" : " xmlns:");
	if (ns->prefix != NULL)
		buf_puts(out, (const char *)ns->prefix);
	buf_puts(out, "=\"");
	text_xml(out, str_of((const char *)ns->href));
	buf_putc(out, '"');
}

static void
declare_missing(const xmlNode *n, struct str octets, struct buf *out)
{
	for (const xmlNode *up = n->parent; up != NULL && up->type == XML_ELEMENT_NODE;
	    up = up->parent)
		for (const xmlNs *ns = up->nsDef; ns != NULL; ns = ns->next)
			if (ns->href != NULL && ns->href[0] != '\0' &&
			    in_scope(n, up, ns) && depends(n, octets, ns))
				declare(ns, out);
}

static unsigned
declarations_above(const xmlNode *n)
{
	unsigned count = 0;

	while ((n = n->parent) != NULL && n->type == XML_ELEMENT_NODE)
		for (const xmlNs *ns = n->nsDef; ns != NULL; ns = ns->next)
			count++;
	return count;
}

bool
xml_verbatim(
    const struct xml_doc *d, const struct xml_node *n, struct buf *out, struct err *err)
{
	struct xmlscan_tag open;
	struct str all;
	size_t head;

	if (!xmlscan_element(d->text, ordinal(d, n), &all, &open)) {
		err_set(err, CAUSE_PROTOCOL, 0, "element %s not found in the XML text",
		    xml_local_name(n));
		return false;
	}
	if (declarations_above(unwrap(n)) > OUTER_NS_MAX) {
		err_set(err, CAUSE_PROTOCOL, 0,
		    "more than %d namespaces declared around %s", OUTER_NS_MAX,
		    xml_local_name(n));
		return false;
	}
	head = 1 + open.name_len;
	buf_add(out, all.p, head);
	declare_missing(unwrap(n), all, out);
	buf_add(out, all.p + head, all.len - head);
	if (out->failed) {
		err_local(err, ENOMEM, "copying element %s", xml_local_name(n));
		return false;
	}
	return true;
}
