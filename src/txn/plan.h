/*
 * plan - the steps there are, and their order. For txn/ only.
 */
#ifndef CSWATCH_TXN_PLAN_H
#define CSWATCH_TXN_PLAN_H

struct env;
struct err;
struct step;
struct txn;
struct txn_observer;
struct txn_spec;

extern const struct step step_discover, step_resolve, step_sip_connect, step_challenge,
    step_certprov_metadata, step_ticket_metadata, step_web_ticket, step_certificate,
    step_tls_dsk, step_register, step_log_off;

/* Returns the steps of a test in their order, NULL-terminated. */
const struct step *const *plan_for(const struct txn_spec *spec);
/* Like txn_start(), with another plan; for tests of the driver. */
struct txn *txn_start_plan(const struct env *env, const struct txn_spec *spec,
    const struct step *const *plan, const struct txn_observer *observer, struct err *err);

#endif
