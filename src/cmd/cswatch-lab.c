/* cswatch-lab - the options and main() of the lab pool; the pool itself is in lab/. */
#include "build_config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "vocab/err.h"
#include "lab/lab.h"
#include "lab/net.h"

#define USAGE_STATUS 2

static const char usage[] =
    "Usage: cswatch-lab --directory DIR [OPTION]...\n"
    "A Lync / Skype for Business pool for the laboratory: web services and registrar.\n\n"
    "  --directory DIR        directory for keys, certificates, users and credentials\n"
    "  --fqdn NAME            name of the pool (default pool01.lab.example)\n"
    "  --listen ADDRESS       literal address to listen on (default 127.0.0.1)\n"
    "  --https-port N         port of the web services; 0 selects one (default 0)\n"
    "  --http-port N          port of autodiscover over http; 0 selects one (default: "
    "none)\n"
    "  --sip-port N           port of the registrar; 0 selects one (default 0)\n"
    "  --advertise NAME       host name in URLs (default: the name that the client "
    "used)\n"
    "  --trust-front-end H    a proxy authenticates clients; header H has the account\n"
    "  --users FILE           SIP-ADDRESS,DOMAIN\\USER,PASSWORD[,PHONE,PIN][,disabled]\n"
    "  --fault STEP=KIND      mistake to make at that step; may be given several times\n"
    "  --no-presence          offer no event packages, so that clients ask for no more\n"
    "  --transcript FILE      append every message as a JSON line, with secrets masked\n"
    "  --version              print the version\n"
    "  --help                 print this text\n";

enum option_id {
	OPT_DIRECTORY = 1,
	OPT_FQDN,
	OPT_LISTEN,
	OPT_HTTPS_PORT,
	OPT_HTTP_PORT,
	OPT_SIP_PORT,
	OPT_ADVERTISE,
	OPT_FRONT_END,
	OPT_USERS,
	OPT_FAULT,
	OPT_NO_PRESENCE,
	OPT_TRANSCRIPT,
	OPT_VERSION,
	OPT_HELP
};

static const struct option options[] = { { "directory", required_argument, NULL,
					     OPT_DIRECTORY },
	{ "fqdn", required_argument, NULL, OPT_FQDN },
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "https-port", required_argument, NULL, OPT_HTTPS_PORT },
	{ "http-port", required_argument, NULL, OPT_HTTP_PORT },
	{ "sip-port", required_argument, NULL, OPT_SIP_PORT },
	{ "advertise", required_argument, NULL, OPT_ADVERTISE },
	{ "trust-front-end", required_argument, NULL, OPT_FRONT_END },
	{ "users", required_argument, NULL, OPT_USERS },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "no-presence", no_argument, NULL, OPT_NO_PRESENCE },
	{ "transcript", required_argument, NULL, OPT_TRANSCRIPT },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP }, { NULL, 0, NULL, 0 } };

static bool
take_port(const char *text, uint16_t *ret)
{
	uint64_t n;

	if (!str_uint(str_of(text), 0, 65535, &n)) {
		fprintf(stderr, "cswatch-lab: \"%s\" is not a port\n", text);
		return false;
	}
	*ret = (uint16_t)n;
	return true;
}

static bool
take_name(const char *text, const char **ret)
{
	if (!lab_net_host_ok(text)) {
		fprintf(stderr, "cswatch-lab: \"%s\" is not a host name\n", text);
		return false;
	}
	*ret = text;
	return true;
}

static bool
take_fault(const char *words, struct lab_faults *f)
{
	char why[320];

	if (lab_faults_add(f, str_of(words), why, sizeof(why)))
		return true;
	fprintf(stderr, "cswatch-lab: --fault %s: %s\n", words, why);
	return false;
}

static bool
take_option(int id, const char *arg, struct lab_options *o)
{
	uint16_t port;

	switch ((enum option_id)id) {
	case OPT_DIRECTORY:
		o->directory = arg;
		return true;
	case OPT_FQDN:
		return take_name(arg, &o->fqdn);
	case OPT_LISTEN:
		return take_name(arg, &o->listen);
	case OPT_HTTPS_PORT:
		return take_port(arg, &o->https_port);
	case OPT_HTTP_PORT:
		if (!take_port(arg, &port))
			return false;
		o->http_port = port;
		return true;
	case OPT_SIP_PORT:
		return take_port(arg, &o->sip_port);
	case OPT_ADVERTISE:
		return take_name(arg, &o->advertise);
	case OPT_FRONT_END:
		o->front_end = arg;
		return true;
	case OPT_USERS:
		o->users_file = arg;
		return true;
	case OPT_FAULT:
		return take_fault(arg, &o->faults);
	case OPT_NO_PRESENCE:
		o->no_presence = true;
		return true;
	case OPT_TRANSCRIPT:
		o->transcript = arg;
		return true;
	case OPT_VERSION:
		puts("cswatch-lab " PACKAGE_VERSION);
		exit(EXIT_SUCCESS);
	case OPT_HELP:
		fputs(usage, stdout);
		exit(EXIT_SUCCESS);
	}
	return false; /* getopt_long() has printed the error */
}

int
main(int argc, char **argv)
{
	struct lab_options o = {
		.fqdn = "pool01.lab.example", .listen = "127.0.0.1", .http_port = -1
	};
	struct err err;
	struct lab *lab;
	bool ok = true;
	int id;

	while (ok && (id = getopt_long(argc, argv, "", options, NULL)) != -1)
		ok = take_option(id, optarg, &o);
	if (!ok || optind != argc || o.directory == NULL) {
		fputs(usage, stderr);
		return USAGE_STATUS;
	}
	lab = lab_new(&o, &err);
	if (lab == NULL) {
		fprintf(stderr, "cswatch-lab: %s\n", err.detail);
		return EXIT_FAILURE;
	}
	ok = lab_announce(lab);
	if (ok)
		lab_run(lab);
	lab_free(lab);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
