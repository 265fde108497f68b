#include "watch/inquiry.h"

#include "watch/announce.h"
#include "watch/line_queue.h"
#include "watch/probe.h"
#include "watch/subscribers.h"

void
inquiry_begin(const struct subscribers *s, struct announcer *an, struct probe *p,
    const struct result *r)
{
	const struct finished_run run = { test_view_of(p), r };

	for (size_t i = 0; i < s->n; i++) {
		struct delay *d;

		if (s->v[i].events->inquire == NULL)
			continue;
		d = announce_delay(an, p, INQUIRY_WAIT_MS);
		if (d != NULL && !s->v[i].events->inquire(s->v[i].arg, &run, d))
			delay_end(d);
	}
}
