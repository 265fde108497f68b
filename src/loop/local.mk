libcswatch_a_SOURCES += \
	src/loop/loop.c src/loop/loop.h \
	src/loop/addr.c src/loop/addr.h \
	src/loop/dns.c src/loop/dns.h \
	src/loop/resolve.c src/loop/resolve.h \
	src/loop/srv.c src/loop/srv.h \
	src/loop/worker.c src/loop/worker.h
