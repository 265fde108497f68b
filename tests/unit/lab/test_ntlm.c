#include "tests/unit/cases.h"

#include "base/buf.h"
#include "vocab/err.h"
#include "crypto/crypto.h"
#include "lab/files.h"
#include "lab/ntlm.h"
#include "scratch.h"
#include "auth/ntlm.h"

/* With and without the version field at its end. */
#define TYPE1_REAL "TlRMTVNTUAABAAAABYKIogAAAAAoAAAAAAAAACgAAAAFASgKAAAADw=="
#define TYPE1_CURL "TlRMTVNTUAABAAAABoIIAAAAAAAAAAAAAAAAAAAAAAA="
/* SPNEGO around one. */
#define TYPE1_SPNEGO                                                                     \
	"YEgGBisGAQUFAqA+MDygDjAMBgorBgEEAYI3AgIKoioEKE5UTE1TU1AAAQAAABeCCOIAAAAAAAAAAA" \
	"AAAAAAAAAABgIAAAAAAA8="
/* An answer to somebody else's challenge. */
#define TYPE3_OTHER                                                                      \
	"TlRMTVNTUAADAAAAGAAYAFwAAACUAJQAdAAAAAYABgBIAAAACgAKAE4AAAAEAAQAWAAAAAAAAAAIAQ" \
	"AABYKIIgUBKAoAAAAPTABBAEIAYQBsAGkAYwBlAFYATQBmDD57Of/Vm4tt6j73yQ8L0AHz6hx/"     \
	"VzvkEx"                                                                         \
	"6jhL91/"                                                                        \
	"CepwsNE48IkAQEAAAAAAAAwtsOjinrdAdAB8+ocf1c7AAAAAAIABgBMAEEAQgABAAgAUABPAE"      \
	"8ATAAEABYAbABhAGIALgBlAHgAYQBtAHAAbABlAAMAIABwAG8AbwBsAC4AbABhAGIALgBlAHgAYQBt" \
	"AH"                                                                             \
	"AAbABlAAcACAAwtsOjinrdAQAAAAAAAAAA"

static struct lab_acceptor *acceptor;

/*
 * For AddressSanitizer: gss-ntlmssp never frees what it loads for itself, so leaks cannot
 * be judged in this program. Ours are seen in all others.
 */
int __lsan_is_turned_off(void);
int
__lsan_is_turned_off(void)
{
	return 1;
}

static void
set_up(void **state)
{
	const char *path = scratch_path("ntlm-users");
	struct err err;

	(void)state;
	assert_true(lab_files_write(path, 0600,
	    STR_LIT("LAB:alice:Passw0rd!\n"
		    "LAB:carol:p\xc3\xa4ss \xe2\x82\xac\n"),
	    &err));
	acceptor = lab_acceptor_new(path, &err);
	assert_non_null(acceptor);
	assert_true(lab_acceptor_has_negotiate(acceptor));
}

static void
tear_down(void **state)
{
	(void)state;
	lab_acceptor_free(acceptor);
}

static enum lab_ntlm_state
step(struct lab_negotiation **n, const char *token, struct buf *out)
{
	char name[NTLM_NAME_MAX];
	struct buf raw;
	struct err err;
	enum lab_ntlm_state s;

	buf_init(&raw, 4096);
	assert_true(crypto_unbase64(str_of(token), &raw));
	s = lab_acceptor_step(acceptor, n, buf_view(&raw), out, name, &err);
	buf_free(&raw);
	return s;
}

static const struct first_case {
	const char *name, *token;
	enum lab_ntlm_state want;
} firsts[] = {
	{ "type 1 of a real client", TYPE1_REAL, NTLM_CONTINUE },
	{ "type 1 of libcurl", TYPE1_CURL, NTLM_CONTINUE },
	{ "type 1 in SPNEGO", TYPE1_SPNEGO, NTLM_CONTINUE },
	{ "type 3 at once", TYPE3_OTHER, NTLM_REFUSED },
	{ "a word", "TlRMTVNTUAA=", NTLM_REFUSED },
	{ "noise", "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=", NTLM_REFUSED },
	{ "SPNEGO cut short", "YEgGBisGAQUFAqA+MDyg", NTLM_REFUSED },
};

static void
check_first(void **state)
{
	const struct first_case *c = *state;
	struct lab_negotiation *n = NULL;
	struct buf out;

	buf_init(&out, NTLM_TOKEN_MAX);
	assert_int_equal(step(&n, c->token, &out), c->want);
	assert_int_equal(n != NULL, c->want == NTLM_CONTINUE);
	if (c->want == NTLM_CONTINUE)
		assert_true(out.len > 32);
	lab_negotiation_free(n);
	buf_free(&out);
}

/* Right user, right password, but the answer is to another challenge: a replay. */
static void
refuses_a_replay(void **state)
{
	struct lab_negotiation *n = NULL;
	struct buf out;

	(void)state;
	buf_init(&out, NTLM_TOKEN_MAX);
	assert_int_equal(step(&n, TYPE1_REAL, &out), NTLM_CONTINUE);
	assert_int_equal(step(&n, TYPE3_OTHER, &out), NTLM_REFUSED);
	assert_null(n);
	buf_free(&out);
}

/* transport/ntlm has nothing in common with the code that judges it here. */
static const struct logon_case {
	const char *name;
	const char *username, *password;
	const char *account; /* NULL: refused */
	size_t spoilt;	     /* octet of the last message; 0: none */
} logons[] = {
	{ "ours", "LAB\\alice", "Passw0rd!", "LAB\\alice", 0 },
	{ "in capitals", "LAB\\ALICE", "Passw0rd!", "LAB\\ALICE", 0 },
	{ "with a password in UTF-8", "LAB\\carol", "p\xc3\xa4ss \xe2\x82\xac",
	    "LAB\\carol", 0 },
	{ "of a wrong password", "LAB\\alice", "passw0rd!", NULL, 0 },
	{ "of nobody", "LAB\\dave", "Passw0rd!", NULL, 0 },
	{ "with another MIC", "LAB\\alice", "Passw0rd!", NULL, 72 },
	{ "with other flags", "LAB\\alice", "Passw0rd!", NULL, 61 },
};

static void
check_logon(void **state)
{
	const struct logon_case *c = *state;
	struct ntlm_login l = { .username = c->username,
		.password = c->password,
		.workstation = "TEST",
		.nonce = "12345678" };
	char name[NTLM_NAME_MAX] = "";
	struct lab_negotiation *n = NULL;
	struct buf said, answer;
	struct err err;

	buf_init(&said, NTLM_TOKEN_MAX);
	buf_init(&answer, NTLM_TOKEN_MAX);
	ntlm_negotiate(&said);
	assert_int_equal(
	    lab_acceptor_step(acceptor, &n, buf_view(&said), &answer, name, &err),
	    NTLM_CONTINUE);
	buf_clear(&said);
	assert_true(ntlm_authenticate(&l, buf_view(&answer), &said, &err));
	if (c->spoilt != 0)
		said.data[c->spoilt] ^= 1;
	assert_int_equal(
	    lab_acceptor_step(acceptor, &n, buf_view(&said), &answer, name, &err),
	    c->account != NULL ? NTLM_ACCEPTED : NTLM_REFUSED);
	if (c->account != NULL)
		assert_string_equal(name, c->account);
	buf_free(&said);
	buf_free(&answer);
}

RUN_CASES(TEST(set_up), ROWS("first leg", firsts, check_first), TEST(refuses_a_replay),
    ROWS("logon", logons, check_logon), TEST(tear_down));
