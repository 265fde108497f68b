#include "base/zone.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/str.h"
#include "base/zonefile.h"

#define DIRECTORY "/usr/share/zoneinfo"
#define LOCALTIME "/etc/localtime"
#define NAME_SIZE 256 /* bytes of a name, NUL included */

/* Names are paths below the database's directory: these lead nowhere else. */
#define NAME_CHARACTERS                                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/"

struct zone {
	struct zone *next;
	unsigned users;
	struct zonefile file;
	char name[NAME_SIZE];
};

/* Zones in use: a hundred thousand tests in one zone share it. */
static struct zone *zones;
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

static bool
is_name(const char *name)
{
	return name[0] != '\0' && name[0] != '/' &&
	       name[strspn(name, NAME_CHARACTERS)] == '\0' && strlen(name) < NAME_SIZE;
}

static bool
read_file(const char *path, struct zonefile *ret)
{
	struct buf content;
	bool ok;

	buf_init(&content, ZONEFILE_SIZE_MAX);
	ok = file_read(path, 0, &content, NULL) == FILE_READ &&
	     zonefile_parse(buf_view(&content), ret);
	buf_free(&content);
	return ok;
}

static bool
read_named(const char *name, struct zonefile *ret)
{
	const char *directory = getenv("TZDIR");
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s",
	    directory != NULL && directory[0] != '\0' ? directory : DIRECTORY, name);

	if (n > 0 && (size_t)n < sizeof(path) && read_file(path, ret))
		return true;
	/* There is no need of a database for this one. */
	return strcmp(name, "UTC") == 0;
}

/* ---- the system's own ---- */

/* Reads the name that a link into the database gives. */
static bool
link_name(char name[NAME_SIZE])
{
	static const char inside[] = "/zoneinfo/";
	char path[PATH_MAX];
	ssize_t n = readlink(LOCALTIME, path, sizeof(path) - 1);
	char *at;

	if (n <= 0)
		return false;
	path[n] = '\0';
	at = strstr(path, inside);
	return at != NULL && is_name(at + sizeof(inside) - 1) &&
	       str_copy(name, NAME_SIZE, str_of(at + sizeof(inside) - 1));
}

/* Finds the name of a copy of a file of the database; Debian notes it in another file. */
static bool
copied_zone(char name[NAME_SIZE], struct zonefile *ret)
{
	struct buf line;

	if (!read_file(LOCALTIME, ret))
		return false;
	buf_init(&line, NAME_SIZE);
	if (file_read("/etc/timezone", 0, &line, NULL) != FILE_READ ||
	    !str_copy(name, NAME_SIZE, str_trim(buf_view(&line))) || !is_name(name))
		str_copy(name, NAME_SIZE, STR_LIT("localtime"));
	buf_free(&line);
	return true;
}

/* Reads TZ, which is a name, or a rule of its own. */
static bool
environment_zone(char name[NAME_SIZE], struct zonefile *ret)
{
	const char *tz = getenv("TZ");

	if (tz == NULL || tz[0] == '\0')
		return false;
	tz += tz[0] == ':';
	if (!str_copy(name, NAME_SIZE, str_of(tz)))
		return false;
	if (is_name(tz) && read_named(tz, ret))
		return true;
	ret->has_rule = zonerule_parse(str_of(tz), &ret->rule);
	return ret->has_rule;
}

static void
system_zone(char name[NAME_SIZE], struct zonefile *ret)
{
	if (environment_zone(name, ret) || (link_name(name) && read_named(name, ret)) ||
	    copied_zone(name, ret))
		return;
	str_copy(name, NAME_SIZE, STR_LIT("UTC"));
}

/* ---- zones in use ---- */

static struct zone *
find_used(const char *name)
{
	struct zone *z = zones;

	while (z != NULL && strcmp(z->name, name) != 0)
		z = z->next;
	if (z != NULL)
		z->users++;
	return z;
}

static struct zone *
add_used(const char *name, const struct zonefile *file)
{
	struct zone *z = calloc(1, sizeof(*z));

	if (z == NULL)
		return NULL;
	z->users = 1;
	z->file = *file;
	str_copy(z->name, sizeof(z->name), str_of(name));
	z->next = zones;
	zones = z;
	return z;
}

struct zone *
zone_open(const char *name)
{
	struct zonefile file = { .n = 0 };
	char own[NAME_SIZE];
	struct zone *z;

	if (name != NULL && !is_name(name))
		return NULL;
	if (name == NULL)
		system_zone(own, &file);
	pthread_mutex_lock(&zones_lock);
	z = find_used(name == NULL ? own : name);
	if (z == NULL && (name == NULL || read_named(name, &file))) {
		z = add_used(name == NULL ? own : name, &file);
		if (z != NULL)
			file = (struct zonefile){ .n = 0 };
	}
	pthread_mutex_unlock(&zones_lock);
	zonefile_clear(&file);
	return z;
}

void
zone_free(struct zone *z)
{
	struct zone **at = &zones;

	if (z == NULL)
		return;
	pthread_mutex_lock(&zones_lock);
	if (--z->users == 0) {
		while (*at != z)
			at = &(*at)->next;
		*at = z->next;
		zonefile_clear(&z->file);
		free(z);
	}
	pthread_mutex_unlock(&zones_lock);
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

static int64_t
offset_at(const struct zone *z, int64_t utc_s)
{
	return zonefile_offset(&z->file, utc_s);
}

int64_t
zone_local(const struct zone *z, int64_t utc_s)
{
	return utc_s + offset_at(z, utc_s);
}

/*
 * Returns the first moment after from, and not after to, at which the offset is another.
 */
static int64_t
change_between(const struct zone *z, int64_t from, int64_t to)
{
	int64_t before = offset_at(z, from);

	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (offset_at(z, middle) == before)
			from = middle;
		else
			to = middle;
	}
	return to;
}

int64_t
zone_utc(const struct zone *z, int64_t local_s)
{
	int64_t before = offset_at(z, local_s - CIVIL_DAY_S),
		after = offset_at(z, local_s + CIVIL_DAY_S);
	int64_t most = before > after ? before : after;
	int64_t least = before > after ? after : before;

	if (offset_at(z, local_s - most) == most)
		return local_s - most;
	if (offset_at(z, local_s - least) == least)
		return local_s - least;
	return change_between(z, local_s - most, local_s - least);
}
