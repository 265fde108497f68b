#include "report/resultjson.h"

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"

void
resultjson_warnings(struct json *j, unsigned warnings)
{
	jsonw_array(j, "warnings");
	for (enum warning w = 0; w < WARNING_COUNT; w++) {
		if ((warnings & 1u << w) != 0)
			jsonw_string(j, NULL, warning_name(w));
	}
	jsonw_array_end(j);
}

void
resultjson_steps(struct json *j, const struct step_time *steps, size_t n)
{
	jsonw_array(j, "steps");
	for (size_t i = 0; i < n; i++) {
		jsonw_object(j, NULL);
		jsonw_string(j, "step", step_name(steps[i].step));
		jsonw_fixed(j, "ms", ((int64_t)steps[i].us + 50) / 100, 1);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

void
resultjson_time(struct json *j, const char *key, int64_t wall_s)
{
	char time[TEXT_TIME_SIZE];

	text_time_s(time, wall_s);
	jsonw_string(j, key, wall_s == 0 ? NULL : time);
}

void
resultjson_certificate(struct json *j, const char *serial, const char *sha1,
    int64_t not_before, int64_t not_after)
{
	if (serial[0] == '\0') {
		jsonw_string(j, "certificate", NULL);
		return;
	}
	jsonw_object(j, "certificate");
	jsonw_string(j, "serial", serial);
	jsonw_string(j, "sha1", sha1);
	resultjson_time(j, "not_before", not_before);
	resultjson_time(j, "not_after", not_after);
	jsonw_object_end(j);
}
