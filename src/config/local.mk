libcswatch_a_SOURCES += \
	src/config/check.c src/config/check.h \
	src/config/config.h \
	src/config/dropins.c src/config/dropins.h src/config/expand.c \
	src/config/fixed.c \
	src/config/keys.def \
	src/config/load.c src/config/loader.h \
	src/config/maintenance.c src/config/map.c src/config/map.h \
	src/config/pools.c \
	src/config/problems.c src/config/problems.h \
	src/config/read.c \
	src/config/reference.c \
	src/config/roles.c \
	src/config/schema.c src/config/schema.h \
	src/config/secret.c \
	src/config/source.c src/config/source.h \
	src/config/store.c \
	src/config/timing.c \
	src/config/users.c \
	src/config/values.c
