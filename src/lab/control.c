#include "lab/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "lab/pool.h"
#include "lab/registrar.h"
#include "loop/loop.h"

#define ANSWER_MAX (64 * 1024 * 1024)
#define WHY_MAX	   320

struct lab_control {
	struct loop *loop;
	struct watch *watch;
	struct lab_pool *pool;
	struct lab_registrar *registrar;
	int fd;
	struct buf line;
};

struct order {
	struct lab_pool *pool;
	struct lab_registrar *registrar;
	struct str arg;
	struct json *json; /* the answer so far, an open object */
	char why[WHY_MAX];
};

static bool
order_fault(struct order *o)
{
	return lab_faults_add(&o->pool->faults, o->arg, o->why, sizeof(o->why));
}

static bool
order_clear(struct order *o)
{
	lab_faults_clear(&o->pool->faults);
	return true;
}

static struct lab_user *
named(struct order *o)
{
	struct lab_user *u = lab_users_by_address(&o->pool->users, o->arg);

	if (u == NULL)
		snprintf(
		    o->why, sizeof(o->why), "there is no user with that SIP address");
	return u;
}

static bool
order_disable(struct order *o)
{
	struct lab_user *u = named(o);

	if (u != NULL)
		u->enabled = false;
	return u != NULL;
}

static bool
order_enable(struct order *o)
{
	struct lab_user *u = named(o);

	if (u != NULL)
		u->enabled = true;
	return u != NULL;
}

static bool
order_revoke(struct order *o)
{
	struct lab_user *u = named(o);

	if (u == NULL)
		return false;
	jsonw_int(o->json, "revoked",
	    (int64_t)lab_published_revoke(&o->pool->published, u->address));
	return true;
}

static bool
order_show(struct order *o)
{
	struct lab_pool *p = o->pool;

	lab_bindings_list(&p->bindings, lab_pool_now(p, STEP_COUNT), o->json, "bindings");
	lab_published_list(&p->published, o->json, "certificates");
	jsonw_int(o->json, "registered", (int64_t)p->bindings.added);
	jsonw_int(o->json, "deregistered", (int64_t)p->bindings.removed);
	jsonw_int(o->json, "issued", (int64_t)p->published.issued);
	return true;
}

static const struct {
	const char *word;
	bool (*obey)(struct order *o);
} orders[] = {
	{ "fault", order_fault },
	{ "clear", order_clear },
	{ "disable", order_disable },
	{ "enable", order_enable },
	{ "revoke", order_revoke },
	{ "show", order_show },
};
#define NORDERS (sizeof(orders) / sizeof(orders[0]))

bool
lab_control_obey(
    struct lab_pool *p, struct lab_registrar *r, struct str line, struct buf *out)
{
	struct json j;
	struct order o = { .pool = p, .registrar = r, .json = &j };
	struct str word;
	size_t i = 0;
	bool ok;

	o.arg = str_trim(str_split(str_trim(line), ' ', &word));
	while (i < NORDERS && !str_eq(word, orders[i].word))
		i++;
	jsonw_init(&j, out);
	jsonw_object(&j, NULL);
	snprintf(o.why, sizeof(o.why),
	    "orders are fault, clear, disable, enable, revoke, show, "
	    "quit");
	ok = str_eq(word, "quit") || (i < NORDERS && orders[i].obey(&o));
	jsonw_bool(&j, "ok", ok);
	if (!ok)
		jsonw_string(&j, "error", o.why);
	jsonw_object_end(&j);
	if (r != NULL)
		lab_registrar_faults_changed(r);
	return !str_eq(word, "quit");
}

static void
obey_line(struct lab_control *c, struct str line)
{
	struct buf out;

	if (str_trim(line).len == 0)
		return;
	buf_init(&out, ANSWER_MAX);
	if (!lab_control_obey(c->pool, c->registrar, line, &out))
		loop_stop(c->loop);
	buf_putc(&out, '\n');
	if (!out.failed)
		fwrite(out.data, 1, out.len, stdout);
	fflush(stdout);
	buf_free(&out);
}

static void
on_input(void *arg, unsigned what)
{
	struct lab_control *c = arg;
	char part[512];
	ssize_t n = read(c->fd, part, sizeof(part));
	const char *end;

	(void)what;
	if (n <= 0 || c->line.failed) { /* the input is closed, or the line is too long */
		watch_set(c->watch, 0);
		return;
	}
	buf_add(&c->line, part, (size_t)n);
	while (
	    c->line.len > 0 && (end = memchr(c->line.data, '\n', c->line.len)) != NULL) {
		size_t len = (size_t)(end - c->line.data);

		obey_line(c, (struct str){ c->line.data, len });
		buf_consume(&c->line, len + 1);
	}
}

struct lab_control *
lab_control_new(struct loop *l, struct lab_pool *p, struct lab_registrar *r, int fd)
{
	struct lab_control *c;
	struct stat st;

	if (fstat(fd, &st) != 0 || !(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
		return NULL;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return NULL;
	*c = (struct lab_control){ .loop = l, .pool = p, .registrar = r, .fd = fd };
	buf_init(&c->line, CONTROL_LINE_MAX);
	c->watch = watch_fd(l, fd, WATCH_READ, on_input, c);
	if (c->watch != NULL)
		return c;
	lab_control_free(c);
	return NULL;
}

void
lab_control_free(struct lab_control *c)
{
	if (c == NULL)
		return;
	watch_free(c->watch);
	buf_free(&c->line);
	free(c);
}
