libcswatch_a_SOURCES += \
	src/transport/curlmux.c src/transport/curlmux.h \
	src/transport/https.c src/transport/https.h \
	src/transport/https_auth.c src/transport/https_auth.h \
	src/transport/https_challenge.c src/transport/https_challenge.h \
	src/transport/https_headers.c src/transport/https_headers.h \
	src/transport/https_judge.c src/transport/https_judge.h \
	src/transport/https_message.h \
	src/transport/https_reply.c src/transport/https_reply.h \
	src/transport/https_url.c \
	src/transport/reach.c src/transport/reach.h \
	src/transport/siptls.c src/transport/siptls.h \
	src/transport/wire.h
