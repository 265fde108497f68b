#include "config/source.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"
#include "config/dropins.h"
#include "config/problems.h"

/* Consecutive lines of the joined text that are consecutive lines of one file. */
struct source_part {
	unsigned first; /* first line of the joined text */
	unsigned line;	/* the line of the file that it is */
	size_t file;
};

struct reader {
	struct source *src;
	struct problems *problems;
	unsigned depth;
	bool block;  /* inside a comment that continues on the next line */
	bool string; /* inside a string that continues on the next line */
	bool failed;
};

static void include_file(struct reader *r, const char *path, unsigned from);

static bool
add_part(struct source *src, size_t file, unsigned line)
{
	if (src->nparts == src->parts_cap) {
		size_t cap = src->parts_cap == 0 ? 16 : src->parts_cap * 2;
		struct source_part *p = realloc(src->parts, cap * sizeof(*p));

		if (p == NULL)
			return false;
		src->parts = p;
		src->parts_cap = cap;
	}
	src->parts[src->nparts++] = (struct source_part){ src->lines + 1, line, file };
	return true;
}

static bool
add_file(struct source *src, const char *path)
{
	struct source_file *f;

	if (src->nfiles == SOURCE_FILES_MAX)
		return false;
	if (src->files == NULL)
		src->files = calloc(SOURCE_FILES_MAX, sizeof(*f));
	if (src->files == NULL)
		return false;
	f = &src->files[src->nfiles];
	f->path = str_dup(str_of(path));
	if (f->path == NULL)
		return false;
	src->nfiles++;
	return true;
}

char *
source_path(const struct source *src, const char *name)
{
	struct buf b;
	char *path;

	buf_init(&b, 2 * 4096);
	if (name[0] != '/')
		buf_printf(&b, "%s/", src->directory);
	buf_puts(&b, name);
	path = buf_take(&b, NULL);
	buf_free(&b);
	return path;
}

static void
refuse_file(struct reader *r, unsigned line, const char *path, const char *what)
{
	struct source_place at = source_place(r->src, line);
	/* A problem that concerns a whole file begins with the path anyway. */
	bool itself = at.line == 0 && strcmp(at.file, path) == 0;

	problem_add(r->problems, line, "%s%scannot be read: %s", itself ? "" : path,
	    itself ? "" : " ", what);
	r->failed = true;
}

/* ---- one line: strings, comments, numbers ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c == '-' || c == '*' || c == '.';
}

/*
 * Returns whether libconfig would wrap a number: it reads 4294967301 as 5. Fractions are
 * refused later, by their type.
 */
static bool
number_too_large(struct str word)
{
	uint64_t v;
	char *end;

	while (
	    word.len > 0 && (word.p[word.len - 1] == 'L' || word.p[word.len - 1] == 'l'))
		word.len--;
	if (word.len > 1 && word.p[0] == '0' && (word.p[1] == 'x' || word.p[1] == 'X')) {
		errno = 0;
		v = strtoull(word.p, &end, 16);
		return errno != 0 || v > SOURCE_NUMBER_MAX;
	}
	for (size_t i = 0; i < word.len; i++)
		if (!is_digit(word.p[i]))
			return false;
	return !str_uint(word, 0, SOURCE_NUMBER_MAX, &v);
}

/* Checks the word that begins at p. Returns its end. */
static const char *
check_word(struct reader *r, const char *p, const char *end)
{
	struct str w = { p, 0 };

	while (p < end && is_word(*p))
		p++;
	w.len = (size_t)(p - w.p);
	if (w.len > 1 && w.p[0] == '-') {
		w.p++;
		w.len--;
	}
	if (is_digit(w.p[0]) && number_too_large(w))
		problem_add(r->problems, r->src->lines + 1,
		    "%.*s is too large; no setting takes more than %d",
		    w.len > 40 ? 40 : (int)w.len, w.p, SOURCE_NUMBER_MAX);
	return p;
}

/*
 * Follows strings and comments through a line, because an @include inside them is not
 * one.
 */
static void
follow_syntax(struct reader *r, const char *p, const char *end)
{
	while (p < end) {
		bool two = end - p > 1;

		if (r->block) {
			r->block = !(two && p[0] == '*' && p[1] == '/');
			p += r->block ? 1 : 2;
		} else if (r->string) {
			r->string = *p != '"';
			p += *p == '\\' && two ? 2 : 1;
		} else if (*p == '"') {
			r->string = true;
			p++;
		} else if (*p == '#' || (two && p[0] == '/' && p[1] == '/')) {
			return;
		} else if (two && p[0] == '/' && p[1] == '*') {
			r->block = true;
			p += 2;
		} else if (is_word(*p)) {
			p = check_word(r, p, end);
		} else {
			p++;
		}
	}
}

/* ---- lines and files ---- */

static bool
is_comment(struct str s)
{
	return s.len == 0 || s.p[0] == '#' || str_caseprefix(s, "//");
}

/*
 * Returns whether libconfig would interpret a line as an @include. Sets *ret_name to the
 * name of the file, or to STR_NULL if the line is not understood.
 */
static bool
is_include(struct str line, struct str *ret_name)
{
	struct str s = str_trim(line), rest;

	if (!str_caseprefix(s, "@include"))
		return false;
	*ret_name = STR_NULL;
	s = str_trim((struct str){ s.p + 8, s.len - 8 });
	if (s.len < 3 || s.p[0] != '"')
		return true;
	rest = str_split((struct str){ s.p + 1, s.len - 1 }, '"', &s);
	if (rest.p != NULL && is_comment(str_trim(rest)))
		*ret_name = s;
	return true;
}

static void
include_named(struct reader *r, struct str name)
{
	unsigned at = r->src->lines + 1;
	char *copy = str_dup(name), *path;

	path = copy == NULL ? NULL : source_path(r->src, copy);
	/* The line is kept as a comment: problems of the file are reported for it. */
	buf_puts(&r->src->text, "#\n");
	r->src->lines++;
	if (name.p == NULL) {
		problem_add(r->problems, at,
		    "this @include is not understood; write @include \"FILE\" alone "
		    "on its line");
		r->failed = true;
	} else if (path == NULL)
		refuse_file(r, at, "the included file", "out of memory");
	else if (r->depth == SOURCE_DEPTH_MAX)
		refuse_file(r, at, path, "files include each other too deeply");
	else
		include_file(r, path, at);
	free(path);
	free(copy);
}

static bool
read_lines(struct reader *r, size_t file, struct str text)
{
	struct source *src = r->src;
	unsigned n = 0;

	if (!add_part(src, file, 1))
		return false;
	while (text.len > 0 && !r->failed) {
		struct str line, name;
		struct str rest = str_split(text, '\n', &line);

		text = rest.p == NULL ? STR_NULL : rest;
		n++;
		if (!r->block && !r->string && is_include(line, &name)) {
			include_named(r, name);
			if (!add_part(src, file, n + 1))
				return false;
			continue;
		}
		follow_syntax(r, line.p, line.p + line.len);
		buf_str(&src->text, line);
		buf_putc(&src->text, '\n');
		src->lines++;
	}
	return true;
}

static void
read_text(struct reader *r, size_t file, struct str text, unsigned from)
{
	const char *path = r->src->files[file].path;

	const char *wrong = NULL;

	if (str_caseprefix(text, "\xff\xfe") || str_caseprefix(text, "\xfe\xff"))
		wrong = "it is UTF-16; it must be UTF-8";
	else if (str_caseprefix(text, "\xef\xbb\xbf"))
		wrong = "it begins with a byte order mark; it must be UTF-8 without one";
	else if (memchr(text.p, '\0', text.len) != NULL)
		wrong = "it holds a NUL character; a text file was expected";
	if (wrong != NULL) {
		refuse_file(r, from, path, wrong);
		return;
	}
	r->depth++;
	if (!read_lines(r, file, text))
		refuse_file(r, from, path, "out of memory");
	r->depth--;
	if (r->src->text.failed && !r->failed)
		refuse_file(r, from, path, "the configuration is larger than 16 MiB");
}

/* Reads a file as far as the limit. Returns NULL, or what is wrong. */
static const char *
read_all(const char *path, struct buf *ret, mode_t *ret_mode)
{
	switch (file_read(path, 0, ret, ret_mode)) {
	case FILE_READ:
		return NULL;
	case FILE_FAILED:
		return strerror(errno);
	case FILE_TOO_LARGE:
		return "the configuration is larger than 16 MiB";
	case FILE_NOT_REGULAR:
	case FILE_NOT_PRIVATE:
		break;
	}
	return "not a regular file";
}

/* Reads a file. from is the line of the @include, or that of the file as a whole. */
static void
read_file(struct reader *r, size_t file, unsigned from)
{
	struct source_file *f = &r->src->files[file];
	const char *wrong;
	struct buf b;
	mode_t mode = 0;

	buf_init(&b, CONFIG_FILE_MAX);
	wrong = read_all(f->path, &b, &mode);
	if (wrong != NULL) {
		refuse_file(r, from, f->path, wrong);
	} else {
		f->open_to_others = (mode & (S_IROTH | S_IWOTH)) != 0;
		read_text(r, file, buf_view(&b), from);
	}
	buf_wipe_free(&b);
}

static void
include_file(struct reader *r, const char *path, unsigned from)
{
	if (add_file(r->src, path))
		read_file(r, r->src->nfiles - 1, from);
	else
		refuse_file(r, from, path, "too many included files");
}

/* ---- units ---- */

/*
 * Reads the file that was added last as a unit. at is the line of the file as a whole.
 * Returns false if out of memory.
 */
static bool
read_unit(struct reader *r, unsigned at)
{
	struct source *src = r->src;
	struct source_unit *more, *u;

	more = realloc(src->units, (src->nunits + 1) * sizeof(*more));
	if (more == NULL)
		return false;
	src->units = more;
	u = &src->units[src->nunits++];
	if (src->nunits > 1)
		buf_putc(&src->text, '\0');
	*u = (struct source_unit){ src->text.len, src->lines, false };
	*r = (struct reader){ .src = src, .problems = r->problems };
	read_file(r, src->nfiles - 1, at);
	u->whole = !r->failed;
	return true;
}

/*
 * Adds a line for a file as a whole. Returns the line, or 0 if there are too many files;
 * the problem is then added.
 */
static unsigned
add_whole(struct reader *r, const char *path)
{
	struct source *src = r->src;

	src->lines++; /* a syntax error may be reported after the last line of a unit */
	if (!add_file(src, path) || !add_part(src, src->nfiles - 1, 0)) {
		refuse_file(r, 0, path, "too many files");
		return 0;
	}
	return ++src->lines;
}

static bool
read_dropin(struct reader *r, const char *name)
{
	char relative[sizeof(SOURCE_DIRECTORY) + 1 + NAME_MAX], *path;
	unsigned at;

	snprintf(relative, sizeof(relative), SOURCE_DIRECTORY "/%s", name);
	path = source_path(r->src, relative);
	at = path == NULL ? 0 : add_whole(r, path);
	free(path);
	if (path == NULL || (at != 0 && !read_unit(r, at))) {
		refuse_file(r, at, relative, "out of memory");
		return false;
	}
	return at != 0 && !r->src->text.failed;
}

/*
 * Reads the files of conf.d. Returns false if one could not be read; the problem is then
 * added.
 */
static bool
read_dropins(struct reader *r)
{
	char *directory = source_path(r->src, SOURCE_DIRECTORY);
	struct dropins d = { .n = 0 };
	const char *wrong =
	    directory == NULL ? "out of memory" : dropins_list(directory, &d);
	bool good = wrong == NULL;
	unsigned at;

	if (!good && directory != NULL && (at = add_whole(r, directory)) != 0)
		refuse_file(r, at, directory, wrong);
	for (size_t i = 0; i < d.n; i++) {
		if (!read_dropin(r, d.names[i])) {
			good = false;
			break;
		}
		good = good && !r->failed;
	}
	dropins_free(&d);
	free(directory);
	return good;
}

bool
source_read(struct source *src, const char *path, struct problems *problems)
{
	struct reader r = { .src = src, .problems = problems };
	bool whole;
	const char *slash = strrchr(path, '/');
	struct str dir = STR_LIT(".");

	if (slash != NULL) /* the directory of "/file" is "/" */
		dir = (struct str){ path, slash == path ? 1 : (size_t)(slash - path) };
	*src = (struct source){ .path = path, .directory = str_dup(dir) };
	buf_init(&src->text, CONFIG_FILE_MAX);
	if (src->directory == NULL || !add_file(src, path) || !read_unit(&r, 0)) {
		refuse_file(&r, 0, path, "out of memory");
		return false;
	}
	whole = !r.failed;
	return (src->text.failed || read_dropins(&r)) && whole;
}

void
source_free(struct source *src)
{
	for (size_t i = 0; i < src->nfiles; i++)
		free(src->files[i].path);
	free(src->files);
	free(src->units);
	free(src->parts);
	free(src->directory);
	buf_wipe_free(&src->text);
}

struct source_place
source_place(const struct source *src, unsigned line)
{
	size_t lo = 0, hi = src->nparts;
	const struct source_part *p;
	const struct source_file *f;

	if (line == 0 || src->nparts == 0)
		return (struct source_place){ src->path, 0, true };
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (src->parts[mid].first <= line)
			lo = mid;
		else
			hi = mid;
	}
	p = &src->parts[lo];
	f = &src->files[p->file];
	line = p->line + line - p->first;
	return (struct source_place){ f->path, line, f->open_to_others };
}

void
source_tell(const struct source *src, struct problems *p,
    void (*tell)(void *arg, const struct config_problem *problem), void *arg)
{
	char more[64];

	problems_sort(p);
	for (size_t i = 0; i < p->n; i++) {
		struct source_place at = source_place(src, p->list[i].line);
		struct config_problem problem = { at.file, at.line, p->list[i].text };

		tell(arg, &problem);
	}
	if (p->total > p->n) {
		struct config_problem rest = { source_place(src, 0).file, 0, more };

		snprintf(more, sizeof(more), "%zu more problems", p->total - p->n);
		tell(arg, &rest);
	}
}
