/*
 * state_keeper - what the daemon remembers over restarts: state.json is read at the
 * start, and kept up to date by state/writer.h whenever watch/ says that something has
 * changed.
 */
#ifndef CSWATCH_SERVE_STATE_KEEPER_H
#define CSWATCH_SERVE_STATE_KEEPER_H
#include <stdbool.h>

struct clock;
struct err;
struct log;
struct loop;
struct state;
struct state_keeper;
struct watcher;
struct worker;

struct state_keeper_settings {
	struct loop *loop;
	struct worker *files; /* writes */
	const struct clock *clock;
	struct log *log;
	const char *directory; /* of state.json; copied */
};

/*
 * Reads the file into *ret, which the caller frees with state_free(). A damaged one is
 * set aside and logged; it is not written over if that fails. Borrows what the settings
 * point to. Returns NULL when out of memory; *ret is filled all the same.
 */
struct state_keeper *state_keeper_new(
    const struct state_keeper_settings *s, struct state *ret);
/* After worker_free() of files. NULL is allowed. */
void state_keeper_free(struct state_keeper *k);

/* Keeps the state of that watcher from now on; once, before it has a configuration. */
void state_keeper_attach(struct state_keeper *k, struct watcher *w);
/*
 * Writes the file now: before leaving, when the worker has no job or is gone. Returns
 * false and fills *err if that fails.
 */
bool state_keeper_flush(struct state_keeper *k, struct err *err);

#endif
