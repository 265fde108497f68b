/* Host and port of a URL that a server names. */
#include "fuzz.h"
#include "transport/https.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *url = str_dup(fuzz_str(data, size)), host[64];
	uint16_t port = 7;

	CHECK(url != NULL);
	fuzz_fill(host, sizeof(host));
	if (https_url_host(url, host, sizeof(host), &port)) {
		CHECK(port != 0 && host[0] != '\0' && strlen(host) < sizeof(host));
		CHECK(strpbrk(host, "/?#@ ") == NULL);
		CHECK(strstr(url, host) != NULL);
	} else {
		CHECK(port == 7 && fuzz_untouched(host, sizeof(host)));
	}
	free(url);
	return 0;
}
