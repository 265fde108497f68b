/*
 * load - everything that survives, read at the start: states, names, counters, last runs,
 * what was committed and not announced.
 */
#ifndef CSWATCH_STORE_LOAD_H
#define CSWATCH_STORE_LOAD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/statefile.h"
#include "store/store.h"

struct db;
struct slots;

/*
 * The nth test gets slot n + 1, which is also its id in ret. lenient: of a damaged file,
 * what can be read of each table. False: see db->kind; *ret is then empty. The caller
 * frees *ret with store_recall_free().
 */
bool load_all(struct db *db, struct slots *slots, bool lenient, struct store_recall *ret);

/* Reads what it can of a file that was set aside. */
void load_salvage(const char *path, struct slots *slots, struct store_recall *ret);

#endif
