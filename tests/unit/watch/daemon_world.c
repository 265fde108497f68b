#include "daemon_world.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "../config/place.h"
#include "vocab/err.h"
#include "daemon/reload.h"
#include "watch/operator.h"
#include "state/writer.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "sched/sched.h"
#include "tls/identity.h"
#include "keys/keyring.h"

#define PATIENCE_US (60 * 1000000) /* an upper limit; nothing waits for it */

static uint64_t
mono_us(void *arg)
{
	const struct daemon_world *w = arg;

	return w->mono_us;
}

static int64_t
wall_ms(void *arg)
{
	const struct daemon_world *w = arg;

	return w->wall_ms;
}

/* What differs from run to run, and long texts, are for other tests. */
static bool
is_dull(const char *key)
{
	static const char *const dull[] = { "run", "latency", "error", "since", "file",
		"user", "pool" };

	for (size_t i = 0; i < NROWS(dull); i++)
		if (strcmp(key, dull[i]) == 0)
			return true;
	return false;
}

static void
emit(struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	union {
		char *octets;
		struct daemon_world *world;
	} w = { (char *)log - offsetof(struct daemon_world, log) };

	(void)priority;
	buf_puts(&w.world->logged, event_name(event));
	for (size_t i = 0; i < n; i++) {
		if (is_dull(kv[i].key))
			continue;
		if (kv[i].str != NULL)
			buf_printf(&w.world->logged, " %s=%s", kv[i].key, kv[i].str);
		else
			buf_printf(&w.world->logged, " %s=%lld", kv[i].key,
			    (long long)kv[i].num);
	}
	buf_putc(&w.world->logged, '\n');
}

static int
make_socket(bool listening, unsigned *ret_port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	if (listening)
		assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*ret_port = ntohs(sin.sin_port);
	return fd;
}

void
daemon_world_config(struct daemon_world *w, const char *tests)
{
	struct buf text;

	buf_init(&text, 65536);
	buf_printf(&text,
	    "state_directory = \"state\";\ndns_servers = [\"127.0.0.1:1\"];\n"
	    "defaults: { confirm = 2; };\n" USERS
	    "pools: ( { fqdn = \"silent.x.org\"; address = \"127.0.0.1\"; "
	    "registrar_port = %u; ca_file = \"ca.pem\"; }, "
	    "{ fqdn = \"refusing.x.org\"; address = \"127.0.0.1\"; "
	    "registrar_port = %u; ca_file = \"ca.pem\"; }, "
	    "{ domain = \"x.org\"; %s ca_file = \"ca.pem\"; } );\ntests: ( %s );\n",
	    w->silent_port, w->refusing_port, w->of_domain == NULL ? "" : w->of_domain,
	    tests);
	assert_false(text.failed);
	place_file("c.conf", 0640, text.data);
	buf_free(&text);
}

void
daemon_world_open(struct daemon_world *w, const char *tests)
{
	*w = (struct daemon_world){ .mono_us = 1000000, .wall_ms = WORLD_WALL_MS };
	w->clock = (struct clock){ mono_us, wall_ms, w };
	w->log.emit = emit;
	buf_init(&w->logged, 1024 * 1024);
	w->d.log = &w->log;
	w->d.config_file = "c.conf";
	assert_int_equal(place_enter(NULL), 0);
	assert_int_equal(mkdir("state", 0700), 0);
	w->silent_fd = make_socket(true, &w->silent_port);
	w->refusing_fd = make_socket(false, &w->refusing_port);
	daemon_world_config(w, tests);
}

/* Keys that take no time to make: their making is tested elsewhere. */
static struct identity *
make_identity(const char *address, atomic_bool *stop, struct err *err)
{
	static struct identity *one;

	(void)address;
	(void)stop;
	if (one == NULL)
		one = identity_new("alice@x.org", NULL, err);
	return identity_ref(one);
}

static void
exchange_keys(struct runtime *w, const struct clock *clock)
{
	struct keyring_settings s = { .reader = w->reader,
		.maker = w->maker,
		.clock = clock,
		.make = make_identity };
	struct err err;

	keyring_free(w->env.keys);
	w->env.keys = keyring_new(w->env.loop, &s, &err);
	assert_non_null(w->env.keys);
}

void
daemon_world_start(struct daemon_world *w)
{
	struct runtime_settings settings = { "127.0.0.1:1", NULL, 0 };
	struct daemon *d = &w->d;
	struct err err;

	assert_true(daemon_load(d));
	assert_true(runtime_open(&d->world, &settings, &err));
	d->world.env.clock = &w->clock;
	exchange_keys(&d->world, &w->clock);
	d->files = worker_new(d->world.env.loop, &err);
	assert_non_null(d->files);
	assert_true(probes_start(d));
}

void
daemon_world_close(struct daemon_world *w)
{
	struct daemon *d = &w->d;

	timer_free(w->patience);
	runs_abandon(&d->runs);
	if (d->world.env.loop != NULL)
		runtime_stop_workers(&d->world);
	worker_free(d->files);
	writer_free(d->writer);
	sched_free(d->sched);
	probes_free(d);
	if (d->world.env.loop != NULL)
		runtime_close(&d->world);
	config_unref(d->config);
	/* A leak checker wants to look at us. */
	prctl(PR_SET_DUMPABLE, 1);
	close(w->silent_fd);
	close(w->refusing_fd);
	buf_free(&w->logged);
	assert_int_equal(place_leave(NULL), 0);
}

static void
stop_loop(void *arg)
{
	const struct daemon_world *w = arg;

	loop_stop(w->d.world.env.loop);
}

static void
lose_patience(void *arg)
{
	const struct daemon_world *w = arg;

	fprintf(stderr, "nothing happens any more:\n%s", daemon_world_logged(w));
	abort();
}

void
daemon_world_turn(struct daemon_world *w)
{
	struct timer *look = timer_new(w->d.world.env.loop, stop_loop, w);

	assert_non_null(look);
	if (w->patience == NULL) {
		w->patience = timer_new(w->d.world.env.loop, lose_patience, w);
		assert_non_null(w->patience);
		timer_set(w->patience, PATIENCE_US);
	}
	timer_set(look, 1000);
	await_loop(w->d.world.env.loop, "the end of the turn");
	timer_free(look);
}

void
daemon_world_wait(struct daemon_world *w, size_t running)
{
	while (w->d.running != running)
		daemon_world_turn(w);
}

const char *
daemon_world_logged(const struct daemon_world *w)
{
	return w->logged.data == NULL ? "" : w->logged.data;
}

void
daemon_world_adopt(struct daemon_world *w, const char *tests)
{
	daemon_world_config(w, tests);
	(void)daemon_reload(&w->d, NULL);
	buf_clear(&w->logged);
}

struct probe *
daemon_world_probe(struct daemon_world *w, const char *name)
{
	struct probe *p = probes_find(&w->d, name);

	assert_non_null(p);
	return p;
}

void
daemon_world_run(struct daemon_world *w, const char *name)
{
	assert_int_equal(daemon_run_now(&w->d, name).changed, 1);
}

void
daemon_world_run_to_end(struct daemon_world *w, const char *name)
{
	uint64_t runs = daemon_world_probe(w, name)->state.runs;

	daemon_world_run(w, name);
	while (daemon_world_probe(w, name)->state.runs == runs)
		daemon_world_turn(w);
	assert_int_equal(w->d.running, 0);
}
