#include "base/host.h"

#include <unistd.h>

void
host_name(char ret[HOST_NAME_SIZE])
{
	if (gethostname(ret, HOST_NAME_SIZE) != 0)
		ret[0] = '\0';
	ret[HOST_NAME_SIZE - 1] = '\0'; /* POSIX does not promise it */
}
