/*
 * NTLM's messages kept as files, octet by octet: [MS-NLMP] 4.2.4 and spec 06 section 6.
 * What is not published was computed without any of this code.
 */
#include "../golden.h"

#include "base/buf.h"
#include "vocab/err.h"
#include "auth/ntlm.h"

static void
the_first_message(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, NTLM_MESSAGE_MAX);
	ntlm_negotiate(&b);
	assert_golden_octets(b.data, b.len, "http/ntlm-negotiate.hex");
	buf_free(&b);
}

static const struct answer_case {
	const char *name, *challenge, *want;
	const char *username, *password;
} answers[] = {
	{ "the published challenge", "http/ntlm-challenge.hex",
	    "http/ntlm-authenticate.hex", "Domain\\User", "Password" },
	{ "a challenge with the server's time", "http/ntlm-challenge-time.hex",
	    "http/ntlm-authenticate-time.hex", "LAB\\alice", "Passw0rd!" },
};

static void
check_answer(void **state)
{
	const struct answer_case *tc = *state;
	struct ntlm_login l = { .username = tc->username,
		.password = tc->password,
		.workstation = "COMPUTER",
		.now_ms = -11644473600000 }; /* FILETIME 0 */
	uint8_t challenge[512];
	size_t n = golden_octets(tc->challenge, challenge, sizeof(challenge));
	struct buf out;
	struct err err;

	memset(l.nonce, 0xaa, sizeof(l.nonce));
	buf_init(&out, NTLM_MESSAGE_MAX);
	assert_true(
	    ntlm_authenticate(&l, (struct str){ (char *)challenge, n }, &out, &err));
	assert_golden_octets(out.data, out.len, tc->want);
	buf_free(&out);
}

RUN_CASES(TEST(the_first_message), ROWS("answer", answers, check_answer));
