#include "keys/keyjob.h"

#include <stddef.h>
#include <sys/stat.h>

#include "tls/identity.h"

static bool
look(struct keyjob *j)
{
	struct stat st;

	if (j->path[0] == '\0' || stat(j->path, &st) != 0 || st.st_mtime < j->oldest_s)
		return false;
	j->made_s = st.st_mtime;
	return true;
}

/* A hundred transactions' worth of CPU. A key that cannot be kept still serves. */
static void
make(struct keyjob *j)
{
	j->id = j->make(j->address, j->stop, &j->err);
	j->unsaved = j->id != NULL && j->path[0] != '\0' &&
		     !identity_save(j->id, j->path, &j->save_err);
}

void
keyjob_work(void *arg)
{
	struct keyjob *j = arg;

	switch (j->what) {
	case KEYJOB_LOOK:
		j->found = look(j);
		break;
	case KEYJOB_READ:
		if (look(j))
			j->id = identity_load(j->path, j->address, &j->err);
		break;
	case KEYJOB_MAKE:
		make(j);
		break;
	}
}
