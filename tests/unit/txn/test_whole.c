/*
 * txn: whole transactions against the lab pool, both plans, ended early at every point:
 * from inside, from outside, and without a word. Nobody may stay registered, nothing may
 * leak, and the end is reported once.
 */
#include <ftw.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cases.h"
#include "../tls/certs.h"
#include "base/err.h"
#include "loop/loop.h"
#include "tls/trust.h"
#include "txn/keyring.h"
#include "txn_world.h"

#define FQDN	  "pool01.lab.example"
#define NOTES_MAX 200		/* of one transaction, far more than there are */

/* One pool for all tests: it makes half a dozen RSA keys when it starts. */
static struct lab {
	pid_t pid;
	FILE *orders, *answers;
	uint16_t https_port, sip_port;
	char directory[128];
	char ca_file[160];
	char url[128];
} lab;

static struct txn_world world;
static struct timer *soon;
static char answer[65536];

static const char *order(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One order and its answer; NULL: the answer alone. */
static const char *
order(const char *fmt, ...)
{
	va_list ap;

	if (fmt != NULL) {
		va_start(ap, fmt);
		vfprintf(lab.orders, fmt, ap);
		va_end(ap);
		fputc('\n', lab.orders);
		fflush(lab.orders);
	}
	if (fgets(answer, sizeof(answer), lab.answers) == NULL)
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

	fclose(lab.orders);
	fclose(lab.answers);
	kill(lab.pid, SIGTERM);
	waitpid(lab.pid, &status, 0);
	nftw(lab.directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static unsigned
number_after(const char *text, const char *key)
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

	txn_world_open(&world);
	wait = keyring_get(
	    world.env.keys, WORLD_USER, WORLD_EPID, on_key, world.env.loop);
	assert_non_null(wait);
	loop_run(world.env.loop);
	txn_world_close(&world);
}

static void
exec_lab(int orders, int answers, const char *users)
{
	const char *build = getenv("top_builddir");
	char program[512];

	dup2(orders, STDIN_FILENO);
	dup2(answers, STDOUT_FILENO);
	snprintf(program, sizeof(program), "%s/cswatch-lab", build == NULL ? "." : build);
	execl(program, program, "--directory", lab.directory, "--fqdn", FQDN, "--users",
	    users, (char *)NULL);
	_exit(127);
}

static int
start_lab(void **state)
{
	const char *users = certs_path(1, "users");
	int orders[2], answers[2];

	(void)state;
	if (lab.pid != 0)
		return 0;
	snprintf(lab.directory, sizeof(lab.directory), "%s/lab", certs_dir());
	certs_write_text(users, "sip:" WORLD_USER ",LAB\\alice,secret\n");
	snprintf(lab.ca_file, sizeof(lab.ca_file), "%s/ca.pem", lab.directory);
	/* Orders are taken from a pipe or a socket, and never by another child. */
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, orders), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, answers), 0);
	fflush(NULL);
	lab.pid = fork();
	assert_true(lab.pid >= 0);
	if (lab.pid == 0)
		exec_lab(orders[1], answers[1], users);
	close(orders[1]);
	close(answers[1]);
	lab.orders = fdopen(orders[0], "w");
	lab.answers = fdopen(answers[0], "r");
	assert_non_null(lab.orders);
	assert_non_null(lab.answers);
	order(NULL);
	lab.https_port = (uint16_t)number_after(answer, "\"https_port\":");
	lab.sip_port = (uint16_t)number_after(answer, "\"sip_port\":");
	snprintf(lab.url, sizeof(lab.url),
	    "https://" FQDN ":%u/CertProv/CertProvisioningService.svc", lab.https_port);
	atexit(end_lab);
	make_key();
	return 0;
}

static void
open_world(bool certificate_first)
{
	struct tls_settings settings = { .min = TLS_1_2, .ca_file = lab.ca_file };
	struct err err;

	txn_world_open(&world);
	world.wall_ms = clock_wall_ms(&clock_system);
	world.spec.target_fqdn = FQDN;
	world.spec.registrar_port = lab.sip_port;
	world.spec.provisioning_url = certificate_first ? lab.url : NULL;
	tls_outer_free(world.spec.tls);
	world.spec.tls = tls_outer_new(&settings, &err);
	assert_non_null(world.spec.tls);
}

static void
start(void)
{
	struct err err;

	world.txn = txn_start(&world.env, &world.spec, &world.observer, &err);
	if (world.txn == NULL)
		fail_msg("%s", err.detail);
}

static void
assert_nobody_registered(void)
{
	if (strstr(order("show"), "\"bindings\":[]") == NULL)
		fail_msg("after %u notes: %s\n%s", world.nnotes, answer,
		    world.notes.data == NULL ? "" : world.notes.data);
}

static const struct plan_case {
	const char *name;
	bool certificate_first;
	const char *steps;
} plan_cases[] = {
	{ "registrar first", false,
	    "resolve sip-connect challenge certprov-metadata ticket-metadata web-ticket "
	    "certificate tls-dsk register log-off " },
	{ "certificate first", true,
	    "resolve certprov-metadata ticket-metadata web-ticket certificate "
	    "sip-connect challenge tls-dsk register log-off " },
};

static void
check_plan(void **state)
{
	const struct plan_case *tc = *state;
	struct buf steps;

	open_world(tc->certificate_first);
	start();
	txn_world_wait(&world);
	if (!world.result.ok)
		fail_msg("%s", world.result.err.detail);
	assert_int_equal(world.result.warnings, 0);
	assert_true(world.result.certificate.known);
	assert_true(world.result.registrar.known);
	assert_true(world.result.web.known);
	assert_string_equal(world.result.provisioning_url, lab.url);
	buf_init(&steps, 1024);
	for (unsigned i = 0; i < world.result.nsteps; i++)
		buf_printf(&steps, "%s ", step_name(world.result.steps[i].step));
	assert_string_equal(steps.data, tc->steps);
	buf_free(&steps);
	assert_nobody_registered();
	txn_world_close(&world);
}

/* Runs with an end of it at each note; true while there was one to end at. */
static void
sweep(bool certificate_first, bool (*run)(unsigned note))
{
	bool more = true;

	for (unsigned note = 1; more && note < NOTES_MAX; note++) {
		open_world(certificate_first);
		more = run(note);
		txn_world_close(&world);
	}
	assert_false(more);
}

/* A cancel counts until the log-off has begun. */
static void
check_cancelled(void)
{
	assert_int_equal(world.done, 1);
	if (!world.result.ok)
		assert_int_equal(world.result.err.cause, CAUSE_CANCELLED);
	assert_int_equal(world.result.warnings, 0);
	assert_nobody_registered();
}

static bool
cancel_inside(unsigned note)
{
	world.cancel_at_note = note;
	start();
	txn_world_wait(&world);
	check_cancelled();
	return world.nnotes >= note;
}

static void
check_cancel_inside(void **state)
{
	const struct plan_case *tc = *state;

	sweep(tc->certificate_first, cancel_inside);
}

static void
cancel(void *arg)
{
	(void)arg;
	if (world.txn != NULL)
		txn_cancel(world.txn);
}

static void
act_soon(struct txn_world *w)
{
	(void)w;
	timer_set(soon, 0);
}

static bool
cancel_outside(unsigned note)
{
	world.hook_at_note = note;
	world.hook = act_soon;
	soon = timer_new(world.env.loop, cancel, NULL);
	assert_non_null(soon);
	start();
	txn_world_wait(&world);
	timer_free(soon);
	check_cancelled();
	return world.nnotes >= note;
}

static void
check_cancel_outside(void **state)
{
	const struct plan_case *tc = *state;

	sweep(tc->certificate_first, cancel_outside);
}

static void
abandon(void *arg)
{
	(void)arg;
	if (world.txn != NULL)
		txn_abandon(world.txn);
	world.txn = NULL;
	world.done++;		/* nobody else will say so */
	loop_stop(world.env.loop);
}

static bool
abandon_outside(unsigned note)
{
	world.hook_at_note = note;
	world.hook = act_soon;
	soon = timer_new(world.env.loop, abandon, NULL);
	assert_non_null(soon);
	start();
	txn_world_wait(&world);
	timer_free(soon);
	assert_int_equal(world.done, 1);
	return world.nnotes >= note;
}

static void
abandoned_everywhere(void **state)
{
	(void)state;
	sweep(false, abandon_outside);
}

/* A pool that says that the user is homed where we are already. */
static void
redirected_in_circles(void **state)
{
	unsigned issued;

	(void)state;
	issued = number_after(order("show"), "\"issued\":");
	order("fault register=redirect:" FQDN ":%u", lab.sip_port);
	open_world(false);
	start();
	txn_world_wait(&world);
	order("clear");
	assert_int_equal(world.result.err.cause, CAUSE_REDIRECT);
	assert_int_equal(world.result.err.step, STEP_REGISTER);
	assert_int_equal(world.result.warnings, 1u << WARNING_REDIRECT);
	/* Ten steps without the log-off, four times. */
	assert_int_equal(world.result.nsteps, 4 * 9);
	/* The certificate of the first round does for all. */
	assert_int_equal(number_after(order("show"), "\"issued\":"), issued + 1);
	txn_world_close(&world);
}

RUN_CASES(TEST_WITH(redirected_in_circles, start_lab, NULL),
    ROWS("plan", plan_cases, check_plan),
    ROWS("cancelled inside", plan_cases, check_cancel_inside),
    ROWS("cancelled outside", plan_cases, check_cancel_outside),
    TEST(abandoned_everywhere));
