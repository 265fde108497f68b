/*
 * scratch - a directory for one test program, gone with all that is in it when the
 * program ends.
 */
#ifndef CSWATCH_TESTS_LAB_SCRATCH_H
#define CSWATCH_TESTS_LAB_SCRATCH_H

const char *scratch_dir(void);
/* DIR/name; the text stays until the next call. */
const char *scratch_path(const char *name);

#endif
