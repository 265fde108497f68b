#include "lab/pool.h"

#include <stdio.h>
#include <time.h>

void
pool_host(const struct pool *p, char dst[POOL_HOST_MAX])
{
	const char *host = p->advertise;

	if (host == NULL)
		host = strcmp(p->address, "0.0.0.0") == 0 || strcmp(p->address, "::") == 0
			   ? p->fqdn
			   : p->address;
	snprintf(dst, POOL_HOST_MAX,
	    strchr(host, ':') != NULL && host[0] != '[' ? "[%s]" : "%s", host);
}

int64_t
pool_now(const struct pool *p, enum step_id step)
{
	return (int64_t)time(NULL) + faults_skew(&p->faults, step);
}

void
pool_date(const struct pool *p, enum step_id step, char dst[POOL_DATE_SIZE])
{
	time_t now = (time_t)pool_now(p, step);
	struct tm tm;

	gmtime_r(&now, &tm);
	if (strftime(dst, POOL_DATE_SIZE, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		dst[0] = '\0';
}
