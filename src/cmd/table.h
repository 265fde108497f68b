/*
 * table - prints columns that fit the terminal (libsmartcols); elsewhere they are plain
 * and complete.
 */
#ifndef CSWATCH_CMD_TABLE_H
#define CSWATCH_CMD_TABLE_H
#include <stdbool.h>
#include <stddef.h>

struct table;

struct table_column {
	const char *name;
	bool gives_way; /* is cut if the terminal is too narrow */
	bool right;
};

/* Returns NULL if out of memory, which the other functions accept. */
struct table *table_new(const struct table_column *columns, size_t n);
/*
 * Adds a row with a cell for each column; cells are copied, and "" is shown as "-". color
 * is the colour of the cell `colored`, or NULL.
 */
void table_row(
    struct table *t, const char *const *cells, size_t colored, const char *color);
/* Prints a table to standard output and frees it. Returns false if out of memory. */
bool table_print(struct table *t);
void table_free(struct table *t); /* without printing it; NULL is allowed */

/* Writes a time: "5m ago" or "in 12s" on a terminal, elsewhere in full. */
#define TABLE_TIME_SIZE 40
void table_time(char dst[TABLE_TIME_SIZE], long long wall_ms, long long now_ms);
bool table_on_terminal(void);
/* Returns the colour of a state by its name, or NULL for none. */
const char *table_state_color(const char *state);

#endif
