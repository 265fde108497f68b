/* work - what the worker does with a job. Blocks; touches nothing that the loop touches.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "store/load.h"
#include "store/parts.h"

#define WAL_PAGES_MAX 4000 /* then the WAL is emptied, whatever waits */

/* ---- opening ---- */

/* Of a damaged file the name is kept, and what it is that was damaged. */
static bool
set_aside(struct store *s, const char *damage)
{
	struct job *j = &s->job;

	snprintf(j->damage, sizeof(j->damage), "%s", damage);
	db_clear(&s->db);
	if (db_set_aside(&s->db, j->now_ms, j->aside, sizeof(j->aside)))
		return true;
	db_fail(&s->db, STORE_DAMAGED, "%s; and it cannot be renamed", damage);
	return false;
}

static void
open_file(struct store *s, int busy_ms)
{
	struct slots none = { NULL, 0 };
	struct job *j = &s->job;
	char damage[STORE_WHY_SIZE];

	upkeep_reset(&s->upkeep);
	db_close(&s->db);
	if (s->trouble.kind != STORE_DAMAGED &&
	    (db_open(&s->db, busy_ms) || s->db.kind != STORE_DAMAGED))
		return;
	snprintf(damage, sizeof(damage), "%s",
	    db_is_good(&s->db) ? s->trouble.why : s->db.why);
	if (!set_aside(s, damage))
		return;
	if (j->wanted)
		load_salvage(j->aside, &none, &j->recall);
	slots_free(&none);
	(void)db_open(&s->db, busy_ms);
}

static void
work_open(struct store *s)
{
	struct job *j = &s->job;
	int64_t identity = s->db.identity;
	struct slots found = { NULL, 0 };
	bool first = s->worker == NULL; /* store_open() itself */

	open_file(s, first ? s->patience_ms : 0); /* later the next try is soon enough */
	if (!db_is_good(&s->db))
		return;
	j->fresh = s->db.fresh;
	j->other = s->db.identity != identity;
	if (j->wanted && !j->recall.read)
		(void)load_all(&s->db, first ? &s->map : &found, false, &j->recall);
	else if (j->other && !j->fresh) /* of a life that is over */
		db_exec(
		    &s->db, "UPDATE change SET announced=1, line=NULL WHERE announced=0");
	slots_free(&found);
	if (j->wanted || j->other)
		(void)write_started(&s->db, j->now_ms);
}

/* ---- writing ---- */

/* The rest of the disk is for changes. */
static bool
is_low(struct store *s)
{
	s->job.low = db_free_bytes(&s->db) < DB_RESERVE;
	return s->job.low;
}

static void
work_changes(struct store *s)
{
	struct change_work *w = &s->job.changes;

	if (w->runs != NULL && is_low(s))
		w->runs = NULL;
	(void)write_changes(&s->db, &s->map, w);
}

static void
work_runs(struct store *s)
{
	if (is_low(s))
		db_fail(&s->db, STORE_FULL,
		    "less than %u MiB are free on the disk of %s: runs are not written",
		    (unsigned)(DB_RESERVE >> 20), s->db.path);
	else
		(void)write_runs(&s->db, &s->map, &s->job.runs, &s->job.memory);
}

static void
work_sweep(struct store *s)
{
	struct job *j = &s->job;

	for (size_t i = 0; i < j->nunclaimed; i++)
		(void)slots_set(&s->map, j->unclaimed[i], 0); /* has room already */
	(void)write_sweep(&s->db, &s->map, j->now_ms);
}

static void
work_on_file(struct store *s)
{
	struct job *j = &s->job;

	if (!db_check_place(&s->db))
		return;
	switch (j->kind) {
	case JOB_CHANGES:
		work_changes(s);
		break;
	case JOB_NAMES:
		(void)write_names(&s->db, &s->map, j->names, j->nnames, j->now_ms);
		break;
	case JOB_RUNS:
		work_runs(s);
		break;
	case JOB_SWEEP:
		work_sweep(s);
		break;
	case JOB_CHECKPOINT:
		db_checkpoint(&s->db);
		break;
	case JOB_QUESTION:
		j->page = query_step(j->question->state, &s->db);
		break;
	case JOB_UPKEEP:
		j->more = upkeep_step(&s->db, &s->upkeep, &j->order);
		break;
	case JOB_LOOK:
	case JOB_OPEN:
		break;
	}
	if (s->db.wal_frames >= WAL_PAGES_MAX)
		db_checkpoint(&s->db);
}

void
job_work(struct store *s)
{
	struct job *j = &s->job;
	struct stat st;

	db_clear(&s->db);
	if (j->kind == JOB_OPEN)
		work_open(s);
	else
		work_on_file(s);
	j->worked = true;
	j->ok = db_is_good(&s->db);
	j->failed = s->db.kind;
	snprintf(j->why, sizeof(j->why), "%s", s->db.why);
	j->reachable = j->failed == STORE_MOVED && stat(s->db.directory, &st) == 0;
	j->wal_frames = s->db.wal_frames;
	db_clear(&s->db);
}
