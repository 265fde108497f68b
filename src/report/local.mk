libcswatch_a_SOURCES += \
	src/report/diagnose.h \
	src/report/events.h \
	src/report/logline.h \
	src/report/record.h \
	src/report/sinks.h \
	src/report/state.h \
	src/report/statefile.h \
	src/report/status.h
