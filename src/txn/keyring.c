#include "txn/keyring.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/err.h"
#include "crypto/crypto.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "sip/endpoint.h"
#include "tls/identity.h"

#define PATH_SIZE 512
#define NAME_SIZE (SIP_ADDRESS_MAX + SIP_EPID_MAX + 1)
#define BUCKETS	  1024 /* of the table of keys: 100,000 users make chains of a hundred */

struct key_wait {
	struct key_wait *next;
	struct slot *slot;
	void (*cb)(void *arg, struct identity *id, const struct err *err);
	void *arg;
};

/* One user's key. Lives until keyring_free(), so that jobs may point to it. */
struct slot {
	struct slot *next;
	struct keyring *ring;
	struct identity *id;
	int64_t made_s;			/* wall clock */
	bool busy;			/* a job is at it, or it is on the at_hand list */
	struct slot *next_at_hand;
	struct key_wait *waiting;
	struct key_wait *answering;	/* waiters whose turn it is */
	size_t address_len;		/* of name */
	char name[];			/* address, '|', epid */
};

/* The worker thread's own until it is done. */
struct job {
	struct slot *slot;
	atomic_bool *stopping;
	char address[SIP_ADDRESS_MAX];
	char path[PATH_SIZE];		/* "" when memory is all there is */
	int64_t oldest_s;		/* a file made before this is not used */
	struct identity *made;
	int64_t made_s;			/* when the file was; 0: just now */
	struct err err;
};

struct keyring {
	struct worker *worker;
	const struct clock *clock;
	char directory[PATH_SIZE - 80];
	uint64_t lifetime_s;
	struct timer *timer;
	atomic_bool stopping;		/* the one field that the worker thread reads */
	struct slot *at_hand;		/* waiters to be answered from the timer */
	struct slot *buckets[BUCKETS];
};

/*
 * In the worker thread: reading a file, making a key (a hundred transactions' worth of
 * CPU), saving it.
 */
static void
work(void *arg)
{
	struct job *j = arg;
	struct stat st;

	if (j->path[0] != '\0' && stat(j->path, &st) == 0 && st.st_mtime >= j->oldest_s) {
		j->made = identity_load(j->path, j->address, &j->err);
		j->made_s = st.st_mtime;
	}
	if (j->made != NULL)
		return;
	j->made = identity_new(j->address, j->stopping, &j->err);
	j->made_s = 0;
	/*
	 * A key that cannot be kept still serves this run; the next start makes
	 * another.
	 */
	if (j->made != NULL && j->path[0] != '\0')
		(void)identity_save(
		    j->made, j->path, &(struct err){ .cause = CAUSE_NONE });
}

/*
 * Each waiter is off its list before it is called: it may ask again, which is another
 * matter, or cancel another.
 */
static void
answer(struct slot *s, const struct err *err)
{
	s->answering = s->waiting;
	s->waiting = NULL;
	while (s->answering != NULL) {
		struct key_wait *w = s->answering;

		s->answering = w->next;
		w->cb(w->arg, err == NULL ? s->id : NULL, err);
		free(w);
	}
}

static void
done(void *arg)
{
	struct job *j = arg;
	struct slot *s = j->slot;

	s->busy = false;
	if (j->made != NULL) {
		identity_free(s->id);
		s->id = j->made;
		s->made_s =
		    j->made_s != 0 ? j->made_s : clock_wall_ms(s->ring->clock) / 1000;
	}
	/* A key that could not be renewed is still better than none. */
	answer(s, s->id != NULL ? NULL : &j->err);
	free(j);
}

/*
 * Keys at hand are answered from a timer: never inside keyring_get(), never behind a
 * key in the making.
 */
static void
on_timer(void *arg)
{
	struct keyring *k = arg;
	struct slot *s, *next = k->at_hand;

	k->at_hand = NULL;
	while ((s = next) != NULL) {
		next = s->next_at_hand;
		s->busy = false;
		answer(s, NULL);
	}
}

static size_t
bucket_of(const char *name)
{
	uint32_t h = 2166136261u;	/* FNV-1a */

	for (const char *p = name; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	return h % BUCKETS;
}

static struct slot *
find_slot(struct keyring *k, const char *address, const char *epid)
{
	char name[NAME_SIZE];
	int len = snprintf(name, sizeof(name), "%s|%s", address, epid);
	struct slot **head, *s;

	if (len < 0 || (size_t)len >= sizeof(name))
		return NULL;
	head = &k->buckets[bucket_of(name)];
	for (s = *head; s != NULL; s = s->next)
		if (s->address_len == strlen(address) && strcmp(s->name, name) == 0)
			return s;
	s = calloc(1, sizeof(*s) + (size_t)len + 1);
	if (s == NULL)
		return NULL;
	s->ring = k;
	s->address_len = strlen(address);
	memcpy(s->name, name, (size_t)len + 1);
	s->next = *head;
	*head = s;
	return s;
}

/* The file's name tells nothing and fits any address: a digest of user and endpoint. */
static bool
set_path(const struct slot *s, char path[PATH_SIZE])
{
	const char *directory = s->ring->directory;
	char hex[65];
	uint8_t digest[32];

	path[0] = '\0';
	if (directory[0] == '\0')
		return true;
	if (!crypto_hash(DIGEST_SHA256, str_of(s->name), digest))
		return false;
	crypto_hex(hex, digest, sizeof(digest));
	snprintf(path, PATH_SIZE, "%s/%s.pem", directory, hex);
	return true;
}

static bool
start_job(struct slot *s, int64_t oldest_s)
{
	struct job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return false;
	j->slot = s;
	j->stopping = &s->ring->stopping;
	j->oldest_s = oldest_s;
	/* What waiters hear when the worker ends before it comes to this. */
	err_set(&j->err, CAUSE_CANCELLED, 0, "the watcher is stopping");
	s->busy = str_copy(j->address, sizeof(j->address),
		      (struct str){ s->name, s->address_len }) &&
	    set_path(s, j->path) && worker_submit(s->ring->worker, work, done, j);
	if (!s->busy)
		free(j);
	return s->busy;
}

/* Sees to it that the waiters of s are answered. */
static bool
attend(struct keyring *k, struct slot *s)
{
	int64_t now = clock_wall_ms(k->clock) / 1000;
	int64_t oldest_s = k->lifetime_s == 0 ? 0 : now - (int64_t)k->lifetime_s;

	if (s->busy)
		return true;
	if (s->id == NULL || s->made_s < oldest_s)
		return start_job(s, oldest_s);
	s->busy = true;
	s->next_at_hand = k->at_hand;
	k->at_hand = s;
	timer_set(k->timer, 0);
	return true;
}

struct key_wait *
keyring_get(struct keyring *k, const char *address, const char *epid,
    void (*cb)(void *arg, struct identity *id, const struct err *err), void *arg)
{
	struct slot *s = find_slot(k, address, epid);
	struct key_wait *w = s == NULL ? NULL : calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	*w = (struct key_wait){ .next = s->waiting, .slot = s, .cb = cb, .arg = arg };
	s->waiting = w;
	if (attend(k, s))
		return w;
	s->waiting = w->next;
	free(w);
	return NULL;
}

static bool
take_off(struct key_wait **list, const struct key_wait *w)
{
	for (; *list != NULL; list = &(*list)->next) {
		if (*list == w) {
			*list = w->next;
			return true;
		}
	}
	return false;
}

void
key_wait_cancel(struct key_wait *w)
{
	if (w == NULL)
		return;
	if (!take_off(&w->slot->waiting, w))
		take_off(&w->slot->answering, w);
	free(w);
}

static bool
make_directory(const char *path, struct err *err)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return true;
	if (errno == EEXIST && stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return true;
		errno = ENOTDIR;
	}
	err_local(err, errno, "key directory %s cannot be made", path);
	return false;
}

struct keyring *
keyring_new(struct loop *l, struct worker *w, const struct clock *clock,
    const char *directory, uint64_t lifetime_s, struct err *err)
{
	struct keyring *k = calloc(1, sizeof(*k));

	if (k == NULL || (k->timer = timer_new(l, on_timer, k)) == NULL) {
		free(k);
		err_local(err, 0, "out of memory");
		return NULL;
	}
	k->worker = w;
	k->clock = clock;
	k->lifetime_s = lifetime_s;
	if (directory == NULL)
		return k;
	if (!str_copy(k->directory, sizeof(k->directory), str_of(directory))) {
		err_local(err, ENAMETOOLONG, "key directory %s", directory);
	} else if (make_directory(directory, err)) {
		return k;
	}
	keyring_free(k);
	return NULL;
}

void
keyring_stop(struct keyring *k)
{
	if (k != NULL)
		atomic_store(&k->stopping, true);
}

/* After worker_free(), which has seen every job off. */
void
keyring_free(struct keyring *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct slot *s = k->buckets[i], *next; s != NULL; s = next) {
			next = s->next;
			identity_free(s->id);
			free(s);
		}
	}
	timer_free(k->timer);
	free(k);
}
