#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int
lock_directory(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), e;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	e = errno;
	close(fd);
	errno = e;
	return -1;
}

static void
name_process(long pid, char *ret, size_t size)
{
	char path[64], comm[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	f = fopen(path, "re");
	if (f != NULL) {
		if (fgets(comm, sizeof(comm), f) == NULL)
			comm[0] = '\0';
		(void)fclose(f);
	}
	comm[strcspn(comm, "\n")] = '\0';
	if (comm[0] == '\0')
		snprintf(ret, size, "process %ld", pid);
	else
		snprintf(ret, size, "process %ld (%s)", pid, comm);
}

/*
 * proc_locks(5): "1: FLOCK  ADVISORY  WRITE 812 fe:01:131074 0 EOF". A process of
 * another name space has the number 0 or less, or none that we would know.
 */
void
lock_find_holder(const struct stat *file, char *ret, size_t size)
{
	FILE *f = fopen("/proc/locks", "re");
	char line[256];

	snprintf(ret, size, "another process");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		unsigned major_id, minor_id;
		unsigned long long inode;
		long pid;

		if (strstr(line, "->") != NULL ||
		    sscanf(line, "%*s %*s %*s %*s %ld %x:%x:%llu", &pid, &major_id,
			&minor_id, &inode) != 4)
			continue;
		if (inode != file->st_ino || major_id != major(file->st_dev) ||
		    minor_id != minor(file->st_dev) || pid <= 0 || pid == getpid())
			continue;
		name_process(pid, ret, size);
		break;
	}
	if (f != NULL)
		(void)fclose(f);
}
