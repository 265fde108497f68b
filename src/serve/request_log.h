/*
 * request_log - log lines of who asked for what over the control socket: as they come, or
 * summed up when an account makes more than control/audit lets through.
 */
#ifndef CSWATCH_SERVE_REQUEST_LOG_H
#define CSWATCH_SERVE_REQUEST_LOG_H
#include <stdbool.h>

struct clock;
struct control_peer;
struct control_request;
struct log;
struct loop;
struct request_log;

/* Returns NULL if memory ran out. Release with request_log_free(). */
struct request_log *request_log_new(
    struct loop *loop, const struct clock *clock, struct log *log);
/* Logs the sums that are left. NULL is allowed. */
void request_log_free(struct request_log *l);

/* Logs control.command: at notice if the command changes something, else at info. */
void request_log_command(struct request_log *l, const struct control_peer *peer,
    const struct control_request *r, bool changes);
/* Logs control.refused at warning, with the roles that allow the command. */
void request_log_refusal(struct request_log *l, const struct control_peer *peer,
    const struct control_request *r, const char *roles);

#endif
