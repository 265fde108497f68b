/*
 * explain - diagnoses and the numbers of servers in full, for people: `cswatch explain`
 * and doc/DIAGNOSIS. All of it comes from report/diagnosis_table.c and vocab/error_id.c.
 *
 * Text is broken into lines of at most EXPLAIN_COLUMNS.
 */
#ifndef CSWATCH_REPORT_EXPLAIN_H
#define CSWATCH_REPORT_EXPLAIN_H
#include <stdbool.h>

#include "report/diagnose.h"
#include "vocab/error_id.h"

#define EXPLAIN_COLUMNS 78
#define EXPLAIN_MAX	(256 * 1024) /* more than the whole document; the max of a buf */

/* Calls each() for the diagnosis of every tag, in the order of the steps. */
void explain_each(void (*each)(void *arg, const struct diagnosis *d), void *arg);
/* Finds a tag, in any case. Returns false if there is none of that name. */
bool explain_find(const char *tag, struct diagnosis *ret);
/* Appends an entry, a labelled line each. */
void explain_tag(struct buf *out, const struct diagnosis *d);
void explain_id(struct buf *out, const struct error_id *id);
/* Appends an entry as a JSON object, and a line feed. */
void explain_tag_json(struct buf *out, const struct diagnosis *d);
void explain_id_json(struct buf *out, const struct error_id *id);
/* Appends everything, as doc/DIAGNOSIS has it. */
void explain_document(struct buf *out);

#endif
