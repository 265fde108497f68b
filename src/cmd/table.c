#include "cmd/table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

struct table {
	struct libscols_table *cols;
	size_t ncolumns;
	bool failed;
};

bool
table_on_terminal(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

struct table *
table_new(const struct table_column *columns, size_t n)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	scols_init_debug(0);
	t->ncolumns = n;
	t->cols = scols_new_table();
	if (t->cols == NULL) {
		free(t);
		return NULL;
	}
	scols_table_enable_colors(
	    t->cols, table_on_terminal() && getenv("NO_COLOR") == NULL);
	for (size_t i = 0; i < n; i++) {
		int flags = (columns[i].gives_way ? SCOLS_FL_TRUNC : 0) |
			    (columns[i].right ? SCOLS_FL_RIGHT : 0);

		if (scols_table_new_column(t->cols, columns[i].name, 0, flags) == NULL)
			t->failed = true;
	}
	return t;
}

void
table_row(struct table *t, const char *const *cells, size_t colored, const char *color)
{
	struct libscols_line *line;

	if (t == NULL || t->failed)
		return;
	line = scols_table_new_line(t->cols, NULL);
	for (size_t i = 0; line != NULL && i < t->ncolumns; i++)
		if (scols_line_set_data(line, i, cells[i][0] == '\0' ? "-" : cells[i]) !=
		    0)
			t->failed = true;
	if (line == NULL)
		t->failed = true;
	else if (color != NULL)
		(void)scols_cell_set_color(scols_line_get_cell(line, colored), color);
}

bool
table_print(struct table *t)
{
	bool ok = t != NULL && !t->failed && scols_print_table(t->cols) == 0;

	table_free(t);
	return ok;
}

void
table_free(struct table *t)
{
	if (t != NULL)
		scols_unref_table(t->cols);
	free(t);
}

static void
duration(char dst[TABLE_TIME_SIZE], long long s)
{
	if (s < 2 * MINUTE)
		snprintf(dst, TABLE_TIME_SIZE, "%llds", s);
	else if (s < 2 * HOUR)
		snprintf(dst, TABLE_TIME_SIZE, "%lldm", s / MINUTE);
	else if (s < 2 * DAY)
		snprintf(dst, TABLE_TIME_SIZE, "%lldh", s / HOUR);
	else
		snprintf(dst, TABLE_TIME_SIZE, "%lldd", s / DAY);
}

void
table_time(char dst[TABLE_TIME_SIZE], long long wall_ms, long long now_ms)
{
	char text[TABLE_TIME_SIZE], time[TEXT_TIME_SIZE];
	long long away = (wall_ms - now_ms) / 1000;

	if (wall_ms == 0) {
		snprintf(dst, TABLE_TIME_SIZE, "-");
	} else if (!table_on_terminal()) {
		text_time_s(time, wall_ms / 1000);
		snprintf(dst, TABLE_TIME_SIZE, "%s", time);
	} else {
		duration(text, away < 0 ? -away : away);
		snprintf(dst, TABLE_TIME_SIZE, away < 0 ? "%.20s ago" : "in %.20s", text);
	}
}

const char *
table_state_color(const char *state)
{
	if (strcmp(state, "ok") == 0)
		return "green";
	if (strcmp(state, "alert") == 0)
		return "red";
	return strcmp(state, "failing") == 0 ? "yellow" : NULL;
}
