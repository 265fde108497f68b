/*
 * net - sockets of the lab: listening ones, one that nobody answers, names of hosts.
 */
#ifndef CSWATCH_LAB_NET_H
#define CSWATCH_LAB_NET_H
#include <stdbool.h>
#include <stdint.h>

struct err;

/* A bound TCP socket, close-on-exec, not blocking; port 0 picks one. -1: *err. */
int lab_net_bind(const char *address, uint16_t port, const char *what, struct err *err);
/* Small answers leave at once; connections accepted from a listening socket take it over.
 */
void lab_net_no_delay(int fd);
/* A literal that only this machine reaches. */
bool lab_net_is_loopback(const char *address);
/* The port that a socket is bound to. */
uint16_t lab_net_port(int fd);
/* Letters, digits, '.', '-', ':', and brackets around a literal: may stand in a URL. */
bool lab_net_host_ok(const char *host);

#endif
