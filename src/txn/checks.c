/* checks - what every server shows beside its answer: its clock and its certificate. */
#include <inttypes.h>

#include "base/text.h"
#include "tls/outer.h"
#include "txn/step.h"

/* Kerberos tolerates five minutes, NTLM fifteen; certificates none */
#define CLOCK_SKEW_S 300

void
txn_check_clock(struct txn *t, const char *who, int64_t their_s)
{
	int64_t skew = their_s - clock_wall_ms(txn_env(t)->clock) / 1000;

	if (their_s == 0 || (skew <= CLOCK_SKEW_S && skew >= -CLOCK_SKEW_S))
		return;
	txn_warn(t, WARNING_CLOCK_SKEW,
	    "Warning: the clock of the %s is %" PRId64 " s %s ours", who,
	    skew < 0 ? -skew : skew, skew < 0 ? "behind" : "ahead of");
}

void
txn_check_peer(
    struct txn *t, const char *who, const struct tls_peer *peer, struct cert_facts *ret)
{
	int64_t left;
	char when[TEXT_TIME_SIZE];

	if (peer->cert.known)
		*ret = peer->cert;
	if (!peer->done) /* the failure itself says enough */
		return;
	if (peer->old_version || tls_outer_legacy(txn_spec(t)->tls))
		txn_warn(t, WARNING_LEGACY_TLS,
		    "Warning: legacy TLS in use with the %s (%s)", who, peer->version);
	if (!peer->cert.known)
		return;
	left = peer->cert.not_after - clock_wall_ms(txn_env(t)->clock) / 1000;
	text_time_s(when, peer->cert.not_after);
	if (left < (int64_t)txn_spec(t)->certificate_warning_days * 86400)
		txn_warn(t, WARNING_SERVER_CERTIFICATE,
		    "Warning: the certificate of the %s ends on %s", who, when);
}
