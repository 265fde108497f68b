/* config/source: includes, the way back to file and line, what libconfig cannot bear. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cases.h"
#include "config/problems.h"
#include "config/source.h"
#include "place.h"

struct reading {
	struct source source;
	struct problems problems;
	bool ok;
	char *said;
};

static void
add_line(void *arg, const struct config_problem *problem)
{
	config_problem_line(arg, problem);
}

static void
read_main(struct reading *r)
{
	struct buf b;

	problems_init(&r->problems);
	r->ok = source_read(&r->source, "main", &r->problems);
	buf_init(&b, 100000);
	source_tell(&r->source, &r->problems, add_line, &b);
	r->said = buf_take(&b, NULL);
	assert_non_null(r->said);
}

static void
forget(struct reading *r)
{
	free(r->said);
	problems_free(&r->problems);
	source_free(&r->source);
}

static const struct join_case {
	const char *name;
	const char *main; /* it may include a, which includes b */
	const char *want;
} join_cases[] = {
	{ "empty", "", "" },
	{ "as it is", "x = 1;\n# c\n", "x = 1;\n# c\n" },
	{ "last line without its end", "x = 1;", "x = 1;\n" },
	{ "included", "x\n@include \"a\"\ny\n", "x\n#\na1\n#\nb1\na3\ny\n" },
	{ "with blanks, tabs, a comment, CR", " \t@include  \"b\" # why\r\ny\n",
	    "#\nb1\ny\n" },
	{ "twice", "@include \"b\"\n@include \"b\"\n", "#\nb1\n#\nb1\n" },
	{ "commented out", "# @include \"b\"\n//\n", "# @include \"b\"\n//\n" },
	{ "in a comment", "/*\n@include \"b\"\n*/\n", "/*\n@include \"b\"\n*/\n" },
	{ "in a string", "x = \"\n@include \"b\"\n", "x = \"\n@include \"b\"\n" },
	{ "after a quoted quote", "x = \"a\\\"\";\n@include \"b\"\n",
	    "x = "
	    "\"a\\\"\";\n#\nb1\n" },
	{ "after a comment in a string", "x = \"/*\";\n@include \"b\"\n",
	    "x = \"/*\";\n#\nb1\n" },
	{ "after a quote in a comment", "/* \" */ // \"\n@include \"b\"\n",
	    "/* \" */ // \"\n#\nb1\n" },
};

static void
check_join(void **state)
{
	const struct join_case *c = *state;
	struct reading r;

	place_file("main", 0600, c->main);
	place_file("a", 0600, "a1\n@include \"b\"\na3");
	place_file("b", 0600, "b1");
	read_main(&r);
	assert_string_equal(r.said, "");
	assert_true(r.ok);
	assert_string_equal(buf_view(&r.source.text).p, c->want);
	forget(&r);
}

static const struct place_case {
	const char *name;
	unsigned line; /* of the joined text */
	const char *file;
	unsigned want;
	bool open;
} place_cases[] = {
	{ "the file itself", 0, "main", 0, true },
	{ "first", 1, "main", 1, false },
	{ "the @include", 2, "main", 2, false },
	{ "first of the included", 3, "./a", 1, true },
	{ "its @include", 4, "./a", 2, true },
	{ "included by the included", 5, "./b", 1, false },
	{ "back in it", 6, "./a", 3, true },
	{ "back in the main file", 7, "main", 3, false },
	{ "past the end", 8, "main", 4, false },
};

static void
check_place(void **state)
{
	const struct place_case *c = *state;
	struct source_place at;
	struct reading r;

	place_file("main", 0640, "x\n@include \"a\"\ny\n");
	place_file("a", 0604, "a1\n@include \"b\"\na3");
	place_file("b", 0600, "b1");
	read_main(&r);
	at = source_place(&r.source, c->line);
	assert_string_equal(at.file, c->file);
	assert_int_equal(at.line, c->want);
	assert_int_equal(at.open_to_others, c->open);
	forget(&r);
}

static const struct refused_case {
	const char *name;
	const char *main;
	const char *want;
} refused_cases[] = {
	{ "missing", "x\n@include \"none\"\n",
	    "main:2: ./none cannot be read: No such file or directory\n" },
	{ "a directory", "@include \"secrets\"\n",
	    "main:1: ./secrets cannot be read: not a regular file\n" },
	{ "a pipe", "@include \"pipe\"\n",
	    "main:1: ./pipe cannot be read: not a "
	    "regular file\n" },
	{ "absolute, missing", "@include \"/nonexistent/x\"\n",
	    "main:1: /nonexistent/x cannot be read: No such file or directory\n" },
	{ "in the included", "@include \"a\"\n",
	    "./a:2: ./none cannot be read: No such file or directory\n" },
	{ "without quotes", "@include a\n",
	    "main:1: this @include is not understood; write @include \"FILE\" alone on "
	    "its line\n" },
	{ "without its end", "@include \"a\n",
	    "main:1: this @include is not understood; write @include \"FILE\" alone on "
	    "its line\n" },
	{ "with something after it", "@include \"a\"; x = 1;\n",
	    "main:1: this @include is not understood; write @include \"FILE\" alone on "
	    "its line\n" },
	{ "itself", "@include \"main\"\n",
	    "./main:1: ./main cannot be read: "
	    "files include each other too deeply\n" },
};

static void
check_refused(void **state)
{
	const struct refused_case *c = *state;
	struct reading r;

	place_file("main", 0600, c->main);
	place_file("a", 0600, "a1\n@include \"none\"\na3");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	read_main(&r);
	assert_false(r.ok);
	assert_string_equal(r.said, c->want);
	forget(&r);
}

static const struct main_case {
	const char *name;
	const char *path, *want;
} main_cases[] = {
	{ "missing", "none", "none: cannot be read: No such file or directory\n" },
	{ "a directory", "secrets", "secrets: cannot be read: not a regular file\n" },
	{ "a device", "/dev/null", "/dev/null: cannot be read: not a regular file\n" },
};

static void
check_main(void **state)
{
	const struct main_case *c = *state;
	struct buf problems;

	buf_init(&problems, 1000);
	assert_null(config_load(c->path, NULL, &problems));
	assert_string_equal(buf_view(&problems).p, c->want);
	buf_free(&problems);
}

/* Of size octets, lines of 64. */
static void
make_file(const char *name, size_t size, char last)
{
	char *text = malloc(size + 1);

	assert_non_null(text);
	memset(text, '#', size);
	for (size_t i = 63; i < size; i += 64)
		text[i] = '\n';
	text[size - 1] = last;
	text[size] = '\0';
	place_file(name, 0600, text);
	free(text);
}

static void
as_large_as_allowed(void **state)
{
	struct reading r;

	(void)state;
	make_file("main", CONFIG_FILE_MAX, '\n');
	read_main(&r);
	assert_true(r.ok);
	assert_int_equal(r.source.text.len, CONFIG_FILE_MAX);
	assert_int_equal(r.source.lines, CONFIG_FILE_MAX / 64);
	forget(&r);
}

static void
larger_than_allowed(void **state)
{
	struct reading r;

	(void)state;
	make_file("main", CONFIG_FILE_MAX + 1, '\n');
	read_main(&r);
	assert_false(r.ok);
	assert_string_equal(
	    r.said, "main: cannot be read: the configuration is larger than 16 MiB\n");
	forget(&r);
}

/* A daemon that read all of it would be late for its watchdog. */
static void
larger_than_anything(void **state)
{
	struct reading r;

	(void)state;
	place_file("main", 0600, "");
	if (truncate("main", (off_t)1 << 40) != 0)
		skip();
	read_main(&r);
	assert_false(r.ok);
	assert_string_equal(
	    r.said, "main: cannot be read: the configuration is larger than 16 MiB\n");
	forget(&r);
}

static void
larger_than_allowed_together(void **state)
{
	struct reading r;

	(void)state;
	make_file("a", CONFIG_FILE_MAX - 100, '\n');
	place_file("main", 0600, "x\n@include \"a\"\n@include \"a\"\n");
	read_main(&r);
	assert_false(r.ok);
	assert_string_equal(r.said,
	    "main:3: ./a cannot be read: the configuration is larger than 16 MiB\n");
	forget(&r);
}

static void
nul_is_no_text(void **state)
{
	struct reading r;
	FILE *f = fopen("main", "w");

	(void)state;
	assert_non_null(f);
	assert_int_equal(fwrite("x = 1;\n\0y = 2;\n", 1, 15, f), 15);
	assert_int_equal(fclose(f), 0);
	read_main(&r);
	assert_false(r.ok);
	assert_string_equal(r.said, "main: cannot be read: it holds a NUL character; "
				    "a text file was expected\n");
	forget(&r);
}

static void
too_many_files(void **state)
{
	struct reading r;
	struct buf b;

	(void)state;
	buf_init(&b, 100000);
	for (unsigned i = 0; i < SOURCE_FILES_MAX; i++)
		buf_puts(&b, "@include \"b\"\n");
	place_file("main", 0600, buf_view(&b).p);
	place_file("b", 0600, "b1");
	read_main(&r);
	assert_false(r.ok);
	assert_string_equal(
	    r.said, "main:1000: ./b cannot be read: too many included files\n");
	forget(&r);
	buf_free(&b);
}

#define PLACED(function) TEST_WITH(function, place_enter, place_leave)
#define PLACED_ROWS(group, table, check)                                                 \
	ROWS_WITH(group, table, check, place_enter, place_leave)

RUN_CASES(PLACED_ROWS("join", join_cases, check_join),
    PLACED_ROWS("place", place_cases, check_place),
    PLACED_ROWS("refused", refused_cases, check_refused),
    PLACED_ROWS("main file", main_cases, check_main), PLACED(as_large_as_allowed),
    PLACED(larger_than_allowed), PLACED(larger_than_anything),
    PLACED(larger_than_allowed_together), PLACED(nul_is_no_text), PLACED(too_many_files));
