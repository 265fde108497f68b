/*
 * table - columns that fit the terminal (libsmartcols); plain and whole where there is
 * none.
 */
#ifndef CSWATCH_CMD_TABLE_H
#define CSWATCH_CMD_TABLE_H
#include <stdbool.h>
#include <stddef.h>

struct table;

struct table_column {
	const char *name;
	bool gives_way; /* is cut where the terminal is too narrow */
	bool right;
};

/* NULL: out of memory; the others take that. */
struct table *table_new(const struct table_column *columns, size_t n);
/* As many cells as columns, copied; "" shows as "-". color: a name, or NULL for none. */
void table_row(
    struct table *t, const char *const *cells, size_t colored, const char *color);
/* To standard output, and frees it. False: out of memory. */
bool table_print(struct table *t);
void table_free(struct table *t); /* unprinted; NULL is fine */

/* A time for people: on a terminal "5m ago" or "in 12s", else as it is. */
#define TABLE_TIME_SIZE 40
void table_time(char dst[TABLE_TIME_SIZE], long long wall_ms, long long now_ms);
bool table_on_terminal(void);
/* Of enum alert_state's name; NULL: none. */
const char *table_state_color(const char *state);

#endif
