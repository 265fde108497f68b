libcswatch_a_SOURCES += \
	src/watch/agenda.c src/watch/agenda.h \
	src/watch/announce.c \
	src/watch/keys_ahead.c src/watch/keys_ahead.h \
	src/watch/operator.c src/watch/operator.h \
	src/watch/outcome.c \
	src/watch/parts.h \
	src/watch/pools.c src/watch/pools.h \
	src/watch/probe.c src/watch/probe.h \
	src/watch/probes.c \
	src/watch/rollups.c \
	src/watch/subscribers.h \
	src/watch/traces.c src/watch/traces.h \
	src/watch/traces_ask.c src/watch/traces_parts.h \
	src/watch/upkeep.c
