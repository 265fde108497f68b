/*
 * result - what one finished run found: plain data, filled by txn, read by report, sched
 * and cmd.
 */
#ifndef CSWATCH_VOCAB_RESULT_H
#define CSWATCH_VOCAB_RESULT_H
#include <stdbool.h>
#include <stdint.h>

#include "vocab/discovery.h"
#include "vocab/err.h"
#include "vocab/vocab.h"

#define RESULT_RUN_SIZE 8 /* six hex digits and NUL */
/* eleven steps; started again for at most three redirects, and for dead registrars */
#define RESULT_STEPS_MAX 64

struct cert_facts {
	bool known; /* false: the rest is empty */
	char subject[128];
	char serial[48];	       /* hex, upper case */
	char sha1[41];		       /* thumbprint: hex, upper case */
	int64_t not_before, not_after; /* seconds since the epoch */
};

struct step_time {
	enum step_id step;
	uint32_t us;
};

struct result {
	char run[RESULT_RUN_SIZE];
	int64_t started_ms;  /* wall clock, milliseconds since the epoch */
	uint64_t latency_us; /* first packet to end of log-off or failure */
	bool ok;
	struct err err;	   /* cause CAUSE_NONE when ok */
	unsigned warnings; /* bits, 1u << enum warning */
	unsigned nsteps;
	struct step_time steps[RESULT_STEPS_MAX]; /* in the order they ran */
	struct cert_facts certificate;		  /* the client certificate obtained */
	struct cert_facts registrar;		  /* server certificates seen */
	struct cert_facts web;
	/* of a SIP domain's registrar; at_ms 0: its name was given */
	struct discovery discovery;
	char provisioning_url[512]; /* the one used; empty if not reached */
};

#endif
