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
	char address[SIP_ADDRESS_MAX];
	char epid[SIP_EPID_MAX + 1];
	char path[PATH_SIZE];		/* "" when memory is all there is */
	struct identity *id;
	int64_t made_s;			/* wall clock */
	bool busy;			/* a job has it, or it is on the at_hand list */
	struct slot *next_at_hand;
	struct key_wait *waiting;
	/* The job's own fields: written by the worker thread while busy. */
	int64_t oldest_s;		/* a file made before this is not used */
	struct identity *made;
	int64_t made_at;
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
	struct slot *s = arg;
	struct stat st;

	s->made = NULL;
	if (s->path[0] != '\0' && stat(s->path, &st) == 0 && st.st_mtime >= s->oldest_s) {
		s->made = identity_load(s->path, s->address, &s->err);
		s->made_at = st.st_mtime;
	}
	if (s->made != NULL)
		return;
	s->made = identity_new_unless(&s->ring->stopping, s->address, &s->err);
	s->made_at = 0;
	/*
	 * A key that cannot be kept still serves this run; the next start makes
	 * another.
	 */
	if (s->made != NULL && s->path[0] != '\0')
		(void)identity_save(
		    s->made, s->path, &(struct err){ .cause = CAUSE_NONE });
}

/*
 * Each waiter is off the list before it is called: it may ask again, or cancel another.
 */
static void
answer(struct slot *s, const struct err *err)
{
	while (s->waiting != NULL) {
		struct key_wait *w = s->waiting;

		s->waiting = w->next;
		w->cb(w->arg, err == NULL ? s->id : NULL, err);
		free(w);
	}
}

static void
done(void *arg)
{
	struct slot *s = arg;

	s->busy = false;
	if (s->made != NULL) {
		identity_free(s->id);
		s->id = s->made;
		s->made = NULL;
		s->made_s =
		    s->made_at != 0 ? s->made_at : clock_wall_ms(s->ring->clock) / 1000;
	}
	answer(s, s->id != NULL ? NULL : &s->err);
}

/*
 * Keys at hand are answered from a timer: never inside keyring_get(), never behind a
 * key in the making.
 */
static void
on_timer(void *arg)
{
	struct keyring *k = arg;

	while (k->at_hand != NULL) {
		struct slot *s = k->at_hand;

		k->at_hand = s->next_at_hand;
		s->busy = false;
		answer(s, NULL);
	}
}

static size_t
bucket_of(const char *address, const char *epid)
{
	uint32_t h = 2166136261u;	/* FNV-1a */

	for (const char *p = address; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	for (const char *p = epid; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	return h % BUCKETS;
}

/* The file's name tells nothing and fits any address: a digest of user and endpoint. */
static bool
set_path(struct keyring *k, struct slot *s)
{
	char id[SIP_ADDRESS_MAX + SIP_EPID_MAX + 2], hex[65];
	uint8_t digest[32];

	if (k->directory[0] == '\0')
		return true;
	snprintf(id, sizeof(id), "%s|%s", s->address, s->epid);
	if (!crypto_hash(DIGEST_SHA256, str_of(id), digest))
		return false;
	crypto_hex(hex, digest, sizeof(digest));
	snprintf(s->path, sizeof(s->path), "%s/%s.pem", k->directory, hex);
	return true;
}

static struct slot *
find_slot(struct keyring *k, const char *address, const char *epid)
{
	struct slot **head = &k->buckets[bucket_of(address, epid)], *s;

	for (s = *head; s != NULL; s = s->next)
		if (strcmp(s->address, address) == 0 && strcmp(s->epid, epid) == 0)
			return s;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->ring = k;
	if (!str_copy(s->address, sizeof(s->address), str_of(address)) ||
	    !str_copy(s->epid, sizeof(s->epid), str_of(epid)) || !set_path(k, s)) {
		free(s);
		return NULL;
	}
	s->next = *head;
	*head = s;
	return s;
}

static bool
start_job(struct keyring *k, struct slot *s)
{
	int64_t now = clock_wall_ms(k->clock) / 1000;

	s->oldest_s = k->lifetime_s == 0 ? 0 : now - (int64_t)k->lifetime_s;
	if (s->id == NULL || s->made_s < s->oldest_s)
		return s->busy = worker_submit(k->worker, work, done, s);
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
	if (s->busy || start_job(k, s))
		return w;
	s->waiting = w->next;
	free(w);
	return NULL;
}

void
key_wait_cancel(struct key_wait *w)
{
	struct key_wait **at;

	if (w == NULL)
		return;
	for (at = &w->slot->waiting; *at != NULL; at = &(*at)->next) {
		if (*at == w) {
			*at = w->next;
			free(w);
			return;
		}
	}
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
	} else if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
		err_local(err, errno, "key directory %s cannot be made", directory);
	} else {
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
