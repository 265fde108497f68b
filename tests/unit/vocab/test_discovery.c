/* base/discovery: the ways, their names, and what each of them asks. */
#include "vocab/discovery.h"

#include <string.h>

#include "../cases.h"

static const struct asked_case {
	const char *name;
	enum discovery_way way;
	bool clear_text, autodiscover;
	const char *asked;
} asked_cases[] = {
	{ "discovery_uri", WAY_URI, false, true, "the configured URI" },
	{ "lyncdiscoverinternal", WAY_LYNCDISCOVERINTERNAL, false, true,
	    "https://lyncdiscoverinternal.x.org/" },
	{ "lyncdiscover", WAY_LYNCDISCOVER, true, true, "http://lyncdiscover.x.org/" },
	{ "_sipinternaltls._tcp", WAY_SRV_INTERNAL, false, false,
	    "SRV _sipinternaltls._tcp.x.org" },
	{ "_sip._tls", WAY_SRV_EXTERNAL, false, false, "SRV _sip._tls.x.org" },
	{ "sipinternal", WAY_SIPINTERNAL, false, false, "sipinternal.x.org" },
	{ "sipexternal", WAY_SIPEXTERNAL, false, false, "sipexternal.x.org" },
	{ "sip", WAY_SIP, false, false, "sip.x.org" },
};

static void
check_asked(void **state)
{
	const struct asked_case *c = *state;
	char asked[DISCOVERY_ASKED_MAX];

	assert_string_equal(discovery_way_name(c->way), c->name);
	assert_int_equal(discovery_is_autodiscover(c->way), c->autodiscover);
	discovery_asked(c->way, c->clear_text, "x.org", asked, sizeof(asked));
	assert_string_equal(asked, c->asked);
}

static void
every_way_has_its_row(void **state)
{
	(void)state;
	assert_int_equal(NROWS(asked_cases), WAY_COUNT);
	for (unsigned i = 0; i < WAY_COUNT; i++)
		assert_int_equal(asked_cases[i].way, i);
	assert_string_equal(discovery_way_name(WAY_COUNT), "none");
}

/* As long as a domain can be. */
static void
the_longest_question_has_room(void **state)
{
	char domain[254], asked[DISCOVERY_ASKED_MAX];

	(void)state;
	memset(domain, 'x', sizeof(domain) - 1);
	domain[sizeof(domain) - 1] = '\0';
	discovery_asked(WAY_LYNCDISCOVERINTERNAL, false, domain, asked, sizeof(asked));
	assert_int_equal(strlen(asked), strlen("https://lyncdiscoverinternal./") + 253);
}

RUN_CASES(ROWS("way", asked_cases, check_asked), TEST(every_way_has_its_row),
    TEST(the_longest_question_has_room));
