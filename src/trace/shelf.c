#include "trace/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "vocab/err.h"
#include "base/text.h"
#include "trace/trace_json.h"
#include "trace/trace.h"

/* 20261122T130412103Z-4f2a91.jsonl: in the order of names is in the order of time */
#define FILE_PATTERN "ddddddddTdddddddddZ-xxxxxx.jsonl"
#define FILE_SIZE    sizeof(FILE_PATTERN)
#define RUN_AT	     20	  /* where the run's id stands in it */
#define FILES_MAX    4096 /* looked at in a test's directory: more were not ours */
#define HEAD_MAX     (128 * 1024) /* octets of a first line */
#define INODES_MIN   1000	  /* that must be free */
#define BLOCK	     4096	  /* a small file takes as much as this */

struct shelf {
	char *directory;
	uint64_t octets_max, octets, reserve;
	bool counted; /* octets is known */
};

struct names {
	char (*v)[FILE_SIZE];
	size_t n;
};

struct shelf *
shelf_new(const char *directory, uint64_t octets_max, uint64_t reserve)
{
	struct shelf *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->directory = str_dup(str_of(directory))) == NULL) {
		free(s);
		return NULL;
	}
	s->octets_max = octets_max;
	s->reserve = reserve;
	return s;
}

void
shelf_free(struct shelf *s)
{
	if (s == NULL)
		return;
	free(s->directory);
	free(s);
}

/* ---- names of files ---- */

static bool
is_ours(const char *name)
{
	const char *pattern = FILE_PATTERN;

	if (strlen(name) != strlen(pattern))
		return false;
	for (size_t i = 0; pattern[i] != '\0'; i++) {
		bool ok = name[i] == pattern[i];

		if (pattern[i] == 'd')
			ok = name[i] >= '0' && name[i] <= '9';
		else if (pattern[i] == 'x')
			ok = strchr("0123456789abcdef", name[i]) != NULL;
		if (!ok)
			return false;
	}
	return true;
}

/* False: its run or its time have no name. */
static bool
file_name(const struct trace_head *h, char ret[FILE_SIZE])
{
	char time[TEXT_TIME_SIZE], all[TEXT_TIME_SIZE + 64];
	size_t n = 0;

	text_time_ms(time, h->started_ms);
	for (const char *p = time; *p != '\0'; p++)
		if (strchr("-:.", *p) == NULL)
			time[n++] = *p;
	time[n] = '\0';
	snprintf(all, sizeof(all), "%s-%.16s.jsonl", time, h->run);
	return is_ours(all) && str_copy(ret, FILE_SIZE, str_of(all));
}

static int
newest_first(const void *a, const void *b)
{
	return strcmp(b, a);
}

/* The files of one test, the newest first. */
static void
read_names(const char *path, struct names *ret)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	*ret = (struct names){ calloc(FILES_MAX, FILE_SIZE), 0 };
	while (dir != NULL && ret->v != NULL && ret->n < FILES_MAX &&
	       (entry = readdir(dir)) != NULL)
		if (is_ours(entry->d_name))
			memcpy(ret->v[ret->n++], entry->d_name, FILE_SIZE);
	if (dir != NULL)
		closedir(dir);
	if (ret->n > 0)
		qsort(ret->v, ret->n, FILE_SIZE, newest_first);
}

/* False: longer than a path may be. */
static bool
path_of(char ret[PATH_MAX], const struct shelf *s, const char *name, const char *file)
{
	int n = snprintf(ret, PATH_MAX, "%s/%s%s%s", s->directory, name,
	    file[0] == '\0' ? "" : "/", file);

	return n > 0 && n < PATH_MAX;
}

/* ---- what there is ---- */

/* What a file takes of the file system, which counts in blocks. */
static uint64_t
taken_by(uint64_t octets)
{
	return (octets + BLOCK - 1) / BLOCK * BLOCK;
}

static uint64_t
size_of(const struct shelf *s, const char *name, const char *file)
{
	char path[PATH_MAX];
	struct stat st;

	return path_of(path, s, name, file) && lstat(path, &st) == 0 && st.st_size > 0
		   ? taken_by((uint64_t)st.st_size)
		   : 0;
}

static void delete(struct shelf *s, const char *name, const char *file)
{
	uint64_t size = size_of(s, name, file);
	char path[PATH_MAX];

	if (path_of(path, s, name, file) && unlink(path) == 0)
		s->octets -= size < s->octets ? size : s->octets;
}

void
shelf_tests(struct shelf *s, struct buf *out)
{
	DIR *dir = opendir(s->directory);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || strlen(entry->d_name) >= SHELF_NAME_SIZE ||
		    strchr(entry->d_name, '\n') != NULL)
			continue;
		buf_puts(out, entry->d_name);
		buf_putc(out, '\n');
	}
	if (dir != NULL)
		closedir(dir);
}

/* Calls each(arg, s, name) for the directory of every test. */
static void
walk(struct shelf *s, void (*each)(void *arg, struct shelf *s, const char *name),
    void *arg)
{
	char name[SHELF_NAME_SIZE];
	struct str rest, one;
	struct buf all;

	buf_init(&all, 64 * 1024 * 1024);
	shelf_tests(s, &all);
	rest = buf_view(&all);
	while (rest.p != NULL && rest.len > 0) {
		rest = str_split(rest, '\n', &one);
		if (str_copy(name, sizeof(name), one))
			each(arg, s, name);
	}
	buf_free(&all);
}

static void
count_test(void *arg, struct shelf *s, const char *name)
{
	char path[PATH_MAX];
	struct names files;

	(void)arg;
	if (!path_of(path, s, name, ""))
		return;
	read_names(path, &files);
	for (size_t i = 0; i < files.n; i++)
		s->octets += size_of(s, name, files.v[i]);
	free(files.v);
}

/* ---- making room ---- */

/* Every file there is. */
struct all {
	struct one {
		char file[FILE_SIZE];
		uint32_t name; /* where the directory's stands in names */
	} *v;
	size_t n, room;
	struct buf names; /* each with its NUL */
};

static bool
add_one(struct all *a, const char *file, uint32_t name)
{
	size_t room = a->room == 0 ? 1024 : 2 * a->room;
	struct one *more;

	if (a->n == a->room) {
		more = realloc(a->v, room * sizeof(*a->v));
		if (more == NULL)
			return false;
		a->v = more;
		a->room = room;
	}
	memcpy(a->v[a->n].file, file, FILE_SIZE);
	a->v[a->n++].name = name;
	return true;
}

static void
add_test(void *arg, struct shelf *s, const char *name)
{
	struct all *a = arg;
	uint32_t place = (uint32_t)a->names.len;
	char path[PATH_MAX];
	struct names files;

	buf_add(&a->names, name, strlen(name) + 1);
	if (a->names.failed || !path_of(path, s, name, ""))
		return;
	read_names(path, &files);
	for (size_t i = 0; i < files.n; i++)
		if (!add_one(a, files.v[i], place))
			break;
	free(files.v);
}

static int
oldest_first(const void *a, const void *b)
{
	return strcmp(((const struct one *)a)->file, ((const struct one *)b)->file);
}

/* Down to seven eighths of the bound, so that it is long until the next time. */
static void
shrink(struct shelf *s)
{
	struct all all = { .n = 0 };
	char path[PATH_MAX];

	if (s->octets <= s->octets_max)
		return;
	buf_init(&all.names, 64 * 1024 * 1024);
	walk(s, add_test, &all);
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), oldest_first);
	for (size_t i = 0; i < all.n && s->octets > s->octets_max / 8 * 7; i++) {
		const char *name = all.names.data + all.v[i].name;

		delete (s, name, all.v[i].file);
		if (path_of(path, s, name, ""))
			(void)rmdir(path); /* when it was the last */
	}
	free(all.v);
	buf_free(&all.names);
}

/* Beyond what a test may have. */
static void
drop_oldest(struct shelf *s, const char *name)
{
	char path[PATH_MAX];
	struct names files;

	if (!path_of(path, s, name, ""))
		return;
	read_names(path, &files);
	for (size_t i = SHELF_RUNS_MAX; i < files.n; i++)
		delete (s, name, files.v[i]);
	free(files.v);
}

void
shelf_remove(struct shelf *s, const char *name)
{
	char path[PATH_MAX];
	struct names files;

	if (strchr(name, '/') != NULL || !path_of(path, s, name, ""))
		return;
	read_names(path, &files);
	for (size_t i = 0; i < files.n; i++)
		delete (s, name, files.v[i]);
	free(files.v);
	(void)rmdir(path); /* not when somebody else keeps something there */
}

/* ---- writing ---- */

static bool
make_directory(const char *path, struct err *err)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return true;
	err_local(err, errno, "cannot make the directory %s", path);
	return false;
}

/* By way of a name that no reader looks at, so that no file is ever seen half written. */
static bool
write_file(
    struct shelf *s, const char *name, const char *file, struct str text, struct err *err)
{
	char path[PATH_MAX], temporary[PATH_MAX];

	errno = ENAMETOOLONG;
	if (path_of(path, s, name, file) && path_of(temporary, s, ".new", "") &&
	    file_replace(path, temporary, 0600, false, text))
		return true;
	err_local(err, errno, "cannot write %s/%s/%s", s->directory, name, file);
	return false;
}

/*
 * State and keys are on the same disk, and matter more. Directories that cannot be asked
 * are tried.
 */
static bool
has_room(const struct shelf *s, struct err *err)
{
	struct statvfs fs;

	if (statvfs(s->directory, &fs) != 0 ||
	    ((uint64_t)fs.f_bavail * fs.f_frsize >= s->reserve &&
		(fs.f_files == 0 || fs.f_favail >= INODES_MIN)))
		return true;
	err_local(err, ENOSPC, "little is left of the disk that %s is on", s->directory);
	return false;
}

static bool
put_text(struct shelf *s, const struct trace *t, struct str text, struct err *err)
{
	char name[SHELF_NAME_SIZE], file[FILE_SIZE], path[PATH_MAX];

	shelf_encode(trace_head(t)->test, name);
	if (!file_name(trace_head(t), file) || !path_of(path, s, name, "")) {
		err_local(err, 0, "this run cannot be named in %s", s->directory);
		return false;
	}
	if (!make_directory(s->directory, err) || !has_room(s, err) ||
	    !make_directory(path, err))
		return false;
	if (!s->counted)
		walk(s, count_test, NULL);
	s->counted = true;
	if (!write_file(s, name, file, text, err)) {
		(void)rmdir(path);
		return false;
	}
	s->octets += taken_by(text.len);
	drop_oldest(s, name);
	shrink(s);
	return true;
}

bool
shelf_put(struct shelf *s, const struct trace *t, struct err *err)
{
	struct buf text;
	bool ok;

	buf_init(&text, TRACE_FILE_MAX);
	trace_json_format(t, &text);
	ok = !text.failed;
	if (ok)
		ok = put_text(s, t, buf_view(&text), err);
	else
		err_local(err, 0, "a trace is too long, or memory is out");
	buf_free(&text);
	return ok;
}

/* ---- reading ---- */

static bool
read_file(const char *path, unsigned flags, struct buf *out, struct err *err)
{
	switch (file_read(path, FILE_NO_LINK | flags, out, NULL)) {
	case FILE_READ:
		return true;
	case FILE_TOO_LARGE:
		err_local(err, 0, "%s is too long", path);
		return false;
	case FILE_FAILED:
		err_local(err, errno, "cannot read %s", path);
		return false;
	case FILE_NOT_REGULAR:
	case FILE_NOT_PRIVATE:
		break;
	}
	err_local(err, 0, "cannot read %s", path);
	return false;
}

/* The file's name says whose run it is; what is in it must say the same. */
static bool
is_that(const struct trace *t, const char *test, const char *file)
{
	const struct trace_head *h = trace_head(t);
	char name[FILE_SIZE];

	return strcmp(h->test, test) == 0 && file_name(h, name) &&
	       strcmp(name, file) == 0;
}

/* head: the first line is enough. */
static struct trace *
load(
    const struct shelf *s, const char *test, const char *file, bool head, struct err *err)
{
	char name[SHELF_NAME_SIZE], path[PATH_MAX];
	struct trace *t = NULL;
	struct str text;
	struct buf buf;

	shelf_encode(test, name);
	buf_init(&buf, head ? HEAD_MAX : TRACE_FILE_MAX);
	if (!path_of(path, s, name, file))
		err_local(err, ENAMETOOLONG, "cannot read %s", file);
	else if (read_file(path, head ? FILE_HEAD : 0, &buf, err)) {
		text = buf_view(&buf);
		if (head)
			(void)str_split(text, '\n', &text);
		t = trace_json_parse(text, err);
	}
	buf_free(&buf);
	if (t == NULL || is_that(t, test, file))
		return t;
	trace_free(t);
	err_local(err, 0, "%s is of another run", path);
	return NULL;
}

static struct shelf_item
item_of(const struct shelf *s, const char *test, const char *file)
{
	struct shelf_item item = { .damaged = true };
	const struct trace_head *h;
	struct trace *t;
	struct err ignored;

	memcpy(item.run, file + RUN_AT, 6);
	t = load(s, test, file, true, &ignored);
	if (t == NULL)
		return item;
	h = trace_head(t);
	item.damaged = false;
	item.started_ms = h->started_ms;
	item.latency_us = h->latency_us;
	item.ok = h->ok;
	text_printable(item.step, sizeof(item.step), str_of(h->step));
	text_printable(item.diag, sizeof(item.diag), str_of(h->diag));
	trace_free(t);
	return item;
}

static void
names_of(const struct shelf *s, const char *test, struct names *ret)
{
	char name[SHELF_NAME_SIZE], path[PATH_MAX];

	*ret = (struct names){ NULL, 0 };
	shelf_encode(test, name);
	if (path_of(path, s, name, ""))
		read_names(path, ret);
}

size_t
shelf_list(struct shelf *s, const char *test, struct shelf_item ret[SHELF_RUNS_MAX])
{
	struct names files;
	size_t n;

	names_of(s, test, &files);
	n = files.n < SHELF_RUNS_MAX ? files.n : SHELF_RUNS_MAX;
	for (size_t i = 0; i < n; i++)
		ret[i] = item_of(s, test, files.v[i]);
	free(files.v);
	return n;
}

static void
say_missing(const struct names *files, const char *test, const char *run, struct err *err)
{
	struct buf there;

	buf_init(&there, 4096);
	for (size_t i = 0; i < files->n && i < SHELF_RUNS_MAX; i++)
		buf_printf(&there, "%s%.6s", i == 0 ? "; failed runs that are: " : ", ",
		    files->v[i] + RUN_AT);
	err_local(err, 0, "no run%s%s of \"%s\" is kept%s", run == NULL ? "" : " ",
	    run == NULL ? "" : run, test, there.data == NULL ? "" : there.data);
	buf_free(&there);
}

struct trace *
shelf_get(struct shelf *s, const char *test, const char *run, struct err *err)
{
	struct trace *t = NULL;
	struct names files;
	size_t i = 0;

	names_of(s, test, &files);
	while (i < files.n && run != NULL &&
	       (strlen(run) != 6 || memcmp(files.v[i] + RUN_AT, run, 6) != 0))
		i++;
	if (i < files.n)
		t = load(s, test, files.v[i], false, err);
	else
		say_missing(&files, test, run, err);
	free(files.v);
	return t;
}
