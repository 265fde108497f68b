/*
 * notify - what the service manager hears of the daemon (sd_notify(3)).
 *
 * Nothing here ever waits: sd_notify() blocks while the queue of its receiver is full.
 * What cannot be sent now is kept, and tried again from the loop: each change of the
 * daemon's life in order, of the rest the newest. There is silence without
 * $NOTIFY_SOCKET, or with a notifier that is NULL.
 */
#ifndef CSWATCH_DAEMON_NOTIFY_H
#define CSWATCH_DAEMON_NOTIFY_H
#include <stdint.h>

struct loop;
struct notifier;

/* Returns NULL when out of memory. */
struct notifier *notifier_new(struct loop *l);
void notifier_free(struct notifier *n); /* NULL is allowed. */

/* Says that the first configuration, or the one just reloaded (or kept), is live. */
void notify_ready(struct notifier *n);
void notify_reloading(struct notifier *n);
void notify_stopping(struct notifier *n);
/* Says one line for `systemctl status`; longer ones are cut. */
void notify_status(struct notifier *n, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Returns the microseconds within which a sign of life is due, or 0 if none is. */
uint64_t notify_watchdog_us(void);
void notify_alive(struct notifier *n);

#endif
