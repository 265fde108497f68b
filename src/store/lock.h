/*
 * lock - one daemon for one state directory: flock(2) on the directory itself, which
 * lasts as long as the descriptor and follows the directory wherever it is moved.
 */
#ifndef CSWATCH_STORE_LOCK_H
#define CSWATCH_STORE_LOCK_H
#include <stdbool.h>
#include <stddef.h>

struct stat;

/*
 * Returns a descriptor that holds the lock until it is closed; -1 with errno EWOULDBLOCK
 * when another process holds it, or with the errno of what went wrong.
 */
int lock_directory(const char *directory);

/*
 * Puts who locks that file into ret: "process 812 (cswatchd)", or "another process" when
 * /proc does not tell. Opens nothing but files below /proc.
 */
void lock_find_holder(const struct stat *file, char *ret, size_t size);

#endif
