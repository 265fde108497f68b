#include "store/upkeep.h"

#include "store/db.h"

#define LATE_MS (5 * 60 * 1000)	 /* after midnight: runs of the day are over */
#define TRIM_MS (60 * 60 * 1000) /* between two times of deleting */

void
upkeep_reset(struct upkeep *u)
{
	pack_end(&u->pack);
	trim_end(&u->trim);
	u->days.active = false;
	u->stage = UPKEEP_LOOK;
}

static bool
packing_is_due(struct db *db, int64_t now_ms)
{
	int64_t midnight = now_ms / DAY_MS * DAY_MS, oldest;
	int64_t n = pack_count(db, &oldest);

	return n >= PACK_ROWS ||
	       (n > 0 && oldest < midnight && now_ms >= midnight + LATE_MS);
}

/* For the next start: until then the daemon was there. */
static void
note_alive(struct db *db, int64_t now_ms)
{
	db_begin(db, false);
	db_set_meta(db, "alive", now_ms);
	(void)db_commit(db);
}

static void
look(struct db *db, struct upkeep *u, const struct upkeep_order *o)
{
	note_alive(db, o->now_ms);
	if (packing_is_due(db, o->now_ms)) {
		if (pack_begin(db, &u->pack))
			u->stage = UPKEEP_PACK;
	} else if (days_begin(db, &u->days, o->now_ms - LATE_MS)) {
		u->stage = UPKEEP_DAYS;
	} else if (o->now_ms >= u->trimmed_ms + TRIM_MS || o->now_ms < u->trimmed_ms) {
		u->stage = UPKEEP_TRIM;
	}
}

static bool
trim(struct db *db, struct upkeep *u, const struct upkeep_order *o)
{
	const struct trim_limits limits = { o->now_ms, (int64_t)o->keep_ms, o->max_size };

	if (trim_step(db, &u->trim, &limits))
		return true;
	u->trimmed_ms = o->now_ms;
	return false;
}

bool
upkeep_step(struct db *db, struct upkeep *u, const struct upkeep_order *o)
{
	bool more = true;

	switch (u->stage) {
	case UPKEEP_LOOK:
		look(db, u, o);
		return db_is_good(db) && u->stage != UPKEEP_LOOK;
	case UPKEEP_PACK:
		more = pack_step(db, &u->pack);
		break;
	case UPKEEP_DAYS:
		more = days_step(db, &u->days);
		break;
	case UPKEEP_TRIM:
		more = trim(db, u, o);
		break;
	}
	if (!more) /* and something else may be due */
		u->stage = UPKEEP_LOOK;
	return db_is_good(db);
}
