/*
 * request - one line of a client: read, checked, and written.
 */
#ifndef CSWATCH_CONTROL_REQUEST_H
#define CSWATCH_CONTROL_REQUEST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vocab/command_id.h"
#include "control/protocol.h"

struct buf;
struct err;

/* What is not given is NULL, 0 or false. All text is UTF-8 without control characters. */
struct control_request {
	enum command_id verb;
	const char *names[CONTROL_NAMES_MAX];
	size_t nnames;
	bool verbose;
	uint64_t for_ms;
	const char *reason;
	const char *user;  /* certificates: of whom */
	const char *about; /* roles: which command */
	const char *run;   /* trace: which one; else the last */
	bool list;	   /* trace: which there are */
	void *tree;	   /* what the text points into */
};

/*
 * False: *err says what is wrong with the line, *ret is untouched. Unknown members are
 * refused. Caller: control_request_free().
 */
bool control_request_read(struct str line, struct control_request *ret, struct err *err);
void control_request_free(struct control_request *r);
/* As a line, with its line feed. */
void control_request_write(struct buf *out, const struct control_request *r);

#endif
