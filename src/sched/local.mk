libcswatch_a_SOURCES += \
	src/sched/adopt.c \
	src/sched/due.c src/sched/due.h \
	src/sched/heap.c src/sched/heap.h \
	src/sched/queue.c src/sched/queue.h \
	src/sched/sched.c src/sched/sched.h \
	src/sched/spec.h
