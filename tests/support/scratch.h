/*
 * scratch - a directory of its own for a test, or for a test program; it goes with all
 * that is in it, at the latest when the program ends.
 */
#ifndef CSWATCH_TESTS_SCRATCH_H
#define CSWATCH_TESTS_SCRATCH_H
#include <stdbool.h>
#include <stddef.h>

/* Makes the directory unless there is one, and returns its path: below TMPDIR, or /tmp.
 */
const char *scratch_dir(void);
/* Returns DIRECTORY/name; the text stays until the eighth call from now. */
const char *scratch_path(const char *name);
/* Removes the directory. The next call of the above makes another. */
void scratch_remove(void);

/* The same as fixtures for cmocka: an empty directory for each test. They return 0. */
int scratch_enter(void **state);
int scratch_leave(void **state);

/* Makes a file of that mode with the text, in place of what is there. Aborts on failure.
 */
void scratch_write(const char *path, unsigned mode, const char *text);
/* Returns the content of a file, which the caller frees; NULL if it cannot be read. */
char *scratch_read(const char *path, size_t *ret_len);
/* Returns whether a file holds just that text. */
bool scratch_holds(const char *path, const char *text);
/* Returns how many entries the directory has. */
unsigned scratch_count(void);

#endif
