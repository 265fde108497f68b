/*
 * frame - where one SIP message ends in a stream (RFC 3261 7.5, 18.3). Copies nothing.
 */
#ifndef CSWATCH_SIP_FRAME_H
#define CSWATCH_SIP_FRAME_H
#include <stddef.h>

#include "base/str.h"

struct err;

#define SIP_HEAD_MAX (64 * 1024)   /* octets of start line and headers */
#define SIP_BODY_MAX (1024 * 1024) /* octets */

enum sip_frame {
	SIP_FRAME_MORE,	 /* not all here yet */
	SIP_FRAME_WHOLE, /* *ret_skip octets of keep-alive, then a message of *ret_len */
	SIP_FRAME_NEVER	 /* *err: too large (CAUSE_LIMIT) or not SIP (CAUSE_PROTOCOL) */
};

/*
 * On MORE, *ret_skip leading CR/LF octets may be dropped at once. When only the body is
 * not all here, *ret_len is what the message will have: no use to ask again before.
 */
enum sip_frame sip_frame(
    struct str in, size_t *ret_skip, size_t *ret_len, struct err *err);

#endif
