#include "daemon/reload.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/log.h"
#include "config/config.h"
#include "daemon/notify.h"
#include "watch/parts.h"

#define PROBLEMS_MAX (256 * 1024) /* octets of text */

static const char *
text_of(const char *s)
{
	return s == NULL ? "" : s;
}

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

/* Settings of things that were opened at the start; empty when none has changed. */
static void
name_fixed(const struct config *old, const struct config *next, struct buf *ret)
{
	const struct {
		const char *name;
		bool changed;
	} fixed[] = {
		{ "state_directory",
		    strcmp(old->state_directory, next->state_directory) != 0 },
		{ "dns_servers",
		    strcmp(text_of(old->dns_servers), text_of(next->dns_servers)) != 0 },
		{ "key_lifetime", old->key_lifetime_s != next->key_lifetime_s },
		{ "control_socket",
		    strcmp(old->control_socket, next->control_socket) != 0 },
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].changed)
			buf_printf(ret, "%s%s", ret->len > 0 ? "," : "", fixed[i].name);
}

static void
log_loaded(struct daemon *d, const struct config *next)
{
	struct kv kv[] = { KV_S("file", d->config_file), KV_I("tests", d->nprobes),
		KV_S("needs_restart", NULL) };
	struct buf names;

	buf_init(&names, 256);
	name_fixed(d->config, next, &names);
	kv[2].str = names.data;
	log_event(d->log, LOG_NOTICE, EVENT_CONFIG_LOADED, kv, names.len > 0 ? 3 : 2);
	buf_free(&names);
}

bool
daemon_reload(struct daemon *d, struct buf *problems)
{
	struct config *next;

	notify_reloading(d->notifier);
	next = read_config(d, problems);
	if (next != NULL && !probes_adopt(d, next)) {
		LOG_EVENT(d->log, LOG_ERR, EVENT_CONFIG_REFUSED,
		    KV_S("problem", "out of memory"));
		config_unref(next);
		next = NULL;
	}
	if (next != NULL) {
		log_loaded(d, next);
		/* transactions in flight hold their own reference */
		config_unref(d->config);
		d->config = next;
	}
	notify_ready(d->notifier); /* on every path: the daemon is serving again */
	return next != NULL;
}
