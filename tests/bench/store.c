/*
 * store - what one result costs the store with few tests and with many: CPU of all
 * threads, and bytes written. It must hardly grow.
 * usage: store DIRECTORY; prints a row for each number of tests.
 *
 * Results come 250 a second of a clock of our own, in an order that is no order, so that
 * no two in a row share a page of anything that is kept by test. Packing is part of it.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fakes/must.h"
#include "loop/loop.h"
#include "store/parts.h"
#include "vocab/err.h"
#include "vocab/result.h"

#define PER_SECOND 250
#define SECONDS	   900 /* so long that runs are packed, too */
#define WARM_UP	   10  /* seconds that are not counted */
#define ROUNDS	   2   /* the cheapest counts: what is more is other programs */
#define BEGIN_MS   1795352652103

#define NROWS 4

static const struct {
	const char *name;
	size_t n;
} rows[NROWS] = { { "result_cost_10", 10 }, { "result_cost_1k", 1000 },
	{ "result_cost_10k", 10000 }, { "result_cost_100k", 100000 } };

struct bench {
	uint64_t us;
	struct loop *loop;
	struct clock clock;
	struct store *store;
	struct test_state *tests;
	size_t ntests, next;
};

struct cost {
	double cpu_us, written; /* since the start of the process */
};

static uint64_t
mono_us(void *arg)
{
	return ((struct bench *)arg)->us;
}

static int64_t
wall_ms(void *arg)
{
	return BEGIN_MS + (int64_t)(((struct bench *)arg)->us / 1000);
}

static void
on_committed(void *arg, uint64_t ticket)
{
	(void)arg;
	(void)ticket;
}

static void
on_trouble(void *arg, const struct store_trouble *t)
{
	(void)arg;
	fprintf(stderr, "%s\n", t->why);
	MUST(t->kind == STORE_FINE);
}

static struct cost
cost_now(void)
{
	FILE *f = fopen("/proc/self/io", "re");
	unsigned long long written = 0;
	struct rusage u;
	char line[64];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		(void)sscanf(line, "wchar: %llu", &written);
	if (f != NULL)
		(void)fclose(f);
	MUST(getrusage(RUSAGE_SELF, &u) == 0);
	return (struct cost){ (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
				  (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec),
		(double)written };
}

/* Until the store has nothing to do at this time. */
static void
settle(struct bench *b)
{
	struct store *s = b->store;

	store_pump_soon(s);
	do
		event_base_loop(loop_base(b->loop), EVLOOP_ONCE);
	while (s->busy || s->names_due > 0 || s->nflight > 0 || s->rows_due ||
	       s->lasts.active || (s->nbatch > 0 && s->batch_due_us <= b->us) ||
	       s->upkeep_us <= b->us);
}

static struct result
make_result(const struct bench *b, bool ok)
{
	struct result r = { .ok = ok,
		.started_ms = wall_ms((void *)b),
		.latency_us = 250000 + (uint64_t)(rand() % 100000),
		.nsteps = 11 };

	snprintf(r.run, sizeof(r.run), "%06x", (unsigned)rand() & 0xffffff);
	err_clear(&r.err);
	for (unsigned i = 0; i < r.nsteps; i++)
		r.steps[i] =
		    (struct step_time){ (enum step_id)i, (uint32_t)(rand() % 60000) };
	r.registrar = (struct cert_facts){ .known = true, .not_after = 1810903451 };
	if (ok)
		r.certificate = (struct cert_facts){ .known = true,
			.subject = "CN=kenmyer@litwareinc.com",
			.serial = "5900000002A1B2C3D4E5F60718",
			.sha1 = "0123456789ABCDEF0123456789ABCDEF01234567",
			.not_before = 1795351451,
			.not_after = 1810903451 };
	else
		err_set(&r.err, CAUSE_AUTH, 401, "HTTP 401, NTLM");
	r.err.step = ok ? STEP_COUNT : STEP_WEB_TICKET;
	return r;
}

/* A second's results. A prime that does not divide the number of tests visits all. */
static void
run_second(struct bench *b, bool ok)
{
	for (unsigned i = 0; i < PER_SECOND; i++) {
		struct test_state *t = &b->tests[b->next];
		struct result r = make_result(b, ok);

		b->next = (b->next + 99991) % b->ntests;
		MUST(test_state_note_run(t, &r, wall_ms(b)));
		t->next_ms = wall_ms(b) + 300000;
		store_note_run(b->store, t, NULL);
	}
	b->us += 1000000;
	settle(b);
}

static void
begin(struct bench *b, const char *directory, size_t n)
{
	static const struct store_hooks hooks = { on_committed, on_trouble, NULL, NULL };
	struct store_recall recall;
	struct store_options o = { .directory = directory,
		.keep_ms = UINT64_C(90) * 86400000,
		.max_size = UINT64_C(1) << 30,
		.loop = b->loop,
		.clock = &b->clock,
		.hooks = &hooks,
		.arg = b };
	struct err err;
	char name[32];

	MUST(store_open(&o, &b->store, &recall, &err) == STORE_STARTED);
	store_recall_free(&recall);
	b->ntests = n;
	b->next = 0;
	b->tests = calloc(n, sizeof(*b->tests));
	MUST(b->tests != NULL);
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "atl-cs-001/user%06zu", i);
		MUST(test_state_init(&b->tests[i], name, "atl-cs-001.litwareinc.com",
		    "sip:user@litwareinc.com"));
		MUST(store_add_test(b->store, &b->tests[i]));
	}
	settle(b);
}

static void
end(struct bench *b)
{
	store_close(b->store);
	for (size_t i = 0; i < b->ntests; i++)
		test_state_free(&b->tests[i]);
	free(b->tests);
}

static struct cost
measure(struct bench *b, const char *directory, size_t n, bool ok)
{
	struct cost before, after;
	char path[4096];

	snprintf(path, sizeof(path), "%s/" DB_NAME, directory);
	(void)unlink(path);
	begin(b, directory, n);
	for (int i = 0; i < WARM_UP; i++)
		run_second(b, ok);
	before = cost_now();
	for (int i = 0; i < SECONDS; i++)
		run_second(b, ok);
	after = cost_now();
	end(b);
	return (struct cost){ (after.cpu_us - before.cpu_us) / (SECONDS * PER_SECOND),
		(after.written - before.written) / (SECONDS * PER_SECOND) };
}

/* Of each number of tests in turn, so that a busy moment does not meet one of them. */
static void
measure_all(struct bench *b, const char *directory, bool ok, struct cost ret[NROWS])
{
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < NROWS; i++) {
			struct cost c = measure(b, directory, rows[i].n, ok);

			if (round == 0 || c.cpu_us < ret[i].cpu_us)
				ret[i].cpu_us = c.cpu_us;
			if (round == 0 || c.written < ret[i].written)
				ret[i].written = c.written;
		}
	}
}

static void
print_ratio(const char *name, const struct cost *large, const struct cost *small,
    const char *goal)
{
	printf("  %-20s %8.2f         %8.2f         (to reach: at most %s)\n", name,
	    large->cpu_us / small->cpu_us, large->written / small->written, goal);
}

int
main(int argc, char **argv)
{
	struct bench b = { .us = 1000000 };
	struct cost costs[NROWS];
	struct err err;

	if (argc != 2)
		return 2;
	b.loop = loop_new(&err);
	MUST(b.loop != NULL);
	b.clock = (struct clock){ mono_us, wall_ms, &b };
	for (int failed = 0; failed < 2; failed++) {
		printf("What a %s result costs the store:\n",
		    failed ? "failed" : "successful");
		measure_all(&b, argv[1], !failed, costs);
		for (int i = 0; i < NROWS; i++)
			printf("  %-20s %8.2f us CPU  %8.2f KiB written\n", rows[i].name,
			    costs[i].cpu_us, costs[i].written / 1024);
		print_ratio("100k against 1k", &costs[3], &costs[1], "1.2");
		print_ratio("100k against 10", &costs[3], &costs[0], "2.5");
	}
	loop_free(b.loop);
	return 0;
}
