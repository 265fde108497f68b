/*
 * outcome - the way of a result: what becomes of a finished run.
 */
#ifndef CSWATCH_WATCH_OUTCOME_H
#define CSWATCH_WATCH_OUTCOME_H

struct announcer;
struct clock;
struct cutoff;
struct log;
struct probe;
struct probes;
struct result;
struct rollups;
struct subscribers;
struct timetable;
struct traces;
struct upkeep;

/* What the stages need. All are borrowed. */
struct outcome {
	const struct clock *clock;
	struct log *log;
	struct traces *traces;
	struct probes *probes; /* the live ones */
	struct announcer *announcer;
	struct cutoff *cutoff;
	struct rollups *rollups;
	struct upkeep *upkeep;
	const struct timetable *timetable;
	const struct subscribers *subscribers;
};

/*
 * Takes in the result of a run of p, which is over or could not be started: p->run is
 * NULL and p->tracing its trace. The schedule has been told before.
 */
void outcome_conclude(const struct outcome *o, struct probe *p, const struct result *r);

#endif
