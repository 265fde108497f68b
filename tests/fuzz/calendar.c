/* Times of day and windows, and what comes next in a zone that changes its clocks. */
#include "base/calendar.h"
#include "base/zone.h"
#include "fuzz.h"

#define NOW_MS INT64_C(1711846740000) /* 2024-03-31 00:59 UTC: a minute before */
#define DAY_MS INT64_C(86400000)

static struct calendar *
calendar_of(const struct calendar_span *span)
{
	struct calendar *c = calendar_new(zone_open("Europe/Dublin"), 1);

	CHECK(c != NULL);
	c->spans[0] = *span;
	return c;
}

static void
check_time(const struct calendar_span *span)
{
	struct calendar *c = calendar_of(span);
	int64_t next = calendar_next(c, NOW_MS), after = calendar_next(c, next);

	CHECK(next > NOW_MS && next <= NOW_MS + 9 * DAY_MS);
	CHECK(after > next && after <= next + 9 * DAY_MS);
	CHECK(calendar_next(c, next - 1) == next);
	calendar_free(c);
}

static void
check_window(const struct calendar_span *span)
{
	struct calendar *c = calendar_of(span);
	struct calendar_window w = calendar_window(c, NOW_MS);

	CHECK(w.start_ms != CALENDAR_NEVER && w.end_ms > NOW_MS);
	CHECK(w.start_ms < w.end_ms && w.start_ms <= NOW_MS + 9 * DAY_MS);
	calendar_free(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct calendar_span span;

	fuzz_fill(&span, sizeof(span));
	if (calendar_parse_time(fuzz_str(data, size), &span))
		check_time(&span);
	else
		CHECK(fuzz_untouched(&span, sizeof(span)));
	fuzz_fill(&span, sizeof(span));
	if (calendar_parse_window(fuzz_str(data, size), &span))
		check_window(&span);
	else
		CHECK(fuzz_untouched(&span, sizeof(span)));
	return 0;
}
