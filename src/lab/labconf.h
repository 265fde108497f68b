/*
 * labconf - writes DIR/lab.conf: a complete configuration of cswatchd that tests this
 * pool.
 */
#ifndef CSWATCH_LAB_LABCONF_H
#define CSWATCH_LAB_LABCONF_H
#include <stdbool.h>

struct buf;
struct err;
struct lab_pool;

/* Appends the configuration, with tests of the users that are enabled. */
void lab_labconf_build(const struct lab_pool *p, const char *directory, struct buf *out);
/* Writes DIR/lab.conf, and makes DIR/state for the daemon that uses it. */
bool lab_labconf_write(const struct lab_pool *p, const char *directory, struct err *err);

#endif
