/*
 * log - writes an event as one line: the event's name and key=value pairs.
 *
 * A struct log is a sink; sinks.h has those for the journal, syslog and stderr. The sink
 * escapes values, so callers pass foreign text as it is, but never a secret.
 */
#ifndef CSWATCH_REPORT_LOG_H
#define CSWATCH_REPORT_LOG_H
#include <stddef.h>
#include <stdint.h>
#include <syslog.h>

#include "vocab/events.h"

struct kv {
	const char *key; /* [a-z_]; the journal field is CSWATCH_<KEY> */
	const char *str; /* NULL: num is the value */
	int64_t num;
};

#define KV_S(k, s) ((struct kv){ (k), (s), 0 })
#define KV_I(k, n) ((struct kv){ (k), NULL, (int64_t)(n) })

struct log {
	void (*emit)(struct log *log, int priority, enum event_id event,
	    const struct kv *kv, size_t n);
	void (*close)(struct log *log); /* frees the log itself */
};

/* Logs an event. priority is LOG_ERR ... LOG_DEBUG of syslog(3). */
static inline void
log_event(
    struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	log->emit(log, priority, event, kv, n);
}

#define LOG_EVENT(log, priority, event, ...)                                             \
	log_event((log), (priority), (event), (const struct kv[]){ __VA_ARGS__ },        \
	    sizeof((const struct kv[]){ __VA_ARGS__ }) / sizeof(struct kv))

#endif
