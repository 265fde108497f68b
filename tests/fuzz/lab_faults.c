/* What --fault names. */
#include "fuzz.h"
#include "lab/faults.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lab_faults f;
	char why[160] = "";

	fuzz_fill(&f, sizeof(f));
	if (!lab_faults_add(&f, fuzz_str(data, size), why, sizeof(why))) {
		CHECK(fuzz_untouched(&f, sizeof(f)));
		CHECK(why[0] != '\0' && strlen(why) < sizeof(why));
		return 0;
	}
	lab_faults_clear(&f);
	CHECK(lab_faults_add(&f, fuzz_str(data, size), why, sizeof(why)));
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		CHECK(f.at[i].kind < LAB_FAULT_COUNT);
		CHECK(strlen(f.at[i].target) < LAB_FAULT_TARGET_MAX);
	}
	return 0;
}
