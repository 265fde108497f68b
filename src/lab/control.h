/*
 * control - orders on standard input while the pool serves: one a line, answered by one
 * JSON line.
 *
 * Listens only to a pipe or a socket: what starts the lab from a terminal, or with
 * /dev/null, gives no orders. The words are in cswatch-lab(1).
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

#define CONTROL_LINE_MAX 1024 /* octets */

/* NULL when fd is not for orders, or memory is out: the lab does without. */
struct lab_control *lab_control_new(
    struct loop *l, struct lab_pool *p, struct lab_registrar *r, int fd);
void lab_control_free(struct lab_control *c); /* NULL is fine */

/* Carries out one line; the answer (no line end) is appended. r NULL: in a test. False:
 * it was "quit". */
bool lab_control_obey(
    struct lab_pool *p, struct lab_registrar *r, struct str line, struct buf *out);

#endif
