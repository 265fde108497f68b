#include "control/peer.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "vocab/err.h"
#include "base/text.h"
#include "loop/worker.h"

#define GROUPS_FIRST 32	   /* most accounts have fewer */
#define PASSWD_ROOM  16384 /* octets of an entry of passwd(5) */

/* False: errno. */
static bool
read_groups(int fd, struct control_peer *p)
{
	socklen_t size = GROUPS_FIRST * sizeof(gid_t);

	p->groups = malloc(size);
	if (p->groups == NULL)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, p->groups, &size) != 0) {
		gid_t *more = errno == ERANGE ? realloc(p->groups, size) : NULL;

		if (more == NULL)
			return false;
		p->groups = more;
		if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, p->groups, &size) != 0)
			return false;
	}
	p->ngroups = size / sizeof(gid_t);
	return true;
}

bool
control_peer_read(int fd, struct control_peer *ret, struct err *err)
{
	struct control_peer p = { .groups = NULL };
	struct ucred cred;
	socklen_t size = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) != 0 ||
	    !read_groups(fd, &p)) {
		err_local(err, errno, "who asks cannot be seen");
		free(p.groups);
		return false;
	}
	p.uid = cred.uid;
	p.gid = cred.gid;
	*ret = p;
	return true;
}

void
control_peer_free(struct control_peer *p)
{
	free(p->groups);
	p->groups = NULL;
	p->ngroups = 0;
}

bool
control_peer_in_group(const struct control_peer *p, gid_t gid)
{
	if (p->gid == gid)
		return true;
	for (size_t i = 0; i < p->ngroups; i++)
		if (p->groups[i] == gid)
			return true;
	return false;
}

struct naming {
	uid_t uid;
	char name[PEER_NAME_SIZE];
	void (*named)(void *arg, const char *name); /* NULL: forgotten */
	void *arg;
};

static void
work(void *arg)
{
	struct naming *n = arg;
	struct passwd entry, *found = NULL;
	char room[PASSWD_ROOM];

	if (getpwuid_r(n->uid, &entry, room, sizeof(room), &found) == 0 && found != NULL)
		text_printable(n->name, sizeof(n->name), str_of(entry.pw_name));
}

static void
done(void *arg)
{
	struct naming *n = arg;

	if (n->named != NULL)
		n->named(n->arg, n->name);
	free(n);
}

struct naming *
naming_start(
    struct worker *w, uid_t uid, void (*named)(void *arg, const char *name), void *arg)
{
	struct naming *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	*n = (struct naming){ .uid = uid, .named = named, .arg = arg };
	if (worker_submit(w, work, done, n))
		return n;
	free(n);
	return NULL;
}

void
naming_forget(struct naming *n)
{
	if (n != NULL)
		n->named = NULL;
}
