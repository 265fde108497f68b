#include "watch/test_view.h"

#include "watch/pools.h"
#include "watch/probe.h"
#include "watch/traces.h"

struct test_view
test_view_of(const struct probe *p)
{
	bool looks = p->test == NULL || p->look_again;

	return (struct test_view){
		.probe = p,
		.config = p->test,
		.state = &p->state,
		.pool = p->pool == NULL ? NULL : &p->pool->state,
		.discovery = p->discovery,
		.discovery_until_ms = looks ? 0 : probe_discovery_until(p),
		.trace = traces_last(p->kept),
		.running = p->run != NULL,
	};
}
