/*
 * addr - literal IPv4 and IPv6 addresses with a port, and their text.
 */
#ifndef CSWATCH_LOOP_ADDR_H
#define CSWATCH_LOOP_ADDR_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRS_MAX      8
#define ADDR_TEXT_SIZE 48 /* "[2001:db8::...]:5061" does not go in: address only */

struct addr {
	struct sockaddr_storage ss;
	socklen_t len;
};
struct addrs {
	unsigned n;
	struct addr a[ADDRS_MAX];
};

/*
 * Reads a literal IPv4 or IPv6 address, without brackets and scope. Returns false and
 * leaves *ret unchanged if it is not one.
 */
bool addr_parse(const char *literal, uint16_t port, struct addr *ret);
/* Writes the address without its port; "?" for other families. */
void addr_text(const struct addr *a, char dst[ADDR_TEXT_SIZE]);
/* Returns the port, 0 for other families. */
uint16_t addr_port(const struct addr *a);

#endif
