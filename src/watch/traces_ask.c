/* traces_ask - jobs that read files of traces, or remove them. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "watch/traces.h"
#include "watch/traces_parts.h"
#include "loop/worker.h"
#include "trace/shelf.h"
#include "trace/trace.h"

#define NAMES_MAX ((size_t)32 * 1024 * 1024) /* bytes of names of directories */

/* ---- one run, or the list of them ---- */

struct reading {
	struct traces *traces;
	char *test, *run; /* run NULL: the newest */
	void (*got)(void *arg, struct trace *t, const struct err *err);
	void (*listed)(void *arg, const struct shelf_item *items, size_t n);
	void *arg;
	struct trace *trace;
	struct err err;
	struct shelf_item items[SHELF_RUNS_MAX];
	size_t n;
};

static void
reading_free(struct reading *r)
{
	trace_free(r->trace);
	free(r->test);
	free(r->run);
	free(r);
}

static void
read_work(void *arg)
{
	struct reading *r = arg;

	if (r->listed != NULL)
		r->n = shelf_list(r->traces->shelf, r->test, r->items);
	else
		r->trace = shelf_get(r->traces->shelf, r->test, r->run, &r->err);
}

static void
read_done(void *arg)
{
	struct reading *r = arg;

	if (r->listed != NULL)
		r->listed(r->arg, r->items, r->n);
	else
		r->got(r->arg, r->trace, &r->err);
	reading_free(r);
}

static bool
start(struct traces *ts, const struct reading *from, const char *test, const char *run)
{
	struct reading *r = malloc(sizeof(*r));

	if (r == NULL)
		return false;
	*r = *from;
	r->traces = ts;
	r->test = str_dup(str_of(test));
	r->run = run == NULL ? NULL : str_dup(str_of(run));
	err_local(&r->err, 0, "the daemon is stopping");
	if (r->test != NULL && (run == NULL || r->run != NULL) &&
	    worker_submit(ts->worker, read_work, read_done, r))
		return true;
	reading_free(r);
	return false;
}

bool
traces_read(struct traces *ts, const char *test, const char *run,
    void (*got)(void *arg, struct trace *t, const struct err *err), void *arg)
{
	return start(ts, &(struct reading){ .got = got, .arg = arg }, test, run);
}

bool
traces_list(struct traces *ts, const char *test,
    void (*got)(void *arg, const struct shelf_item *items, size_t n), void *arg)
{
	return start(ts, &(struct reading){ .listed = got, .arg = arg }, test, NULL);
}

/* ---- what removed tests have left ---- */

/* The worker looks what is there, the loop knows what is a test, the worker removes. */
struct sweeping {
	struct traces *traces;
	bool (*is_test)(void *arg, const char *name);
	bool (*find)(void *arg, const char *directory);
	void *arg;
	struct buf names, gone; /* of directories, each with a line feed */
};

static void
sweeping_free(struct sweeping *s)
{
	buf_free(&s->names);
	buf_free(&s->gone);
	free(s);
}

static void
look(void *arg)
{
	struct sweeping *s = arg;

	shelf_tests(s->traces->shelf, &s->names);
}

static void
sweep(void *arg)
{
	struct sweeping *s = arg;
	struct str rest = buf_view(&s->gone), one;
	char name[SHELF_NAME_SIZE];

	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &one);
		if (str_copy(name, sizeof(name), one))
			shelf_remove(s->traces->shelf, name);
	}
}

static void
swept(void *arg)
{
	sweeping_free(arg);
}

static bool
is_wanted(const struct sweeping *s, const char *directory)
{
	char test[SHELF_NAME_SIZE];

	if (shelf_decode(directory, test, sizeof(test)))
		return s->is_test(s->arg, test);
	return s->find(s->arg, directory);
}

static void
looked(void *arg)
{
	struct sweeping *s = arg;
	struct str rest = buf_view(&s->names), one;
	char name[SHELF_NAME_SIZE];

	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &one);
		if (!str_copy(name, sizeof(name), one) || is_wanted(s, name))
			continue;
		buf_puts(&s->gone, name);
		buf_putc(&s->gone, '\n');
	}
	if (s->gone.len == 0 || !worker_submit(s->traces->worker, sweep, swept, s))
		sweeping_free(s);
}

void
traces_sweep(struct traces *ts, bool (*is_test)(void *arg, const char *name),
    bool (*find)(void *arg, const char *directory), void *arg)
{
	struct sweeping *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return;
	*s = (struct sweeping){
		.traces = ts, .is_test = is_test, .find = find, .arg = arg
	};
	buf_init(&s->names, NAMES_MAX);
	buf_init(&s->gone, NAMES_MAX);
	if (!worker_submit(ts->worker, look, looked, s))
		sweeping_free(s);
}
