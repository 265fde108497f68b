/*
 * accounts - an account of NTLM for tests.
 */
#ifndef CSWATCH_TESTS_ACCOUNTS_H
#define CSWATCH_TESTS_ACCOUNTS_H
#include "auth/account.h"
#include "auth/method.h"
#include "base/secret.h"
#include "base/str.h"
#include "must.h"

/* To be freed with account_clear(). */
static inline struct account
accounts_ntlm(const char *username, const char *password)
{
	struct account a = { &auth_ntlm, str_dup(str_of(username)),
		secret_new(str_of(password)) };

	MUST(a.username != NULL && a.secret != NULL);
	return a;
}

#endif
