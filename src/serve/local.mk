libcswatch_a_SOURCES += \
	src/serve/answer.c src/serve/answer.h \
	src/serve/commands.c src/serve/commands.h \
	src/serve/commands_change.c \
	src/serve/commands_run.c \
	src/serve/commands_trace.c \
	src/serve/commands_view.c \
	src/serve/listing.c src/serve/listing.h \
	src/serve/request_log.c src/serve/request_log.h \
	src/serve/serve.c src/serve/serve.h src/serve/service.h \
	src/serve/state_keeper.c src/serve/state_keeper.h \
	src/serve/timing.c src/serve/timing.h
