/*
 * place - a directory of its own for a test of the configuration, and what is read there.
 */
#ifndef CSWATCH_TESTS_CONFIG_PLACE_H
#define CSWATCH_TESTS_CONFIG_PLACE_H
#include "base/buf.h"
#include "config/config.h"

/* A certificate, as good as any for a ca_file. */
extern const char place_ca[];

/* Users alice and bob of x.org with their secrets, on one line. */
#define USERS                                                                            \
	"users: ( { sip = \"sip:alice@x.org\"; username = \"X\\\\alice\"; "              \
	"secret = \"alice\"; }, { sip = \"sip:bob@x.org\"; "                             \
	"username = \"bob@X.ORG\"; secret = \"bob\"; } );\n"
#define POOLS "pools: ( { fqdn = \"one.x.org\"; }, { fqdn = \"two.x.org\"; } );\n"
#define TESTS "tests: ( { pool = \"one.x.org\"; user = \"sip:alice@x.org\"; } );\n"

/* Fixtures for cmocka: a new working directory with ./secrets; and away with it. */
int place_enter(void **state);
int place_leave(void **state);
/* In the working directory. */
void place_file(const char *name, unsigned mode, const char *text);
/* Writes text to ./c.conf and loads it. The problems are the caller's, never NULL. */
struct config *place_load(const char *text, char **ret_problems);
/* The same for a text that must be good. */
struct config *place_config(const char *text);

#endif
