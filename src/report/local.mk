libcswatch_a_SOURCES += \
	src/report/diagnose.c src/report/diagnose.h \
	src/report/diagnosis_table.c src/report/diagnosis_table.h \
	src/report/explain.c src/report/explain.h \
	src/report/events.c src/report/events.h \
	src/report/journal.c \
	src/report/log.h \
	src/report/logline.c src/report/logline.h \
	src/report/record.c src/report/record.h \
	src/report/resultjson.c src/report/resultjson.h \
	src/report/sinks.c src/report/sinks.h \
	src/report/stderr.c \
	src/report/syslog.c \
	src/report/tracehead.c src/report/tracehead.h
