/* cswatch explain - what a diagnosis or a server's number means; needs no daemon. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/suggest.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/table.h"
#include "report/explain.h"

static const char usage[] =
    "Usage: cswatch explain [TAG|NUMBER]... [--json]\n"
    "       cswatch explain --all\n"
    "Explains a diagnosis (diag= of a log line, such as WT-CRED) or a number that a\n"
    "server sent (ErrorId of ms-diagnostics or X-Ms-diagnostics, such as 4005): what it\n"
    "means and what to do. Without an argument it lists the tags. Needs no daemon.\n\n"
    "  --all   print everything as one text, which is the document DIAGNOSIS\n"
    "  --json  print a JSON object for each entry instead of text\n"
    "  --help  print this text\n\n"
    "Exit status: 0 everything is explained, 2 wrong usage, or no such tag or number.\n";

static bool
print(struct buf *text)
{
	bool ok = !text->failed;

	if (ok)
		fwrite(text->data, 1, text->len, stdout);
	else
		fputs("cswatch explain: out of memory\n", stderr);
	buf_free(text);
	return ok;
}

/* ---- the list ---- */

static void
add_row(void *arg, const struct diagnosis *d)
{
	table_row(arg, (const char *const[]){ d->tag, d->meaning }, 0, NULL);
}

static void
add_json(void *arg, const struct diagnosis *d)
{
	explain_tag_json(arg, d);
}

static int
print_list(bool json)
{
	static const struct table_column columns[] = { { "TAG", false, false },
		{ "MEANING", true, false } };
	struct table *table;
	struct buf text;

	if (json) {
		buf_init(&text, EXPLAIN_MAX);
		explain_each(add_json, &text);
		return print(&text) ? EXIT_OK : EXIT_CANNOT;
	}
	table = table_new(columns, 2);
	explain_each(add_row, table);
	if (table_print(table))
		return EXIT_OK;
	fputs("cswatch explain: out of memory\n", stderr);
	return EXIT_CANNOT;
}

static int
print_all(void)
{
	struct buf text;

	buf_init(&text, EXPLAIN_MAX);
	explain_document(&text);
	return print(&text) ? EXIT_OK : EXIT_CANNOT;
}

/* ---- entries ---- */

/*
 * The nearest tag so far. It is copied, because the diagnosis that is offered does not
 * last.
 */
struct guess {
	struct suggest suggest;
	char tag[DIAGNOSIS_TAG_SIZE];
};

static void
offer(void *arg, const struct diagnosis *d)
{
	struct guess *g = arg;

	suggest_offer(&g->suggest, d->tag);
	if (g->suggest.best != d->tag)
		return;
	(void)str_copy(g->tag, sizeof(g->tag), str_of(d->tag));
	g->suggest.best = g->tag;
}

static int
unknown_tag(const char *word)
{
	char capitals[SUGGEST_WORD_MAX + 1] = "";
	struct guess g = { .suggest = suggest_of(capitals) };

	(void)str_copy(capitals, sizeof(capitals), str_of(word));
	for (char *p = capitals; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	explain_each(offer, &g);
	if (g.suggest.best != NULL)
		return command_usage_error(
		    "explain", "there is no tag '%s'; did you mean '%s'?", word, g.tag);
	return command_usage_error(
	    "explain", "there is no tag '%s'; 'cswatch explain' lists all tags", word);
}

static int
unknown_number(unsigned id)
{
	const char *origin = error_id_origin(id);

	if (origin == NULL)
		return command_usage_error("explain", "the number %u is not known", id);
	return command_usage_error(
	    "explain", "the number %u is not known; its range belongs to %s", id, origin);
}

/*
 * Reads a number, alone or as servers and records write it. Returns false if word is not
 * a number.
 */
static bool
read_number(const char *word, unsigned *ret)
{
	*ret = diagnose_error_id(str_of(word));
	return *ret != 0 || strcmp(word, "0") == 0;
}

/*
 * Appends the entry of a word. Returns EXIT_USAGE, after printing the error, if there is
 * none.
 */
static int
add_entry(struct buf *out, const char *word, bool json)
{
	const struct error_id *id;
	struct diagnosis d;
	unsigned number;

	if (out->len > 0 && !json)
		buf_putc(out, '\n');
	if (read_number(word, &number)) {
		id = error_id_find(number);
		if (id == NULL)
			return unknown_number(number);
		(json ? explain_id_json : explain_id)(out, id);
		return EXIT_OK;
	}
	if (!explain_find(word, &d))
		return unknown_tag(word);
	(json ? explain_tag_json : explain_tag)(out, &d);
	return EXIT_OK;
}

static int
print_entries(const struct words *words, bool json)
{
	int status = EXIT_OK;
	struct buf text;

	buf_init(&text, EXPLAIN_MAX);
	for (size_t i = 0; i < words->n && status == EXIT_OK; i++)
		status = add_entry(&text, words->v[i], json);
	if (status == EXIT_OK)
		return print(&text) ? EXIT_OK : EXIT_CANNOT;
	buf_free(&text);
	return status;
}

static int
run_explain(int argc, char **argv)
{
	bool json = false, all = false;
	struct words words = { .n = 0 };
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json },
		{ "all", OPTION_FLAG, &all } };
	int status = options_read("explain", usage, rows, 2, argc, argv, &words);

	if (status != EXIT_OK)
		return status == OPTIONS_HELP ? EXIT_OK : status;
	if (all && (json || words.n > 0))
		return command_usage_error(
		    "explain", "--all takes no tag and no other option");
	if (all)
		return print_all();
	return words.n == 0 ? print_list(json) : print_entries(&words, json);
}

const struct command command_explain = { "explain",
	"what a diagnosis or a server's number means (needs no daemon)", run_explain };
