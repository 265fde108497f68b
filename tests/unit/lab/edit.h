/*
 * edit - breaks a good message in one place.
 */
#ifndef CSWATCH_TESTS_LAB_EDIT_H
#define CSWATCH_TESTS_LAB_EDIT_H

struct buf;

/* Replaces the content of b by itself with every find replaced; there must be one. */
void edit(struct buf *b, const char *find, const char *replace);

#endif
