/*
 * alloc - makes chosen allocations of a test fail, so that each place that allocates is
 * seen without memory.
 *
 * It counts what the test and the code under test ask of malloc() and its like; what
 * libraries allocate for themselves is not counted. The program must be linked with
 * $(fake_alloc_ldflags), which puts the functions here in front of those of libc.
 */
#ifndef CSWATCH_TESTS_ALLOC_H
#define CSWATCH_TESTS_ALLOC_H

/* How long an allocation that fails is the last to do so. */
enum alloc_mode {
	ALLOC_ONE, /* one fails: memory comes back at once */
	ALLOC_REST /* all from that one on fail */
};

/*
 * Makes the nth allocation from now on fail; 1 is the next one, 0 makes none fail. Starts
 * counting again.
 */
void alloc_fail(unsigned nth, enum alloc_mode mode);
/* Returns how many allocations have failed since alloc_fail(). */
unsigned alloc_failed(void);

/*
 * Calls body(arg) again and again: the nth call, from the first on, with its nth
 * allocation failing, until a call ends before its allocation has come; then all of it
 * once more with ALLOC_REST. The last call of each is whole. Aborts when there is no end.
 * Returns the number of allocations of a whole call.
 */
unsigned alloc_fail_each(void (*body)(void *arg), void *arg);

#endif
