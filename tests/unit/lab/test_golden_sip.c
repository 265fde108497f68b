/*
 * What the lab's registrar says, octet by octet, against files written from spec 04
 * sections 4, 5 and 8. '@' stands for what is drawn or computed anew each time.
 */
#include "tests/unit/golden.h"

#include "base/buf.h"
#include "peer.h"

static struct peer p;

static void
set_up(void **state)
{
	(void)state;
	peer_open(&p);
	peer_publish(&p, false);
}

static void
tear_down(void **state)
{
	(void)state;
	peer_close(&p);
}

static void
connect_as(const char *address)
{
	peer_connect(&p, address);
	str_copy(p.endpoint.call_id, sizeof(p.endpoint.call_id),
	    STR_LIT("0123456789abcdef0123456789abcdef"));
	lab_faults_clear(&p.pool.faults);
	p.pool.users.v[0].enabled = true;
}

/* Appends all of text, with '@' for what is behind the first `before` up to `after`. */
static void
mask(struct buf *text, const char *before, const char *after)
{
	char *from = strstr(text->data, before), *to;
	struct buf masked;

	if (from == NULL)
		return;
	from += strlen(before);
	to = strstr(from, after);
	assert_non_null(to);
	buf_init(&masked, GOLDEN_MAX);
	buf_add(&masked, text->data, (size_t)(from - text->data));
	buf_puts(&masked, "@");
	buf_puts(&masked, to);
	buf_free(text);
	*text = masked;
}

static void
assert_answer(const char *file)
{
	char *wanted = golden_text(file);
	struct buf text;

	buf_init(&text, GOLDEN_MAX);
	buf_puts(&text, p.text);
	mask(&text, "Date: ", "\r\n");
	mask(&text, "opaque=\"", "\"");
	mask(&text, "gssapi-data=\"", "\"");
	mask(&text, "srand=\"", "\"");
	mask(&text, "rspauth=\"", "\"");
	mask(&text, "@lab.example>;tag=", ";"); /* From's; To's is not drawn here */
	assert_string_equal(text.data, wanted);
	buf_free(&text);
	free(wanted);
}

static void
log_on(void)
{
	peer_register(&p, NULL, NULL);
	assert_true(peer_handshake(&p));
}

static void
all_legs_are_golden(void **state)
{
	(void)state;
	connect_as(PEER_USER);
	peer_register(&p, NULL, NULL);
	assert_answer("sip/lab-challenge.sip");
	assert_true(peer_handshake(&p));
	assert_answer("sip/lab-flight.sip");
	peer_signed(&p, p.sa, NULL);
	assert_answer("sip/lab-ok.sip");
	assert_true(peer_answer_verifies(&p));
	peer_signed(&p, p.sa, "0");
	assert_answer("sip/lab-log-off.sip");
	assert_true(peer_answer_verifies(&p));
}

static void
the_redirect_is_golden(void **state)
{
	(void)state;
	connect_as(PEER_USER);
	peer_fault(&p, "register=redirect:home.lab.example:5061");
	log_on();
	peer_signed(&p, p.sa, NULL);
	assert_answer("sip/lab-redirect.sip");
	assert_true(peer_answer_verifies(&p));
}

static void
refusals_are_golden(void **state)
{
	(void)state;
	connect_as(PEER_USER);
	log_on();
	p.pool.users.v[0].enabled = false;
	peer_signed(&p, p.sa, NULL);
	assert_answer("sip/lab-refused-403.sip");
	assert_true(peer_answer_verifies(&p));
	connect_as("nobody@lab.example");
	peer_register(&p, NULL, NULL);
	assert_answer("sip/lab-refused-404.sip");
	connect_as(PEER_USER);
	peer_fault(&p, "challenge=sip-503:2");
	peer_register(&p, NULL, NULL);
	assert_answer("sip/lab-refused-503.sip");
}

RUN_CASES(TEST(set_up), TEST(all_legs_are_golden), TEST(the_redirect_is_golden),
    TEST(refusals_are_golden), TEST(tear_down));
