#include "watch/upkeep.h"

#include <stdlib.h>

#include "base/clock.h"
#include "sched/sched.h"
#include "watch/announce.h"
#include "watch/gates.h"
#include "watch/probe.h"
#include "watch/probes.h"
#include "watch/rollups.h"
#include "watch/timetable.h"

struct upkeep {
	struct upkeep_settings set;
	struct agenda_kind kind;
};

/* ---- pauses ---- */

/* Forgets an operator's pause whose time is over. */
static void
end_pause(struct probe *p, int64_t now_ms)
{
	struct remark *r = p->state.pause;

	if (r == NULL || r->until_ms == 0 || r->until_ms > now_ms)
		return;
	free(r);
	p->state.pause = NULL;
}

/*
 * The test goes on where it was paused. Its alert is announced again, which is a
 * reminder; one that is not announced yet is looked at first.
 */
static void
resume_alert(struct upkeep *u, struct probe *p, int64_t now_ms)
{
	struct alert *a = &p->state.alert;

	if (alert_is_pending(a))
		(void)sched_run_now(u->set.timetable->sched, p->id);
	else if (a->state == ALERT_ALERT)
		alert_announced(a, a->announced_by, now_ms);
}

/* Pauses or resumes the test as the gates say. */
static void
apply_pause(struct upkeep *u, struct probe *p, const struct pause *pause, int64_t now_ms)
{
	struct alert *a = &p->state.alert;
	bool paused = pause->by != NULL;
	struct alert_change change;
	const char *word = NULL;

	timetable_pause(u->set.timetable, p, paused, pause->until_ms);
	if (paused ? !alert_pause(a, now_ms, &change) : !alert_resume(a, &change))
		return;
	announce_pause(
	    u->set.announcer, p, paused ? EVENT_TEST_PAUSED : EVENT_TEST_RESUMED, pause);
	probes_note_change(u->set.probes, &change);
	if (change.to == ALERT_ALERT)
		word = rollups_resumed_word(u->set.rollups, p);
	announce_change(u->set.announcer, p, &change, word);
	rollups_touch(u->set.rollups, p->pool);
	if (!paused)
		resume_alert(u, p, now_ms);
}

/* ---- all that is due ---- */

void
upkeep_review(struct upkeep *u, struct probe *p)
{
	int64_t now = clock_wall_ms(u->set.clock), reminder = AGENDA_NEVER;
	struct alert_rules rules = probe_rules(p);
	struct pause pause;

	end_pause(p, now);
	pause = gates_find_pause(u->set.gates, p, now);
	apply_pause(u, p, &pause, now);
	if (rollups_leave_to_test(u->set.rollups, p)) {
		if (alert_remind(&rules, &p->state.alert, now))
			announce_reminder(u->set.announcer, p);
		reminder = alert_next_reminder(&rules, &p->state.alert);
	}
	agenda_set(
	    u->set.agenda, &p->item, reminder < pause.edge_ms ? reminder : pause.edge_ms);
}

static void
on_due(void *arg, struct agenda_item *item)
{
	struct upkeep *u = arg;
	struct probe *p = (struct probe *)(void *)item;

	upkeep_review(u, p);
	timetable_note_change(u->set.timetable, p);
}

/* ---- life ---- */

void
upkeep_add(struct upkeep *u, struct probe *p)
{
	agenda_add(u->set.agenda, &p->item, &u->kind);
}

struct upkeep *
upkeep_new(const struct upkeep_settings *s)
{
	struct upkeep *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->set = *s;
	u->kind = (struct agenda_kind){ on_due, u };
	return u;
}

void
upkeep_free(struct upkeep *u)
{
	free(u);
}
