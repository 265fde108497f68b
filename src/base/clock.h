/*
 * clock - the only source of time. Tests hand in their own and set it.
 *
 * Durations come from mono (CLOCK_BOOTTIME: it goes on while the machine sleeps, so that
 * the schedule knows what it missed); wall time is for people and for certificates.
 */
#ifndef CSWATCH_BASE_CLOCK_H
#define CSWATCH_BASE_CLOCK_H
#include <stdint.h>

struct clock {
	uint64_t (*mono_us)(void *arg);
	int64_t (*wall_ms)(void *arg); /* milliseconds since the epoch */
	void *arg;
};

extern const struct clock clock_system;

static inline uint64_t
clock_mono_us(const struct clock *c)
{
	return c->mono_us(c->arg);
}

static inline int64_t
clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c->arg);
}

#endif
