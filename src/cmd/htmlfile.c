#include "cmd/htmlfile.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "trace/html.h"
#include "trace/trace.h"

#define TOO_LONG "<p>This run is too long, or out of memory.</p>\n"

/* Writes a part and frees it. If that fails, htmlfile_close() fails. */
static void
write_part(struct htmlfile *f, struct buf *part)
{
	struct str text = part->failed ? STR_LIT(TOO_LONG) : buf_view(part);

	if (f->errnum == 0 && !file_write_all(f->draft.fd, text))
		f->errnum = errno;
	buf_free(part);
}

/*
 * Returns whether path may be replaced by a file. Devices such as /dev/null must not be,
 * and a link is not followed, because another user may have put it there.
 */
static bool
is_replaceable(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return true;
	err_local(err, 0, "cannot write %s: it is %s", path,
	    S_ISDIR(st.st_mode)	  ? "a directory"
	    : S_ISLNK(st.st_mode) ? "a symbolic link"
				  : "not a regular file");
	return false;
}

bool
htmlfile_open(struct htmlfile *f, const char *path, const char *title, struct err *err)
{
	struct buf part;

	f->draft.fd = -1;
	f->errnum = 0;
	if (!is_replaceable(path, err))
		return false;
	if (!file_draft_open(&f->draft, path, NULL, 0600)) {
		err_local(err, errno, "cannot write %s", path);
		return false;
	}
	buf_init(&part, HTML_PART_MAX);
	html_begin(&part, title);
	write_part(f, &part);
	return true;
}

void
htmlfile_add(struct htmlfile *f, const struct trace *t)
{
	struct buf part;

	buf_init(&part, HTML_PART_MAX);
	html_trace(&part, t);
	write_part(f, &part);
}

void
htmlfile_drop(struct htmlfile *f)
{
	file_draft_drop(&f->draft);
}

bool
htmlfile_close(struct htmlfile *f, struct err *err)
{
	struct buf part;

	buf_init(&part, HTML_PART_MAX);
	html_end(&part);
	write_part(f, &part);
	errno = f->errnum;
	if (errno == 0 && file_draft_commit(&f->draft, false))
		return true;
	err_local(err, errno, "cannot write %s", f->draft.path);
	file_draft_drop(&f->draft);
	return false;
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
