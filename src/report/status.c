#include "report/status.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "report/record.h"
#include "report/statefile.h"

enum { COL_TEST, COL_STATE, COL_SINCE, COL_LATENCY, COL_NEXT, COL_ERROR, COL_COUNT };

#define CELL_SIZE 512
#define GAP	  2

struct row {
	char cell[COL_COUNT][CELL_SIZE];
};

static const struct row heading = {
	{ "TEST", "STATE", "SINCE", "LATENCY", "NEXT", "LAST-ERROR" }
};

static void
set_cell(struct row *row, int column, const char *text)
{
	if (text[0] == '\0')
		text = "-";
	text_printable(row->cell[column], CELL_SIZE, str_of(text));
}

static void
set_time(struct row *row, int column, int64_t wall_ms)
{
	char time[TEXT_TIME_SIZE];

	text_time_s(time, wall_ms / 1000);
	set_cell(row, column, wall_ms == 0 ? "-" : time);
}

/* The failure, or what a success was warned about. */
static void
set_error(struct row *row, const struct last_run *last)
{
	struct buf b;

	buf_init(&b, DIAGNOSIS_TEXT_MAX);
	if (!last->ok && last->failure != NULL) {
		buf_printf(&b, "%s: %s", last->failure->diag, last->failure->error);
	} else if (last->warnings != 0) {
		buf_puts(&b, "warning: ");
		record_warnings(&b, last->warnings, ", ");
	}
	set_cell(row, COL_ERROR, buf_view(&b).p);
	buf_free(&b);
}

static void
fill(struct row *row, const struct test_state *t)
{
	const struct last_run none = { .ok = true };
	bool ran = t->last.run[0] != '\0';
	char latency[RECORD_SECONDS_SIZE];

	record_seconds(latency, t->last.latency_us);
	set_cell(row, COL_TEST, t->name);
	set_cell(row, COL_STATE, alert_state_name(t->alert.state));
	set_time(row, COL_SINCE, t->alert.since_ms);
	set_cell(row, COL_LATENCY, ran ? latency : "-");
	set_time(row, COL_NEXT, t->next_ms);
	set_error(row, ran ? &t->last : &none);
}

/* Characters, not octets: names may be UTF-8. */
static size_t
width_of(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void
widen(size_t width[COL_COUNT], const struct row *row)
{
	for (int i = 0; i < COL_COUNT; i++) {
		size_t w = width_of(row->cell[i]);

		if (w > width[i])
			width[i] = w;
	}
}

static void
print(struct buf *out, const size_t width[COL_COUNT], const struct row *row)
{
	for (int i = 0; i < COL_COUNT; i++) {
		buf_puts(out, row->cell[i]);
		if (i == COL_COUNT - 1)
			break;
		for (size_t w = width_of(row->cell[i]); w < width[i] + GAP; w++)
			buf_putc(out, ' ');
	}
	buf_putc(out, '\n');
}

void
status_table(struct buf *out, const struct state *s)
{
	size_t width[COL_COUNT] = { 0 };
	struct row row;

	widen(width, &heading);
	for (size_t i = 0; i < s->ntests; i++) {
		fill(&row, &s->tests[i]);
		widen(width, &row);
	}
	print(out, width, &heading);
	for (size_t i = 0; i < s->ntests; i++) {
		fill(&row, &s->tests[i]);
		print(out, width, &row);
	}
}

void
status_json(struct buf *out, const struct state *s)
{
	statefile_format(out, s);
}
