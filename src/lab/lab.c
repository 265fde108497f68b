#include "lab/lab.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/json.h"
#include "lab/control.h"
#include "lab/labconf.h"
#include "lab/net.h"
#include "lab/ntlm.h"
#include "lab/paths.h"
#include "lab/pki.h"
#include "lab/pool.h"
#include "lab/registrar.h"
#include "lab/services.h"
#include "lab/ticket.h"
#include "lab/transcript.h"
#include "lab/web.h"
#include "lab/xmlsig.h"
#include "loop/loop.h"
#include "soap/xml.h"

struct lab {
	struct lab_pool pool;
	struct loop *loop;
	struct watch *term, *intr;
	struct lab_control *control;
	/* the web server, and those with wrong certificates */
	struct lab_web *web[PKI_FACE_COUNT];
	struct lab_web *http; /* NULL: none */
	struct lab_registrar *registrar;
	int dead_fd; /* socket bound to pool.dead_port, which never listens */
	char directory[FILES_PATH_MAX]; /* absolute */
};

static void
on_signal(void *arg, unsigned signum)
{
	(void)signum;
	loop_stop(arg);
}

static bool
make_directory(struct lab *l, const char *path, struct err *err)
{
	char *full;
	bool ok;

	if (!lab_files_mkdir(path, 0700, err))
		return false;
	full = realpath(path, NULL);
	ok = full != NULL && str_copy(l->directory, sizeof(l->directory), str_of(full));
	if (!ok)
		err_local(err, 0, "cannot use the directory %s", path);
	free(full);
	return ok;
}

/* Loads the users. The passwords of the default users are made once and kept. */
static bool
load_users(struct lab *l, const char *file, struct err *err)
{
	char path[FILES_PATH_MAX];
	struct buf text;
	bool ok;

	if (file == NULL && !lab_files_path(path, l->directory, "users", err))
		return false;
	buf_init(&text, FILES_SIZE_MAX);
	if (file == NULL && !lab_files_exists(path)) {
		lab_users_default(&text);
		ok = lab_files_write(path, 0600, buf_view(&text), err);
	} else {
		ok = lab_files_read(file == NULL ? path : file, &text, err);
	}
	ok = ok && lab_users_parse(
		       buf_view(&text), file == NULL ? path : file, &l->pool.users, err);
	buf_wipe_free(&text);
	return ok && lab_users_write(&l->pool.users, l->directory, err);
}

static bool
open_keys(struct lab *l, const struct lab_options *o, struct err *err)
{
	struct lab_pki_names names = {
		.fqdn = o->fqdn, .advertise = o->advertise, .address = o->listen
	};
	char path[FILES_PATH_MAX];

	l->pool.pki = lab_pki_open(l->directory, &names, err);
	if (l->pool.pki == NULL || !lab_files_path(path, l->directory, "ntlm-users", err))
		return false;
	l->pool.acceptor = lab_acceptor_new(path, err);
	if (l->pool.acceptor == NULL)
		return false;
	l->pool.xmlsig = lab_xmlsig_new(lab_pki_ticket_key_file(l->pool.pki), err);
	l->pool.tickets = lab_tickets_new();
	return l->pool.xmlsig != NULL && l->pool.tickets != NULL;
}

static bool
open_servers(struct lab *l, const struct lab_options *o, struct err *err)
{
	l->dead_fd = lab_net_bind(o->listen, 0, "nobody", err);
	if (l->dead_fd < 0)
		return false;
	l->pool.dead_port = lab_net_port(l->dead_fd);
	for (int i = 0; i < PKI_FACE_COUNT; i++) {
		l->web[i] = lab_web_new(&l->pool, (enum lab_pki_face)i,
		    i == PKI_RIGHT ? o->https_port : 0, lab_services_serve, err);
		if (l->web[i] == NULL)
			return false;
		l->pool.face_port[i] = lab_web_port(l->web[i]);
	}
	l->pool.https_port = l->pool.face_port[PKI_RIGHT];
	if (o->http_port >= 0) {
		l->http = lab_web_new_clear_text(
		    &l->pool, (uint16_t)o->http_port, lab_services_serve, err);
		if (l->http == NULL)
			return false;
	}
	l->registrar = lab_registrar_new(&l->pool, o->sip_port, err);
	if (l->registrar == NULL)
		return false;
	l->pool.sip_port = lab_registrar_port(l->registrar);
	return lab_labconf_write(&l->pool, l->directory, err);
}

static bool
open_loop(struct lab *l, struct err *err)
{
	l->loop = loop_new(err);
	if (l->loop == NULL)
		return false;
	l->pool.base = loop_base(l->loop);
	l->term = watch_signal(l->loop, SIGTERM, on_signal, l->loop);
	l->intr = watch_signal(l->loop, SIGINT, on_signal, l->loop);
	if (l->term != NULL && l->intr != NULL)
		return true;
	err_local(err, 0, "cannot wait for signals");
	return false;
}

static bool
open_all(struct lab *l, const struct lab_options *o, struct err *err)
{
	signal(SIGPIPE, SIG_IGN);
	if (o->front_end != NULL && !lab_net_is_loopback(o->listen)) {
		err_local(err, 0,
		    "a front end is trusted on a loopback address only, not on %s",
		    o->listen);
		return false;
	}
	if (!make_directory(l, o->directory, err) || !load_users(l, o->users_file, err) ||
	    !open_loop(l, err) || !open_keys(l, o, err))
		return false;
	if (o->transcript != NULL) {
		l->pool.transcript = lab_transcript_open(o->transcript, err);
		if (l->pool.transcript == NULL)
			return false;
	}
	if (!open_servers(l, o, err))
		return false;
	l->control = lab_control_new(l->loop, &l->pool, l->registrar, STDIN_FILENO);
	return true;
}

struct lab *
lab_new(const struct lab_options *o, struct err *err)
{
	struct lab *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		err_local(err, 0, "out of memory");
		return NULL;
	}
	xml_init();
	l->dead_fd = -1;
	l->pool.fqdn = o->fqdn;
	l->pool.advertise = o->advertise;
	l->pool.address = o->listen;
	l->pool.front_end = o->front_end;
	l->pool.faults = o->faults;
	l->pool.no_presence = o->no_presence;
	err_local(err, 0, "out of memory");
	if (open_all(l, o, err))
		return l;
	lab_free(l);
	return NULL;
}

void
lab_free(struct lab *l)
{
	if (l == NULL)
		return;
	lab_control_free(l->control);
	lab_registrar_free(l->registrar);
	for (int i = 0; i < PKI_FACE_COUNT; i++)
		lab_web_free(l->web[i]);
	lab_web_free(l->http);
	if (l->dead_fd >= 0)
		close(l->dead_fd);
	lab_transcript_close(l->pool.transcript);
	lab_tickets_free(l->pool.tickets);
	lab_xmlsig_free(l->pool.xmlsig);
	lab_acceptor_free(l->pool.acceptor);
	lab_pki_free(l->pool.pki);
	watch_free(l->intr);
	watch_free(l->term);
	loop_free(l->loop);
	lab_bindings_free(&l->pool.bindings);
	lab_published_free(&l->pool.published);
	lab_users_free(&l->pool.users);
	free(l);
	xml_cleanup();
}

static void
announce_users(const struct lab *l, struct json *j)
{
	jsonw_array(j, "users");
	for (size_t i = 0; i < l->pool.users.n; i++) {
		const struct lab_user *u = &l->pool.users.v[i];
		char text[FILES_PATH_MAX + SIP_ADDRESS_MAX + 16];

		jsonw_object(j, NULL);
		snprintf(text, sizeof(text), "sip:%s", u->address);
		jsonw_string(j, "sip", text);
		jsonw_string(j, "username", u->account);
		snprintf(text, sizeof(text), "%s/credentials/%s", l->directory, u->file);
		jsonw_string(j, "credential_file", text);
		jsonw_bool(j, "enabled", u->enabled);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

bool
lab_announce(const struct lab *l)
{
	char text[POOL_HOST_MAX + 80];
	struct buf b;
	struct json j;
	bool ok;

	buf_init(&b, FILES_SIZE_MAX);
	jsonw_init(&j, &b);
	jsonw_object(&j, NULL);
	jsonw_bool(&j, "ready", true);
	jsonw_string(&j, "fqdn", l->pool.fqdn);
	jsonw_int(&j, "https_port", l->pool.https_port);
	jsonw_int(&j, "sip_port", l->pool.sip_port);
	jsonw_string(&j, "ca_file", lab_pki_ca_file(l->pool.pki));
	snprintf(text, sizeof(text), "https://%s:%u" PATH_CERTPROV,
	    l->pool.advertise != NULL ? l->pool.advertise : l->pool.fqdn,
	    (unsigned)lab_pool_web_port(&l->pool, STEP_CERTPROV_METADATA));
	jsonw_string(&j, "cert_provisioning_uri", text);
	snprintf(text, sizeof(text), "https://%s:%u" PATH_DISCOVER,
	    l->pool.advertise != NULL ? l->pool.advertise : l->pool.fqdn,
	    (unsigned)l->pool.https_port);
	jsonw_string(&j, "discovery_uri", text);
	if (l->http != NULL)
		jsonw_int(&j, "http_port", lab_web_port(l->http));
	announce_users(l, &j);
	jsonw_object_end(&j);
	buf_putc(&b, '\n');
	ok =
	    !b.failed && fwrite(b.data, 1, b.len, stdout) == b.len && fflush(stdout) == 0;
	buf_free(&b);
	return ok;
}

void
lab_run(struct lab *l)
{
	loop_run(l->loop);
}
