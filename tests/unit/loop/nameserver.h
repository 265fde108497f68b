/*
 * nameserver - a name server for tests, on a loopback port, run by the loop of the test.
 *
 * What it answers is told by the first label that is asked for; see nameserver.c.
 */
#ifndef CSWATCH_TESTS_NAMESERVER_H
#define CSWATCH_TESTS_NAMESERVER_H

#include <stdbool.h>

struct loop;
struct nameserver;

struct nameserver *nameserver_new(struct loop *l);
void nameserver_free(struct nameserver *ns);
const char *nameserver_address(const struct nameserver *ns); /* "127.0.0.1:port" */
/* _sipinternaltls._tcp is there: localhost:1, then localhost:2. */
void nameserver_name_registrar(struct nameserver *ns);
/* Gives its port back, and takes it again. */
void nameserver_stop(struct nameserver *ns);
bool nameserver_start(struct nameserver *ns);
/* Hears questions from now on, and answers none. */
void nameserver_keep_silent(struct nameserver *ns);
unsigned nameserver_asked(const struct nameserver *ns); /* questions so far */

#endif
