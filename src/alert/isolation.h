/*
 * isolation - whether the watcher itself is cut off, so that no pool is to be accused:
 * pure logic on plain data, without I/O and without a clock.
 *
 * The rules, which cswatch-events(7) has for administrators:
 *
 *  1. A failure looks local when a watcher without a network would have it: dns, connect
 *     or timeout at the steps discover and resolve, or at the first that connects
 *     (sip-connect; certprov-metadata where the certificate comes first). Any other
 *     result, of any test, proves that the watcher was connected when the run began;
 *     except trouble of its own (local) and cancelled runs, which tell nothing.
 *  2. Before a local-looking alert is announced, it is checked whether something has
 *     proved the contrary since the first failure of the row. If not, the reference
 *     addresses are tried, if there are any: one that answers is such a proof. Then the
 *     other pools are waited for, no longer than it takes to conclude about a pool.
 *  3. The watcher is cut off if no reference answers and every pool has failed so since;
 *     at the end of the wait, every pool that has a result. Without references that
 *     takes two pools, and all without a name, or all without a connection: of each
 *     pool its last result when it was asked, and all that came later.
 *  4. It lasts until there is a proof of the contrary, by a run or a reference. A
 *     local-looking failure of a run that began before that moment counts as nothing.
 */
#ifndef CSWATCH_ALERT_ISOLATION_H
#define CSWATCH_ALERT_ISOLATION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vocab/result.h"

/* What a result tells. */
enum isolation_evidence {
	EVIDENCE_PROOF,
	EVIDENCE_NO_NAME, /* looks local: no address */
	EVIDENCE_NO_WAY,  /* looks local: no connection */
	EVIDENCE_NOTHING
};

enum isolation_evidence isolation_evidence(const struct result *r);
static inline bool
evidence_is_local(enum isolation_evidence s)
{
	return s == EVIDENCE_NO_NAME || s == EVIDENCE_NO_WAY;
}

enum isolation_state { ISOLATION_NONE, ISOLATION_JUDGING, ISOLATION_CUT_OFF };

enum isolation_decision { ISOLATION_WAIT, ISOLATION_NO, ISOLATION_YES };

/* What is asked of a pool. */
struct isolation_pool {
	bool active;			  /* it has a test that is not paused */
	int64_t begun_ms;		  /* when its last run began, or 0 */
	enum isolation_evidence evidence; /* of that run, if it looked local */
};

struct isolation_pools {
	size_t n;
	void *arg;
	struct isolation_pool (*nth)(void *arg, size_t i);
};

struct isolation {
	enum isolation_state state;
	int64_t proof_ms; /* last proof that the watcher is connected, or 0 */
	/* while judging */
	int64_t from_ms; /* runs that began since then count */
	int64_t until_ms;
	enum isolation_evidence evidence;
	bool mixed;		/* failures of both kinds */
	bool references;	/* there are any ... */
	bool unreachable;	/* ... which were tried without success */
	size_t failed, pending; /* pools */
	/* while it is cut off */
	int64_t since_ms, announced_ms;
};

/* Returns whether the watcher may be cut off: there has been no proof since. */
bool isolation_is_possible(
    const struct isolation *w, size_t npools, bool references, int64_t since_ms);

/* Begins to judge; evidence is that of the failure which is to be announced. */
void isolation_begin(struct isolation *w, const struct isolation_pools *pools,
    enum isolation_evidence evidence, bool references, int64_t from_ms, int64_t until_ms);
/*
 * Counts a local-looking result of an active test, of a run that began at begun_ms;
 * was_ms is when the run before began, of any test of its pool.
 */
void isolation_failure(struct isolation *w, enum isolation_evidence evidence,
    int64_t begun_ms, int64_t was_ms);
/* Counts a proof of that time: another result, or a reference that answered. */
void isolation_proof(struct isolation *w, int64_t at_ms);

/* Decides, while judging. */
enum isolation_decision isolation_decide(const struct isolation *w, int64_t now_ms);
/* Notes that the watcher is cut off, which is announced now; or that it is not. */
void isolation_confirm(struct isolation *w, int64_t now_ms);
void isolation_end(struct isolation *w);

/* Like alert_next_reminder() and alert_remind(). */
int64_t isolation_next_reminder(const struct isolation *w, uint64_t remind_ms);
bool isolation_remind(struct isolation *w, uint64_t remind_ms, int64_t now_ms);

#endif
