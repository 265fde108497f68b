#include "lab/net.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vocab/err.h"

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t
fill_address(union address *a, const char *text, uint16_t port)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, &a->in.sin_addr) == 1) {
		a->in.sin_family = AF_INET;
		a->in.sin_port = htons(port);
		return sizeof(a->in);
	}
	if (inet_pton(AF_INET6, text, &a->in6.sin6_addr) == 1) {
		a->in6.sin6_family = AF_INET6;
		a->in6.sin6_port = htons(port);
		return sizeof(a->in6);
	}
	return 0;
}

int
lab_net_bind(const char *address, uint16_t port, const char *what, struct err *err)
{
	union address a;
	socklen_t len = fill_address(&a, address, port);
	int on = 1;
	int fd;

	if (len == 0) {
		err_local(err, EINVAL, "\"%s\" is no IP address to listen on", address);
		return -1;
	}
	fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, &a.sa, len) == 0) {
		lab_net_no_delay(fd);
		return fd;
	}
	err_local(
	    err, errno, "cannot use %s port %u for %s", address, (unsigned)port, what);
	if (fd >= 0)
		close(fd);
	return -1;
}

void
lab_net_no_delay(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

bool
lab_net_is_loopback(const char *address)
{
	union address a;

	if (fill_address(&a, address, 0) == 0)
		return false;
	return a.sa.sa_family == AF_INET6
		   ? IN6_IS_ADDR_LOOPBACK(&a.in6.sin6_addr)
		   : ntohl(a.in.sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
}

uint16_t
lab_net_port(int fd)
{
	union address a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, &a.sa, &len) != 0)
		return 0;
	return ntohs(a.sa.sa_family == AF_INET6 ? a.in6.sin6_port : a.in.sin_port);
}

bool
lab_net_host_ok(const char *host)
{
	size_t len = strlen(host);

	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)host[i]) && strchr(".-:[]_", host[i]) == NULL)
			return false;
	return true;
}
