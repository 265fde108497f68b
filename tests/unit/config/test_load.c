/* config: what a good file becomes. */
#include <string.h>
#include <unistd.h>

#include "../cases.h"
#include "base/secret.h"
#include "place.h"
#include "tls/outer.h"

/* ---- all values ---- */

static void
every_value_arrives(void **state)
{
	struct config *c = place_config(
	    "state_directory = \"/srv/state\";\n"
	    "max_parallel = 7; endpoint_suffix = \"w1\"; user_agent = \"agent 1\";\n"
	    "dns_servers = [ \"10.0.0.1\", \"[2001:db8::1]:5353\" ];\n"
	    "key_lifetime = \"36h\"; certificate_warning = \"36h\";\n"
	    "users: ( { sip = \"SIP:Alice@X.Org\"; username = \"X\\\\alice\";\n"
	    "  secret = \"alice\"; authentication = \"ntlm\"; } );\n"
	    "pools: ( { fqdn = \"One.X.org\"; registrar_port = 5067; address = \"::1\";\n"
	    "  cert_provisioning_uri = \"https://web.x.org:8443/c/d.svc\";\n"
	    "  ca_file = \"ca.pem\"; tls_min = \"1.0\"; legacy_tls = true;\n"
	    "  allowed_web_domains = [ \"web.net\", \"x.com\" ];\n"
	    "  inner_certificate = \"strict\"; max_parallel = 9; } );\n"
	    "tests: ( { name = \"n\"; pools = ( \"ONE.x.ORG\" ); users = [ "
	    "\"alice@x.org\" ];\n"
	    "  every = \"1h\"; timeout = \"1500ms\"; confirm = 3; recover = 4;\n"
	    "  retry = \"9s\"; } );\n");
	const struct config_pool *p = &c->pools[0];
	const struct config_user *u = &c->users[0];
	const struct config_test *t = &c->tests[0];

	(void)state;
	assert_string_equal(c->path, "c.conf");
	assert_string_equal(c->state_directory, "/srv/state");
	assert_int_equal(c->max_parallel, 7);
	assert_string_equal(c->epid, "STEpidw1");
	assert_string_equal(c->user_agent, "agent 1");
	assert_string_equal(c->dns_servers, "10.0.0.1,[2001:db8::1]:5353");
	assert_int_equal(c->key_lifetime_s, 36 * 3600);
	assert_int_equal(c->certificate_warning_days, 2);
	assert_int_equal(c->nusers, 1);
	assert_string_equal(u->address, "Alice@x.org");
	assert_string_equal(u->account.username, "X\\alice");
	assert_string_equal(secret_reveal(u->account.secret), "a-pass");
	assert_int_equal(u->at.line, 5);
	assert_int_equal(c->npools, 1);
	assert_string_equal(p->fqdn, "one.x.org");
	assert_int_equal(p->registrar_port, 5067);
	assert_string_equal(p->address, "::1");
	assert_string_equal(p->cert_provisioning_uri, "https://web.x.org:8443/c/d.svc");
	assert_true(p->legacy_tls && p->inner_check == TLS_INNER_STRICT);
	assert_string_equal(p->allowed_web_domains[0], "web.net");
	assert_string_equal(p->allowed_web_domains[1], "x.com");
	assert_null(p->allowed_web_domains[2]);
	assert_true(tls_outer_legacy(p->tls));
	assert_int_equal(p->max_parallel, 9);
	assert_int_equal(p->at.line, 7);
	assert_int_equal(c->ntests, 1);
	assert_string_equal(t->name, "n");
	assert_ptr_equal(t->pool, p);
	assert_ptr_equal(t->user, u);
	assert_int_equal(t->timing.every_ms, 3600000);
	assert_int_equal(t->timeout_ms, 1500);
	assert_int_equal(t->confirm, 3);
	assert_int_equal(t->recover, 4);
	assert_int_equal(t->retry_ms, 9000);
	assert_int_equal(t->at.line, 12);
	config_unref(c);
}

static void
what_says_who_speaks_arrives(void **state)
{
	struct config *c = place_config(
	    "rollup_wait = \"0s\"; reference = [ \"dns.x.org:53\", \"[::1]:443\" ];\n"
	    "defaults: { remind = \"2h\"; };\n" USERS POOLS TESTS);

	(void)state;
	assert_int_equal(c->rollup_wait_ms, 0);
	assert_int_equal(c->remind_ms, 7200000);
	assert_int_equal(c->nreferences, 2);
	assert_string_equal(c->references[0].host, "dns.x.org");
	assert_int_equal(c->references[0].port, 53);
	assert_string_equal(c->references[1].host, "::1");
	assert_int_equal(c->references[1].port, 443);
	config_unref(c);
}

static void
defaults_are_those_of_the_documents(void **state)
{
	struct config *c = place_config(USERS POOLS TESTS);
	const struct config_pool *p = &c->pools[0];
	const struct config_test *t = &c->tests[0];

	(void)state;
	assert_string_equal(c->state_directory, CSWATCH_STATEDIR);
	assert_int_equal(c->max_parallel, 64);
	assert_int_equal(strlen(c->epid), strlen("STEpid") + 8);
	assert_memory_equal(c->user_agent, "cswatch/", 8);
	assert_null(c->dns_servers);
	assert_int_equal(c->key_lifetime_s, 30 * 86400);
	assert_int_equal(c->certificate_warning_days, 21);
	assert_int_equal(p->registrar_port, 5061);
	assert_null(p->address);
	assert_null(p->cert_provisioning_uri);
	assert_false(p->legacy_tls);
	assert_int_equal(p->inner_check, TLS_INNER_LOG);
	assert_null(p->allowed_web_domains);
	assert_int_equal(p->max_parallel, 4);
	assert_int_equal(t->timing.every_ms, 300000);
	assert_int_equal(t->retry_ms, 30000);
	assert_int_equal(t->timeout_ms, 30000);
	assert_int_equal(t->confirm, 2);
	assert_int_equal(t->recover, 1);
	assert_int_equal(c->rollup_wait_ms, 60000);
	assert_int_equal(c->remind_ms, 86400000);
	assert_int_equal(c->nreferences, 0);
	config_unref(c);
}

static void
a_domain_is_a_pool(void **state)
{
	struct config *c = place_config(
	    USERS "pools: ( { fqdn = \"x.org.example\"; }, { domain = \"X.Org\"; "
		  "discovery_uri = \"https://d.x.org/root\"; discovery_age = \"7m\"; "
		  "allowed_web_domains = [ \"y.org\" ]; "
		  "cert_provisioning_uri = \"https://w.x.org/c\"; } );\n"
		  "tests: ( { pools = [ \"x.org\", \"x.org.example\" ]; "
		  "user = \"alice@x.org\"; } );\n");
	const struct config_pool *p = &c->pools[1];

	(void)state;
	assert_string_equal(p->fqdn, "x.org");
	assert_true(p->is_domain);
	assert_int_equal(p->registrar_port, 0);
	assert_null(p->address);
	assert_string_equal(p->discovery_uri, "https://d.x.org/root");
	assert_int_equal(p->discovery_age_ms, 7 * 60000);
	assert_string_equal(p->cert_provisioning_uri, "https://w.x.org/c");
	assert_false(c->pools[0].is_domain);
	/* The whole of a domain, the first label of a pool. */
	assert_string_equal(c->tests[0].name, "x.org/alice");
	assert_string_equal(c->tests[1].name, "x/alice");
	config_unref(c);
}

static void
a_domain_has_defaults(void **state)
{
	struct config *c =
	    place_config("defaults: { discovery_age = \"2h\"; };\n" USERS
			 "pools: ( { domain = \"x.org\"; } );\n"
			 "tests: ( { pool = \"x.org\"; user = \"alice@x.org\"; } );\n");

	(void)state;
	assert_null(c->pools[0].discovery_uri);
	assert_int_equal(c->pools[0].discovery_age_ms, 2 * 3600000);
	config_unref(c);
}

/* ---- where a value may come from ---- */

static const struct source_case {
	const char *name;
	const char *defaults, *test;
	unsigned every_s, pool_max;
} source_cases[] = {
	{ "defaults", "every = \"7s\"; max_parallel = 2;", "", 7, 2 },
	{ "the test over defaults", "every = \"7s\";", "every = \"8s\";", 8, 4 },
	{ "schedule", "", "schedule = { every = \"9s\"; };", 9, 4 },
	{ "schedule over defaults", "every = \"7s\";",
	    "schedule: { every = \"9s\"; "
	    "};",
	    9, 4 },
	{ "empty schedule", "every = \"7s\";", "schedule = { };", 7, 4 },
	{ "shortest", "", "every = \"100ms\";", 0, 4 },
	{ "longest", "", "every = \"366d\";", 366 * 86400, 4 },
};

static void
check_source(void **state)
{
	const struct source_case *tc = *state;
	char text[2048];
	struct config *c;

	snprintf(text, sizeof(text),
	    "defaults: { %s };\n" USERS POOLS
	    "tests: ( { pool = \"one.x.org\"; user = \"sip:alice@x.org\"; %s } );\n",
	    tc->defaults, tc->test);
	c = place_config(text);
	assert_int_equal(c->tests[0].timing.every_ms / 1000, tc->every_s);
	assert_int_equal(c->pools[0].max_parallel, tc->pool_max);
	config_unref(c);
}

/* ---- names ---- */

#define BOTH_POOLS "pools = [ \"one.x.org\", \"two.x.org\" ]; "
#define BOTH_USERS "users = [ \"sip:alice@x.org\", \"sip:bob@x.org\" ]; "
#define U(sip)	   "{ sip = \"" sip "\"; username = \"X\\\\u\"; secret = \"bob\"; }"

static const struct name_case {
	const char *name;
	const char *users, *pools, *test;
	const char *want; /* in order, each followed by a blank */
} name_cases[] = {
	{ "one pair", USERS, POOLS, "pool = \"two.x.org\"; user = \"bob@x.org\";",
	    "two/bob " },
	{ "pools times users, sorted", USERS, POOLS, BOTH_USERS BOTH_POOLS,
	    "one/alice one/bob two/alice two/bob " },
	{ "a name of its own", USERS, POOLS,
	    "name = \"n\"; pool = \"one.x.org\"; user = \"sip:bob@x.org\";", "n " },
	{ "a name and one pair in lists", USERS, POOLS,
	    "name = \"n\"; pools = [\"one.x.org\"]; users = [\"bob@x.org\"];", "n " },
	{ "a name for several", USERS, POOLS,
	    "name = \"n\"; user = \"bob@x.org\"; "
	    "" BOTH_POOLS,
	    "n/one/bob n/two/bob " },
	{ "first labels alike: whole names", USERS,
	    "pools: ({ fqdn = \"p.a.org\"; }, { fqdn = \"P.b.org\"; }, { fqdn = "
	    "\"q.b.org\"; });",
	    "user = \"bob@x.org\"; pools = [ \"p.a.org\", \"p.b.org\", \"q.b.org\" ];",
	    "p.a.org/bob p.b.org/bob q/bob " },
	{ "users alike: whole addresses",
	    "users: (" U("bob@x.org") "," U("Bob@y.org") "," U("eve@y.org") ");", POOLS,
	    "pool = \"one.x.org\"; users = [ \"bob@x.org\", \"bob@y.org\", "
	    "\"eve@y.org\" ];",
	    "one/Bob@y.org one/bob@x.org one/eve " },
	{ "a host without domain", USERS, "pools: ({ fqdn = \"localhost\"; });",
	    "pool = \"localhost\"; user = \"bob@x.org\";", "localhost/bob " },
};

static void
check_names(void **state)
{
	const struct name_case *tc = *state;
	char text[4096], got[1024] = "";
	struct config *c;

	snprintf(text, sizeof(text), "%s\n%s\ntests: ( { %s } );\n", tc->users, tc->pools,
	    tc->test);
	c = place_config(text);
	for (size_t i = 0; i < c->ntests; i++) {
		size_t len = strlen(got);

		snprintf(got + len, sizeof(got) - len, "%s ", c->tests[i].name);
	}
	assert_string_equal(got, tc->want);
	config_unref(c);
}

/* ---- trust ---- */

static void
pools_that_trust_alike_share(void **state)
{
	struct config *c = place_config(USERS TESTS
	    "pools: ( { fqdn = \"one.x.org\"; }, { fqdn = \"two.x.org\"; },\n"
	    "{ fqdn = \"three.x.org\"; ca_file = \"ca.pem\"; },\n"
	    "{ fqdn = \"four.x.org\"; ca_file = \"ca.pem\"; },\n"
	    "{ fqdn = \"five.x.org\"; ca_file = \"ca.pem\"; tls_min = \"1.1\"; },\n"
	    "{ fqdn = \"six.x.org\"; legacy_tls = true; } );\n");

	(void)state;
	assert_ptr_equal(c->pools[0].tls, c->pools[1].tls);
	assert_ptr_equal(c->pools[2].tls, c->pools[3].tls);
	assert_ptr_not_equal(c->pools[0].tls, c->pools[2].tls);
	assert_ptr_not_equal(c->pools[3].tls, c->pools[4].tls);
	assert_ptr_not_equal(c->pools[0].tls, c->pools[5].tls);
	config_unref(c);
}

/* ---- secrets ---- */

static void
inline_password_in_a_guarded_file(void **state)
{
	struct config *c = place_config(
	    POOLS TESTS "users: ( { sip = \"sip:alice@x.org\"; username = \"X\\\\a\";\n"
			"  password = \"p \\\"q\\\"\"; } );\n");

	(void)state;
	assert_string_equal(secret_reveal(c->users[0].account.secret), "p \"q\"");
	config_unref(c);
}

/* Relative names start at the configuration file, wherever the daemon runs. */
static void
files_are_found_beside_the_configuration(void **state)
{
	char path[256], want[300], cwd[200];
	struct buf problems;
	struct config *c;

	(void)state;
	place_file("c.conf", 0640,
	    "state_directory = \"st\";\n@include "
	    "\"more.conf\"\n" USERS);
	place_file("more.conf", 0640,
	    TESTS "pools: ( { fqdn = \"one.x.org\"; ca_file = \"ca.pem\"; } );\n");
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(path, sizeof(path), "%s/c.conf", cwd);
	snprintf(want, sizeof(want), "%s/st", cwd);
	assert_int_equal(chdir("/"), 0);
	buf_init(&problems, 10000);
	c = config_load(path, NULL, &problems);
	assert_int_equal(chdir(cwd), 0);
	assert_string_equal(buf_view(&problems).p, "");
	assert_non_null(c);
	assert_string_equal(c->state_directory, want);
	assert_int_equal(c->tests[0].at.line, 1);
	assert_int_equal(c->users[0].at.line, 3);
	buf_free(&problems);
	config_unref(c);
}

/* ---- references, numbers ---- */

static void
references_are_counted(void **state)
{
	struct config *c = place_config(USERS POOLS TESTS);

	(void)state;
	assert_ptr_equal(config_ref(c), c);
	config_unref(c);
	assert_string_equal(c->tests[0].name, "one/alice");
	config_unref(c);
	config_unref(NULL);
}

/* npools x nusers tests in one group. */
static char *
product(unsigned npools, unsigned nusers)
{
	struct buf b;

	buf_init(&b, 16 * 1024 * 1024);
	for (unsigned pass = 0; pass < 2; pass++) {
		buf_puts(&b, pass == 0 ? "pools: (" : "tests: ( { pools = [");
		for (unsigned i = 0; i < npools; i++)
			buf_printf(&b,
			    pass == 0 ? "%s{ fqdn = \"p%u.x.org\"; }\n"
				      : "%s\"p%u.x.org\"\n",
			    i == 0 ? "" : ",", i);
		buf_puts(&b, pass == 0 ? ");\nusers: (" : "]; users = [");
		for (unsigned i = 0; i < nusers; i++)
			buf_printf(&b,
			    pass == 0 ? "%s{ sip = \"u%u@x.org\"; username = "
					"\"X\\\\u\"; secret = \"bob\"; }\n"
				      : "%s\"u%u@x.org\"\n",
			    i == 0 ? "" : ",", i);
		buf_puts(&b, pass == 0 ? ");\n" : "]; } );\n");
	}
	return buf_take(&b, NULL);
}

static void
a_hundred_thousand_tests(void **state)
{
	char *text = product(500, 200);
	struct config *c;

	(void)state;
	c = place_config(text);
	assert_int_equal(c->ntests, 100000);
	for (size_t i = 1; i < c->ntests; i++)
		assert_true(strcmp(c->tests[i - 1].name, c->tests[i].name) < 0);
	config_unref(c);
	free(text);
}

static void
more_tests_than_allowed(void **state)
{
	char *text = product(401, 500), *problems;

	(void)state;
	assert_null(place_load(text, &problems));
	assert_non_null(strstr(
	    problems, "there are too many tests; at most 200000 are allowed in all\n"));
	free(problems);
	free(text);
}

#define PLACED(function) TEST_WITH(function, place_enter, place_leave)
#define PLACED_ROWS(group, table, check)                                                 \
	ROWS_WITH(group, table, check, place_enter, place_leave)

RUN_CASES(PLACED(every_value_arrives), PLACED(what_says_who_speaks_arrives),
    PLACED(defaults_are_those_of_the_documents), PLACED(a_domain_is_a_pool),
    PLACED(a_domain_has_defaults), PLACED_ROWS("source", source_cases, check_source),
    PLACED_ROWS("names", name_cases, check_names), PLACED(pools_that_trust_alike_share),
    PLACED(inline_password_in_a_guarded_file),
    PLACED(files_are_found_beside_the_configuration), PLACED(references_are_counted),
    PLACED(a_hundred_thousand_tests), PLACED(more_tests_than_allowed));
