#include "cmd/showtiming.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "cmd/ask.h"

#define PATH_SHOWN 4096

static void
print_where(const json_t *where)
{
	char file[PATH_SHOWN];

	if (!json_is_object(where))
		return;
	text_printable(file, sizeof(file), str_of(line_text(where, "file")));
	printf("Where        : %s:%lld\n", file,
	    (long long)json_integer_value(json_object_get(where, "line")));
}

static void
print_list(const char *before, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *s = json_string_value(json_array_get(list, i));

		printf("%s%s", i == 0 ? before : ", ", s == NULL ? "?" : s);
	}
}

static void
print_duration(const json_t *schedule, const char *key, const char *before)
{
	json_int_t ms = json_integer_value(json_object_get(schedule, key));
	char text[TEXT_TIME_SIZE];

	if (ms <= 0)
		return;
	text_duration(text, (uint64_t)ms);
	printf("%s%s", before, text);
}

static void
print_schedule(const json_t *s)
{
	const char *zone = line_text(s, "timezone");

	if (!json_is_object(s))
		return;
	printf("Schedule     :");
	print_list(" at ", json_object_get(s, "at"));
	print_duration(s, "every_ms", " every ");
	print_list(", within ", json_object_get(s, "active"));
	if (zone[0] != '\0')
		printf(" (%s)", zone);
	print_duration(s, "jitter_ms", ", later by up to ");
	if (json_is_true(json_object_get(s, "run_on_start")))
		printf(", and at the start");
	print_duration(s, "retry_ms", "\nRetry        : after ");
	putchar('\n');
}

void
show_timing(const json_t *line)
{
	const char *next = line_text(json_object_get(line, "test"), "next");

	print_where(json_object_get(line, "where"));
	print_schedule(json_object_get(line, "schedule"));
	printf("Next run     : %s\n", next[0] == '\0' ? "not known" : next);
}
