/* pools - where users log on, and which servers are trusted there. */
#include "config/loader.h"

#include <stdlib.h>
#include <string.h>

#include "vocab/err.h"
#include "tls/outer.h"

/*
 * The first pool of each kind of trust. Pools that trust alike share one store: the
 * system's certificates take 800 KiB.
 */
struct trusts {
	const struct config_pool **first;
	size_t n;
};

static void
index_pool(struct loader *l, size_t i)
{
	const struct config_pool *p = &l->c->pools[i];
	char place[PLACE_SIZE];
	struct str label;
	bool fresh;
	uint32_t *index = map_put(&l->pools, str_of(p->fqdn), &fresh);

	if (!fresh) {
		problem_add(&l->problems, p->at.line,
		    "pool %s is defined again; it is already at %s", p->fqdn,
		    place_text(l, l->c->pools[*index].at.line, place, sizeof(place)));
		return;
	}
	*index = (uint32_t)i;
	if (p->is_domain)
		return; /* the names of tests contain the whole domain */
	(void)str_split(str_of(p->fqdn), '.', &label);
	++*map_put(&l->labels, label, &fresh);
}

static bool
same_trust(const struct config_pool *a, const struct config_pool *b)
{
	if (a->tls_min != b->tls_min || a->legacy_tls != b->legacy_tls)
		return false;
	if (a->ca_file == NULL || b->ca_file == NULL)
		return a->ca_file == b->ca_file;
	return strcmp(a->ca_file, b->ca_file) == 0;
}

/* Returns the trust of p; pools that trust alike share one. NULL: a problem is noted. */
static struct tls_outer *
shared_trust(struct loader *l, const struct values *v, const struct config_pool *p,
    struct trusts *t)
{
	const struct tls_settings settings = { p->ca_file, p->tls_min, p->legacy_tls };
	struct tls_outer *made;
	struct err err;

	for (size_t i = 0; i < t->n; i++) {
		struct tls_outer *have = t->first[i]->tls;

		if (same_trust(t->first[i], p))
			return have == NULL ? NULL : tls_outer_ref(have);
	}
	t->first[t->n++] = p;
	made = tls_outer_new(&settings, &err);
	if (made == NULL)
		problem_add(&l->problems,
		    v->at[KEY_CA_FILE] == NULL ? v->line
					       : setting_line(v->at[KEY_CA_FILE]),
		    "%s; \"ca_file\" must be a file of PEM certificates", err.detail);
	return made;
}

static void
lower_case(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

/*
 * Returns the name of a pool: its own, or the SIP domain by which it is found. NULL:
 * neither is usable.
 */
static const char *
pool_name(struct loader *l, const struct values *v, struct config_pool *p)
{
	const char *fqdn = value_string(v, KEY_FQDN);
	const char *domain = value_string(v, KEY_DOMAIN);

	p->is_domain = fqdn == NULL && domain != NULL;
	if (v->refused[KEY_FQDN] || v->refused[KEY_DOMAIN])
		return NULL;
	if ((fqdn == NULL) == (domain == NULL))
		problem_add(&l->problems, v->line,
		    "a pool has %s \"fqdn\" %s \"domain\"; it must have one of them, its "
		    "full name or the SIP domain by which it is found",
		    fqdn == NULL ? "neither" : "both", fqdn == NULL ? "nor" : "and");
	return p->is_domain ? domain : fqdn;
}

/*
 * Refuses keys that belong to the other kind of pool: one with a name, or one that is
 * found by its domain.
 */
static void
check_discovery(struct loader *l, const struct values *v, const struct config_pool *p)
{
	static const enum key found[] = { KEY_ADDRESS, KEY_REGISTRAR_PORT },
			      how[] = { KEY_DISCOVERY_URI, KEY_DISCOVERY_AGE };
	const enum key *keys = p->is_domain ? found : how;

	for (size_t i = 0; i < 2; i++)
		if (v->at[keys[i]] != NULL && p->fqdn[0] != '\0')
			problem_add(&l->problems, setting_line(v->at[keys[i]]),
			    p->is_domain
				? "a pool has \"domain\" and \"%s\"; leave it out, it is "
				  "found together with the pool"
				: "a pool has \"fqdn\" and \"%s\"; it belongs to a pool "
				  "that is found by its \"domain\"",
			    schema[keys[i]].name);
}

static bool
pool_build(struct loader *l, const struct values *v, struct config_pool *p,
    struct trusts *trusts)
{
	const char *name = pool_name(l, v, p);
	bool ok = values_store(l, v, IN_POOL, p);

	p->at.line = v->line;
	if (p->is_domain)
		p->registrar_port = 0;
	p->fqdn = str_dup(str_of(name));
	if (!ok || p->fqdn == NULL)
		return false;
	lower_case(p->fqdn);
	check_discovery(l, v, p);
	p->tls = shared_trust(l, v, p, trusts);
	return true;
}

bool
pools_build(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_POOLS);
	struct trusts trusts = { calloc(n + 1, sizeof(*trusts.first)), 0 };
	struct config *c = l->c;
	struct values v;
	bool ok =
	    trusts.first != NULL && map_init(&l->pools, n) && map_init(&l->labels, n);

	c->pools = calloc(n + 1, sizeof(*c->pools));
	ok = ok && c->pools != NULL;
	for (unsigned i = 0; ok && i < n; i++) {
		struct config_pool *p = &c->pools[c->npools++];

		values_read(l, value_element_at(&l->top, KEY_POOLS, i), IN_POOL, &v);
		ok = pool_build(l, &v, p, &trusts);
		if (ok && p->fqdn[0] != '\0')
			index_pool(l, c->npools - 1);
	}
	free(trusts.first);
	return ok;
}
