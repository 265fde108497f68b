libcswatch_a_SOURCES += \
	src/sip/addr.c \
	src/sip/auth.c src/sip/auth.h \
	src/sip/diagnostics.c \
	src/sip/endpoint.c src/sip/endpoint.h \
	src/sip/frame.c src/sip/frame.h \
	src/sip/head.c src/sip/head.h \
	src/sip/msg.c src/sip/msg.h \
	src/sip/quote.c src/sip/quote.h \
	src/sip/redirect.c src/sip/redirect.h \
	src/sip/sa.c src/sip/sa.h \
	src/sip/sign.c
