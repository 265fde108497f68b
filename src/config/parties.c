#include "config/loader.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vocab/err.h"
#include "base/secret.h"
#include "sip/endpoint.h"
#include "tls/trust.h"

/* Pools that trust alike share one store: the system's certificates take 800 KiB. */
struct outer {
	const char *ca_file;
	enum tls_version min;
	bool legacy;
	struct tls_outer *tls; /* NULL: could not be read, and has been said */
};

/* ---- users ---- */

/* The tree lives a little longer than needed; the text in it does not. */
static void
wipe_setting(const config_setting_t *s)
{
	const char *text = config_setting_get_string(s);

	secret_wipe((void *)(uintptr_t)text, strlen(text));
}

static struct secret *
inline_password(struct loader *l, const struct values *v)
{
	const config_setting_t *s = v->at[KEY_PASSWORD];
	struct secret *secret = secret_new(str_of(config_setting_get_string(s)));

	wipe_setting(s);
	if (source_place(&l->source, setting_line(s)).open_to_others)
		problem_add(&l->problems, setting_line(s),
		    "\"password\" in a file that everybody can read or change; "
		    "expected a file of mode 0640 or stricter, or better a \"secret\"");
	if (secret == NULL)
		problem_add(&l->problems, setting_line(s), "\"password\": out of memory");
	return secret;
}

static struct secret *
user_password(struct loader *l, const struct values *v)
{
	const char *name = value_string(v, KEY_SECRET);
	struct secret *secret = NULL;
	struct err err;

	if (v->at[KEY_PASSWORD] != NULL)
		secret = inline_password(l, v);
	if (name != NULL && v->at[KEY_PASSWORD] != NULL) {
		problem_add(&l->problems, v->line,
		    "a user with both \"secret\" and \"password\"; expected one of them");
	} else if (name != NULL) {
		secret = secret_find(l->credentials, l->source.directory, name, &err);
		if (secret == NULL)
			problem_add(&l->problems, setting_line(v->at[KEY_SECRET]), "%s",
			    err.detail);
	} else if (secret == NULL && !v->refused[KEY_SECRET] &&
		   !v->refused[KEY_PASSWORD]) {
		problem_add(&l->problems, v->line,
		    "a user without \"secret\"; "
		    "expected the name of the file with the password");
	}
	return secret;
}

static void
check_authentication(struct loader *l, const struct values *v)
{
	static const char *const later[] = { "kerberos", "pin", "certificate" };
	const char *word = value_string(v, KEY_AUTHENTICATION);

	if (word == NULL || strcmp(word, "ntlm") == 0)
		return;
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		if (strcmp(word, later[i]) == 0) {
			problem_add(&l->problems, setting_line(v->at[KEY_AUTHENTICATION]),
			    "\"authentication\" = \"%s\" is not supported by this "
			    "version; expected \"ntlm\"",
			    word);
			return;
		}
	}
	value_wrong(l, v, KEY_AUTHENTICATION, "\"ntlm\"");
}

static void
note_user(struct loader *l, size_t i)
{
	const struct config_user *u = &l->c->users[i];
	char place[PLACE_SIZE];
	struct str part;
	bool fresh;
	uint32_t *index = map_put(&l->users, str_of(u->address), &fresh);

	if (!fresh) {
		problem_add(&l->problems, u->at.line,
		    "user %s is there already (%s); expected each user once", u->address,
		    place_text(l, l->c->users[*index].at.line, place, sizeof(place)));
		return;
	}
	*index = (uint32_t)i;
	(void)str_split(str_of(u->address), '@', &part);
	++*map_put(&l->user_parts, part, &fresh);
}

static bool
user_build(struct loader *l, const struct values *v, struct config_user *u)
{
	const char *sip = value_required(l, v, KEY_SIP, IN_USER, "\"sip:user@domain\"");
	const char *name = value_required(
	    l, v, KEY_USERNAME, IN_USER, "\"DOMAIN\\\\user\" or \"user@domain\"");

	u->at.line = v->line;
	if (sip != NULL && !sip_address_parse(str_of(sip), u->address))
		value_wrong(l, v, KEY_SIP, "\"sip:user@domain\"");
	if (name != NULL && !check_username(name))
		value_wrong(l, v, KEY_USERNAME, "\"DOMAIN\\\\user\" or \"user@domain\"");
	check_authentication(l, v);
	u->password = user_password(l, v);
	u->username = str_dup(str_of(name));
	return u->username != NULL;
}

bool
users_build(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_USERS);
	struct config *c = l->c;
	struct values v;

	c->users = calloc(n + 1, sizeof(*c->users));
	if (c->users == NULL || !map_init(&l->users, n) || !map_init(&l->user_parts, n))
		return false;
	for (unsigned i = 0; i < n; i++) {
		values_read(l, value_element_at(&l->top, KEY_USERS, i), IN_USER, &v);
		if (!user_build(l, &v, &c->users[c->nusers++]))
			return false;
		if (c->users[c->nusers - 1].address[0] != '\0')
			note_user(l, c->nusers - 1);
	}
	return true;
}

/* ---- pools ---- */

static void
note_pool(struct loader *l, size_t i)
{
	const struct config_pool *p = &l->c->pools[i];
	char place[PLACE_SIZE];
	struct str label;
	bool fresh;
	uint32_t *index = map_put(&l->pools, str_of(p->fqdn), &fresh);

	if (!fresh) {
		problem_add(&l->problems, p->at.line,
		    "pool %s is there already (%s); expected each pool once", p->fqdn,
		    place_text(l, l->c->pools[*index].at.line, place, sizeof(place)));
		return;
	}
	*index = (uint32_t)i;
	if (p->is_domain)
		return; /* tests are called by all of it */
	(void)str_split(str_of(p->fqdn), '.', &label);
	++*map_put(&l->labels, label, &fresh);
}

static bool
same_trust(const struct outer *a, const struct outer *b)
{
	if (a->min != b->min || a->legacy != b->legacy)
		return false;
	if (a->ca_file == NULL || b->ca_file == NULL)
		return a->ca_file == b->ca_file;
	return strcmp(a->ca_file, b->ca_file) == 0;
}

static const struct outer *
find_trust(const struct outer *outers, size_t n, const struct outer *want)
{
	for (size_t i = 0; i < n; i++)
		if (same_trust(&outers[i], want))
			return &outers[i];
	return NULL;
}

/* outers has room for one per pool; *n are in use. */
static struct tls_outer *
shared_trust(struct loader *l, const struct values *v, struct outer *outers, size_t *n)
{
	struct outer want = { .ca_file = value_string(v, KEY_CA_FILE), .min = TLS_1_2 };
	const struct outer *have;
	struct tls_settings settings;
	unsigned line = v->line;
	char *path = NULL;
	struct err err;

	if (v->at[KEY_TLS_MIN] != NULL &&
	    !tls_version_by_name(str_of(value_string(v, KEY_TLS_MIN)), &want.min))
		value_wrong(l, v, KEY_TLS_MIN, "\"1.0\", \"1.1\", \"1.2\" or \"1.3\"");
	want.legacy = value_number(l, v, KEY_LEGACY_TLS) != 0;
	have = find_trust(outers, *n, &want);
	if (have != NULL)
		return have->tls == NULL ? NULL : tls_outer_ref(have->tls);
	if (want.ca_file != NULL) {
		line = setting_line(v->at[KEY_CA_FILE]);
		path = source_path(&l->source, want.ca_file);
	}
	settings = (struct tls_settings){ path, want.min, want.legacy };
	want.tls = tls_outer_new(&settings, &err);
	if (want.tls == NULL)
		problem_add(&l->problems, line, "%s; expected a file of PEM certificates",
		    err.detail);
	free(path);
	outers[(*n)++] = want;
	return want.tls;
}

static void
lower_case(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

static char *
optional_string(const struct values *v, enum key k, bool *ok)
{
	const char *s = value_string(v, k);
	char *copy = s == NULL ? NULL : str_dup(str_of(s));

	*ok = *ok && (s == NULL || copy != NULL);
	return copy;
}

/* False: out of memory. */
static bool
read_domains(struct loader *l, const struct values *v, struct config_pool *p)
{
	unsigned n = value_count(v, KEY_ALLOWED_WEB_DOMAINS);

	if (n == 0)
		return true;
	p->allowed_web_domains = calloc(n + 1, sizeof(*p->allowed_web_domains));
	if (p->allowed_web_domains == NULL)
		return false;
	for (unsigned i = 0; i < n; i++) {
		const char *s = value_element(v, KEY_ALLOWED_WEB_DOMAINS, i);

		if (!check_fqdn(s))
			problem_add(&l->problems,
			    setting_line(value_element_at(v, KEY_ALLOWED_WEB_DOMAINS, i)),
			    "\"allowed_web_domains\" holds \"%s\"; expected a "
			    "domain such as \"litwareinc.net\"",
			    s);
		p->allowed_web_domains[i] = str_dup(str_of(s));
		if (p->allowed_web_domains[i] == NULL)
			return false;
	}
	return true;
}

/* The name of a pool: of its own, or of the SIP domain that it is to be found by. */
static const char *
pool_name(struct loader *l, const struct values *v, struct config_pool *p)
{
	const char *fqdn = value_string(v, KEY_FQDN);
	const char *domain = value_string(v, KEY_DOMAIN);

	p->is_domain = fqdn == NULL && domain != NULL;
	if (fqdn != NULL && !check_fqdn(fqdn))
		value_wrong(l, v, KEY_FQDN, "a host name such as \"pool01.example.com\"");
	if (domain != NULL && !check_fqdn(domain))
		value_wrong(l, v, KEY_DOMAIN, "a SIP domain such as \"example.com\"");
	if (v->refused[KEY_FQDN] || v->refused[KEY_DOMAIN])
		return NULL;
	if ((fqdn == NULL) == (domain == NULL))
		problem_add(&l->problems, v->line,
		    "a pool with %s \"fqdn\" %s \"domain\"; expected one of them, the "
		    "pool's full name or the SIP domain to find it by",
		    fqdn == NULL ? "neither" : "both", fqdn == NULL ? "nor" : "and");
	return p->is_domain ? domain : fqdn;
}

/* What is found by discovery, and what says how, do not go together. */
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
				? "\"%s\" of a pool with \"domain\"; expected "
				  "it to be left out, it is found together with the pool"
				: "\"%s\" of a pool with \"fqdn\"; expected it only with "
				  "\"domain\", where a pool is looked for",
			    schema[keys[i]].name);
}

static void
check_uri(struct loader *l, const struct values *v, enum key k)
{
	if (v->at[k] != NULL && !check_https_uri(value_string(v, k)))
		value_wrong(l, v, k, "\"https://HOST[:PORT]/PATH\"");
}

static bool
pool_build(struct loader *l, const struct values *v, struct config_pool *p)
{
	const char *name = pool_name(l, v, p);
	bool ok = true;

	p->at.line = v->line;
	if (v->at[KEY_ADDRESS] != NULL && !check_address(value_string(v, KEY_ADDRESS)))
		value_wrong(l, v, KEY_ADDRESS, "an IPv4 or IPv6 address");
	check_uri(l, v, KEY_CERT_PROVISIONING_URI);
	check_uri(l, v, KEY_DISCOVERY_URI);
	if (!p->is_domain)
		p->registrar_port = (uint16_t)value_number(l, v, KEY_REGISTRAR_PORT);
	p->discovery_age_ms = value_number(l, v, KEY_DISCOVERY_AGE);
	p->max_parallel = (unsigned)value_number(l, v, KEY_POOL_MAX_PARALLEL);
	p->legacy_tls = value_number(l, v, KEY_LEGACY_TLS) != 0;
	if (v->at[KEY_INNER_CERTIFICATE] != NULL &&
	    !memtls_check_by_name(
		str_of(value_string(v, KEY_INNER_CERTIFICATE)), &p->inner_check))
		value_wrong(
		    l, v, KEY_INNER_CERTIFICATE, "\"log\", \"strict\" or \"off\"");
	p->address = optional_string(v, KEY_ADDRESS, &ok);
	p->cert_provisioning_uri = optional_string(v, KEY_CERT_PROVISIONING_URI, &ok);
	p->discovery_uri = optional_string(v, KEY_DISCOVERY_URI, &ok);
	ok = read_domains(l, v, p) && ok;
	p->fqdn = str_dup(str_of(name));
	if (p->fqdn == NULL)
		return false;
	lower_case(p->fqdn);
	check_discovery(l, v, p);
	return ok;
}

bool
pools_build(struct loader *l)
{
	unsigned n = value_count(&l->top, KEY_POOLS);
	struct config *c = l->c;
	struct outer *outers = calloc(n + 1, sizeof(*outers));
	struct values v;
	size_t nouters = 0;
	bool ok = outers != NULL && map_init(&l->pools, n) && map_init(&l->labels, n);

	c->pools = calloc(n + 1, sizeof(*c->pools));
	ok = ok && c->pools != NULL;
	for (unsigned i = 0; ok && i < n; i++) {
		values_read(l, value_element_at(&l->top, KEY_POOLS, i), IN_POOL, &v);
		ok = pool_build(l, &v, &c->pools[c->npools++]);
		if (ok && c->pools[c->npools - 1].fqdn[0] != '\0')
			note_pool(l, c->npools - 1);
		c->pools[c->npools - 1].tls = shared_trust(l, &v, outers, &nouters);
	}
	free(outers);
	return ok;
}
