/*
 * error_id - the numbers with which servers say why they refused: the ErrorId of the
 * ms-diagnostics header of SIP and of the X-Ms-diagnostics header and faults of web
 * services ([MS-OCER] 2.2.1, [MS-OCAUTHWS] 3.2.4.1).
 *
 * One table for the steps (which cause a number proves), the diagnosis (what to do) and
 * `cswatch explain`. A number that is missing is shown as the server sent it.
 */
#ifndef CSWATCH_VOCAB_ERROR_ID_H
#define CSWATCH_VOCAB_ERROR_ID_H
#include "vocab/evidence.h"
#include "vocab/vocab.h"

enum error_carrier {
	ERROR_OF_SIP, /* ms-diagnostics or ms-diagnostics-public of a registrar */
	ERROR_OF_WEB  /* X-Ms-diagnostics or OCSDiagnosticsFault of a web service */
};

struct error_id {
	unsigned id;
	enum error_carrier carrier;
	unsigned status;  /* the SIP or HTTP status it usually comes with; 0: several */
	enum cause cause; /* what it proves whatever the status; CAUSE_NONE: nothing */
	enum evidence evidence;
	const char *source;  /* where the meaning is from: a document, or captures */
	const char *meaning; /* no capital, no full stop */
	/* Whole sentences for the Diagnosis of a failed run; NULL: it has none. */
	const char *advice;
};

/* Returns NULL if the number is not known. */
const struct error_id *error_id_find(unsigned id);
/* Returns the number at an index, in ascending order, or NULL past the last. */
const struct error_id *error_id_nth(size_t n);
/* Returns the cause that a number from that carrier proves, or CAUSE_NONE. */
enum cause error_id_cause(enum error_carrier carrier, unsigned id);
/* Returns what a number speaks of, EVIDENCE_NONE if it is not known. */
enum evidence error_id_evidence(unsigned id);
/* Returns the part of the product whose numbers id belongs to, or NULL. */
const char *error_id_origin(unsigned id);

#endif
