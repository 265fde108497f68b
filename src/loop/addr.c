#include "loop/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

bool
addr_parse(const char *literal, uint16_t port, struct addr *ret)
{
	struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (inet_pton(AF_INET, literal, &in4.sin_addr) == 1) {
		*ret = (struct addr){ .len = sizeof(in4) };
		memcpy(&ret->ss, &in4, sizeof(in4));
		return true;
	}
	if (inet_pton(AF_INET6, literal, &in6.sin6_addr) == 1) {
		*ret = (struct addr){ .len = sizeof(in6) };
		memcpy(&ret->ss, &in6, sizeof(in6));
		return true;
	}
	return false;
}

void
addr_text(const struct addr *a, char dst[ADDR_TEXT_SIZE])
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	snprintf(dst, ADDR_TEXT_SIZE, "?");
	if (a->ss.ss_family == AF_INET) {
		memcpy(&in4, &a->ss, sizeof(in4));
		inet_ntop(AF_INET, &in4.sin_addr, dst, ADDR_TEXT_SIZE);
	} else if (a->ss.ss_family == AF_INET6) {
		memcpy(&in6, &a->ss, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, dst, ADDR_TEXT_SIZE);
	}
}

uint16_t
addr_port(const struct addr *a)
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	if (a->ss.ss_family == AF_INET) {
		memcpy(&in4, &a->ss, sizeof(in4));
		return ntohs(in4.sin_port);
	}
	if (a->ss.ss_family == AF_INET6) {
		memcpy(&in6, &a->ss, sizeof(in6));
		return ntohs(in6.sin6_port);
	}
	return 0;
}
