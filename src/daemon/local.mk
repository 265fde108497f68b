libcswatch_a_SOURCES += \
	src/daemon/daemon.c src/daemon/daemon.h \
	src/daemon/notify.c src/daemon/notify.h \
	src/daemon/reload.c src/daemon/reload.h
