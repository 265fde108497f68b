/* users - the accounts that log on, and where their passwords come from. */
#include "config/loader.h"

#include <stdlib.h>
#include <string.h>

#include "auth/method.h"
#include "vocab/err.h"
#include "base/credential.h"
#include "base/secret.h"
#include "sip/endpoint.h"

/* Wipes a text of the parse tree, which itself is freed later. */
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
	struct str text = str_of(config_setting_get_string(s));
	struct secret *secret = secret_new(text);
	const char *flaw = credential_password_flaw(text);

	wipe_setting(s);
	if (flaw != NULL)
		problem_add(&l->problems, setting_line(s),
		    "the value of \"password\" %s; a backslash in it is written \\\\",
		    flaw);
	if (source_place(&l->source, setting_line(s)).open_to_others)
		problem_add(&l->problems, setting_line(s),
		    "\"password\" is in a file that others can read or change; give the "
		    "file mode 0640 or stricter, or use \"secret\" instead");
	if (secret == NULL)
		problem_add(&l->problems, setting_line(s),
		    "\"password\" cannot be kept: out of memory");
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
		    "a user has both \"secret\" and \"password\"; only one is allowed");
	} else if (name != NULL) {
		secret = secret_find(l->credentials, l->source.directory, name, &err);
		if (secret == NULL)
			problem_add(&l->problems, setting_line(v->at[KEY_SECRET]), "%s",
			    err.detail);
	} else if (secret == NULL && !v->refused[KEY_SECRET] &&
		   !v->refused[KEY_PASSWORD]) {
		problem_add(&l->problems, v->line,
		    "\"secret\" is missing from a user; it must be the name of the file "
		    "with the password");
	}
	return secret;
}

/* Returns the method of a user. The words of the key are the names of the methods. */
static const struct auth_method *
user_method(const struct loader *l, const struct values *v)
{
	const char *const *words = schema[KEY_AUTHENTICATION].words;

	return auth_method_by_name(words[value_number(l, v, KEY_AUTHENTICATION)]);
}

static void
index_user(struct loader *l, size_t i)
{
	const struct config_user *u = &l->c->users[i];
	char place[PLACE_SIZE];
	struct str part;
	bool fresh;
	uint32_t *index = map_put(&l->users, str_of(u->address), &fresh);

	if (!fresh) {
		problem_add(&l->problems, u->at.line,
		    "user %s is defined again; it is already at %s", u->address,
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
	const char *sip = value_string(v, KEY_SIP);

	u->at.line = v->line;
	if (sip != NULL)
		(void)sip_address_parse(str_of(sip), u->address);
	u->account.method = user_method(l, v);
	u->account.secret = user_password(l, v);
	return values_store(l, v, IN_USER, u);
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
			index_user(l, c->nusers - 1);
	}
	return true;
}
