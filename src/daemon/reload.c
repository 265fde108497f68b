/*
 * reload - builds the new configuration aside, checks it, swaps it in; a bad one changes
 * nothing.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/log.h"
#include "config/config.h"
#include "daemon/notify.h"
#include "daemon/parts.h"

#define PROBLEMS_MAX (256 * 1024)	/* octets of text */

static void
log_problems(struct daemon *d, struct str problems)
{
	struct str line;

	while (problems.p != NULL && problems.len > 0) {
		problems = str_split(problems, '\n', &line);
		char *text = str_dup(line);

		LOG_EVENT(d->log, LOG_ERR, EVENT_CONFIG_REFUSED,
		    KV_S("problem", text != NULL ? text : "out of memory"));
		free(text);
	}
}

static struct config *
read_config(struct daemon *d, struct buf *ret_problems)
{
	struct config *c;
	struct buf problems;

	buf_init(&problems, PROBLEMS_MAX);
	c = config_load(d->config_file, getenv("CREDENTIALS_DIRECTORY"), &problems);
	if (c == NULL)
		log_problems(d, buf_view(&problems));
	if (ret_problems != NULL)
		buf_str(ret_problems, buf_view(&problems));
	buf_free(&problems);
	return c;
}

bool
daemon_load(struct daemon *d)
{
	d->config = read_config(d, NULL);
	return d->config != NULL;
}

bool
daemon_try_reload(struct daemon *d, struct buf *problems)
{
	struct config *next;

	notify_reloading();
	next = read_config(d, problems);
	if (next != NULL && !probes_adopt(d, next)) {
		LOG_EVENT(d->log, LOG_ERR, EVENT_CONFIG_REFUSED,
		    KV_S("problem", "out of memory"));
		config_unref(next);
		next = NULL;
	}
	if (next != NULL) {
		/* transactions in flight hold their own reference */
		config_unref(d->config);
		d->config = next;
		LOG_EVENT(d->log, LOG_NOTICE, EVENT_CONFIG_LOADED,
		    KV_S("file", d->config_file), KV_I("tests", d->nprobes));
	}
	notify_ready();		/* on every path: the daemon is serving again */
	return next != NULL;
}

void
daemon_reload(struct daemon *d)
{
	(void)daemon_try_reload(d, NULL);
}
