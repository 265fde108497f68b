#include "gate.h"

#include <semaphore.h>

#include "loop/worker.h"
#include "must.h"

static sem_t gate;
static bool made, blocked;

static void
wait_for_gate(void *arg)
{
	(void)arg;
	while (sem_wait(&gate) != 0)
		;
}

static void
ignore(void *arg)
{
	(void)arg;
}

void
gate_block(struct worker *w)
{
	MUST(!blocked);
	if (!made)
		MUST(sem_init(&gate, 0, 0) == 0);
	made = blocked = true;
	MUST(worker_submit(w, wait_for_gate, ignore, NULL));
}

bool
gate_blocks(void)
{
	return blocked;
}

void
gate_open(void)
{
	if (blocked)
		MUST(sem_post(&gate) == 0);
	blocked = false;
}

void
gate_free(void)
{
	if (made)
		sem_destroy(&gate);
	made = false;
}
