libcswatch_a_SOURCES += \
	src/config/check.c src/config/config.h \
	src/config/dropins.c src/config/dropins.h src/config/expand.c \
	src/config/load.c src/config/loader.h \
	src/config/maintenance.c src/config/map.c src/config/map.h \
	src/config/parties.c \
	src/config/problems.c src/config/problems.h \
	src/config/reference.c \
	src/config/roles.c \
	src/config/schema.c src/config/schema.h \
	src/config/secret.c \
	src/config/source.c src/config/source.h \
	src/config/timing.c src/config/values.c
