libcswatch_a_SOURCES += \
	src/vocab/code.h \
	src/vocab/command_id.c src/vocab/command_id.h \
	src/vocab/discovery.c src/vocab/discovery.h \
	src/vocab/err.c src/vocab/err.h \
	src/vocab/error_id.c src/vocab/error_id.h \
	src/vocab/evidence.h \
	src/vocab/events.c src/vocab/events.h \
	src/vocab/result.h \
	src/vocab/vocab.c src/vocab/vocab.h \
	src/vocab/windows_status.c src/vocab/windows_status.h
