/*
 * transcript - writes every message in both directions as a JSON object on a line, with
 * secrets masked (trace/mask).
 */
#ifndef CSWATCH_LAB_TRANSCRIPT_H
#define CSWATCH_LAB_TRANSCRIPT_H
#include <stdbool.h>

#include "base/str.h"

struct err;
struct lab_transcript;

struct lab_transcript_message {
	const char *connection; /* "sip-3", "https-1" */
	bool out;		/* the lab sent it */
	const char *protocol;	/* "sip", "https" */
	struct str head;	/* start line and header lines */
	struct str body;
};

/*
 * Opens a file of mode 0600, to which messages are appended. Returns NULL and sets *err
 * on failure.
 */
struct lab_transcript *lab_transcript_open(const char *path, struct err *err);
void lab_transcript_close(struct lab_transcript *t); /* NULL is allowed */
/* Writes a message; t NULL: nothing is written. */
void lab_transcript_write(
    struct lab_transcript *t, const struct lab_transcript_message *m);

#endif
