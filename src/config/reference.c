/*
 * reference - the addresses that tell a watcher without a network from pools that are
 * down.
 */
#include "config/loader.h"

#include <stdlib.h>
#include <string.h>

/*
 * Splits NAME:PORT, ADDRESS:PORT or [ADDRESS]:PORT, which s is known to be. Returns false
 * if out of memory.
 */
static bool
split_endpoint(const char *s, struct config_reference *ret)
{
	const char *colon = strrchr(s, ':');
	struct str host = { s, (size_t)(colon - s) };
	uint64_t port = 0;

	if (s[0] == '[')
		host = (struct str){ s + 1, host.len - 2 };
	(void)str_uint(str_of(colon + 1), 1, 65535, &port);
	ret->port = (uint16_t)port;
	ret->host = str_dup(host);
	return ret->host != NULL;
}

bool
references_build(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_REFERENCE);
	struct config *c = l->c;

	if (n > CONFIG_REFERENCES_MAX) {
		problem_add(&l->problems, setting_line(l->top.at[KEY_REFERENCE]),
		    "\"reference\" holds %u addresses; at most %d are allowed", n,
		    CONFIG_REFERENCES_MAX);
		return true;
	}
	for (unsigned i = 0; i < n; i++) {
		const char *s = value_element(&l->top, KEY_REFERENCE, i);

		if (!split_endpoint(s, &c->references[c->nreferences]))
			return false;
		c->nreferences++;
	}
	return true;
}

void
references_free(struct config *c)
{
	for (size_t i = 0; i < c->nreferences; i++)
		free(c->references[i].host);
}
