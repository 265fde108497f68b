/*
 * sinks - where log lines go: stderr, syslog, the journal.
 *
 * All three write the same line (logline.c). None of them blocks the event loop and none
 * returns an error: a log that cannot be written is not a reason to stop watching. Lines
 * that syslog or the reader of stderr did not take are counted: the next has lost=NUMBER.
 */
#ifndef CSWATCH_REPORT_SINKS_H
#define CSWATCH_REPORT_SINKS_H
#include <stdbool.h>

#include "report/log.h"

struct clock;
struct err;

#define LOG_IDENTIFIER "cswatchd"
/*
 * SD-ID of the structured data: name@<private enterprise number>. 32473 is the number
 * that RFC 5612 keeps for documentation; who has one of his own changes it here and
 * nowhere else.
 */
#define LOG_SD_ID    "cswatch@32473"
#define LOG_LINE_MAX (32 * 1024) /* octets of one line; longer values are cut */

enum log_kind { LOG_TO_JOURNAL, LOG_TO_SYSLOG, LOG_TO_STDERR };

/* "journal", "syslog", "stderr"; false and *ret untouched for anything else. */
bool log_kind_by_name(const char *name, enum log_kind *ret);

/* NULL: *err. log->close() frees. clock outlives the log. */
struct log *log_open(enum log_kind kind, const struct clock *clock, struct err *err);

/*
 * With prefix, each line starts with "<priority>" as systemd reads it from a service's
 * stderr (sd-daemon(3)); log_open() sets it when $JOURNAL_STREAM says that stderr is the
 * journal.
 */
struct log *log_stderr_new(int fd, bool prefix, struct err *err);
/* RFC 5424 datagrams to a UNIX socket; it need not exist yet, every line tries again. */
struct log *log_syslog_new(const char *path, const struct clock *clock, struct err *err);
struct log *log_journal_new(struct err *err);

#endif
