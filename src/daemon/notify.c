#include "daemon/notify.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
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

#define AGAIN_MIN_US 100000 /* after a message that was not taken; doubled each time */
#define AGAIN_MAX_US 2000000
#define TEXT_SIZE    320
/* READY, RELOADING, READY, STOPPING, and one each of the other kinds */
#define QUEUE_MAX 6

enum kind { READY, RELOADING, STOPPING, STATUS, ALIVE };

struct message {
	enum kind kind;
	char text[TEXT_SIZE];
};

struct notifier {
	int fd; /* -1: nobody listens */
	struct sockaddr_un to;
	socklen_t to_len;
	struct timer *timer;
	uint64_t again_us;
	struct message queue[QUEUE_MAX]; /* not sent yet */
	size_t n;
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
	else
		n->to_len++;
	return true;
}

static void
take_out(struct notifier *n, size_t at)
{
	n->n--;
	memmove(&n->queue[at], &n->queue[at + 1], (n->n - at) * sizeof(n->queue[0]));
}

static void
send_queued(struct notifier *n)
{
	while (n->n > 0) {
		const char *text = n->queue[0].text;

		if (sendto(n->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
			(const struct sockaddr *)&n->to, n->to_len) < 0) {
			timer_set(n->timer, n->again_us);
			n->again_us *= 2;
			if (n->again_us > AGAIN_MAX_US)
				n->again_us = AGAIN_MAX_US;
			return;
		}
		n->again_us = AGAIN_MIN_US;
		take_out(n, 0);
	}
	timer_clear(n->timer);
}

/*
 * Drops what the message makes needless: an older one of a kind of which only the newest
 * counts, or the reload before this one, which is over.
 */
static void
drop_superseded(struct notifier *n, enum kind kind)
{
	bool reload_dropped = false;

	for (size_t i = 0; i < n->n;) {
		enum kind old = n->queue[i].kind;

		if ((old == kind && kind != READY) || (reload_dropped && old == READY)) {
			reload_dropped = reload_dropped || old == RELOADING;
			take_out(n, i);
		} else {
			i++;
		}
	}
}

static void
notify(struct notifier *n, enum kind kind, const char *text)
{
	struct message *m;

	if (n == NULL || n->fd < 0)
		return;
	drop_superseded(n, kind);
	assert(n->n < QUEUE_MAX);
	m = &n->queue[n->n++];
	m->kind = kind;
	snprintf(m->text, sizeof(m->text), "%s", text);
	send_queued(n);
}

static void
on_timer(void *arg)
{
	send_queued(arg);
}

struct notifier *
notifier_new(struct loop *l)
{
	struct notifier *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->fd = -1;
	n->again_us = AGAIN_MIN_US;
	n->timer = timer_new(l, on_timer, n);
	if (n->timer == NULL) {
		free(n);
		return NULL;
	}
	if (find_receiver(n))
		n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
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
	notify(n, READY, "READY=1");
}

/* systemd 253 and later (Type=notify-reload) want the time along with it. */
void
notify_reloading(struct notifier *n)
{
	struct timespec now;
	char text[TEXT_SIZE];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	notify(n, RELOADING, text);
}

void
notify_stopping(struct notifier *n)
{
	notify(n, STOPPING, "STOPPING=1");
}

void
notify_status(struct notifier *n, const char *fmt, ...)
{
	char text[TEXT_SIZE] = "STATUS=";
	size_t len = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + len, sizeof(text) - len, fmt, ap);
	va_end(ap);
	notify(n, STATUS, text);
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
