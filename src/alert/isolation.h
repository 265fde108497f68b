/*
 * isolation - whether the watcher itself is cut off, so that no pool is to be accused:
 * pure logic on plain data, no I/O, no clock of its own.
 *
 * The rules, which cswatch-events(7) has for administrators:
 *
 *  1. A failure looks local when a watcher without a network would have it: dns, connect
 *     or timeout at the steps discover and resolve, or at the first that connects
 *     (sip-connect; certprov-metadata where the certificate comes first). Any other
 *     result, of any test, proves that the watcher was connected when the run began;
 *     but for trouble of its own (local) and cancelled runs, which tell nothing.
 *  2. Before a local-looking alert is said, it is asked whether something has proved the
 *     contrary since the first failure of the row. If not, the reference addresses are
 *     tried, where there are any: one that answers is such a proof. Then the other pools
 *     are waited for, no longer than the pools' own judgement takes.
 *  3. Cut off is the watcher when no reference answers and every pool has failed so
 *     since; at the end of the wait, every pool that has a result. Without references
 *     that takes two pools, and all without a name, or all without a connection: of
 *     each pool its last result when it was asked, and all that came later.
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

/* What a pool is asked. */
struct isolation_pool {
	bool active;			  /* it has a test that is not paused */
	int64_t begun_ms;		  /* its last run; 0: none */
	enum isolation_evidence evidence; /* of that, where it looked local */
};

struct isolation_pools {
	size_t n;
	void *arg;
	struct isolation_pool (*nth)(void *arg, size_t i);
};

struct isolation {
	enum isolation_state state;
	int64_t proof_ms; /* the last proof that there is a way out; 0: none yet */
	/* while judging */
	int64_t from_ms; /* runs that began since then count */
	int64_t until_ms;
	enum isolation_evidence evidence;
	bool mixed;		/* failures of both kinds */
	bool references;	/* there are any ... */
	bool unreachable;	/* ... which were tried in vain */
	size_t failed, pending; /* pools */
	/* while it is cut off */
	int64_t since_ms, said_ms;
};

/* Whether it is worth asking: there has been no proof since. */
bool isolation_is_possible(
    const struct isolation *w, size_t npools, bool references, int64_t since_ms);

/* evidence: of the failure that is to be said. */
void isolation_begin(struct isolation *w, const struct isolation_pools *pools,
    enum isolation_evidence evidence, bool references, int64_t from_ms, int64_t until_ms);
/*
 * A local-looking result of an active test has come, of a run begun then; was_ms: when
 * the one before began, of any test of its pool.
 */
void isolation_failure(struct isolation *w, enum isolation_evidence evidence,
    int64_t begun_ms, int64_t was_ms);
/* A result that is none, or a reference that answered: of that time. */
void isolation_proof(struct isolation *w, int64_t at_ms);

/* While judging. */
enum isolation_decision isolation_decide(const struct isolation *w, int64_t now_ms);
/* It is cut off, and that is said now; or it is none, or no more. */
void isolation_stand(struct isolation *w, int64_t now_ms);
void isolation_end(struct isolation *w);

/* As alert_next_reminder() and alert_remind(). */
int64_t isolation_next_reminder(const struct isolation *w, uint64_t remind_ms);
bool isolation_remind(struct isolation *w, uint64_t remind_ms, int64_t now_ms);

#endif
