/*
 * account - who logs on, how, and with which secret: what configuration, transaction and
 * web services know of a user's Windows account.
 */
#ifndef CSWATCH_AUTH_ACCOUNT_H
#define CSWATCH_AUTH_ACCOUNT_H

struct auth_method;
struct secret;

struct account {
	const struct auth_method *method; /* one of auth_methods */
	char *username;			  /* DOMAIN\user or UPN; UTF-8 */
	struct secret *secret;		  /* the password */
};

/* Frees what an account owns, as made by str_dup() and secret_new(); it is empty then. */
void account_clear(struct account *a);

#endif
