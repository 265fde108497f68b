libcswatch_a_SOURCES += \
	src/loop/loop.c src/loop/loop.h \
	src/loop/resolve.c src/loop/resolve.h src/loop/srv.c \
	src/loop/worker.c src/loop/worker.h
