#include "auth/account.h"

#include <stdlib.h>

#include "base/secret.h"

void
account_clear(struct account *a)
{
	free(a->username);
	secret_free(a->secret);
	*a = (struct account){ .method = NULL };
}
