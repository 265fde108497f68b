libcswatch_a_SOURCES += \
	src/state/incident.c src/state/incident.h \
	src/state/state.c src/state/state.h \
	src/state/statefile.c src/state/statefile.h \
	src/state/statefile_fields.c src/state/statefile_fields.h \
	src/state/statefile_read.c \
	src/state/writer.c src/state/writer.h
