#include "vocab/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void
err_clear(struct err *e)
{
	*e = (struct err){ .step = STEP_COUNT, .cause = CAUSE_NONE };
}

/* The arguments may point into *e, so the text is made before the old error goes. */
__attribute__((format(printf, 4, 0))) static void
replace(struct err *e, enum cause cause, long code, const char *fmt, va_list ap)
{
	char raw[ERR_DETAIL_MAX + 4]; /* too much, so that the cut is at a character */

	if (vsnprintf(raw, sizeof(raw), fmt, ap) < 0)
		raw[0] = '\0';
	err_clear(e);
	e->cause = cause;
	e->code = code;
	text_printable(e->detail, sizeof(e->detail), str_of(raw));
}

void
err_set(struct err *e, enum cause cause, long code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	replace(e, cause, code, fmt, ap);
	va_end(ap);
}

void
err_local(struct err *e, int errnum, const char *fmt, ...)
{
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	replace(e, CAUSE_LOCAL, errnum, fmt, ap);
	va_end(ap);
	if (errnum == 0)
		return;
	len = strlen(e->detail);
	snprintf(e->detail + len, sizeof(e->detail) - len, ": %s", strerror(errnum));
}

void
err_said(struct err *e, struct str said)
{
	text_printable(e->said, sizeof(e->said), said);
}

void
err_evidence(struct err *e, enum evidence evidence)
{
	e->evidence = evidence;
}

void
err_phrase(struct err *e, struct str phrase)
{
	text_printable(e->phrase, sizeof(e->phrase), phrase);
}

bool
err_is_own(int errnum)
{
	return errnum == EMFILE || errnum == ENFILE || errnum == ENOMEM ||
	       errnum == ENOBUFS;
}
