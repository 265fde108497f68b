/*
 * transcript - every message both ways, one JSON object a line, secrets masked
 * (trace/mask).
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

/* Appends to the file, mode 0600. NULL: *err. */
struct lab_transcript *lab_transcript_open(const char *path, struct err *err);
void lab_transcript_close(struct lab_transcript *t); /* NULL is fine */
/* t NULL: nothing is kept. */
void lab_transcript_write(
    struct lab_transcript *t, const struct lab_transcript_message *m);

#endif
