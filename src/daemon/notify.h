/*
 * notify - what the service manager hears of us (sd_notify(3)); silence when there is
 * none.
 */
#ifndef CSWATCH_DAEMON_NOTIFY_H
#define CSWATCH_DAEMON_NOTIFY_H
#include <stdint.h>

/* The first configuration, or the one just reloaded (or kept), is live. */
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);
/* One line for `systemctl status`. */
void notify_status(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Microseconds within which a sign of life is due; 0: nobody waits for one. */
uint64_t notify_watchdog_us(void);
void notify_alive(void);

#endif
