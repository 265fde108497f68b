#include "cmd/htmlfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "trace/html.h"
#include "trace/trace.h"

static void
put(struct htmlfile *f, struct buf *part)
{
	if (part->failed)
		fputs("<p>This run is too long, or memory is out.</p>\n", f->file);
	else
		fwrite(part->data, 1, part->len, f->file);
	buf_free(part);
}

/*
 * What is no file must not be replaced by one: /dev/null, or by root /dev/stdout. Nor is
 * a link followed, which somebody else may have put there.
 */
static bool
replaceable(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return true;
	err_local(err, 0, "cannot write %s: it is %s", path,
	    S_ISDIR(st.st_mode)	  ? "a directory"
	    : S_ISLNK(st.st_mode) ? "a symbolic link"
				  : "no regular file");
	return false;
}

bool
htmlfile_open(struct htmlfile *f, const char *path, const char *title, struct err *err)
{
	size_t size = strlen(path) + sizeof(".XXXXXX");
	struct buf part;
	int fd = -1;

	*f = (struct htmlfile){ path, NULL, NULL };
	if (!replaceable(path, err))
		return false;
	f->temporary = malloc(size);
	if (f->temporary != NULL) {
		snprintf(f->temporary, size, "%s.XXXXXX", path);
		fd = mkstemp(f->temporary);
	}
	if (fd < 0 || (f->file = fdopen(fd, "w")) == NULL) {
		err_local(err, errno, "cannot write %s", path);
		if (fd >= 0) {
			(void)unlink(f->temporary);
			close(fd);
		}
		free(f->temporary);
		f->temporary = NULL;
		return false;
	}
	buf_init(&part, HTML_PART_MAX);
	html_begin(&part, title);
	put(f, &part);
	return true;
}

void
htmlfile_add(struct htmlfile *f, const struct trace *t)
{
	struct buf part;

	buf_init(&part, HTML_PART_MAX);
	html_trace(&part, t);
	put(f, &part);
}

void
htmlfile_drop(struct htmlfile *f)
{
	if (f->file == NULL)
		return;
	fclose(f->file);
	(void)unlink(f->temporary);
	free(f->temporary);
	*f = (struct htmlfile){ NULL, NULL, NULL };
}

bool
htmlfile_close(struct htmlfile *f, struct err *err)
{
	struct buf part;
	bool ok;
	int errnum;

	buf_init(&part, HTML_PART_MAX);
	html_end(&part);
	put(f, &part);
	ok = fflush(f->file) == 0 && !ferror(f->file) &&
	     rename(f->temporary, f->path) == 0;
	errnum = errno;
	if (!ok) {
		err_local(err, errnum, "cannot write %s", f->path);
		htmlfile_drop(f);
		return false;
	}
	fclose(f->file);
	free(f->temporary);
	*f = (struct htmlfile){ NULL, NULL, NULL };
	return true;
}

bool
htmlfile_write(const char *path, const struct trace *t, struct err *err)
{
	const struct trace_head *h = trace_head(t);
	struct htmlfile f;
	char title[512];

	snprintf(title, sizeof(title), "%s: run %s, %s",
	    h->test[0] != '\0' ? h->test : h->pool, h->run,
	    h->ok ? "Success" : "Failure");
	if (!htmlfile_open(&f, path, title, err))
		return false;
	htmlfile_add(&f, t);
	return htmlfile_close(&f, err);
}
