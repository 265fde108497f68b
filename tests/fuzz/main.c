/*
 * Runs an entry with the files that are named, without libFuzzer. Each content stands in
 * memory of exactly its size, so that reading beyond it is seen.
 */
#include <sys/stat.h>

#include "fuzz.h"

static void
run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t n;

	CHECK(f != NULL && fstat(fileno(f), &st) == 0);
	n = (size_t)st.st_size;
	data = malloc(n == 0 ? 1 : n);
	CHECK(data != NULL && fread(data, 1, n, f) == n);
	fclose(f);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		fprintf(stderr, "%s\n", argv[i]);
		run_file(argv[i]);
	}
	return 0;
}
