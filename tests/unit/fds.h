/*
 * fds - no more file descriptors for this process, for a while: those that are open stay.
 */
#ifndef CSWATCH_TESTS_FDS_H
#define CSWATCH_TESTS_FDS_H
#include <sys/resource.h>

#include "cases.h"

static inline void
fds_set_limit(rlim_t n)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &l), 0);
	l.rlim_cur = n < l.rlim_max ? n : l.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &l), 0);
}

/* The limit to give back with fds_set_limit(). */
static inline rlim_t
fds_none(void)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &l), 0);
	fds_set_limit(0);
	return l.rlim_cur;
}

#endif
