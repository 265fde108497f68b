#include "serve/serve.h"

#include <stdlib.h>

#include "config/config.h"
#include "control/call.h"
#include "control/roles.h"
#include "control/server.h"
#include "report/log.h"
#include "serve/commands.h"
#include "serve/request_log.h"
#include "serve/service.h"
#include "vocab/err.h"
#include "watch/view.h"
#include "watch/watcher.h"

struct serve {
	struct log *log;
	struct control *control;
	struct service service;
};

static void
on_request(void *arg, struct control_call *call, const struct control_request *r)
{
	struct serve *s = arg;

	commands_ask(&s->service, call, r);
}

static bool
has_role(void *arg, const struct control_peer *peer)
{
	const struct serve *s = arg;

	return roles_any(s->service.view->config, peer);
}

static void
on_file_lost(void *arg, const char *path, const struct err *err)
{
	const struct serve *s = arg;

	if (err == NULL)
		LOG_EVENT(
		    s->log, LOG_WARNING, EVENT_CONTROL_RESTORED, KV_S("socket", path));
	else
		LOG_EVENT(s->log, LOG_ERR, EVENT_CONTROL_UNAVAILABLE,
		    KV_S("error", err->detail));
}

struct serve *
serve_new(const struct service *with, struct loop *l, struct log *log, const char *path,
    struct err *err)
{
	struct serve *s = calloc(1, sizeof(*s));
	const struct control_handler handler = { on_request, has_role, on_file_lost, s };

	err_local(err, 0, "out of memory");
	if (s == NULL)
		return NULL;
	s->log = log;
	s->service = *with;
	LIST_INIT(&s->service.waiters);
	s->service.requests = request_log_new(l, with->view->clock, log);
	if (s->service.requests != NULL)
		s->control = control_new(l, path, &handler, err);
	if (s->control != NULL)
		return s;
	serve_free(s);
	return NULL;
}

void
serve_free(struct serve *s)
{
	if (s == NULL)
		return;
	control_free(s->control);
	request_log_free(s->service.requests);
	free(s);
}

void
serve_attach(struct serve *s, struct watcher *w)
{
	watcher_subscribe(w, &commands_run_events, &s->service);
}
