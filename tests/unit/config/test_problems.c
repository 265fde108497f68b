/* config: what is wrong is said with its line and what was expected, and all of it. */
#include <string.h>

#include "../cases.h"
#include "place.h"

#define DURATION_WANTED                                                                  \
	"it must be a duration in double quotes, such as \"30s\" or \"5m\"\n"
#define UNIT_WANTED                                                                      \
	"it must be a number and a unit (ms, s, m, h or d), at most 366 days, "          \
	"such as \"30s\" or \"5m\"\n"
#define NO_ENDPOINT                                                                      \
	"; each must be HOST:PORT such as \"192.0.2.1:443\", \"[2001:db8::1]:443\" or "  \
	"\"dns.example:53\"\n"
#define LATER " is not supported by this version; it must be left out\n"
#define ALICE "sip = \"sip:alice@x.org\"; username = \"X\\\\alice\"; "
#define FIFTY "--------------------------------------------------"
#define ONE   "pool = \"one.x.org\"; "
#define PAIR  ONE "user = \"alice@x.org\"; "

#define ONE_NAME                                                                         \
	"it must have one of them, its full name or the SIP domain by which it is "      \
	"found\n"
#define FOUND(key)                                                                       \
	"a pool has \"domain\" and \"" key "\"; leave it out, it is found together "     \
	"with the pool\n"
#define SOUGHT(key)                                                                      \
	"a pool has \"fqdn\" and \"" key                                                 \
	"\"; it belongs to a pool that is found by its "                                 \
	"\"domain\"\n"

struct problem_case {
	const char *name;
	const char *text;
	const char *want; /* each line without its "c.conf:" */
};

/* ---- the file as a whole ---- */

static const struct problem_case whole_cases[] = {
	{ "empty", "",
	    " no tests are configured; at least one is needed, as in tests: ( { pool = "
	    "\"...\"; user = \"...\"; } );\n" },
	{ "no tests in the list", USERS POOLS "tests: ( );\n",
	    "3: no tests are configured; at least one is needed, as in tests: ( { pool = "
	    "\"...\"; user = \"...\"; } );\n" },
	{ "syntax", USERS "pools = \"x\n\n; ;\n",
	    "5: there is a syntax error; settings are written KEY = VALUE;\n" },
	{ "a comma after the last element",
	    USERS POOLS "tests: ( { pool = \"x\"; }, );\n",
	    "3: there is a comma before a closing bracket; the last element is "
	    "written without one\n" },
	{ "a comma after the last element, in another line",
	    USERS "pools: (\n{ fqdn = \"x\"; },\n\n );\n",
	    "5: there is a comma before a closing bracket; the last element is "
	    "written without one\n" },
	{ "a comma in an array", USERS "x = [\"a,\", \"(b,)\",];\n",
	    "2: there is a comma before a closing bracket; the last element is "
	    "written without one\n" },
	{ "a comma before a comment and a bracket",
	    USERS "x = [ 1, # )\n // ,\n /* , ]\n */ ];\n",
	    "5: there is a comma before a closing bracket; the last element is "
	    "written without one\n" },
	{ "the first of two mistakes", USERS "x = [ 1,\n];\ny z;\n",
	    "3: there is a comma before a closing bracket; the last element is "
	    "written without one\n" },
	{ "commas that are in place",
	    USERS POOLS TESTS "# ,)\nx: ( { a = 1, } /* , */ ); // ,]\n",
	    "5: \"x\" is not a key of the top level; cswatch.conf(5) lists its keys\n" },
	{ "a bracket in a string", USERS "x = \"(a,)\" y;\n",
	    "2: there is a syntax error; settings are written KEY = VALUE;\n" },
	{ "a byte order mark", "\xef\xbb\xbf" USERS POOLS TESTS,
	    " cannot be read: it begins with a byte order mark; it must be UTF-8 without "
	    "one\n" },
	{ "UTF-16", "\xff\xfeu", " cannot be read: it is UTF-16; it must be UTF-8\n" },
	{ "bare duration", "defaults: {\nevery = 30s; };\n",
	    "2: there is a syntax error; settings are written KEY = VALUE;\n" },
	{ "key given twice",
	    "user_agent = \"a\";\nuser_agent = "
	    "\"b\";\n" USERS POOLS TESTS,
	    "2: this key is given twice in its group; it may be given once\n" },
	{ "unknown key", USERS POOLS TESTS "\ncolour = 3;\n",
	    "5: \"colour\" is not a key of the top level; cswatch.conf(5) lists its "
	    "keys\n" },
	{ "a slip", USERS POOLS TESTS "state_directry = \"x\";\n",
	    "4: \"state_directry\" is not a key of the top level; did you mean "
	    "\"state_directory\"?\n" },
	{ "in the wrong place", USERS POOLS TESTS "fqdn = \"x\";\n",
	    "4: \"fqdn\" is not a key of the top level; it belongs in a pool\n" },
	{ "in one of two places", USERS POOLS TESTS "timeout = \"3s\";\n",
	    "4: \"timeout\" is not a key of the top level; it belongs in defaults or a "
	    "test\n" },
	{ "of a later version",
	    USERS POOLS TESTS "history: { };\nhttp: { };\ncluster: { };\n",
	    "4: \"history\"" LATER "5: \"http\"" LATER "6: \"cluster\"" LATER },
	{ "references that are none",
	    USERS POOLS TESTS
	    "reference = [ \"dns.x.org\", \"[::1]:443\", \"x y:1\", \"10.0.0.1:0\", "
	    "\"::1:53\" ];\n",
	    "4: \"reference\" holds \"dns.x.org\"" NO_ENDPOINT
	    "4: \"reference\" holds \"x y:1\"" NO_ENDPOINT
	    "4: \"reference\" holds \"10.0.0.1:0\"" NO_ENDPOINT
	    "4: \"reference\" holds \"::1:53\"" NO_ENDPOINT },
	{ "too many references",
	    USERS POOLS TESTS
	    "reference = [ \"a:1\", \"a:2\", \"a:3\", \"a:4\", \"a:5\", \"a:6\", "
	    "\"a:7\", \"a:8\", \"a:9\" ];\n",
	    "4: \"reference\" holds 9 addresses; at most 8 are allowed\n" },
	{ "too long a wait", USERS POOLS TESTS "rollup_wait = \"11m\";\n",
	    "4: \"rollup_wait\" is \"11m\"; it must be 0s to 10m\n" },
	{ "lists that are none",
	    "users = 3;\npools: { };\ntests = \"x\";\ndefaults = "
	    "1.5;\n",
	    "1: \"users\" is a number; it must be a list of groups, ( { ... }, { ... } "
	    ")\n"
	    "2: \"pools\" is a group; it must be a list of groups, ( { ... }, { ... } )\n"
	    "3: \"tests\" is a string; it must be a list of groups, ( { ... }, { ... } "
	    ")\n"
	    "4: \"defaults\" is a fraction; it must be a group, { ... }\n" },
	{ "elements that are no groups",
	    "tests: ( 3 );\npools: ( \"x\" );\nusers: ( "
	    "true );\n",
	    "1: \"tests\" holds a number; it must be a list of groups, ( { ... }, { ... "
	    "} "
	    ")\n"
	    "2: \"pools\" holds a string; it must be a list of groups, ( { ... }, { ... "
	    "} "
	    ")\n"
	    "3: \"users\" holds a bool; it must be a list of groups, ( { ... }, { ... } "
	    ")\n" },
	{ "everything at once, by line",
	    "tests: ( { " PAIR "confirm = 0; } );\n"
	    "pools: ( { fqdn = \"one.x.org\"; registrar_port = 0; } );\n" USERS
	    "max_parallel = 0;\n",
	    "1: \"confirm\" is 0; it must be 1 to 100\n"
	    "2: \"registrar_port\" is 0; it must be 1 to 65535\n"
	    "4: \"max_parallel\" is 0; it must be 1 to 10000\n" },
	{ "one line each, whatever is in it",
	    USERS POOLS "tests: ( { " ONE "user = \"a\nb\x01\"; } );\n",
	    "3: no user \"a.b.\" is configured; it must be one of those in \"users\"\n" },
};

/* ---- top level ---- */

static const struct problem_case top_cases[] = {
	{ "number too large", "max_parallel = 10001;\n",
	    "1: \"max_parallel\" is 10001; it must be 1 to 10000\n" },
	{ "number below zero", "max_parallel = -1;\n",
	    "1: \"max_parallel\" is -1; it must be 1 to 10000\n" },
	{ "number as text", "max_parallel = \"3\";\n",
	    "1: \"max_parallel\" is a string; it must be a whole number\n" },
	{ "fraction", "max_parallel = 1.5;\n",
	    "1: \"max_parallel\" is a fraction; it must be a whole number\n" },
	{ "that would wrap to 5", "max_parallel = 4294967301;\n",
	    "1: 4294967301 is too large; no setting takes more than 999999999\n" },
	{ "that would wrap below zero", "max_parallel = 2147483648L;\n",
	    "1: 2147483648L is too large; no setting takes more than 999999999\n" },
	{ "hexadecimal", "max_parallel = 0x100000001;\n",
	    "1: 0x100000001 is too large; no setting takes more than 999999999\n" },
	{ "digits in text and comments are no numbers",
	    "user_agent = \"4294967301 \\\" 4294967301\"; # 4294967301\n"
	    "// 4294967301\n/* 4294967301\n4294967301 */ max_parallel = 0;\n",
	    "4: \"max_parallel\" is 0; it must be 1 to 10000\n" },
	{ "suffix with a blank", "endpoint_suffix = \"a b\";\n",
	    "1: \"endpoint_suffix\" is \"a b\"; it must be letters and digits only\n" },
	{ "suffix too long", "endpoint_suffix = \"12345678901\";\n",
	    "1: \"endpoint_suffix\" is 11 characters long; at most 10 are allowed\n" },
	{ "agent with a newline", "user_agent = \"a\\r\\nX: y\";\n",
	    "1: \"user_agent\" is \"a..X: y\"; it must be printable ASCII\n" },
	{ "empty agent", "user_agent = \"\";\n",
	    "1: \"user_agent\" is empty; it must hold at least one character\n" },
	{ "name server by name", "dns_servers = [ \"10.0.0.1\",\n\"ns.x.org\" ];\n",
	    "2: \"dns_servers\" holds \"ns.x.org\"; each must be an address such as "
	    "\"10.0.0.1\", \"10.0.0.1:53\" or \"[2001:db8::1]:53\"\n" },
	{ "name server with a bad port", "dns_servers = [ \"10.0.0.1:99999\" ];\n",
	    "1: \"dns_servers\" holds \"10.0.0.1:99999\"; each must be an address such "
	    "as "
	    "\"10.0.0.1\", \"10.0.0.1:53\" or \"[2001:db8::1]:53\"\n" },
	{ "name servers as one text", "dns_servers = \"10.0.0.1\";\n",
	    "1: \"dns_servers\" is a string; it must be an array of strings, "
	    "[ \"...\", \"...\" ]\n" },
	{ "lifetime as a number", "key_lifetime = 30;\n",
	    "1: \"key_lifetime\" is a number; " DURATION_WANTED },
	{ "lifetime too long", "key_lifetime = \"367d\";\n",
	    "1: \"key_lifetime\" is \"367d\"; " UNIT_WANTED },
	{ "warning given twice",
	    "certificate_warning = \"5d\";\ndefaults: {\ncertificate_warning = \"5d\"; "
	    "};\n",
	    "3: \"certificate_warning\" is both at the top level and in defaults; it may "
	    "be given once\n" },
};

static const struct problem_case default_cases[] = {
	{ "unit missing", "every = \"30\";", "1: \"every\" is \"30\"; " UNIT_WANTED },
	{ "unknown unit", "every = \"3w\";", "1: \"every\" is \"3w\"; " UNIT_WANTED },
	{ "number missing", "every = \"s\";", "1: \"every\" is \"s\"; " UNIT_WANTED },
	{ "blank between", "every = \"5 m\";", "1: \"every\" is \"5 m\"; " UNIT_WANTED },
	{ "too often", "every = \"99ms\";",
	    "1: \"every\" is \"99ms\"; it must be 100ms to 366d\n" },
	{ "too patient", "timeout = \"11m\";",
	    "1: \"timeout\" is \"11m\"; it must be 100ms to 10m\n" },
	{ "never confirmed", "confirm = 0;",
	    "1: \"confirm\" is 0; it must be 1 to 100\n" },
	{ "hardly ever recovered", "recover = 101;",
	    "1: \"recover\" is 101; it must be 1 to 100\n" },
	{ "retry at once", "retry = \"0s\";",
	    "1: \"retry\" is \"0s\"; it must be 100ms to 366d\n" },
	{ "pools' limit", "max_parallel = 0;",
	    "1: \"max_parallel\" is 0; it must be 1 to 10000\n" },
	{ "later ones", "transaction = \"connect\"; certificate = \"cached\";",
	    "1: \"transaction\"" LATER "1: \"certificate\"" LATER },
};

/* ---- users ---- */

static const struct problem_case user_cases[] = {
	{ "nothing given", "",
	    "1: \"sip\" is missing from a user; it must be \"sip:user@domain\"\n"
	    "1: \"username\" is missing from a user; it must be \"DOMAIN\\\\user\" or "
	    "\"user@domain\"\n"
	    "1: \"secret\" is missing from a user; it must be the name of the file with "
	    "the password\n" },
	{ "no address", "sip = \"alice\"; username = \"X\\\\a\"; secret = \"alice\";",
	    "1: \"sip\" is \"alice\"; it must be \"sip:user@domain\"\n" },
	{ "another scheme",
	    "sip = \"tel:+1\"; username = \"X\\\\a\"; secret = "
	    "\"alice\";",
	    "1: \"sip\" is \"tel:+1\"; it must be \"sip:user@domain\"\n" },
	{ "user name without domain",
	    "sip = \"sip:c@x.org\"; username = \"c\"; secret = \"alice\";",
	    "1: \"username\" is \"c\"; it must be \"DOMAIN\\\\user\" or "
	    "\"user@domain\"\n" },
	{ "user name without user",
	    "sip = \"sip:c@x.org\"; username = \"X\\\\\"; secret = \"alice\";",
	    "1: \"username\" is \"X\\\"; it must be \"DOMAIN\\\\user\" or "
	    "\"user@domain\"\n" },
	{ "secret missing", ALICE "secret = \"carol\";",
	    "1: ./secrets/carol cannot be opened: No such file or directory\n" },
	{ "secret open to others", ALICE "secret = \"open\";",
	    "1: ./secrets/open has mode 0640, so that others can use it; its mode must "
	    "be 0600 or 0400\n" },
	{ "secret and password", ALICE "secret = \"alice\"; password = \"hunter2\";",
	    "1: a user has both \"secret\" and \"password\"; only one is allowed\n" },
	{ "a number as password", ALICE "password = 4711;",
	    "1: \"password\" is a number; it must be a string in double quotes\n" },
	{ "a password that is too long",
	    ALICE "password = \"hunter2" FIFTY FIFTY FIFTY FIFTY FIFTY "\";",
	    "1: \"password\" is 257 characters long; at most 256 are allowed\n" },
	{ "a password with escapes that nobody meant",
	    ALICE "password = \"pa\\new\\tab\";",
	    "1: the value of \"password\" holds a control character; a backslash in it "
	    "is "
	    "written \\\\\n" },
	{ "a password in place of a name", ALICE "secret = \"hunter2 is it\";",
	    "1: \"secret\" is not the name of a file; it must be the name of a "
	    "credential or of a file in ./secrets\n" },
	{ "a way out of the directory", ALICE "secret = \"../alice\";",
	    "1: \"secret\" is not the name of a file; it must be the name of a "
	    "credential or of a file in ./secrets\n" },
	{ "kerberos", ALICE "secret = \"alice\"; authentication = \"kerberos\";",
	    "1: \"authentication\" = \"kerberos\" is not supported by this version; it "
	    "must be \"ntlm\"\n" },
	{ "pin", ALICE "secret = \"alice\"; authentication = \"pin\"; phone = \"+1\";",
	    "1: \"authentication\" = \"pin\" is not supported by this version; it must "
	    "be \"ntlm\"\n1: \"phone\"" LATER },
	{ "certificate", ALICE "secret = \"alice\"; authentication = \"certificate\";",
	    "1: \"authentication\" = \"certificate\" is not supported by this version; "
	    "it must be \"ntlm\"\n" },
	{ "no such authentication",
	    ALICE "secret = \"alice\"; authentication = "
		  "\"digest\";",
	    "1: \"authentication\" is \"digest\"; it must be \"ntlm\"\n" },
	{ "keytab", ALICE "secret = \"alice\"; keytab = \"/x\";", "1: \"keytab\"" LATER },
	{ "twice",
	    ALICE "secret = \"alice\"; }, { sip = \"sip:ALICE@X.org\"; "
		  "username = \"X\\\\b\"; secret = \"bob\";",
	    "1: user ALICE@x.org is defined again; it is already at c.conf:1\n" },
};

/* ---- pools ---- */

static const struct problem_case domain_cases[] = {
	{ "users of another domain",
	    USERS "pools: ( { domain = \"y.org\"; } );\n"
		  "tests: ( { pool = \"y.org\"; user = \"alice@x.org\"; } );\n",
	    "3: user alice@x.org does not belong to the SIP domain y.org; only users of "
	    "the domain by which the pool is found can be tested on it\n" },
	{ "users below it",
	    USERS "pools: ( { domain = \"org\"; } );\n"
		  "tests: ( { pool = \"org\"; user = \"alice@x.org\"; } );\n",
	    "3: user alice@x.org does not belong to the SIP domain org; only users of "
	    "the domain by which the pool is found can be tested on it\n" },
};

static const struct problem_case pool_cases[] = {
	{ "nothing given", "",
	    "1: a pool has neither \"fqdn\" nor \"domain\"; " ONE_NAME },
	{ "both given", "fqdn = \"a\"; domain = \"x.org\";",
	    "1: a pool has both \"fqdn\" and \"domain\"; " ONE_NAME },
	{ "one of them wrong", "domain = 3;",
	    "1: \"domain\" is a number; it must be a string in double quotes\n" },
	{ "a domain that has a blank", "domain = \"x org\";",
	    "1: \"domain\" is \"x org\"; it must be a SIP domain such as "
	    "\"example.com\"\n" },
	{ "an address of a domain",
	    "domain = \"x.org\";\naddress = \"::1\";\n"
	    "registrar_port = 5061;",
	    "2: " FOUND("address") "3: " FOUND("registrar_port") },
	{ "discovery of a pool",
	    "fqdn = \"a\";\ndiscovery_uri = \"https://a/b\";\n"
	    "discovery_age = \"1h\";",
	    "2: " SOUGHT("discovery_uri") "3: " SOUGHT("discovery_age") },
	{ "discovery in clear text", "domain = \"a\"; discovery_uri = \"http://a/b\";",
	    "1: \"discovery_uri\" is \"http://a/b\"; it must be "
	    "\"https://HOST[:PORT]/PATH\"\n" },
	{ "a domain twice", "domain = \"x.org\"; },\n{ domain = \"X.org\";",
	    "2: pool x.org is defined again; it is already at c.conf:1\n" },
	{ "a domain that is a pool, too", "domain = \"one.x.org\";",
	    "1: pool one.x.org is defined again; it is already at c.conf:1\n" },
	{ "a blank in the name", "fqdn = \"a b\";",
	    "1: \"fqdn\" is \"a b\"; it must be a host name such as "
	    "\"pool01.example.com\"\n" },
	{ "an empty label", "fqdn = \"a..b\";",
	    "1: \"fqdn\" is \"a..b\"; it must be a host name such as "
	    "\"pool01.example.com\"\n" },
	{ "an address for a name", "fqdn = \"10.0.0.1\";",
	    "1: \"fqdn\" is \"10.0.0.1\"; it must be a host name such as "
	    "\"pool01.example.com\"\n" },
	{ "a URL for a name", "fqdn = \"https://a/\";",
	    "1: \"fqdn\" is \"https://a/\"; it must be a host name such as "
	    "\"pool01.example.com\"\n" },
	{ "port 0", "fqdn = \"a\"; registrar_port = 0;",
	    "1: \"registrar_port\" is 0; it must be 1 to 65535\n" },
	{ "port too high", "fqdn = \"a\"; registrar_port = 65536;",
	    "1: \"registrar_port\" is 65536; it must be 1 to 65535\n" },
	{ "a name for an address", "fqdn = \"a\"; address = \"b\";",
	    "1: \"address\" is \"b\"; it must be an IPv4 or IPv6 address\n" },
	{ "plain http", "fqdn = \"a\"; cert_provisioning_uri = \"http://a/b\";",
	    "1: \"cert_provisioning_uri\" is \"http://a/b\"; it must be "
	    "\"https://HOST[:PORT]/PATH\"\n" },
	{ "no host", "fqdn = \"a\"; cert_provisioning_uri = \"https:///b\";",
	    "1: \"cert_provisioning_uri\" is \"https:///b\"; it must be "
	    "\"https://HOST[:PORT]/PATH\"\n" },
	{ "credentials in the URL",
	    "fqdn = \"a\"; cert_provisioning_uri = "
	    "\"https://u@a/b\";",
	    "1: \"cert_provisioning_uri\" is \"https://u@a/b\"; it must be "
	    "\"https://HOST[:PORT]/PATH\"\n" },
	{ "a bad port", "fqdn = \"a\"; cert_provisioning_uri = \"https://[::1]:0/b\";",
	    "1: \"cert_provisioning_uri\" is \"https://[::1]:0/b\"; it must be "
	    "\"https://HOST[:PORT]/PATH\"\n" },
	{ "TLS of the future", "fqdn = \"a\"; tls_min = \"1.4\";",
	    "1: \"tls_min\" is \"1.4\"; it must be \"1.0\", \"1.1\", \"1.2\" or "
	    "\"1.3\"\n" },
	{ "TLS as a number", "fqdn = \"a\"; tls_min = 1.2;",
	    "1: \"tls_min\" is a fraction; it must be a string in double quotes\n" },
	{ "a domain that is none", "fqdn = \"a\"; allowed_web_domains = [ \"x y\" ];",
	    "1: \"allowed_web_domains\" holds \"x y\"; each must be a domain such as "
	    "\"litwareinc.net\"\n" },
	{ "an inner check of another kind",
	    "fqdn = \"a\"; inner_certificate = \"Strict\";",
	    "1: \"inner_certificate\" is \"Strict\"; it must be \"log\", \"strict\" or "
	    "\"off\"\n" },
	{ "legacy as a word", "fqdn = \"a\"; legacy_tls = \"yes\";",
	    "1: \"legacy_tls\" is a string; it must be true or false\n" },
	{ "limit 0", "fqdn = \"a\"; max_parallel = 0;",
	    "1: \"max_parallel\" is 0; it must be 1 to 10000\n" },
	{ "twice", "fqdn = \"a\"; }, { fqdn = \"A\";",
	    "1: pool a is defined again; it is already at c.conf:1\n" },
};

/* ---- tests ---- */

static const struct problem_case test_cases[] = {
	{ "nothing given", "",
	    "3: a test has neither \"pool\" nor \"pools\"; it must have one of them\n"
	    "3: a test has neither \"user\" nor \"users\"; it must have one of them\n" },
	{ "too much given", PAIR "pools = [\"one.x.org\"]; users = [\"bob@x.org\"];",
	    "3: a test has both \"pool\" and \"pools\"; it must have one of them\n"
	    "3: a test has both \"user\" and \"users\"; it must have one of them\n" },
	{ "empty lists", "pools = [ ]; users = ( );",
	    "3: \"pools\" is empty; it must name at least one\n"
	    "3: \"users\" is empty; it must name at least one\n" },
	{ "a list of other things", ONE "users = [ 3, 4 ];",
	    "3: \"users\" holds a number; it must be an array of strings, [ \"...\", "
	    "\"...\" ]\n"
	    "3: \"users\" holds a number; it must be an array of strings, [ \"...\", "
	    "\"...\" ]\n" },
	{ "a text for a list", ONE "users = \"alice@x.org\";",
	    "3: \"users\" is a string; it must be an array of strings, [ \"...\", "
	    "\"...\" "
	    "]\n" },
	{ "a list for a text", "user = \"alice@x.org\"; pool = [ \"one.x.org\" ];",
	    "3: \"pool\" is an array; it must be a string in double quotes\n" },
	{ "nobody",
	    "pools = [ \"one.x.org\",\n\"three.x.org\" ]; user = "
	    "\"sip:carol@x.org\";",
	    "4: no pool \"three.x.org\" is configured; it must be one of those in "
	    "\"pools\"\n"
	    "4: no user \"sip:carol@x.org\" is configured; it must be one of those in "
	    "\"users\"\n" },
	{ "slips", "pool = \"on.x.org\"; user = \"sip:alicce@x.org\";",
	    "3: no pool \"on.x.org\" is configured; did you mean \"one.x.org\"?\n"
	    "3: no user \"sip:alicce@x.org\" is configured; did you mean "
	    "\"alice@x.org\"?\n" },
	{ "a name with a blank", PAIR "name = \"a b\";",
	    "3: \"name\" is \"a b\"; it must be letters, digits and . _ - + @ : / "
	    "only\n" },
	{ "a name twice", PAIR "name = \"n\"; },\n{ " PAIR "name = \"n\";",
	    "4: test n is defined again; it is already at c.conf:3\n" },
	{ "a pair twice",
	    PAIR "}, { pools = [\"two.x.org\", \"one.x.org\"]; "
		 "user = \"alice@x.org\";",
	    "3: test one/alice is defined again; it is already at c.conf:3\n" },
	{ "the same pool twice in a list",
	    "pools = [\"one.x.org\", \"one.x.org\"]; user = \"alice@x.org\";",
	    "3: test one/alice is defined again; it is already at c.conf:3\n" },
	{ "interval twice", PAIR "every = \"5m\";\nschedule = { every = \"5m\"; };",
	    "4: the schedule has \"every\" although \"every\" is given, too; only "
	    "one is allowed\n" },
	{ "times and an interval",
	    PAIR "every = \"5m\";\nschedule = { at = \"06:00\"; };",
	    "4: the schedule has \"at\" although \"every\" is given, too; only one "
	    "is allowed\n" },
	{ "everything",
	    PAIR "schedule = { at = \"06:00\"; every = \"5m\"; "
		 "active = \"08:00-18:00\"; };",
	    "3: a schedule has both \"at\" and \"every\"; only one is allowed\n"
	    "3: a schedule has both \"at\" and \"active\"; only one is allowed\n" },
	{ "no such time", PAIR "schedule = { at = [ \"06:00\",\n\"Mon-Fri 07:30\" ]; };",
	    "4: \"at\" is \"Mon-Fri 07:30\"; it must be a time such as \"07:30\" or "
	    "\"Mon..Fri 07:30\"\n" },
	{ "no such window", PAIR "schedule = { active = \"08:00\"; };",
	    "3: \"active\" is \"08:00\"; it must be a window such as \"08:00-18:00\" or "
	    "\"Mon..Fri 22:00-06:00\"\n" },
	{ "no time at all", PAIR "schedule = { at = [ ]; };",
	    "3: \"at\" holds 0 elements; it must hold 1 to 100\n" },
	{ "no such zone",
	    PAIR "schedule = { at = \"06:00\"; timezone = \"Mars/Base\"; };",
	    "3: \"timezone\" is \"Mars/Base\"; it must be a name of the time zone "
	    "database, such as \"Europe/Dublin\"\n" },
	{ "more jitter than interval",
	    PAIR "schedule = { every = \"5m\"; "
		 "jitter = \"6m\"; };",
	    "3: \"jitter\" is longer than \"every\"; it must be at most as long\n" },
	{ "a number of times", PAIR "schedule = { at = 6; };",
	    "3: \"at\" is a number; it must be a string, or an array of strings, "
	    "[ \"...\", \"...\" ]\n" },
	{ "a slip in the schedule", PAIR "schedule = { evry = \"3s\"; };",
	    "3: \"evry\" is not a key of a schedule; did you mean \"every\"?\n" },
	{ "schedule as a text", PAIR "schedule = \"5m\";",
	    "3: \"schedule\" is a string; it must be a group, { ... }\n" },
	{ "of a later version", PAIR "transaction = \"registration\";",
	    "3: \"transaction\"" LATER },
};

/* Every line of want with the file before it. */
static void
check_problems(const char *text, const char *want)
{
	struct str rest = str_of(want), line;
	char full[8192] = "", *problems;

	while (rest.len > 0) {
		size_t len = strlen(full);

		rest = str_split(rest, '\n', &line);
		snprintf(full + len, sizeof(full) - len, "c.conf:%.*s\n", (int)line.len,
		    line.p);
	}
	assert_null(place_load(text, &problems));
	assert_string_equal(problems, full);
	assert_null(strstr(problems, "hunter2"));
	free(problems);
}

static void
check_whole(void **state)
{
	const struct problem_case *c = *state;

	check_problems(c->text, c->want);
}

static void
check_wrapped(const struct problem_case *c, const char *before, const char *after)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s%s%s", before, c->text, after);
	check_problems(text, c->want);
}

static void
check_top(void **state)
{
	check_wrapped(*state, "", USERS POOLS TESTS);
}

static void
check_default(void **state)
{
	check_wrapped(*state, "defaults: { ", " };\n" USERS POOLS TESTS);
}

static void
check_user(void **state)
{
	place_file("secrets/open", 0640, "x");
	check_wrapped(*state,
	    "users: ( { sip = \"bob@x.org\"; username = \"X\\\\bob\"; "
	    "secret = \"bob\"; }, { ",
	    "} );\n" POOLS
	    "tests: ( { pool = \"one.x.org\"; user = \"bob@x.org\"; } );\n");
}

static void
check_pool(void **state)
{
	check_wrapped(*state, "pools: ( { fqdn = \"one.x.org\"; }, { ",
	    "} "
	    ");\n" USERS TESTS);
}

static void
check_test(void **state)
{
	check_wrapped(*state, USERS POOLS "tests: ( { ", " } );\n");
}

/* ---- what needs a file system ---- */

static void
password_in_an_open_file(void **state)
{
	struct buf problems;

	(void)state;
	place_file("c.conf", 0644,
	    POOLS TESTS "users: ( { " ALICE "\npassword = \"hunter2\"; } );\n");
	buf_init(&problems, 10000);
	assert_null(config_load("c.conf", NULL, &problems));
	assert_string_equal(buf_view(&problems).p,
	    "c.conf:4: \"password\" is in a file that others can read or change; give "
	    "the file mode 0640 or stricter, or use \"secret\" instead\n");
	buf_free(&problems);
}

static const struct ca_case {
	const char *name;
	const char *file, *content; /* NULL: there is none */
} ca_cases[] = {
	{ "missing", "none.pem", NULL },
	{ "empty", "some.pem", "" },
	{ "no certificate", "some.pem", "hello\n" },
	{ "damaged", "some.pem",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n"
	    "-----END CERTIFICATE-----\n" },
	{ "a directory", "secrets", NULL },
};

/* The words are those of tls/outer; one problem, though two pools name the file. */
static void
check_ca(void **state)
{
	const struct ca_case *c = *state;
	char text[1024], want[128], *problems;

	if (c->content != NULL)
		place_file(c->file, 0644, c->content);
	snprintf(text, sizeof(text),
	    USERS TESTS
	    "pools: ( { fqdn = \"one.x.org\";\n"
	    "ca_file = \"%s\"; }, { fqdn = \"two.x.org\"; ca_file = \"%s\"; } );\n",
	    c->file, c->file);
	snprintf(want, sizeof(want), "c.conf:4: CA file ./%s: ", c->file);
	assert_null(place_load(text, &problems));
	assert_memory_equal(problems, want, strlen(want));
	assert_non_null(
	    strstr(problems, "; \"ca_file\" must be a file of PEM certificates\n"));
	assert_ptr_equal(strchr(problems, '\n'), problems + strlen(problems) - 1);
	free(problems);
}

static void
beyond_a_hundred_they_are_counted(void **state)
{
	char *problems;
	unsigned lines = 0;
	struct buf b;

	(void)state;
	buf_init(&b, 100000);
	buf_puts(&b, USERS POOLS TESTS);
	for (unsigned i = 0; i < 250; i++)
		buf_printf(&b, "nonsense%u = 1;\n", i);
	assert_null(place_load(buf_view(&b).p, &problems));
	for (const char *p = problems; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_int_equal(lines, CONFIG_PROBLEMS_MAX + 1);
	assert_non_null(strstr(problems, "c.conf:103: \"nonsense99\" is not a key of "));
	assert_non_null(strstr(problems, "\nc.conf: 150 more problems\n"));
	free(problems);
	buf_free(&b);
}

#define PLACED(function) TEST_WITH(function, place_enter, place_leave)
#define PLACED_ROWS(group, table, check)                                                 \
	ROWS_WITH(group, table, check, place_enter, place_leave)

RUN_CASES(PLACED_ROWS("whole", whole_cases, check_whole),
    PLACED_ROWS("top", top_cases, check_top),
    PLACED_ROWS("defaults", default_cases, check_default),
    PLACED_ROWS("user", user_cases, check_user),
    PLACED_ROWS("pool", pool_cases, check_pool),
    PLACED_ROWS("domain", domain_cases, check_whole),
    PLACED_ROWS("test", test_cases, check_test),
    PLACED_ROWS("ca_file", ca_cases, check_ca), PLACED(password_in_an_open_file),
    PLACED(beyond_a_hundred_they_are_counted));
