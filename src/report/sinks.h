/*
 * sinks - where log lines are written: stderr, syslog, the journal.
 *
 * All three write the same line (logline.c). None of them blocks the event loop, and none
 * returns an error: a log that cannot be written is not a reason to stop testing. Lines
 * that syslog or the reader of stderr did not accept are counted, and the next line has
 * lost=NUMBER.
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
 * that RFC 5612 reserves for documentation; to use another one, change it only here.
 */
#define LOG_SD_ID    "cswatch@32473"
#define LOG_LINE_MAX (32 * 1024) /* bytes of one line; longer values are cut */

enum log_kind { LOG_TO_JOURNAL, LOG_TO_SYSLOG, LOG_TO_STDERR };

/*
 * Sets *ret for "journal", "syslog" or "stderr". Returns false and leaves *ret unchanged
 * for any other name.
 */
bool log_kind_by_name(const char *name, enum log_kind *ret);

/*
 * Opens a log, which log->close() frees. clock must outlive it. Returns NULL and sets
 * *err on failure.
 */
struct log *log_open(enum log_kind kind, const struct clock *clock, struct err *err);

/*
 * Makes a log that writes to a descriptor. With prefix, each line begins with
 * "<priority>", as systemd reads it from the stderr of a service (sd-daemon(3));
 * log_open() sets it if $JOURNAL_STREAM says that stderr is the journal.
 */
struct log *log_stderr_new(int fd, bool prefix, struct err *err);
/*
 * Makes a log that sends RFC 5424 datagrams to a UNIX socket, which need not exist yet:
 * every line tries to connect again.
 */
struct log *log_syslog_new(const char *path, const struct clock *clock, struct err *err);
struct log *log_journal_new(struct err *err);

#endif
