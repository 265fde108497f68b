#include "auth/method.h"

#include <string.h>

const struct auth_method *const auth_methods[] = {
	&auth_ntlm,
	NULL,
};

const struct auth_method *
auth_method_by_name(const char *name)
{
	const struct auth_method *const *m = auth_methods;

	while (*m != NULL && strcmp((*m)->name, name) != 0)
		m++;
	return *m;
}
