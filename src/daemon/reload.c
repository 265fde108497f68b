#include "daemon/reload.h"

#include <stdlib.h>

#include "base/buf.h"
#include "report/log.h"
#include "config/config.h"
#include "daemon/notify.h"

#define PROBLEMS_MAX (256 * 1024) /* bytes of text */

static void
log_problems(struct log *log, struct str problems)
{
	struct str line;

	while (problems.p != NULL && problems.len > 0) {
		problems = str_split(problems, '\n', &line);
		char *text = str_dup(line);

		LOG_EVENT(log, LOG_ERR, EVENT_CONFIG_REFUSED,
		    KV_S("problem", text != NULL ? text : "out of memory"));
		free(text);
	}
}

static struct config *
read_config(const struct live_config *c, struct buf *ret_problems)
{
	struct config *next;
	struct buf problems;

	buf_init(&problems, PROBLEMS_MAX);
	next = config_load(c->file, getenv("CREDENTIALS_DIRECTORY"), &problems);
	if (next == NULL)
		log_problems(c->log, buf_view(&problems));
	if (ret_problems != NULL)
		buf_str(ret_problems, buf_view(&problems));
	buf_free(&problems);
	return next;
}

bool
live_config_load(struct live_config *c)
{
	c->config = read_config(c, NULL);
	return c->config != NULL;
}

static void
log_loaded(const struct live_config *c, const struct config *next)
{
	struct kv kv[] = { KV_S("file", c->file), KV_I("tests", next->ntests),
		KV_S("needs_restart", NULL) };
	struct buf names;

	buf_init(&names, 256);
	config_name_fixed(c->config, next, &names);
	kv[2].str = names.data;
	log_event(c->log, LOG_NOTICE, EVENT_CONFIG_LOADED, kv, names.len > 0 ? 3 : 2);
	buf_free(&names);
}

bool
live_config_reload(struct live_config *c, struct buf *problems)
{
	struct config *next;

	notify_reloading(c->notifier);
	next = read_config(c, problems);
	if (next != NULL && !c->adopt(c->arg, next)) {
		LOG_EVENT(c->log, LOG_ERR, EVENT_CONFIG_REFUSED,
		    KV_S("problem", "out of memory"));
		config_unref(next);
		next = NULL;
	}
	if (next != NULL) {
		log_loaded(c, next);
		config_unref(c->config);
		c->config = next;
	}
	notify_ready(c->notifier); /* on every path: the daemon is serving again */
	return next != NULL;
}

void
live_config_free(struct live_config *c)
{
	config_unref(c->config);
	c->config = NULL;
}
