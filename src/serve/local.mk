libcswatch_a_SOURCES += \
	src/serve/commands.c src/serve/commands.h src/serve/commands_parts.h \
	src/serve/commands_run.c src/serve/commands_timing.c \
	src/serve/commands_trace.c src/serve/commands_view.c \
	src/serve/request_log.c src/serve/request_log.h
