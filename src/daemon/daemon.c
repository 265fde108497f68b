#include "daemon/daemon.h"

#include "build_config.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/process.h"
#include "config/config.h"
#include "daemon/notify.h"
#include "daemon/reload.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "report/log.h"
#include "serve/serve.h"
#include "serve/service.h"
#include "serve/state_keeper.h"
#include "state/statefile.h"
#include "txn/runtime.h"
#include "vocab/err.h"
#include "watch/subscribers.h"
#include "watch/view.h"
#include "watch/watcher.h"

/* log-offs and the last write; systemd is told 5 s in the documents */
#define STOP_BUDGET_US 4500000
#define PULSE_US       5000000 /* status line, when no watchdog wants more */

struct daemon {
	struct log *log;
	struct live_config live;
	struct runtime world;
	/* fsync() must not wait for RSA keys to be made, nor they for it */
	struct worker *files;
	struct state_keeper *keeper;
	struct watcher *watcher;
	struct serve *serve; /* NULL: no control socket */
	struct notifier *notifier;
	struct watch *signals[3];
	struct timer *stop_timer; /* end of the time that a stop may take */
	struct timer *pulse;	  /* watchdog and status line */
	bool stopping;
};

/* ---- while it runs ---- */

static void
on_pulse(void *arg)
{
	struct daemon *d = arg;
	struct watcher_view w = view_watcher(watcher_view(d->watcher));
	uint64_t watchdog = notify_watchdog_us();
	char whole[40] = "";

	if (w.pools_in_alert > 0)
		snprintf(whole, sizeof(whole), " (%zu whole pools)", w.pools_in_alert);
	notify_status(d->notifier,
	    "%s%zu tests: %zu ok, %zu failing, %zu alert%s, %zu running",
	    w.cut_off ? "isolated; " : "", w.tests, w.states[ALERT_OK],
	    w.states[ALERT_FAILING], w.states[ALERT_ALERT], whole, w.running);
	notify_alive(d->notifier);
	timer_set(
	    d->pulse, watchdog != 0 && watchdog / 2 < PULSE_US ? watchdog / 2 : PULSE_US);
}

static bool
adopt_config(void *arg, struct config *next)
{
	struct daemon *d = arg;

	return watcher_adopt(d->watcher, next);
}

/* For `cswatch reload`. */
static bool
reload_config(void *arg, struct buf *problems)
{
	struct daemon *d = arg;

	return live_config_reload(&d->live, problems);
}

static void
on_reload(void *arg, unsigned signum)
{
	struct daemon *d = arg;

	(void)signum;
	if (!d->stopping)
		(void)live_config_reload(&d->live, NULL);
}

/* The last run is over, or the time to stop is. */
static void
on_stopped(void *arg)
{
	struct daemon *d = arg;

	loop_stop(d->world.env.loop);
}

static const struct watch_events events = { .stopped = on_stopped };

/* Nothing new starts; what is logged on is logged off; the last one stops the loop. */
static void
on_stop(void *arg, unsigned signum)
{
	struct daemon *d = arg;

	(void)signum;
	if (d->stopping) { /* asked twice: do not wait */
		loop_stop(d->world.env.loop);
		return;
	}
	d->stopping = true;
	notify_stopping(d->notifier);
	timer_set(d->stop_timer, STOP_BUDGET_US);
	watcher_stop(d->watcher);
}

/* ---- start ---- */

static bool
watch_signals(struct daemon *d)
{
	struct loop *l = d->world.env.loop;

	d->signals[0] = watch_signal(l, SIGTERM, on_stop, d);
	d->signals[1] = watch_signal(l, SIGINT, on_stop, d);
	d->signals[2] = watch_signal(l, SIGHUP, on_reload, d);
	d->stop_timer = timer_new(l, on_stopped, d);
	d->pulse = timer_new(l, on_pulse, d);
	return d->signals[0] != NULL && d->signals[1] != NULL && d->signals[2] != NULL &&
	       d->stop_timer != NULL && d->pulse != NULL;
}

/*
 * The configuration says where keys and state live, so it is read before the world is
 * opened.
 */
static bool
open_world(struct daemon *d, struct err *err)
{
	const struct config *c = d->live.config;
	struct runtime_settings settings;
	char keys[PATH_MAX];

	snprintf(keys, sizeof(keys), "%s/keys", c->state_directory);
	settings = (struct runtime_settings){ c->dns_servers, keys, c->key_lifetime_s };
	/* made if it is missing, one level; systemd does it before us */
	(void)mkdir(c->state_directory, 0750);
	return runtime_open(&d->world, &settings, err) &&
	       (d->files = worker_new(d->world.env.loop, err)) != NULL;
}

/* Goes on from what is remembered. Returns false when out of memory. */
static bool
start_watcher(struct daemon *d)
{
	const struct env *env = &d->world.env;
	char traces[PATH_MAX];
	const struct state_keeper_settings keeper = { env->loop, d->files, env->clock,
		d->log, d->live.config->state_directory };
	const struct watcher_settings settings = { env, d->world.inner,
		d->world.inner_legacy, d->log, d->files, traces };
	struct state remembered;

	snprintf(traces, sizeof(traces), "%s/traces", d->live.config->state_directory);
	d->keeper = state_keeper_new(&keeper, &remembered);
	if (d->keeper != NULL)
		d->watcher = watcher_new(&settings, &remembered);
	state_free(&remembered);
	if (d->watcher == NULL)
		return false;
	state_keeper_attach(d->keeper, d->watcher);
	watcher_subscribe(d->watcher, &events, d);
	return watcher_adopt(d->watcher, d->live.config);
}

/* Trouble with the control socket is logged, and is no reason not to watch. */
static void
start_serving(struct daemon *d)
{
	const char *path = d->live.config->control_socket;
	const struct service with = { .view = watcher_view(d->watcher),
		.operator= watcher_operator(d->watcher),
		.traces = watcher_traces(d->watcher),
		.reload = reload_config,
		.reload_arg = d };
	struct err err;

	if (path[0] == '\0')
		return;
	d->serve = serve_new(&with, d->world.env.loop, d->log, path, &err);
	if (d->serve != NULL)
		serve_attach(d->serve, d->watcher);
	else
		LOG_EVENT(d->log, LOG_ERR, EVENT_CONTROL_UNAVAILABLE,
		    KV_S("error", err.detail));
}

static bool
start(struct daemon *d, struct err *err)
{
	err_clear(err);
	if (!live_config_load(&d->live) || !open_world(d, err))
		return false;
	d->notifier = d->live.notifier = notifier_new(d->world.env.loop);
	if (d->notifier == NULL || !watch_signals(d) || !start_watcher(d)) {
		err_local(err, 0, "out of memory");
		return false;
	}
	start_serving(d);
	return true;
}

/* ---- stop ---- */

static void
stop(struct daemon *d)
{
	struct err err;

	serve_free(d->serve);
	watcher_abandon(d->watcher);
	if (d->world.env.loop != NULL)
		runtime_stop_workers(&d->world);
	worker_free(d->files);
	if (d->watcher != NULL && !state_keeper_flush(d->keeper, &err))
		LOG_EVENT(
		    d->log, LOG_ERR, EVENT_STATE_UNWRITABLE, KV_S("error", err.detail));
	state_keeper_free(d->keeper);
	watcher_free(d->watcher);
	for (size_t i = 0; i < sizeof(d->signals) / sizeof(d->signals[0]); i++)
		watch_free(d->signals[i]);
	timer_free(d->stop_timer);
	timer_free(d->pulse);
	notifier_free(d->notifier);
	runtime_close(&d->world);
	live_config_free(&d->live);
}

static void
run(struct daemon *d)
{
	const struct view *view = watcher_view(d->watcher);

	LOG_EVENT(d->log, LOG_NOTICE, EVENT_DAEMON_STARTED,
	    KV_S("version", PACKAGE_VERSION), KV_I("tests", view_watcher(view).tests));
	notify_ready(d->notifier);
	process_release_start_pages();
	on_pulse(d);
	loop_run(d->world.env.loop);
	LOG_EVENT(d->log, LOG_NOTICE, EVENT_DAEMON_STOPPED,
	    KV_I("running", view_watcher(view).running));
}

int
daemon_run(const struct daemon_options *o)
{
	struct daemon d = { .live = { .file = o->config_file, .adopt = adopt_config } };
	struct err err;
	bool started;

	umask(077);
	d.log = d.live.log = log_open(o->log, &clock_system, &err);
	if (d.log == NULL) {
		fprintf(stderr, "cswatchd: %s\n", err.detail);
		return EXIT_FAILURE;
	}
	d.live.arg = &d;
	process_raise_descriptor_limit();
	started = start(&d, &err);
	if (started)
		run(&d);
	else if (err.detail[0] != '\0')
		fprintf(stderr, "cswatchd: %s\n", err.detail);
	stop(&d);
	d.log->close(d.log);
	return started ? EXIT_SUCCESS : EXIT_FAILURE;
}
