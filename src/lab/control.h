/*
 * control - reads orders from standard input while the pool serves: one on each line,
 * answered by one line of JSON.
 *
 * Orders are read only from a pipe or a socket, not from a terminal or /dev/null. They
 * are described in cswatch-lab(1).
 */
#ifndef CSWATCH_LAB_CONTROL_H
#define CSWATCH_LAB_CONTROL_H
#include <stdbool.h>

#include "base/str.h"

struct buf;
struct lab_control;
struct loop;
struct lab_pool;
struct lab_registrar;

#define CONTROL_LINE_MAX 1024 /* bytes */

/*
 * Begins to read orders. Returns NULL if fd is neither a pipe nor a socket, or if out of
 * memory; the lab then serves without orders.
 */
struct lab_control *lab_control_new(
    struct loop *l, struct lab_pool *p, struct lab_registrar *r, int fd);
void lab_control_free(struct lab_control *c); /* NULL is allowed */

/*
 * Carries out an order and appends the answer, without a line feed. r is NULL in tests.
 * Returns false if the order is "quit".
 */
bool lab_control_obey(
    struct lab_pool *p, struct lab_registrar *r, struct str line, struct buf *out);

#endif
