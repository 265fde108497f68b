libcswatch_a_SOURCES += \
	src/daemon/agenda.c src/daemon/agenda.h \
	src/daemon/commands.c src/daemon/commands.h src/daemon/commands_parts.h \
	src/daemon/commands_test.c src/daemon/commands_timing.c \
	src/daemon/commands_trace.c src/daemon/commands_view.c \
	src/daemon/daemon.c src/daemon/daemon.h \
	src/daemon/keys.c src/daemon/keys.h \
	src/daemon/notify.c src/daemon/notify.h \
	src/daemon/operate.c src/daemon/operate.h \
	src/daemon/parts.h \
	src/daemon/pools.c src/daemon/pools.h \
	src/daemon/probe.c src/daemon/probe.h \
	src/daemon/probes.c \
	src/daemon/reload.c src/daemon/review.c \
	src/daemon/rollups.c src/daemon/say.c \
	src/daemon/traces.c src/daemon/traces.h \
	src/daemon/traces_ask.c src/daemon/traces_parts.h \
	src/daemon/trim.c src/daemon/trim.h \
	src/daemon/verdict.c
