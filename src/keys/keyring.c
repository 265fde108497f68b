#include "keys/keyring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/hash.h"
#include "vocab/err.h"
#include "crypto/crypto.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "tls/identity.h"
#include "keys/keyjob.h"

#define NAME_SIZE    (SIP_ADDRESS_MAX + SIP_EPID_MAX + 1)
#define BUCKETS	     16384 /* of the table of keys; 100,000 users: chains of six */
#define MARGIN_MAX_S 86400
#define MARGIN_PART  8 /* of its life */

struct key_wait {
	struct key_wait *next;
	struct slot *slot;
	void (*cb)(void *arg, struct identity *id, const struct err *err);
	void *arg;
};

/*
 * One user's key. Lives until keyring_free(), so that jobs may point to it. What is done
 * about it is one thing at a time; beside that its waiters may be answered with the key
 * that is there.
 */
struct slot {
	struct slot *next;
	struct keyring *ring;
	struct identity *id;
	int64_t made_s; /* wall clock */
	enum {
		SLOT_IDLE,
		SLOT_TO_LOOK_FOR, /* in the line `looks` */
		SLOT_READING,	  /* a job of the reader has it */
		SLOT_AHEAD,	  /* in the line `ahead` */
		SLOT_WANTED,	  /* in the line `wanted` */
		SLOT_MAKING	  /* the job of the maker has it */
	} state;
	TAILQ_ENTRY(slot) link; /* in its line */
	bool at_hand;		/* it is on that list */
	struct slot *next_at_hand;
	struct key_wait *waiting;
	struct key_wait *answering; /* waiters whose turn it is */
	size_t address_len;	    /* of name */
	char name[];		    /* address, '|', epid */
};
TAILQ_HEAD(line, slot);

struct keyring {
	struct worker *reader, *maker;
	const struct clock *clock;
	char directory[KEYJOB_PATH_SIZE - 80];
	uint64_t lifetime_s;
	keyjob_maker *make;
	void (*unsaved)(void *arg, const struct err *err);
	void *unsaved_arg;
	bool unsaved_said;
	struct timer *timer;
	atomic_bool stopping; /* the one field that worker threads read */
	struct slot *at_hand; /* waiters to be answered from the timer */
	struct line looks, ahead, wanted;
	bool looking, making; /* a job for that is under way */
	struct slot *buckets[BUCKETS];
};

static void attend(struct keyring *k, struct slot *s);
static void make_next(struct keyring *k);
static void look_next(struct keyring *k);

/* ---- age ---- */

/* A key made before that is too old in margin_s seconds. */
static int64_t
oldest_s(const struct keyring *k, uint64_t margin_s)
{
	int64_t now = clock_wall_ms(k->clock) / 1000;

	return k->lifetime_s == 0 ? 0 : now - (int64_t)(k->lifetime_s - margin_s);
}

static bool
is_good(const struct keyring *k, const struct slot *s, uint64_t margin_s)
{
	return s->id != NULL && s->made_s >= oldest_s(k, margin_s);
}

uint64_t
keyring_margin_s(const struct keyring *k)
{
	uint64_t part = k->lifetime_s / MARGIN_PART;

	return part < MARGIN_MAX_S ? part : MARGIN_MAX_S;
}

/* ---- answers ---- */

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
		/* A key that could not be renewed is still better than none. */
		w->cb(w->arg, s->id, s->id != NULL ? NULL : err);
		free(w);
	}
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
	struct err err;

	err_local(&err, 0, "out of memory"); /* what else there is no key for */
	k->at_hand = NULL;
	while ((s = next) != NULL) {
		next = s->next_at_hand;
		s->at_hand = false;
		answer(s, &err);
	}
}

static void
answer_soon(struct keyring *k, struct slot *s)
{
	if (s->at_hand)
		return;
	s->at_hand = true;
	s->next_at_hand = k->at_hand;
	k->at_hand = s;
	timer_set(k->timer, 0);
}

/* ---- jobs ---- */

/* The file's name tells nothing and fits any address: a digest of user and endpoint. */
static bool
set_path(const struct slot *s, char path[KEYJOB_PATH_SIZE])
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
	snprintf(path, KEYJOB_PATH_SIZE, "%s/%s.pem", directory, hex);
	return true;
}

static struct keyjob *
new_job(struct slot *s, int what, uint64_t margin_s)
{
	struct keyjob *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->slot = s;
	j->what = what;
	j->oldest_s = oldest_s(s->ring, margin_s);
	j->make = s->ring->make;
	j->stop = &s->ring->stopping;
	/* What waiters hear when the worker ends before it comes to this. */
	err_set(&j->err, CAUSE_CANCELLED, 0, "the watcher is stopping");
	if (str_copy(j->address, sizeof(j->address),
		(struct str){ s->name, s->address_len }) &&
	    set_path(s, j->path))
		return j;
	free(j);
	return NULL;
}

static void
line_up(struct keyring *k, struct slot *s)
{
	bool wanted = s->waiting != NULL && !is_good(k, s, 0);

	s->state = wanted ? SLOT_WANTED : SLOT_AHEAD;
	TAILQ_INSERT_TAIL(wanted ? &k->wanted : &k->ahead, s, link);
	make_next(k);
}

static void
renew_in_time(struct keyring *k, struct slot *s)
{
	if (s->state == SLOT_IDLE && !is_good(k, s, keyring_margin_s(k)))
		line_up(k, s);
}

/* A file was looked for, or read. */
static void
on_read(void *arg)
{
	struct keyjob *j = arg;
	struct slot *s = j->slot;
	struct keyring *k = s->ring;
	bool stopping = atomic_load(&k->stopping);

	s->state = SLOT_IDLE;
	if (j->what == KEYJOB_LOOK)
		k->looking = false;
	if (j->id != NULL) {
		identity_free(s->id);
		s->id = j->id;
		s->made_s = j->made_s;
	}
	if (stopping || j->id != NULL)
		answer(s, &j->err);
	if (stopping)
		goto out;
	if (j->id != NULL)
		renew_in_time(k, s);
	else if (j->what == KEYJOB_LOOK && s->waiting != NULL)
		attend(k, s); /* it was asked for in the meantime */
	else if (!j->found)
		line_up(k, s);
	look_next(k);
out:
	free(j);
}

static bool
read_file(struct keyring *k, struct slot *s, int what)
{
	struct keyjob *j =
	    new_job(s, what, what == KEYJOB_LOOK ? keyring_margin_s(k) : 0);

	if (j == NULL || !worker_submit(k->reader, keyjob_work, on_read, j)) {
		free(j);
		return false;
	}
	s->state = SLOT_READING;
	return true;
}

/* One at a time: who has to read a key must not wait for thousands of these. */
static void
look_next(struct keyring *k)
{
	struct slot *s;

	while (!k->looking && (s = TAILQ_FIRST(&k->looks)) != NULL) {
		TAILQ_REMOVE(&k->looks, s, link);
		s->state = SLOT_IDLE;
		k->looking = read_file(k, s, KEYJOB_LOOK);
	}
}

static void
note_saved(struct keyring *k, const struct keyjob *j)
{
	if (j->id == NULL || j->path[0] == '\0')
		return;
	if (j->unsaved != k->unsaved_said && k->unsaved != NULL)
		k->unsaved(k->unsaved_arg, j->unsaved ? &j->save_err : NULL);
	k->unsaved_said = j->unsaved;
}

/* The end: what is still in line is not made. */
static void
disappoint(struct keyring *k, const struct err *err)
{
	struct slot *s;

	while ((s = TAILQ_FIRST(&k->wanted)) != NULL) {
		TAILQ_REMOVE(&k->wanted, s, link);
		s->state = SLOT_IDLE;
		answer(s, err);
	}
}

static void
on_made(void *arg)
{
	struct keyjob *j = arg;
	struct slot *s = j->slot;
	struct keyring *k = s->ring;

	s->state = SLOT_IDLE;
	k->making = false;
	if (j->id != NULL) {
		identity_free(s->id);
		s->id = j->id;
		s->made_s = clock_wall_ms(k->clock) / 1000;
	}
	note_saved(k, j);
	answer(s, &j->err);
	if (atomic_load(&k->stopping))
		disappoint(k, &j->err);
	else
		make_next(k);
	free(j);
}

static bool
make_key(struct keyring *k, struct slot *s)
{
	struct keyjob *j = new_job(s, KEYJOB_MAKE, 0);

	if (j == NULL || !worker_submit(k->maker, keyjob_work, on_made, j)) {
		free(j);
		return false;
	}
	s->state = SLOT_MAKING;
	return true;
}

static void
make_next(struct keyring *k)
{
	struct slot *s;

	while (!k->making) {
		struct line *line = TAILQ_EMPTY(&k->wanted) ? &k->ahead : &k->wanted;

		if ((s = TAILQ_FIRST(line)) == NULL)
			return;
		TAILQ_REMOVE(line, s, link);
		s->state = SLOT_IDLE;
		k->making = make_key(k, s);
		if (!k->making)
			answer_soon(k, s);
	}
}

/* ---- the table ---- */

static size_t
bucket_of(const char *name)
{
	return hash_32(str_of(name)) % BUCKETS;
}

static bool
make_name(char name[NAME_SIZE], const char *address, const char *epid)
{
	int len = snprintf(name, NAME_SIZE, "%s|%s", address, epid);

	return len >= 0 && len < NAME_SIZE && strlen(address) < SIP_ADDRESS_MAX;
}

static struct slot *
look_up(const struct keyring *k, const char *name, size_t address_len)
{
	struct slot *s = k->buckets[bucket_of(name)];

	while (s != NULL && (s->address_len != address_len || strcmp(s->name, name) != 0))
		s = s->next;
	return s;
}

/* Returns NULL if there is no memory, or the name is longer than any address. */
static struct slot *
find_slot(struct keyring *k, const char *address, const char *epid)
{
	char name[NAME_SIZE];
	struct slot **head, *s;

	if (!make_name(name, address, epid))
		return NULL;
	s = look_up(k, name, strlen(address));
	if (s != NULL || (s = calloc(1, sizeof(*s) + strlen(name) + 1)) == NULL)
		return s;
	s->ring = k;
	s->address_len = strlen(address);
	memcpy(s->name, name, strlen(name) + 1);
	head = &k->buckets[bucket_of(name)];
	s->next = *head;
	*head = s;
	return s;
}

/* ---- what is asked for ---- */

/* There is a waiter for the key of s, which is not at hand. */
static void
fetch(struct keyring *k, struct slot *s)
{
	if (s->state == SLOT_TO_LOOK_FOR || s->state == SLOT_AHEAD)
		TAILQ_REMOVE(s->state == SLOT_AHEAD ? &k->ahead : &k->looks, s, link);
	else if (s->state != SLOT_IDLE)
		return;		      /* that will do */
	if (s->state == SLOT_AHEAD) { /* there is no file: that is known */
		line_up(k, s);
		return;
	}
	s->state = SLOT_IDLE;
	if (k->directory[0] == '\0' || !read_file(k, s, KEYJOB_READ))
		line_up(k, s);
}

/* Sees to it that the waiters of s are answered, and that it is renewed in time. */
static void
attend(struct keyring *k, struct slot *s)
{
	if (!is_good(k, s, 0)) {
		fetch(k, s);
		return;
	}
	answer_soon(k, s);
	renew_in_time(k, s);
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
	attend(k, s);
	return w;
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

bool
keyring_ready(const struct keyring *k, const char *address, const char *epid)
{
	char name[NAME_SIZE];
	const struct slot *s;

	if (!make_name(name, address, epid))
		return false;
	s = look_up(k, name, strlen(address));
	return s != NULL && is_good(k, s, 0);
}

void
keyring_ahead(struct keyring *k, const char *address, const char *epid)
{
	struct slot *s = find_slot(k, address, epid);

	if (s == NULL || s->state != SLOT_IDLE)
		return;
	if (s->id != NULL || k->directory[0] == '\0') {
		renew_in_time(k, s);
		return;
	}
	s->state = SLOT_TO_LOOK_FOR;
	TAILQ_INSERT_TAIL(&k->looks, s, link);
	look_next(k);
}

/* ---- life ---- */

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
keyring_new(struct loop *l, const struct keyring_settings *s, struct err *err)
{
	struct keyring *k = calloc(1, sizeof(*k));

	if (k == NULL || (k->timer = timer_new(l, on_timer, k)) == NULL) {
		free(k);
		err_local(err, 0, "out of memory");
		return NULL;
	}
	k->reader = s->reader;
	k->maker = s->maker;
	k->clock = s->clock;
	k->lifetime_s = s->lifetime_s;
	k->make = s->make != NULL ? s->make : identity_new;
	TAILQ_INIT(&k->looks);
	TAILQ_INIT(&k->ahead);
	TAILQ_INIT(&k->wanted);
	if (s->directory == NULL)
		return k;
	if (!str_copy(k->directory, sizeof(k->directory), str_of(s->directory))) {
		err_local(err, ENAMETOOLONG, "key directory %s", s->directory);
	} else if (make_directory(s->directory, err)) {
		return k;
	}
	keyring_free(k);
	return NULL;
}

void
keyring_on_unsaved(
    struct keyring *k, void (*cb)(void *arg, const struct err *err), void *arg)
{
	k->unsaved = cb;
	k->unsaved_arg = arg;
}

void
keyring_stop(struct keyring *k)
{
	if (k != NULL)
		atomic_store(&k->stopping, true);
}

static void
free_slot(struct slot *s)
{
	struct key_wait *w;

	while ((w = s->waiting) != NULL) {
		s->waiting = w->next;
		free(w);
	}
	identity_free(s->id);
	free(s);
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
			free_slot(s);
		}
	}
	timer_free(k->timer);
	free(k);
}
