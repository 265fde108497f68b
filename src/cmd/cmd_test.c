/*
 * cswatch test - one transaction in this process, like Test-CsClientAuth, without a
 * daemon.
 */
#include "build_config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "auth/account.h"
#include "base/buf.h"
#include "vocab/err.h"
#include "base/text.h"
#include "cmd/command.h"
#include "cmd/credential_file.h"
#include "cmd/htmlfile.h"
#include "cmd/nagios.h"
#include "cmd/options.h"
#include "cmd/run_log.h"
#include "cmd/run_remote.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "report/record.h"
#include "report/tracehead.h"
#include "sip/endpoint.h"
#include "tls/outer.h"
#include "trace/trace.h"
#include "transport/https.h"
#include "txn/txn.h"
#include "txn/runtime.h"

static const char usage[] =
    "Usage: cswatch test NAME... [--verbose] [--format record|json|nagios] "
    "[--html FILE]\n"
    "Runs these configured tests in the daemon now and prints the record of each.\n"
    "  --verbose                  print each step as it happens\n"
    "  --html FILE                write one page with every step and message of the "
    "runs\n"
    "  --socket FILE              control socket of the daemon\n\n"
    "Usage: cswatch test --target-fqdn FQDN --user-sip-address SIP\n"
    "                    --user-credential FILE [OPTION]...\n"
    "   or: cswatch test --domain DOMAIN --user-sip-address SIP\n"
    "                    --user-credential FILE [OPTION]...\n"
    "Runs one Test-CsClientAuth transaction from here, without a daemon: web ticket,\n"
    "client certificate, logon with it over SIP/TLS, log-off. Prints the record.\n\n"
    "  --target-fqdn FQDN         registrar pool (-TargetFqdn)\n"
    "  --domain DOMAIN            SIP domain whose registrar is found by autodiscover "
    "and\n"
    "                             DNS, as clients find it\n"
    "  --discovery-uri URL        the only autodiscover service to ask\n"
    "  --user-sip-address SIP     test user, with or without sip: (-UserSipAddress)\n"
    "  --user-credential FILE     two lines, DOMAIN\\user or user@domain and the "
    "password,\n"
    "                             readable only by you; '-' asks on the terminal\n"
    "  --registrar-port PORT      port of the registrar (-RegistrarPort; default 5061)\n"
    "  --target-uri URL           certificate provisioning service: the certificate is\n"
    "                             fetched before the logon (-TargetUri; default: the\n"
    "                             registrar's challenge names the service)\n"
    "  --address IP               address of the pool, instead of asking DNS\n"
    "  --dns-server IP[:PORT]     name server to ask instead of the system's\n"
    "  --ca-file FILE             CA certificates to trust (PEM; default: the system's)\n"
    "  --tls-min VERSION          oldest TLS version: 1.0, 1.1, 1.2 (default) or 1.3\n"
    "  --inner-certificate MODE   if the registrar's certificate in TLS-DSK is not "
    "trusted:\n"
    "                             log (default) notes it, strict fails, off does not "
    "check\n"
    "  --legacy-tls               accept old ciphers, SHA-1 and short keys\n"
    "  --allow-web-domain DOMAIN  further domain whose web services may get credentials\n"
    "  --endpoint-id ID           endpoint (epid) that logs on (default STEpid)\n"
    "  --timeout DURATION         time limit of the transaction (default 30s)\n"
    "  --format FORMAT            record (default), json, or nagios: line and exit "
    "status\n"
    "                             of a monitoring plugin\n"
    "  --verbose                  print each step as it happens\n"
    "  --html FILE                write one page with every step and message, with "
    "secrets\n"
    "                             masked\n"
    "  --help                     print this text\n\n"
    "Exit status: 0 all tests succeeded, 1 a test failed, 2 wrong usage, 3 a test could\n"
    "not be run; with --format nagios 0 ok, 1 warning, 2 critical, 3 unknown.\n";

struct options {
	struct txn_spec spec;
	struct tls_settings tls;
	char user[SIP_ADDRESS_MAX];
	const char *domain, *credential_file, *dns_server, *web_domains[2];
	uint16_t port; /* 0: it was not given */
	const char *html;
	bool json, nagios, verbose;
};

/* Everything that a run owns. */
struct run {
	struct options *o;
	struct runtime world;
	struct account account;
	struct tls_outer *tls;
	struct watch *interrupt, *terminate;
	struct txn *txn;
	struct run_log log;
	struct trace *trace; /* --html */
	struct result result;
	bool finished;
};

static const char *
set_uri(const char **dst, const char *value, size_t longest)
{
	char host[256];
	uint16_t port;

	*dst = value;
	return https_url_host(value, host, sizeof(host), &port) && strlen(value) < longest
		   ? NULL
		   : "an https URL";
}

/* Each returns what the value must be, or NULL if it is accepted. */

static const char *
set_user(void *arg, const char *value)
{
	struct options *o = arg;

	return sip_address_parse(str_of(value), o->user)
		   ? NULL
		   : "a SIP address, [sip:]user@domain";
}

static const char *
set_port(void *arg, const char *value)
{
	struct options *o = arg;
	uint64_t n;

	if (!str_uint(str_of(value), 1, 65535, &n))
		return "a port, 1 to 65535";
	o->port = (uint16_t)n;
	return NULL;
}

static const char *
set_target_uri(void *arg, const char *value)
{
	struct options *o = arg;

	return set_uri(&o->spec.provisioning_url, value, 500);
}

static const char *
set_discovery_uri(void *arg, const char *value)
{
	struct options *o = arg;

	return set_uri(&o->spec.discovery_uri, value, 256);
}

static const char *
set_domain(void *arg, const char *value)
{
	struct options *o = arg;
	struct addr addr;

	o->domain = value;
	return text_is_host(str_of(value)) && !addr_parse(value, 0, &addr)
		   ? NULL
		   : "a SIP domain such as example.com";
}

static const char *
set_address(void *arg, const char *value)
{
	struct options *o = arg;
	struct addr addr;

	o->spec.address = value;
	return addr_parse(value, 0, &addr) ? NULL : "an IPv4 or IPv6 address";
}

static const char *
set_tls_min(void *arg, const char *value)
{
	struct options *o = arg;

	return tls_version_by_name(str_of(value), &o->tls.min) ? NULL
							       : "1.0, 1.1, 1.2 or 1.3";
}

static const char *
set_inner(void *arg, const char *value)
{
	struct options *o = arg;

	return tls_inner_check_by_name(str_of(value), &o->spec.inner_check)
		   ? NULL
		   : "log, strict or off";
}

static const char *
set_timeout(void *arg, const char *value)
{
	struct options *o = arg;
	uint64_t n;

	if (!text_parse_duration(str_of(value), &n) || n < 1000 || n > 600000)
		return "a duration from 1s to 10m, such as 30s";
	o->spec.timeout_ms = (unsigned)n;
	return NULL;
}

static const char *
set_endpoint(void *arg, const char *value)
{
	struct options *o = arg;

	o->spec.epid = value;
	return value[0] != '\0' && strlen(value) <= SIP_EPID_MAX &&
		       strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
				     "rstuvwxyz0123456789-_.") == strlen(value)
		   ? NULL
		   : "at most 16 letters, digits or - _ .";
}

static const char *
set_format(void *arg, const char *value)
{
	struct options *o = arg;

	o->json = strcmp(value, "json") == 0;
	o->nagios = strcmp(value, "nagios") == 0;
	return o->json || o->nagios || strcmp(value, "record") == 0
		   ? NULL
		   : "record, json or nagios";
}

/*
 * Checks the options together. Returns EXIT_OK, or the exit status after printing the
 * error.
 */
static int
check_together(struct options *o)
{
	const struct txn_spec *s = &o->spec;

	if ((s->target_fqdn == NULL) == (o->domain == NULL) || o->user[0] == '\0' ||
	    o->credential_file == NULL)
		return command_usage_error("test",
		    "--target-fqdn or --domain, --user-sip-address and --user-credential "
		    "are required");
	if (o->domain == NULL && s->discovery_uri != NULL)
		return command_usage_error("test", "--discovery-uri requires --domain");
	if (o->domain == NULL) {
		o->spec.registrar_port = o->port == 0 ? 5061 : o->port;
		return EXIT_OK;
	}
	if (s->address != NULL || o->port != 0)
		return command_usage_error("test",
		    "--address and --registrar-port do not go with --domain: they are "
		    "found together with the registrar");
	if (!str_caseeq(sip_address_domain(o->user), o->domain))
		return command_usage_error("test",
		    "%s does not belong to the SIP domain %s", o->user, o->domain);
	return EXIT_OK;
}

#define CHECKED(set)                                                                     \
	OPTION_CHECKED, &(struct option_check)                                           \
	{                                                                                \
		(set), o                                                                 \
	}

/* Returns EXIT_OK, OPTIONS_HELP, or the exit status after printing the error. */
static int
parse_options(int argc, char **argv, struct options *o)
{
	const struct option_row rows[] = {
		{ "target-fqdn", OPTION_TEXT, &o->spec.target_fqdn },
		{ "domain", CHECKED(set_domain) },
		{ "discovery-uri", CHECKED(set_discovery_uri) },
		{ "user-sip-address", CHECKED(set_user) },
		{ "user-credential", OPTION_TEXT, &o->credential_file },
		{ "registrar-port", CHECKED(set_port) },
		{ "target-uri", CHECKED(set_target_uri) },
		{ "address", CHECKED(set_address) },
		{ "dns-server", OPTION_TEXT, &o->dns_server },
		{ "ca-file", OPTION_TEXT, &o->tls.ca_file },
		{ "tls-min", CHECKED(set_tls_min) },
		{ "inner-certificate", CHECKED(set_inner) },
		{ "legacy-tls", OPTION_FLAG, &o->tls.legacy },
		{ "allow-web-domain", OPTION_TEXT, &o->web_domains[0] },
		{ "endpoint-id", CHECKED(set_endpoint) },
		{ "timeout", CHECKED(set_timeout) },
		{ "format", CHECKED(set_format) },
		{ "verbose", OPTION_FLAG, &o->verbose },
		{ "html", OPTION_TEXT, &o->html },
	};
	int status = options_read(
	    "test", usage, rows, sizeof(rows) / sizeof(rows[0]), argc, argv, NULL);

	return status == EXIT_OK ? check_together(o) : status;
}

static void
on_note(void *arg, const struct txn_note *note)
{
	struct run *r = arg;

	run_log_note(&r->log, note);
}

static void
on_done(void *arg, const struct result *result)
{
	struct run *r = arg;

	r->txn = NULL;
	r->result = *result;
	r->finished = true;
	loop_stop(r->world.env.loop);
}

static void
on_signal(void *arg, unsigned signum)
{
	struct run *r = arg;

	(void)signum;
	if (r->txn != NULL)
		txn_cancel(r->txn);
}

static bool
set_up(struct run *r, struct err *err)
{
	struct options *o = r->o;
	struct runtime_settings settings = { .dns_servers = o->dns_server };

	if (!credential_file_read(o->credential_file, &r->account, err) ||
	    !runtime_open(&r->world, &settings, err) ||
	    (r->tls = tls_outer_new(&o->tls, err)) == NULL)
		return false;
	r->interrupt = watch_signal(r->world.env.loop, SIGINT, on_signal, r);
	r->terminate = watch_signal(r->world.env.loop, SIGTERM, on_signal, r);
	o->spec.user = o->user;
	o->spec.account = &r->account;
	o->spec.tls = r->tls;
	o->spec.inner = o->tls.legacy ? r->world.inner_legacy : r->world.inner;
	o->spec.web_domains = o->web_domains;
	return true;
}

static void
tear_down(struct run *r)
{
	watch_free(r->interrupt);
	watch_free(r->terminate);
	runtime_close(&r->world);
	tls_outer_free(r->tls);
	trace_free(r->trace);
	account_clear(&r->account);
}

static int
could_not_ask(const struct options *o, const struct err *err)
{
	if (o->nagios)
		return (int)nagios_unknown(err->detail);
	fprintf(stderr, "cswatch test: %s\n", err->detail);
	return EXIT_CANNOT;
}

/* Prints the line of a monitoring plugin, made from the record. */
static int
report_nagios(const struct buf *record)
{
	json_t *tree = json_loadb(record->data, record->len, 0, NULL);
	enum nagios_status status;
	struct nagios n;
	struct buf line;

	nagios_init(&n);
	buf_init(&line, NAGIOS_MAX);
	if (tree != NULL)
		nagios_add(&n, NULL, tree);
	status = nagios_finish(&n, &line);
	fputs(buf_view(&line).p, stdout);
	buf_free(&line);
	json_decref(tree);
	return (int)status;
}

/* Writes the HTML page, if one was asked for. Returns false after printing the error. */
static bool
write_html(const struct run *r, const char *target)
{
	struct err err;

	if (r->o->html == NULL)
		return true;
	err_local(&err, 0, "out of memory");
	tracehead_end(r->trace, "", target, r->o->spec.user, &r->result);
	if (r->trace != NULL && htmlfile_write(r->o->html, r->trace, &err))
		return true;
	fprintf(stderr, "cswatch test: %s\n", err.detail);
	return false;
}

/* Prints the record, which is whole or not printed at all. Returns the exit status. */
static int
print_record(const struct run *r, const char *target)
{
	const struct options *o = r->o;
	int status = r->result.ok ? EXIT_OK : EXIT_TEST_FAILED;
	struct buf out;
	struct err err;

	buf_init(&out, RECORD_MAX);
	if (o->json || o->nagios)
		record_json(&out, target, o->spec.user, &r->result);
	else
		record_text(&out, target, &r->result);
	if (out.failed) {
		err_local(&err, 0, "out of memory");
		status = could_not_ask(o, &err);
	} else if (o->nagios) {
		status = report_nagios(&out);
	} else {
		fputs(buf_view(&out).p, stdout);
	}
	buf_free(&out);
	return status;
}

static int
report(const struct run *r)
{
	const struct txn_spec *s = &r->o->spec;
	const char *target = s->target_fqdn != NULL ? s->target_fqdn : r->o->domain;
	int status = print_record(r, target);

	return write_html(r, target) || r->o->nagios || status != EXIT_OK ? status
									  : EXIT_CANNOT;
}

static int
run_here(int argc, char **argv)
{
	struct options o = {
		.spec = { .epid = "STEpid",
		    .timeout_ms = 30000,
		    .user_agent = PACKAGE_NAME "/" PACKAGE_VERSION,
		    .certificate_warning_days = 21 },
		.tls = { .min = TLS_1_2 },
	};
	struct run r = { .o = &o };
	struct txn_observer observer = { .done = on_done, .arg = &r };
	struct err err;
	int status = parse_options(argc, argv, &o);

	if (status == EXIT_USAGE && o.nagios)
		return (int)nagios_unknown("wrong usage");
	if (status != EXIT_OK)
		return status < 0 ? EXIT_OK : status;
	/* Output for programs is not mixed with the log. */
	run_log_init(&r.log, o.json || o.nagios ? stderr : stdout);
	observer.note = o.verbose ? on_note : NULL;
	observer.trace = r.trace = o.html != NULL ? trace_new() : NULL;
	if (set_up(&r, &err) &&
	    (r.txn = txn_start(&r.world.env, &o.spec, &observer, &err)) != NULL) {
		loop_run(r.world.env.loop);
		status = report(&r);
	} else {
		status = could_not_ask(&o, &err);
	}
	tear_down(&r);
	return status;
}

/*
 * Returns whether the options are those of a transaction from here; for configured tests
 * names are given.
 */
static bool
is_transaction_from_here(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], "--target", 8) == 0 ||
		    strncmp(argv[i], "--user", 6) == 0 ||
		    strncmp(argv[i], "--domain", 8) == 0)
			return true;
	return false;
}

static int
run_test(int argc, char **argv)
{
	if (is_transaction_from_here(argc, argv))
		return run_here(argc, argv);
	return run_remote(argc, argv, usage);
}

const struct command command_test = {
	.name = "test",
	.summary = "runs tests now, or one from here (Test-CsClientAuth)",
	.run = run_test,
};
