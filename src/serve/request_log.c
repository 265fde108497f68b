/*
 * A request is logged at once or counted; which of the two control/audit decides. As long
 * as something is counted the timer is set to the end of the first minute that has a sum.
 */
#include "serve/request_log.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "control/audit.h"
#include "control/request.h"
#include "loop/loop.h"
#include "report/log.h"

#define TARGETS_MAX  512 /* bytes of names in a log line */
#define COMMANDS_MAX 256 /* bytes of the names of all commands */

struct request_log {
	struct log *log;
	const struct clock *clock;
	struct timer *timer;
	uint64_t timer_us; /* when it runs out, or UINT64_MAX if it is not set */
	uint32_t changing; /* 1u << command_id of each that changes something */
	struct control_audit audit;
};

static const enum event_id event_of[AUDIT_KINDS] = {
	[AUDIT_COMMAND] = EVENT_CONTROL_COMMAND,
	[AUDIT_REFUSAL] = EVENT_CONTROL_REFUSED,
};

static int
priority_of(const struct request_log *l, enum audit_kind kind, uint32_t commands)
{
	if (kind == AUDIT_REFUSAL)
		return LOG_WARNING;
	return (commands & l->changing) != 0 ? LOG_NOTICE : LOG_INFO;
}

static void
log_sum(struct request_log *l, const struct audit_sum *sum)
{
	struct buf commands;
	struct kv kv[5];
	size_t n = 0;

	buf_init(&commands, COMMANDS_MAX);
	for (enum command_id c = 0; c < COMMAND_COUNT; c++)
		if ((sum->commands & 1u << c) != 0)
			buf_printf(&commands, "%s%s", commands.len == 0 ? "" : ",",
			    command_id_name(c));
	kv[n++] = KV_S("command", commands.failed ? "(many)" : commands.data);
	kv[n++] = KV_S("by", sum->many ? "(many)" : sum->name);
	if (!sum->many) {
		kv[n++] = KV_I("uid", sum->uid);
		kv[n++] = KV_I("gid", sum->gid);
	}
	kv[n++] = KV_I("count", sum->count);
	log_event(
	    l->log, priority_of(l, sum->kind, sum->commands), event_of[sum->kind], kv, n);
	buf_free(&commands);
}

static void
log_sums(struct request_log *l, uint64_t now_us)
{
	struct audit_sum sum;

	while (control_audit_remove_sum(&l->audit, now_us, &sum))
		log_sum(l, &sum);
}

static void
set_timer(struct request_log *l, uint64_t now_us)
{
	uint64_t next = control_audit_next_us(&l->audit);

	if (next == l->timer_us)
		return;
	l->timer_us = next;
	if (next == UINT64_MAX)
		timer_clear(l->timer);
	else
		timer_set(l->timer, next > now_us ? next - now_us : 0);
}

static void
on_timer(void *arg)
{
	struct request_log *l = arg;
	uint64_t now_us = clock_mono_us(l->clock);

	log_sums(l, now_us);
	l->timer_us = UINT64_MAX;
	set_timer(l, now_us);
}

struct request_log *
request_log_new(struct loop *loop, const struct clock *clock, struct log *log)
{
	struct request_log *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->log = log;
	l->clock = clock;
	l->timer_us = UINT64_MAX;
	l->timer = timer_new(loop, on_timer, l);
	if (l->timer != NULL)
		return l;
	free(l);
	return NULL;
}

void
request_log_free(struct request_log *l)
{
	if (l == NULL)
		return;
	log_sums(l, UINT64_MAX);
	timer_free(l->timer);
	free(l);
}

static void
log_request(struct request_log *l, enum audit_kind kind, const struct control_peer *peer,
    const struct control_request *r, const char *roles)
{
	uint64_t now_us = clock_mono_us(l->clock);
	struct buf targets;
	struct kv kv[6];
	size_t n = 0;

	if (!control_audit_count(&l->audit, kind, peer, r->verb, now_us)) {
		set_timer(l, now_us);
		return;
	}
	buf_init(&targets, TARGETS_MAX);
	for (size_t i = 0; i < r->nnames; i++)
		buf_printf(&targets, "%s%s", i == 0 ? "" : ",", r->names[i]);
	kv[n++] = KV_S("command", command_id_name(r->verb));
	if (r->nnames > 0)
		kv[n++] = KV_S("target", targets.failed ? "(many)" : targets.data);
	kv[n++] = KV_S("by", peer->name);
	kv[n++] = KV_I("uid", peer->uid);
	kv[n++] = KV_I("gid", peer->gid);
	if (roles != NULL)
		kv[n++] = KV_S("roles", roles);
	log_event(l->log, priority_of(l, kind, 1u << r->verb), event_of[kind], kv, n);
	buf_free(&targets);
}

void
request_log_command(struct request_log *l, const struct control_peer *peer,
    const struct control_request *r, bool changes)
{
	if (changes)
		l->changing |= 1u << r->verb;
	log_request(l, AUDIT_COMMAND, peer, r, NULL);
}

void
request_log_refusal(struct request_log *l, const struct control_peer *peer,
    const struct control_request *r, const char *roles)
{
	log_request(l, AUDIT_REFUSAL, peer, r, roles);
}
