/*
 * log - one event, one line: a closed event name and key=value pairs.
 *
 * A struct log is a sink; report/ has those for the journal, syslog and stderr. Values
 * are escaped by the sink, so callers pass foreign text as it is - but never a secret.
 */
#ifndef CSWATCH_BASE_LOG_H
#define CSWATCH_BASE_LOG_H
#include <stddef.h>
#include <stdint.h>
#include <syslog.h>

/* What is logged; see doc/cswatch-events.7. */
enum event_id {
	EVENT_DAEMON_STARTED,
	EVENT_DAEMON_STOPPED,
	EVENT_CONFIG_REFUSED,
	EVENT_CONFIG_LOADED,
	EVENT_STATE_DAMAGED,
	EVENT_STATE_UNWRITABLE,
	EVENT_KEYS_UNWRITABLE,
	EVENT_TEST_FINISHED,
	EVENT_TEST_STATE,
	EVENT_TEST_REMINDER,
	EVENT_TEST_FLAPPING,
	EVENT_TEST_PAUSED,
	EVENT_TEST_RESUMED,
	EVENT_TEST_ACKNOWLEDGED,
	EVENT_TRACE_UNWRITABLE,
	EVENT_POOL_ALERT,
	EVENT_POOL_REMINDER,
	EVENT_POOL_RECOVERED,
	EVENT_POOL_ACKNOWLEDGED,
	EVENT_WATCHER_ISOLATED,
	EVENT_WATCHER_REMINDER,
	EVENT_WATCHER_CONNECTED,
	EVENT_CONTROL_COMMAND,
	EVENT_CONTROL_REFUSED,
	EVENT_CONTROL_UNAVAILABLE,
	EVENT_COUNT
};

const char *event_name(enum event_id e);
/* 128-bit journal MESSAGE_ID of the event, 32 hex digits; never changes. */
const char *event_message_id(enum event_id e);

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

/* priority is LOG_ERR ... LOG_DEBUG of syslog(3). */
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
