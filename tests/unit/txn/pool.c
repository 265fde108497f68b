#include "pool.h"

#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cases.h"
#include "../tls/certs.h"
#include "vocab/err.h"
#include "loop/loop.h"
#include "tls/outer.h"
#include "keys/keyring.h"

struct pool pool;

static FILE *orders, *answers;
static pid_t pid;
static char directory[128];
static char answer[65536];

const char *
pool_order(const char *fmt, ...)
{
	va_list ap;

	if (fmt != NULL) {
		va_start(ap, fmt);
		vfprintf(orders, fmt, ap);
		va_end(ap);
		fputc('\n', orders);
		fflush(orders);
	}
	if (fgets(answer, sizeof(answer), answers) == NULL)
		fail_msg("the lab pool is gone");
	if (fmt != NULL && strstr(answer, "\"ok\":true") == NULL)
		fail_msg("%s", answer);
	return answer;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
end_lab(void)
{
	int status;

	fclose(orders);
	fclose(answers);
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

unsigned
pool_number(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	assert_non_null(at);
	return (unsigned)strtoul(at + strlen(key), NULL, 10);
}

static void
on_key(void *arg, struct identity *id, const struct err *err)
{
	(void)err;
	assert_non_null(id);
	loop_stop(arg);
}

/* In the directory that all worlds share. Under valgrind it takes longer than a budget.
 */
static void
make_key(void)
{
	struct key_wait *wait;
	struct txn_world world = { .done = 0 };

	txn_world_open(&world);
	wait =
	    keyring_get(world.env.keys, WORLD_USER, WORLD_EPID, on_key, world.env.loop);
	assert_non_null(wait);
	await_loop(world.env.loop, "the key");
	txn_world_close(&world);
}

static void
exec_lab(int in, int out, const char *users)
{
	const char *build = getenv("top_builddir");
	char program[512];

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	snprintf(program, sizeof(program), "%s/cswatch-lab", build == NULL ? "." : build);
	execl(program, program, "--directory", directory, "--fqdn", POOL_FQDN, "--users",
	    users, (char *)NULL);
	_exit(127);
}

int
pool_start(void **state)
{
	const char *users = certs_path(1, "users");
	int in[2], out[2];

	(void)state;
	if (pid != 0)
		return 0;
	snprintf(directory, sizeof(directory), "%s/lab", certs_dir());
	certs_write_text(users, "sip:" WORLD_USER ",LAB\\alice,secret\n");
	snprintf(pool.ca_file, sizeof(pool.ca_file), "%s/ca.pem", directory);
	/* Orders are taken from a pipe or a socket, and never by another child. */
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		exec_lab(in[1], out[1], users);
	close(in[1]);
	close(out[1]);
	orders = fdopen(in[0], "w");
	answers = fdopen(out[0], "r");
	assert_non_null(orders);
	assert_non_null(answers);
	pool_order(NULL);
	pool.https_port = (uint16_t)pool_number(answer, "\"https_port\":");
	pool.sip_port = (uint16_t)pool_number(answer, "\"sip_port\":");
	snprintf(pool.url, sizeof(pool.url),
	    "https://" POOL_FQDN ":%u/CertProv/CertProvisioningService.svc",
	    pool.https_port);
	atexit(end_lab);
	make_key();
	return 0;
}

void
pool_open_world(struct txn_world *w, bool certificate_first)
{
	struct tls_settings settings = { .min = TLS_1_2, .ca_file = pool.ca_file };
	struct err err;

	txn_world_open(w);
	w->wall_ms = clock_wall_ms(&clock_system);
	w->spec.target_fqdn = POOL_FQDN;
	w->spec.registrar_port = pool.sip_port;
	w->spec.provisioning_url = certificate_first ? pool.url : NULL;
	tls_outer_free(w->spec.tls);
	w->spec.tls = tls_outer_new(&settings, &err);
	assert_non_null(w->spec.tls);
}
