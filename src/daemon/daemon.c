#include "daemon/daemon.h"

#include "build_config.h"

#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vocab/err.h"
#include "report/log.h"
#include "config/config.h"
#include "serve/commands.h"
#include "daemon/notify.h"
#include "daemon/reload.h"
#include "watch/parts.h"
#include "state/writer.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "sched/sched.h"

/* log-offs and the last write; systemd is told 5 s in the documents */
#define STOP_BUDGET_US 4500000
#define SEGMENTS_MAX   8       /* of a library; most have three to drop */
#define PULSE_US       5000000 /* status line, when no watchdog wants more */

static void
on_pulse(void *arg)
{
	struct daemon *d = arg;
	uint64_t watchdog = notify_watchdog_us();
	size_t pools = pools_in_alert(d);
	char whole[40] = "";

	if (pools > 0)
		snprintf(whole, sizeof(whole), " (%zu whole pools)", pools);
	notify_status(d->notifier,
	    "%s%zu tests: %zu ok, %zu failing, %zu alert%s, %zu running",
	    d->isolation.state == ISOLATION_CUT_OFF ? "isolated; " : "", d->nprobes,
	    d->counts[ALERT_OK], d->counts[ALERT_FAILING], d->counts[ALERT_ALERT], whole,
	    d->running);
	notify_alive(d->notifier);
	timer_set(
	    d->pulse, watchdog != 0 && watchdog / 2 < PULSE_US ? watchdog / 2 : PULSE_US);
}

static void
on_reload(void *arg, unsigned signum)
{
	struct daemon *d = arg;

	(void)signum;
	if (!d->stopping)
		(void)daemon_reload(d, NULL);
}

static void
on_stop_timer(void *arg)
{
	struct daemon *d = arg;

	loop_stop(d->world.env.loop);
}

/*
 * Nothing new starts; what is registered is logged off; the last one to end stops the
 * loop.
 */
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
	sched_stop(d->sched);
	runs_cancel(&d->runs);
	timer_set(d->stop_timer, d->running == 0 ? 0 : STOP_BUDGET_US);
}

/* Two sockets and two of libcurl's own for each transaction. */
static void
raise_descriptor_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == 0 && l.rlim_cur < l.rlim_max) {
		l.rlim_cur = l.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &l);
	}
}

/* Drops the pages of an object's segments that nobody can have written to. */
static int
drop_pages(struct dl_phdr_info *object, size_t size, void *arg)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	struct {
		uintptr_t from, to;
	} found[SEGMENTS_MAX];
	size_t n = 0;

	(void)size;
	(void)arg;
	/* All are found first: the list of them is in one of these pages itself. */
	for (unsigned i = 0; i < object->dlpi_phnum && n < SEGMENTS_MAX; i++) {
		const ElfW(Phdr) *h = &object->dlpi_phdr[i];

		if (h->p_type != PT_LOAD || (h->p_flags & PF_W) != 0)
			continue;
		found[n].from = (object->dlpi_addr + h->p_vaddr) & ~(page - 1);
		found[n++].to = object->dlpi_addr + h->p_vaddr + h->p_memsz;
	}
	for (size_t i = 0; i < n; i++)
		(void)madvise(
		    (void *)found[i].from, found[i].to - found[i].from, MADV_DONTNEED);
	return 0;
}

/*
 * Gives back the memory that only starting up needed: libcurl and libxml2 bring two dozen
 * libraries whose start-up code never runs again. The kernel reads dropped pages again
 * from its page cache when they are needed. That halves what is resident at rest.
 */
static void
release_start_pages(void)
{
	malloc_trim(0);
	dl_iterate_phdr(drop_pages, NULL);
}

static bool
watch_signals(struct daemon *d)
{
	struct loop *l = d->world.env.loop;

	d->signals[0] = watch_signal(l, SIGTERM, on_stop, d);
	d->signals[1] = watch_signal(l, SIGINT, on_stop, d);
	d->signals[2] = watch_signal(l, SIGHUP, on_reload, d);
	d->stop_timer = timer_new(l, on_stop_timer, d);
	d->pulse = timer_new(l, on_pulse, d);
	return d->signals[0] != NULL && d->signals[1] != NULL && d->signals[2] != NULL &&
	       d->stop_timer != NULL && d->pulse != NULL;
}

/*
 * The configuration says where keys and state live, so it is read before the world is
 * opened.
 */
static bool
start(struct daemon *d, struct err *err)
{
	struct runtime_settings settings;
	char keys[4096];

	err_clear(err);
	if (!daemon_load(d))
		return false;
	snprintf(keys, sizeof(keys), "%s/keys", d->config->state_directory);
	settings = (struct runtime_settings){ d->config->dns_servers, keys,
		d->config->key_lifetime_s };
	/*
	 * A state directory that is missing is made, one level; systemd does it before
	 * us.
	 */
	(void)mkdir(d->config->state_directory, 0750);
	if (!runtime_open(&d->world, &settings, err) ||
	    (d->files = worker_new(d->world.env.loop, err)) == NULL)
		return false;
	d->notifier = notifier_new(d->world.env.loop);
	if (d->notifier == NULL || !watch_signals(d) || !probes_start(d)) {
		err_local(err, 0, "out of memory");
		return false;
	}
	commands_start(d);
	return true;
}

static void
stop(struct daemon *d)
{
	struct err err;

	commands_stop(d);
	runs_abandon(&d->runs);
	if (d->world.env.loop != NULL)
		runtime_stop_workers(&d->world);
	worker_free(d->files);
	if (!writer_flush(d->writer, &err))
		LOG_EVENT(
		    d->log, LOG_ERR, EVENT_STATE_UNWRITABLE, KV_S("error", err.detail));
	writer_free(d->writer);
	sched_free(d->sched);
	probes_free(d);
	for (size_t i = 0; i < sizeof(d->signals) / sizeof(d->signals[0]); i++)
		watch_free(d->signals[i]);
	timer_free(d->stop_timer);
	timer_free(d->pulse);
	notifier_free(d->notifier);
	runtime_close(&d->world);
	config_unref(d->config);
}

int
daemon_run(const struct daemon_options *o)
{
	struct daemon d = { .config_file = o->config_file, .reload = daemon_reload };
	struct err err;
	bool started;

	umask(077);
	d.log = log_open(o->log, &clock_system, &err);
	if (d.log == NULL) {
		fprintf(stderr, "cswatchd: %s\n", err.detail);
		return EXIT_FAILURE;
	}
	raise_descriptor_limit();
	started = start(&d, &err);
	if (started) {
		LOG_EVENT(d.log, LOG_NOTICE, EVENT_DAEMON_STARTED,
		    KV_S("version", PACKAGE_VERSION), KV_I("tests", d.nprobes));
		notify_ready(d.notifier);
		release_start_pages();
		on_pulse(&d);
		loop_run(d.world.env.loop);
		LOG_EVENT(
		    d.log, LOG_NOTICE, EVENT_DAEMON_STOPPED, KV_I("running", d.running));
	} else if (err.detail[0] != '\0') {
		fprintf(stderr, "cswatchd: %s\n", err.detail);
	}
	stop(&d);
	d.log->close(d.log);
	return started ? EXIT_SUCCESS : EXIT_FAILURE;
}
