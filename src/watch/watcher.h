/*
 * watcher - tests, pools and the watcher itself, day and night: builds the parts of
 * watch/, exchanges the configuration underneath them, and stops them.
 *
 * Knows nothing of who runs it. What happens goes out through the table of subscribers.h;
 * what may be read is in view.h, what people may do in operator.h.
 */
#ifndef CSWATCH_WATCH_WATCHER_H
#define CSWATCH_WATCH_WATCHER_H
#include <stdbool.h>

struct config;
struct env;
struct log;
struct tls_inner_ctx;
struct operator;
struct state;
struct traces;
struct view;
struct watch_events;
struct watcher;
struct worker;

struct watcher_settings {
	const struct env *env;
	struct tls_inner_ctx *inner, *inner_legacy; /* see struct runtime */
	struct log *log;
	struct worker *files;	      /* reads and writes traces */
	const char *traces_directory; /* copied */
};

/*
 * Begins with what is remembered, and without a configuration: subscribers come next,
 * then watcher_adopt(). Takes over what *remembered holds of tests and pools. Borrows the
 * rest. Returns NULL when out of memory.
 */
struct watcher *watcher_new(const struct watcher_settings *s, struct state *remembered);
/* After watcher_abandon(), and after worker_free() of files. NULL is allowed. */
void watcher_free(struct watcher *w);

/* Has that table hear what happens; see subscribers_add(). Borrows both. */
void watcher_subscribe(struct watcher *w, const struct watch_events *events, void *arg);
/*
 * Exchanges the configuration: unchanged tests keep their state and their times, removed
 * ones end. Holds a reference to next. Returns false when out of memory: nothing is
 * changed.
 */
bool watcher_adopt(struct watcher *w, struct config *next);
/*
 * Starts nothing any more, and logs off what is logged on; the event stopped comes when
 * that is done, maybe inside this call.
 */
void watcher_stop(struct watcher *w);
/* Drops what is still in flight: the time to stop is over. NULL is allowed. */
void watcher_abandon(struct watcher *w);

const struct view *watcher_view(const struct watcher *w);
const struct operator* watcher_operator(const struct watcher *w);
struct traces *watcher_traces(const struct watcher *w);

#endif
