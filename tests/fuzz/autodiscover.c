/* Documents of autodiscover, and whose URL is asked for. */
#include "vocab/err.h"
#include "base/text.h"
#include "fuzz.h"
#include "soap/autodiscover.h"

static void
check_good(const struct autodiscover *a)
{
	const struct autodiscover_server *s = autodiscover_registrar(a);

	CHECK(strlen(a->redirect) < URL_MAX && strlen(a->user) < URL_MAX);
	CHECK(a->redirect[0] == '\0' || str_caseprefix(str_of(a->redirect), "https://"));
	CHECK(a->user[0] == '\0' || str_caseprefix(str_of(a->user), "https://"));
	CHECK(s == NULL || (a->is_user && text_is_host(str_of(s->fqdn)) && s->port > 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size);
	struct autodiscover a;
	struct err err = { .cause = CAUSE_NONE };

	fuzz_fill(&a, sizeof(a));
	if (autodiscover_parse(STR_LIT(AUTODISCOVER_TYPE), text, &a, &err)) {
		check_good(&a);
	} else {
		CHECK(fuzz_untouched(&a, sizeof(a)) && err.cause != CAUSE_NONE);
		CHECK(fuzz_is_printable(str_of(err.detail)));
	}
	/* The text as its own type: what is said of it must still be fit to print. */
	if (!autodiscover_parse(text, text, &a, &err))
		CHECK(fuzz_is_printable(str_of(err.detail)));
	return 0;
}
