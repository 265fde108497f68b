/*
 * labconf - writes DIR/lab.conf: a complete cswatchd configuration that watches this
 * pool.
 */
#ifndef CSWATCH_LAB_LABCONF_H
#define CSWATCH_LAB_LABCONF_H
#include <stdbool.h>

struct buf;
struct err;
struct lab_pool;

/* The text; only enabled users are tested. */
void lab_labconf_build(const struct lab_pool *p, const char *directory, struct buf *out);
/* DIR/lab.conf, and DIR/state for the daemon that uses it. */
bool lab_labconf_write(const struct lab_pool *p, const char *directory, struct err *err);

#endif
