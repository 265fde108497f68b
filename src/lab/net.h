/* net - sockets of the lab, and names of hosts. */
#ifndef CSWATCH_LAB_NET_H
#define CSWATCH_LAB_NET_H
#include <stdbool.h>
#include <stdint.h>

struct err;

/*
 * Makes a bound TCP socket, close-on-exec and non-blocking; port 0 selects a free port.
 * Returns -1 and sets *err on failure.
 */
int lab_net_bind(const char *address, uint16_t port, const char *what, struct err *err);
/*
 * Disables Nagle's algorithm, so that small answers are sent at once; connections inherit
 * that from a listening socket.
 */
void lab_net_no_delay(int fd);
/* Returns whether an address is a literal that only this machine reaches. */
bool lab_net_is_loopback(const char *address);
/* Returns the port that a socket is bound to. */
uint16_t lab_net_port(int fd);
/*
 * Returns whether a host may stand in a URL: letters, digits, '.', '-', ':', and brackets
 * around a literal.
 */
bool lab_net_host_ok(const char *host);

#endif
