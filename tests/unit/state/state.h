/*
 * state - finished runs and a state file's content, for the tests of report.
 */
#ifndef CSWATCH_TESTS_REPORT_STATE_H
#define CSWATCH_TESTS_REPORT_STATE_H
#include "vocab/result.h"

#define STATE_NOW_MS 1795352652103 /* 2026-11-22T13:04:12.103Z */

static inline struct result
result_ok(void)
{
	struct result r = { .run = "4f2a92",
		.ok = true,
		.started_ms = STATE_NOW_MS - 500,
		.latency_us = 412000,
		.nsteps = 2 };

	err_clear(&r.err);
	r.steps[0] = (struct step_time){ STEP_RESOLVE, 900 };
	r.steps[1] = (struct step_time){ STEP_SIP_CONNECT, 12300 };
	r.certificate = (struct cert_facts){ .known = true,
		.subject = "CN=kenmyer",
		.serial = "1A2B",
		.sha1 = "0123456789ABCDEF0123456789ABCDEF01234567",
		.not_before = 1795351451,
		.not_after = 1810903451 };
	r.registrar = (struct cert_facts){ .known = true, .not_after = 1810903452 };
	r.web = (struct cert_facts){ .known = true, .not_after = 1810903453 };
	return r;
}

static inline struct result
result_failed(void)
{
	struct result r = { .run = "4f2a91",
		.started_ms = STATE_NOW_MS - 4000,
		.latency_us = 3365000,
		.nsteps = 1 };

	r.steps[0] = (struct step_time){ STEP_RESOLVE, 900 };
	r.warnings = 1u << WARNING_CLOCK_SKEW;
	err_set(&r.err, CAUSE_AUTH, 401, "HTTP 401, NTLM");
	r.err.step = STEP_WEB_TICKET;
	return r;
}

#endif
