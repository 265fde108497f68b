libcswatch_a_SOURCES += \
	src/transport/curlmux.c src/transport/curlmux.h \
	src/transport/https.c src/transport/https.h \
	src/transport/siptls.c src/transport/siptls.h
