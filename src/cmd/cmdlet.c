#include "cmd/cmdlet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/str.h"

struct parameter {
	const char *name;
	const char *option; /* "": the value is a word without an option */
	bool flag;
};

struct cmdlet {
	const char *name, *command;
	const struct parameter *parameters;
	size_t nparameters;
	const char *
	    positional; /* the option of a bare word; NULL: bare words are not accepted */
};

static const struct parameter client_auth[] = {
	{ "TargetFqdn", "--target-fqdn", false },
	{ "UserSipAddress", "--user-sip-address", false },
	{ "UserCredential", "--user-credential", false },
	{ "RegistrarPort", "--registrar-port", false },
	{ "TargetUri", "--target-uri", false },
	{ "Verbose", "--verbose", true },
};
static const struct parameter certificates[] = { { "Identity", "--user", false } };
static const struct parameter roles[] = { { "Identity", "", false } };

#define PARAMETERS(table) table, sizeof(table) / sizeof((table)[0])

static const struct cmdlet cmdlets[] = {
	{ "Test-CsClientAuth", "test", PARAMETERS(client_auth), NULL },
	{ "Test-CsClientAuthentication", "test", PARAMETERS(client_auth), NULL },
	{ "Get-CsClientCertificate", "certificates", PARAMETERS(certificates), "--user" },
	{ "Get-CsAdminRole", "roles", PARAMETERS(roles), "" },
};
#define NCMDLETS (sizeof(cmdlets) / sizeof(cmdlets[0]))

static const struct cmdlet *
find(const char *word)
{
	for (size_t i = 0; i < NCMDLETS; i++)
		if (str_caseeq(str_of(word), cmdlets[i].name))
			return &cmdlets[i];
	return NULL;
}

bool
cmdlet_is(const char *word)
{
	return find(word) != NULL;
}

const char *
cmdlet_nth(size_t n)
{
	return n < NCMDLETS ? cmdlets[n].name : NULL;
}

/*
 * Finds a parameter by its name, or by an unambiguous beginning of it. Returns NULL and
 * sets ret->why if there is none.
 */
static const struct parameter *
find_parameter(const struct cmdlet *c, const char *name, struct cmdlet_line *ret)
{
	const struct parameter *found = NULL;
	struct suggest g = suggest_of(name);

	for (size_t i = 0; i < c->nparameters; i++) {
		const struct parameter *p = &c->parameters[i];

		if (str_caseeq(str_of(name), p->name))
			return p;
		suggest_offer(&g, p->name);
		if (name[0] == '\0' || !str_caseprefix(str_of(p->name), name))
			continue;
		if (found != NULL) {
			snprintf(ret->why, sizeof(ret->why),
			    "-%.60s is ambiguous: it may be -%s or -%s", name,
			    found->name, p->name);
			return NULL;
		}
		found = p;
	}
	if (found == NULL)
		snprintf(ret->why, sizeof(ret->why), "%s has no parameter -%.60s%s%s%s",
		    c->name, name, g.best == NULL ? "" : "; did you mean -",
		    g.best == NULL ? "" : g.best, g.best == NULL ? "" : "?");
	return found;
}

static void
add_words(struct cmdlet_line *l, const char *option, char *value)
{
	if (option[0] != '\0')
		l->argv[l->argc++] = (char *)(void *)(uintptr_t)option;
	if (value != NULL)
		l->argv[l->argc++] = value;
}

/* Translates -Name, -Name VALUE or -Name:VALUE at argv[*at]. */
static bool
translate_parameter(
    const struct cmdlet *c, int argc, char **argv, int *at, struct cmdlet_line *l)
{
	struct str name, value = str_split(str_of(argv[*at] + 1), ':', &name);
	const struct parameter *p;
	char *copy = str_dup(name);

	if (copy == NULL)
		return false;
	l->room[l->nroom++] = copy;
	p = find_parameter(c, copy, l);
	if (p == NULL)
		return false;
	if (p->flag) {
		/* -Verbose:$false switches it off. */
		if (value.p == NULL || str_caseeq(value, "$true"))
			add_words(l, p->option, NULL);
		return true;
	}
	if (value.p == NULL && ++*at == argc) {
		snprintf(l->why, sizeof(l->why), "-%s requires a value", p->name);
		return false;
	}
	/* The value after a colon ends where the argument ends. */
	add_words(
	    l, p->option, value.p != NULL ? argv[*at] + 1 + name.len + 1 : argv[*at]);
	return true;
}

bool
cmdlet_translate(int argc, char **argv, struct cmdlet_line *ret)
{
	const struct cmdlet *c = find(argv[0]);

	bool ours = false; /* the word before is one of our own options */

	*ret = (struct cmdlet_line){ .why = "out of memory" };
	if (argc > CMDLET_WORDS_MAX) {
		snprintf(ret->why, sizeof(ret->why), "there are more than %d arguments",
		    CMDLET_WORDS_MAX);
		return false;
	}
	add_words(ret, c->command, NULL);
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];
		bool value = ours && arg[0] != '-';

		ours = arg[0] == '-' && arg[1] == '-';
		if (ours || value || arg[0] != '-' || arg[1] == '\0')
			add_words(ret,
			    ours || value || c->positional == NULL ? "" : c->positional,
			    argv[i]);
		else if (!translate_parameter(c, argc, argv, &i, ret))
			return false;
	}
	return true;
}

void
cmdlet_free(struct cmdlet_line *l)
{
	while (l->nroom > 0)
		free(l->room[--l->nroom]);
}
