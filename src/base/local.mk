libcswatch_a_SOURCES += \
	src/base/buf.c src/base/buf.h \
	src/base/calendar.c src/base/calendar.h \
	src/base/civil.c src/base/civil.h \
	src/base/clock.c src/base/clock.h \
	src/base/credential.c src/base/credential.h \
	src/base/file.c src/base/file.h \
	src/base/hash.c src/base/hash.h \
	src/base/host.c src/base/host.h \
	src/base/suggest.c src/base/suggest.h \
	src/base/json.c src/base/json.h \
	src/base/process.c src/base/process.h \
	src/base/secret.c src/base/secret.h \
	src/base/str.c src/base/str.h \
	src/base/text.c src/base/text.h src/base/times.c \
	src/base/zone.c src/base/zone.h \
	src/base/zonefile.c src/base/zonefile.h \
	src/base/zonerule.c src/base/zonerule.h
