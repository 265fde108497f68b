#include "watch_world.h"

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
#include "serve/state_keeper.h"
#include "state/statefile.h"
#include "watch/subscribers.h"
#include "watch/watcher.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "tls/identity.h"
#include "keys/keyring.h"

#define PATIENCE_US (60 * 1000000) /* an upper limit; nothing waits for it */

static uint64_t
mono_us(void *arg)
{
	const struct watch_world *w = arg;

	return w->mono_us;
}

static int64_t
wall_ms(void *arg)
{
	const struct watch_world *w = arg;

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
		char *bytes;
		struct watch_world *world;
	} w = { (char *)log - offsetof(struct watch_world, log) };

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
watch_world_config(struct watch_world *w, const char *tests)
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
	    "{ domain = \"x.org\"; ca_file = \"ca.pem\"; } );\ntests: ( %s );\n",
	    w->silent_port, w->refusing_port, tests);
	assert_false(text.failed);
	place_file("c.conf", 0640, text.data);
	buf_free(&text);
}

void
watch_world_open(struct watch_world *w, const char *tests)
{
	*w = (struct watch_world){ .mono_us = 1000000, .wall_ms = WORLD_WALL_MS };
	w->clock = (struct clock){ mono_us, wall_ms, w };
	w->log.emit = emit;
	buf_init(&w->logged, 1024 * 1024);
	assert_int_equal(place_enter(NULL), 0);
	assert_int_equal(mkdir("state", 0700), 0);
	w->silent_fd = make_socket(true, &w->silent_port);
	w->refusing_fd = make_socket(false, &w->refusing_port);
	watch_world_config(w, tests);
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

static bool
adopt(void *arg, struct config *next)
{
	const struct watch_world *w = arg;

	return watcher_adopt(w->watcher, next);
}

static void
on_stopped(void *arg)
{
	struct watch_world *w = arg;

	w->stopped++;
	loop_stop(w->runtime.env.loop);
}

static const struct watch_events events = { .stopped = on_stopped };

static void
start_watcher(struct watch_world *w)
{
	const struct env *env = &w->runtime.env;
	const struct state_keeper_settings keeper = { env->loop, w->files, &w->clock,
		&w->log, "state" };
	const struct watcher_settings settings = { env, w->runtime.inner,
		w->runtime.inner_legacy, &w->log, w->files, "state/traces" };
	struct state remembered;

	w->keeper = state_keeper_new(&keeper, &remembered);
	assert_non_null(w->keeper);
	w->watcher = watcher_new(&settings, &remembered);
	assert_non_null(w->watcher);
	state_free(&remembered);
	w->view = watcher_view(w->watcher);
	w->operator= watcher_operator(w->watcher);
	state_keeper_attach(w->keeper, w->watcher);
	watcher_subscribe(w->watcher, &events, w);
	assert_true(watcher_adopt(w->watcher, w->live.config));
}

void
watch_world_start(struct watch_world *w)
{
	struct runtime_settings settings = { "127.0.0.1:1", NULL, 0 };
	struct err err;

	w->live = (struct live_config){
		.file = "c.conf", .log = &w->log, .adopt = adopt, .arg = w
	};
	assert_true(live_config_load(&w->live));
	assert_true(runtime_open(&w->runtime, &settings, &err));
	w->runtime.env.clock = &w->clock;
	exchange_keys(&w->runtime, &w->clock);
	w->files = worker_new(w->runtime.env.loop, &err);
	assert_non_null(w->files);
	start_watcher(w);
}

void
watch_world_close(struct watch_world *w)
{
	timer_free(w->patience);
	watcher_abandon(w->watcher);
	if (w->runtime.env.loop != NULL)
		runtime_stop_workers(&w->runtime);
	worker_free(w->files);
	state_keeper_free(w->keeper);
	watcher_free(w->watcher);
	if (w->runtime.env.loop != NULL)
		runtime_close(&w->runtime);
	live_config_free(&w->live);
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
	const struct watch_world *w = arg;

	loop_stop(w->runtime.env.loop);
}

static void
lose_patience(void *arg)
{
	const struct watch_world *w = arg;

	fprintf(stderr, "nothing happens any more:\n%s", watch_world_logged(w));
	abort();
}

void
watch_world_turn(struct watch_world *w)
{
	struct timer *look = timer_new(w->runtime.env.loop, stop_loop, w);

	assert_non_null(look);
	if (w->patience == NULL) {
		w->patience = timer_new(w->runtime.env.loop, lose_patience, w);
		assert_non_null(w->patience);
		timer_set(w->patience, PATIENCE_US);
	}
	timer_set(look, 1000);
	await_loop(w->runtime.env.loop, "the end of the turn");
	timer_free(look);
}

size_t
watch_world_running(const struct watch_world *w)
{
	return view_watcher(w->view).running;
}

void
watch_world_wait(struct watch_world *w, size_t running)
{
	while (watch_world_running(w) != running)
		watch_world_turn(w);
}

const char *
watch_world_logged(const struct watch_world *w)
{
	return w->logged.data == NULL ? "" : w->logged.data;
}

void
watch_world_adopt(struct watch_world *w, const char *tests)
{
	watch_world_config(w, tests);
	(void)live_config_reload(&w->live, NULL);
	buf_clear(&w->logged);
}

struct test_view
watch_world_test(const struct watch_world *w, const char *name)
{
	struct test_view t = { .probe = NULL };

	assert_true(view_find_test(w->view, name, &t));
	return t;
}

const struct test_state *
watch_world_state(const struct watch_world *w, const char *name)
{
	return watch_world_test(w, name).state;
}

void
watch_world_run(struct watch_world *w, const char *name)
{
	assert_int_equal(operator_run_now(w->operator, name).changed, 1);
}

void
watch_world_run_to_end(struct watch_world *w, const char *name)
{
	uint64_t runs = watch_world_state(w, name)->runs;

	watch_world_run(w, name);
	while (watch_world_state(w, name)->runs == runs)
		watch_world_turn(w);
	assert_int_equal(watch_world_running(w), 0);
}
