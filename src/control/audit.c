#include "control/audit.h"

#define NENTRIES (AUDIT_KINDS * (AUDIT_ACCOUNTS + 1))

static const unsigned lines_max[AUDIT_KINDS] = {
	[AUDIT_COMMAND] = AUDIT_COMMANDS,
	[AUDIT_REFUSAL] = AUDIT_REFUSALS,
};

/* Returns whether there is nothing left to remember of the entry. */
static bool
is_free(const struct audit_entry *e, uint64_t now_us)
{
	return !e->used || (e->sum.count == 0 && now_us >= e->end_us);
}

/*
 * Returns the entry of the account: the one it has, a free one, or, if the table is full,
 * the one that all further accounts share.
 */
static struct audit_entry *
find_entry(struct control_audit *a, enum audit_kind kind, uid_t uid, uint64_t now_us)
{
	struct audit_entry *first = &a->entries[kind * (AUDIT_ACCOUNTS + 1)];
	struct audit_entry *shared = first + AUDIT_ACCOUNTS, *found = shared;

	for (struct audit_entry *e = first; e < shared; e++) {
		if (is_free(e, now_us))
			found = found == shared ? e : found;
		else if (e->sum.uid == uid)
			return e;
	}
	if (is_free(found, now_us))
		*found = (struct audit_entry){
			.used = true,
			.sum = { .kind = kind, .uid = uid, .many = found == shared },
			.end_us = now_us + AUDIT_PERIOD_US,
		};
	return found;
}

bool
control_audit_count(struct control_audit *a, enum audit_kind kind,
    const struct control_peer *peer, enum command_id command, uint64_t now_us)
{
	struct audit_entry *e = find_entry(a, kind, peer->uid, now_us);

	if (e->lines < lines_max[kind]) {
		e->lines++;
		return true;
	}
	e->sum.count++;
	e->sum.commands |= 1u << command;
	if (!e->sum.many) {
		e->sum.gid = peer->gid;
		(void)str_copy(e->sum.name, sizeof(e->sum.name), str_of(peer->name));
	}
	return false;
}

bool
control_audit_remove_sum(struct control_audit *a, uint64_t now_us, struct audit_sum *ret)
{
	for (size_t i = 0; i < NENTRIES; i++) {
		struct audit_entry *e = &a->entries[i];

		if (!e->used || e->sum.count == 0 || now_us < e->end_us)
			continue;
		*ret = e->sum;
		e->sum.count = 0;
		e->sum.commands = 0;
		e->lines = 1; /* the line of this sum */
		e->used = now_us != UINT64_MAX;
		e->end_us = now_us + AUDIT_PERIOD_US;
		return true;
	}
	return false;
}

uint64_t
control_audit_next_us(const struct control_audit *a)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < NENTRIES; i++) {
		const struct audit_entry *e = &a->entries[i];

		if (e->used && e->sum.count > 0 && e->end_us < next)
			next = e->end_us;
	}
	return next;
}
