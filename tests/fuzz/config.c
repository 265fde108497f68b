/* A configuration: understood, or refused with a reason for each problem. */
#include "base/buf.h"
#include "config/config.h"
#include "fuzz.h"

/*
 * libconfig 1.5 loses the string that stands where it expected something else; what we
 * lose is still told.
 */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex";
}

static void
check_problems(struct str text)
{
	struct str line;

	CHECK(text.len > 0);
	while (text.len > 0) {
		text = str_split(text, '\n', &line);
		CHECK(line.len > 0 && fuzz_is_printable(line));
	}
}

static void
check_config(const struct config *c)
{
	CHECK(c->ntests > 0 && c->ntests <= CONFIG_TESTS_MAX);
	for (size_t i = 0; i < c->ntests; i++) {
		const struct config_test *t = &c->tests[i];

		CHECK(t->pool >= c->pools && t->pool < c->pools + c->npools);
		CHECK(t->user >= c->users && t->user < c->users + c->nusers);
		CHECK(t->timeout_ms > 0 && t->confirm > 0 && t->recover > 0);
		CHECK(i == 0 || strcmp(t[-1].name, t->name) < 0);
		CHECK(t->timing.at != NULL || t->timing.every_ms > 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf problems;
	struct config *c;

	/* The system's certificates take longer to read than all the rest. */
	setenv("SSL_CERT_FILE", "/dev/null", 1);
	setenv("SSL_CERT_DIR", "/dev/null", 1);
	buf_init(&problems, 1024 * 1024);
	c = config_load(fuzz_file(fuzz_str(data, size)), NULL, &problems);
	if (c != NULL)
		check_config(c);
	else
		check_problems(buf_view(&problems));
	config_unref(c);
	buf_free(&problems);
	return 0;
}
