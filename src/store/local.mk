libcswatch_a_SOURCES += \
	src/store/ask.c src/store/ask.h \
	src/store/batch.c src/store/batch.h \
	src/store/check.c src/store/check.h \
	src/store/days.c src/store/days.h \
	src/store/db.c src/store/db.h \
	src/store/histogram.c src/store/histogram.h \
	src/store/jobs.c \
	src/store/life.c \
	src/store/load.c src/store/load.h \
	src/store/lock.c src/store/lock.h \
	src/store/note.c \
	src/store/open.c \
	src/store/pack.c src/store/pack.h \
	src/store/parts.h \
	src/store/query.c src/store/query.h \
	src/store/row.c src/store/row.h \
	src/store/runs.c src/store/runs.h \
	src/store/schema.c src/store/schema.h \
	src/store/store.h \
	src/store/trim.c src/store/trim.h \
	src/store/trouble.h \
	src/store/upkeep.c src/store/upkeep.h \
	src/store/varint.c src/store/varint.h \
	src/store/work.c \
	src/store/write.c src/store/write.h
