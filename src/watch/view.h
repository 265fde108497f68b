/*
 * view - the read model: everything that may be read of tests, pools and the watcher.
 *
 * Tests are numbered in the order of their names; a reload may change that. Who reads
 * many does so in slices, from the place after the name that came last. What is handed
 * out is borrowed until the loop goes on.
 */
#ifndef CSWATCH_WATCH_VIEW_H
#define CSWATCH_WATCH_VIEW_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"
#include "watch/test_view.h"

struct buf;
struct clock;
struct config;
struct cutoff;
struct gates;
struct isolation;
struct probes;
struct rollups;
struct runs;
struct sched_stats;
struct timetable;

/* What is read from. All are borrowed. */
struct view {
	const struct clock *clock;
	const struct config *config; /* the live one */
	const struct probes *probes;
	const struct rollups *rollups;
	const struct cutoff *cutoff;
	const struct runs *runs;
	const struct gates *gates;
	const struct timetable *timetable;
	bool stopping; /* nothing starts any more */
};

/* ---- tests ---- */

size_t view_count_tests(const struct view *v);
/* i below view_count_tests() */
struct test_view view_test(const struct view *v, size_t i);
/* Returns the number of the first test whose name comes after name. */
size_t view_place_after(const struct view *v, const char *name);
/* Returns false and leaves *ret unchanged if there is no test of that name. */
bool view_find_test(const struct view *v, const char *name, struct test_view *ret);
/*
 * Appends why the test is not running just now, as one line of plain text without a line
 * feed: "next run at 2026-11-22T13:04:41Z", "paused until ... by kenmyer: patching",
 * "waits: pool ... has 4 transactions running (max_parallel)", "running".
 */
void view_explain(const struct view *v, const struct test_view *t, struct buf *out);

/* ---- pools ---- */

size_t view_count_pools(const struct view *v);
/* i below view_count_pools() */
const struct pool_state *view_pool(const struct view *v, size_t i);

/* ---- the watcher ---- */

struct watcher_view {
	size_t tests;
	size_t states[ALERT_COUNT]; /* tests in each */
	size_t pools_in_alert;
	size_t running; /* transactions in flight */
	bool cut_off;
};

struct watcher_view view_watcher(const struct view *v);
/* Returns whether, and since when, it is cut off. */
const struct isolation *view_isolation(const struct view *v);
/* How well the schedule was kept since the start. */
void view_lateness(const struct view *v, struct sched_stats *ret);
int64_t view_now_ms(const struct view *v);

#endif
