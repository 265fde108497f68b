#include "lab/labconf.h"

#include <string.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "lab/files.h"
#include "lab/pki.h"
#include "lab/pool.h"

#define SOCKET_LONGEST 107 /* sun_path of unix(7) */

/* Appends a string in the syntax of libconfig. */
static void
add_quoted(const char *s, struct buf *out)
{
	buf_putc(out, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *s);
	}
	buf_putc(out, '"');
}

static void
build_users(const struct lab_users *u, struct buf *out)
{
	buf_puts(out, "users: (\n");
	for (size_t i = 0; i < u->n; i++) {
		buf_puts(out, "  { sip = \"sip:");
		buf_puts(out, u->v[i].address);
		buf_puts(out, "\"; username = ");
		add_quoted(u->v[i].account, out);
		buf_puts(out, "; secret = ");
		add_quoted(u->v[i].file, out);
		buf_puts(out, i + 1 == u->n ? "; }\n" : "; },\n");
	}
	buf_puts(out, ");\n");
}

static void
build_tests(const struct lab_pool *p, struct buf *out)
{
	const char *comma = "";

	buf_printf(out, "tests: (\n  { pools = [\"%s\"];\n    users = [", p->fqdn);
	for (size_t i = 0; i < p->users.n; i++) {
		if (!p->users.v[i].enabled)
			continue;
		buf_printf(out, "%s\"sip:%s\"", comma, p->users.v[i].address);
		comma = ", ";
	}
	buf_puts(out, "]; }\n);\n");
}

void
lab_labconf_build(const struct lab_pool *p, const char *directory, struct buf *out)
{
	char state[FILES_PATH_MAX], socket[FILES_PATH_MAX];
	struct err err;

	if (!lab_files_path(state, directory, "state", &err))
		state[0] = '\0';
	if (!lab_files_path(socket, directory, "control.sock", &err) ||
	    strlen(socket) > SOCKET_LONGEST)
		socket[0] = '\0'; /* too long: the daemon gets no socket */
	buf_puts(out, "# Watches the lab pool that wrote this file.\nstate_directory = ");
	add_quoted(state, out);
	buf_puts(out, ";\ncontrol_socket = ");
	add_quoted(socket, out);
	buf_puts(out, ";\ndefaults: { every = \"5s\"; timeout = \"10s\"; };\n");
	build_users(&p->users, out);
	buf_printf(out,
	    "pools: (\n  { fqdn = \"%s\"; address = \"%s\"; registrar_port = %u;\n"
	    "    ca_file = ",
	    p->fqdn, p->address, (unsigned)p->sip_port);
	add_quoted(lab_pki_ca_file(p->pki), out);
	buf_puts(out, "; }\n);\n");
	build_tests(p, out);
}

bool
lab_labconf_write(const struct lab_pool *p, const char *directory, struct err *err)
{
	char path[FILES_PATH_MAX];
	struct buf b;
	bool ok;

	if (!lab_files_path(path, directory, "state", err) ||
	    !lab_files_mkdir(path, 0700, err) ||
	    !lab_files_path(path, directory, "lab.conf", err))
		return false;
	buf_init(&b, FILES_SIZE_MAX);
	lab_labconf_build(p, directory, &b);
	ok = !b.failed && lab_files_write(path, 0644, buf_view(&b), err);
	buf_free(&b);
	return ok;
}
