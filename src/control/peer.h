/*
 * peer - who is at the other end of a UNIX socket, as the kernel says: never the client.
 */
#ifndef CSWATCH_CONTROL_PEER_H
#define CSWATCH_CONTROL_PEER_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct worker;

#define PEER_NAME_SIZE 64

struct control_peer {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* supplementary */
	size_t ngroups;
	char name[PEER_NAME_SIZE]; /* of the account; "" when it has none */
};

/* Of a connected socket; without the name. False: *err. Caller: control_peer_free(). */
bool control_peer_read(int fd, struct control_peer *ret, struct err *err);
void control_peer_free(struct control_peer *p); /* a zeroed one is fine */
bool control_peer_in_group(const struct control_peer *p, gid_t gid);

/*
 * Looks an account's name up, which may ask a directory server and take long: in the
 * worker. named(arg, name) comes later from the loop, "" when there is none. NULL: out
 * of memory.
 */
struct naming;
struct naming *naming_start(
    struct worker *w, uid_t uid, void (*named)(void *arg, const char *name), void *arg);
/* named() is not to be called any more. Before it was called only; NULL is fine. */
void naming_forget(struct naming *n);

#endif
