/*
 * audit - how often the log may name an account that asks over the control socket.
 *
 * A client can make tens of thousands of requests a second, and a journal that is flooded
 * drops what matters. So each account has a number of lines a minute; what it asks for
 * beyond them is summed up in one line at the end of its minute, and that line counts as
 * one of the next minute. A person who types commands never comes near that number, and
 * each of them is logged at once.
 *
 * The module knows no clock and no log: the caller passes the time, logs at once what
 * control_audit_count() says, and fetches sums when control_audit_next_us() says.
 */
#ifndef CSWATCH_CONTROL_AUDIT_H
#define CSWATCH_CONTROL_AUDIT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vocab/command_id.h"
#include "control/peer.h"

#define AUDIT_ACCOUNTS	32	 /* with lines of their own; further ones share theirs */
#define AUDIT_COMMANDS	30	 /* lines for each account and minute */
#define AUDIT_REFUSALS	1	 /* likewise */
#define AUDIT_PERIOD_US 60000000 /* the minute, from the first request on */

enum audit_kind {
	AUDIT_COMMAND, /* a request that a role allows */
	AUDIT_REFUSAL,
	AUDIT_KINDS
};

/* Requests that were not logged one by one. */
struct audit_sum {
	enum audit_kind kind;
	bool many;		   /* of several accounts: those members are not set */
	uid_t uid;		   /* of the account */
	gid_t gid;		   /* of the last request */
	char name[PEER_NAME_SIZE]; /* of the account; "" if it has none */
	uint32_t commands;	   /* 1u << command_id of each that was asked for */
	uint64_t count;
};

/* Starts empty when zeroed; owns no memory. */
struct control_audit {
	struct audit_entry {
		struct audit_sum sum;
		bool used;
		unsigned lines;			       /* of this minute */
		uint64_t end_us;		       /* of this minute */
	} entries[AUDIT_KINDS * (AUDIT_ACCOUNTS + 1)]; /* of a kind: last is the shared */
};

/*
 * Counts a request of peer at now_us (monotonic). Returns true if it is to be logged now,
 * false if it became part of a sum.
 */
bool control_audit_count(struct control_audit *a, enum audit_kind kind,
    const struct control_peer *peer, enum command_id command, uint64_t now_us);
/*
 * Removes one sum whose minute is over at now_us, or any if that is UINT64_MAX. Returns
 * false and leaves *ret unchanged if there is none.
 */
bool control_audit_remove_sum(
    struct control_audit *a, uint64_t now_us, struct audit_sum *ret);
/* Returns when the minute of the next sum is over, or UINT64_MAX if there is none. */
uint64_t control_audit_next_us(const struct control_audit *a);

#endif
