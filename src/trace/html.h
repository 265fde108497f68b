/*
 * html - traces as one page that needs nothing else: no script, nothing that is loaded,
 * and a policy in it that forbids both. For tickets and mails.
 */
#ifndef CSWATCH_TRACE_HTML_H
#define CSWATCH_TRACE_HTML_H
#include <stddef.h>

struct buf;
struct trace;

#define HTML_PART_MAX (4 * 1024 * 1024) /* octets of the longest part; a buf's max */

/* The page in parts, so that nobody must hold all of it: begin, each trace, end. */
void html_begin(struct buf *out, const char *title);
void html_trace(struct buf *out, const struct trace *t);
void html_end(struct buf *out);

#endif
