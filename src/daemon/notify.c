#include "daemon/notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "loop/loop.h"

#define AGAIN_US  250000 /* after a message that was not taken */
#define TEXT_SIZE 320

/* What may wait to be sent, in the order in which it is; of each the newest. */
enum slot { STARTED, RELOADING, RELOADED, STOPPING, STATUS, ALIVE, SLOTS };

struct notifier {
	int fd; /* -1: there is no receiver */
	struct sockaddr_un to;
	socklen_t to_len;
	struct timer *timer;
	char waiting[SLOTS][TEXT_SIZE]; /* "": nothing */
};

/* Returns false unless the variable names a socket: a path, or "@" and an abstract name.
 */
static bool
find_receiver(struct notifier *n)
{
	const char *name = getenv("NOTIFY_SOCKET");
	size_t len = name == NULL ? 0 : strlen(name);

	if (len < 2 || len >= sizeof(n->to.sun_path) ||
	    (name[0] != '/' && name[0] != '@'))
		return false;
	n->to.sun_family = AF_UNIX;
	memcpy(n->to.sun_path, name, len);
	n->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (name[0] == '@')
		n->to.sun_path[0] = '\0';
	return true;
}

/* Sends what waits, as far as it is taken. */
static void
on_timer(void *arg)
{
	struct notifier *n = arg;

	for (enum slot i = 0; i < SLOTS; i++) {
		size_t len = strlen(n->waiting[i]);

		if (len > 0 &&
		    sendto(n->fd, n->waiting[i], len, MSG_DONTWAIT | MSG_NOSIGNAL,
			(const struct sockaddr *)&n->to, n->to_len) < 0) {
			timer_set(n->timer, AGAIN_US);
			return;
		}
		n->waiting[i][0] = '\0';
	}
}

__attribute__((format(printf, 3, 4))) static void
notify(struct notifier *n, enum slot slot, const char *fmt, ...)
{
	va_list ap;

	if (n == NULL || n->fd < 0)
		return;
	va_start(ap, fmt);
	vsnprintf(n->waiting[slot], TEXT_SIZE, fmt, ap);
	va_end(ap);
	on_timer(n);
}

struct notifier *
notifier_new(struct loop *l)
{
	struct notifier *n = calloc(1, sizeof(*n));

	if (n == NULL || (n->timer = timer_new(l, on_timer, n)) == NULL) {
		free(n);
		return NULL;
	}
	n->fd = find_receiver(n) ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
	return n;
}

void
notifier_free(struct notifier *n)
{
	if (n == NULL)
		return;
	if (n->fd >= 0)
		close(n->fd);
	timer_free(n->timer);
	free(n);
}

void
notify_ready(struct notifier *n)
{
	bool reload = n != NULL && n->waiting[RELOADING][0] != '\0';

	notify(n, reload ? RELOADED : STARTED, "READY=1");
}

/* systemd 253 and later (Type=notify-reload) want the time along with it. */
void
notify_reloading(struct notifier *n)
{
	struct timespec now;

	if (n != NULL)
		n->waiting[RELOADED][0] = '\0'; /* not yet, after all */
	clock_gettime(CLOCK_MONOTONIC, &now);
	notify(n, RELOADING, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

void
notify_stopping(struct notifier *n)
{
	notify(n, STOPPING, "STOPPING=1");
}

void
notify_status(struct notifier *n, const char *fmt, ...)
{
	char text[TEXT_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	notify(n, STATUS, "STATUS=%s", text);
}

uint64_t
notify_watchdog_us(void)
{
	uint64_t us;

	return sd_watchdog_enabled(0, &us) > 0 ? us : 0;
}

void
notify_alive(struct notifier *n)
{
	notify(n, ALIVE, "WATCHDOG=1");
}
