#include "report/sinks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vocab/err.h"

#define DEV_LOG	       "/dev/log"
#define JOURNAL_SOCKET "/run/systemd/journal/socket"

bool
log_kind_by_name(const char *name, enum log_kind *ret)
{
	static const char *const names[] = {
		[LOG_TO_JOURNAL] = "journal",
		[LOG_TO_SYSLOG] = "syslog",
		[LOG_TO_STDERR] = "stderr",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum log_kind)i;
			return true;
		}
	}
	return false;
}

/*
 * Returns whether stderr is the journal. JOURNAL_STREAM is "device:inode"
 * (systemd.exec(5)); children inherit it, so it is compared with stderr.
 */
static bool
stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp(stream, own) == 0;
}

struct log *
log_open(enum log_kind kind, const struct clock *clock, struct err *err)
{
	switch (kind) {
	case LOG_TO_JOURNAL:
		/* Without a journal libsystemd drops lines silently. */
		if (access(JOURNAL_SOCKET, W_OK) != 0) {
			err_local(err, errno, "no journal at " JOURNAL_SOCKET);
			return NULL;
		}
		return log_journal_new(err);
	case LOG_TO_SYSLOG:
		return log_syslog_new(DEV_LOG, clock, err);
	case LOG_TO_STDERR:
		break;
	}
	return log_stderr_new(STDERR_FILENO, stderr_is_journal(), err);
}
