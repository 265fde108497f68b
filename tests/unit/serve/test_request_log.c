/* serve/request_log: the lines themselves, and when they come. */
#include "serve/request_log.h"

#include <string.h>

#include "../cases.h"
#include "base/buf.h"
#include "base/clock.h"
#include "control/audit.h"
#include "control/request.h"
#include "loop/loop.h"
#include "report/logline.h"

#define START_US 1000

/* ---- a loop with one timer, which goes off when the test says so ---- */

static struct timer {
	void (*cb)(void *arg);
	void *arg;
	uint64_t at_us; /* 0: not set */
} the_timer;
static uint64_t now_us;

struct timer *
timer_new(struct loop *l, void (*cb)(void *arg), void *arg)
{
	(void)l;
	the_timer = (struct timer){ .cb = cb, .arg = arg };
	return &the_timer;
}

void
timer_free(struct timer *t)
{
	(void)t;
}

void
timer_set(struct timer *t, uint64_t us)
{
	t->at_us = now_us + us;
}

void
timer_clear(struct timer *t)
{
	t->at_us = 0;
}

static void
let_timer_run_out(void)
{
	assert_int_not_equal(the_timer.at_us, 0);
	now_us = the_timer.at_us;
	the_timer.at_us = 0;
	the_timer.cb(the_timer.arg);
}

static uint64_t
tell_time(void *arg)
{
	(void)arg;
	return now_us;
}

static const struct clock the_clock = { .mono_us = tell_time };

/* ---- what is logged ---- */

static struct buf logged;
static struct request_log *requests;

static void
keep_line(
    struct log *log, int priority, enum event_id event, const struct kv *kv, size_t n)
{
	(void)log;
	buf_printf(&logged, "%d ", priority);
	logline_format(&logged, event, kv, n);
	buf_putc(&logged, '\n');
}

static struct log the_log = { .emit = keep_line };

static int
open_log(void **state)
{
	(void)state;
	now_us = START_US;
	buf_init(&logged, 65536);
	requests = request_log_new(NULL, &the_clock, &the_log);
	return requests == NULL ? -1 : 0;
}

static int
close_log(void **state)
{
	(void)state;
	request_log_free(requests);
	buf_free(&logged);
	return 0;
}

static void
expect(const char *want)
{
	assert_string_equal(logged.len == 0 ? "" : buf_view(&logged).p, want);
	buf_clear(&logged);
}

static const struct control_peer ken = { .uid = 1001, .gid = 100, .name = "ken" };

static void
ask(enum command_id command, bool changes)
{
	const struct control_request r = { .verb = command };

	request_log_command(requests, &ken, &r, changes);
}

static void
refuse(uid_t uid)
{
	const struct control_request r = {
		.verb = COMMAND_PAUSE,
		.names = { "a/ken", "b/ken" },
		.nnames = 2,
	};
	struct control_peer p = ken;

	p.uid = uid;
	request_log_refusal(requests, &p, &r, "Help, View");
}

#define REFUSED                                                                          \
	"4 control.refused command=pause target=a/ken,b/ken by=ken uid=1001 gid=100 "    \
	"roles=\"Help, View\"\n"

static void
single_requests_are_logged_as_they_come(void **state)
{
	(void)state;
	ask(COMMAND_STATUS, false);
	expect("6 control.command command=status by=ken uid=1001 gid=100\n");
	ask(COMMAND_RELOAD, true);
	expect("5 control.command command=reload by=ken uid=1001 gid=100\n");
	refuse(1001);
	expect(REFUSED);
	assert_int_equal(the_timer.at_us, 0); /* nothing is left to log */
}

static void
a_flood_of_refusals_is_logged_once_a_minute(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 50000; i++)
		refuse(1001);
	expect(REFUSED);
	assert_int_equal(the_timer.at_us, START_US + AUDIT_PERIOD_US);
	let_timer_run_out();
	expect("4 control.refused command=pause by=ken uid=1001 gid=100 count=49999\n");
	assert_int_equal(the_timer.at_us, 0);
	refuse(1001);
	expect("");
	let_timer_run_out();
	expect("4 control.refused command=pause by=ken uid=1001 gid=100 count=1\n");
}

static void
a_sum_is_as_important_as_what_is_in_it(void **state)
{
	(void)state;
	for (unsigned i = 0; i < AUDIT_COMMANDS; i++)
		ask(COMMAND_TEST, true);
	buf_clear(&logged);
	ask(COMMAND_STATUS, false);
	let_timer_run_out();
	expect("6 control.command command=status by=ken uid=1001 gid=100 count=1\n");
	for (unsigned i = 1; i < AUDIT_COMMANDS; i++)
		ask(COMMAND_TEST, true);
	buf_clear(&logged);
	ask(COMMAND_STATUS, false);
	ask(COMMAND_TEST, true);
	let_timer_run_out();
	expect("5 control.command command=test,status by=ken uid=1001 gid=100 count=2\n");
}

static void
many_accounts_share_a_line(void **state)
{
	(void)state;
	for (uid_t i = 0; i < AUDIT_ACCOUNTS + 3; i++)
		refuse(2000 + i);
	buf_clear(&logged);
	let_timer_run_out();
	expect("4 control.refused command=pause by=(many) count=2\n");
}

static void
the_timer_is_set_to_the_first_sum(void **state)
{
	(void)state;
	refuse(1001);
	now_us += 7;
	refuse(1002);
	refuse(1002);
	assert_int_equal(the_timer.at_us, START_US + 7 + AUDIT_PERIOD_US);
	refuse(1001);
	assert_int_equal(the_timer.at_us, START_US + AUDIT_PERIOD_US);
	buf_clear(&logged);
	let_timer_run_out();
	expect("4 control.refused command=pause by=ken uid=1001 gid=100 count=1\n");
	assert_int_equal(the_timer.at_us, START_US + 7 + AUDIT_PERIOD_US);
	let_timer_run_out();
	expect("4 control.refused command=pause by=ken uid=1002 gid=100 count=1\n");
}

static void
the_end_logs_what_is_left(void **state)
{
	(void)state;
	refuse(1001);
	refuse(1001);
	buf_clear(&logged);
	request_log_free(requests);
	requests = NULL;
	expect("4 control.refused command=pause by=ken uid=1001 gid=100 count=1\n");
}

#define OPEN(function) TEST_WITH(function, open_log, close_log)

RUN_CASES(OPEN(single_requests_are_logged_as_they_come),
    OPEN(a_flood_of_refusals_is_logged_once_a_minute),
    OPEN(a_sum_is_as_important_as_what_is_in_it), OPEN(many_accounts_share_a_line),
    OPEN(the_timer_is_set_to_the_first_sum), OPEN(the_end_logs_what_is_left));
