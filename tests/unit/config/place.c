#include "place.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "vocab/err.h"
#include "tls/outer.h"

#define PROBLEMS_MAX (1024 * 1024)

const char place_ca[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBfDCCASGgAwIBAgIUU64vHsInlPw9As9vGBgaRSeLt34wCgYIKoZIzj0EAwIw\n"
    "EjEQMA4GA1UEAwwHdGVzdCBDQTAgFw0yNjExMjIxNzM5NTVaGA8yMTI2MTAyOTE3\n"
    "Mzk1NVowEjEQMA4GA1UEAwwHdGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
    "A0IABH4XZ60QGHiohbKbpx9HnSNbzYfuGjfHd9p97qooJ1Wzj+1fXJVu4rb7O+UA\n"
    "3DdJTDZx3znnMpT7s3Vn6+QKTZ+jUzBRMB0GA1UdDgQWBBTxYHUJT7Et3HGiPwvV\n"
    "i4wv+27wPTAfBgNVHSMEGDAWgBTxYHUJT7Et3HGiPwvVi4wv+27wPTAPBgNVHRMB\n"
    "Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDpycvL6y5uLg/VY+Hoz8bpQ9tO\n"
    "8vf1R8ylRbElkEc8ZwIhAJtXWqPpHtUCNJP7IxPnQpU5t8caL8n5MeODTbWF4Fbh\n"
    "-----END CERTIFICATE-----\n";

/* Held so that the system's certificates are parsed once and not for every load. */
static struct tls_outer *system_trust;
static char directory[64];

static void
drop_trust(void)
{
	tls_outer_free(system_trust);
}

int
place_enter(void **state)
{
	const struct tls_settings settings = { .min = TLS_1_2 };
	const char *parent = getenv("TMPDIR");
	struct err err;

	(void)state;
	snprintf(directory, sizeof(directory), "%s/cswatch-config-XXXXXX",
	    parent == NULL || strlen(parent) > 30 ? "/tmp" : parent);
	if (mkdtemp(directory) == NULL || chdir(directory) != 0)
		return -1;
	if (mkdir("secrets", 0700) != 0)
		return -1;
	place_file("secrets/alice", 0600, "a-pass\n");
	place_file("secrets/bob", 0400, "b-pass\n");
	place_file("ca.pem", 0644, place_ca);
	if (system_trust == NULL) {
		system_trust = tls_outer_new(&settings, &err);
		atexit(drop_trust);
	}
	return system_trust == NULL ? -1 : 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
place_leave(void **state)
{
	(void)state;
	if (chdir("/") != 0)
		return -1;
	return nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void
place_file(const char *name, unsigned mode, const char *text)
{
	FILE *f;

	(void)remove(name);
	f = fopen(name, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(name, mode), 0);
}

struct config *
place_load(const char *text, char **ret_problems)
{
	struct buf problems;
	struct config *c;

	place_file("c.conf", 0640, text);
	buf_init(&problems, PROBLEMS_MAX);
	c = config_load("c.conf", NULL, &problems);
	*ret_problems = buf_take(&problems, NULL);
	assert_non_null(*ret_problems);
	return c;
}

struct config *
place_config(const char *text)
{
	char *problems;
	struct config *c = place_load(text, &problems);

	assert_string_equal(problems, "");
	assert_non_null(c);
	free(problems);
	return c;
}
