/*
 * trouble - what may be wrong with the store, in words.
 */
#ifndef CSWATCH_STORE_TROUBLE_H
#define CSWATCH_STORE_TROUBLE_H
#include <stdint.h>

enum store_kind {
	STORE_FINE,
	STORE_HELD,	  /* another daemon has the state directory */
	STORE_FULL,	  /* no space on the disk, or max_size reached */
	STORE_READ_ONLY,  /* directory or files cannot be written */
	STORE_LOCKED,	  /* another program has the file open */
	STORE_MOVED,	  /* the file is not where it was opened */
	STORE_UNREADABLE, /* no directory, no permission, not a file */
	STORE_NEWER,	  /* written by a newer version: left alone */
	STORE_DAMAGED,	  /* set aside, and a new one begun */
	STORE_FAILING,	  /* I/O errors, memory, anything else */
	STORE_KINDS
};

#define STORE_WHY_SIZE 512

struct store_trouble {
	enum store_kind kind;
	int64_t since_ms;	  /* wall clock */
	char why[STORE_WHY_SIZE]; /* one sentence; names the file */
	/* of STORE_DAMAGED: the name that the old file has now; else empty */
	char aside[STORE_WHY_SIZE];
};

/* "fine", "held", "full", "read-only", ... */
const char *store_kind_name(enum store_kind k);

#endif
